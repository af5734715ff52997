#!/bin/bash
# start.sh INSTALLED PORT   One invoice of the shop points at a customer that is not there any more.
set -e
here=$(cd "$(dirname "$0")" && pwd)
"$1/bin/python" "$here/../common/shop_data.py" "$DATA_DIR/shop.db"
exec "$1/bin/datasette" serve "$DATA_DIR/shop.db" --host 127.0.0.1 --port "$2"
