#!/bin/bash
# start.sh INSTALLED PORT
set -e
cd "$(dirname "$0")/site"
export DJANGO_SETTINGS_MODULE=settings PYTHONPATH=$PWD
"$1/bin/python" fill.py
exec "$1/bin/python" -m django runserver --noreload --insecure "127.0.0.1:$2"
