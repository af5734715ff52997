#!/bin/bash
# start.sh INSTALLED PORT   A wiki whose pages ask for the list of notes every six seconds.
set -e
tiddlywiki="$1/node_modules/tiddlywiki/tiddlywiki.js"
wiki="$DATA_DIR/wiki"
node "$tiddlywiki" "$wiki" --init server > /dev/null
mkdir -p "$wiki/tiddlers"
printf 'title: $:/DefaultTiddlers\n\nHome\n' > "$wiki/tiddlers/default.tid"
printf 'title: $:/SiteTitle\n\nShift log\n' > "$wiki/tiddlers/title.tid"
printf 'title: $:/config/SyncPollingInterval\n\n6000\n' > "$wiki/tiddlers/polling.tid"
printf 'title: Home\n\nShift log of line 4.\n' > "$wiki/tiddlers/Home.tid"
exec node "$tiddlywiki" "$wiki" --listen host=127.0.0.1 "port=$2"
