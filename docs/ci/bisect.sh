#!/bin/sh
# Serves the version that git has checked out, asks whether the ticket reproduces there, and ends the server.
# git bisect run sh bisect.sh SCENARIO
python app.py &
server=$!
trap 'kill $server 2>/dev/null' EXIT
while kill -0 $server 2>/dev/null && ! curl --silent --output /dev/null http://127.0.0.1:${PORT:-8000}/; do
  sleep 0.2
done
repro run "$1" --git-bisect
