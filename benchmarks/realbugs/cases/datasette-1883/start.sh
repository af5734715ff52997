#!/bin/bash
# start.sh INSTALLED PORT   The application on PORT+1000, and in front of it, on PORT, a proxy that serves /reports/ only.
set -e
here=$(cd "$(dirname "$0")" && pwd)
"$1/bin/python" "$here/../common/shop_data.py" "$DATA_DIR/shop.db"
"$1/bin/python" "$here/../common/prefix_proxy.py" "$2" $(($2 + 1000)) /reports/ &
exec "$1/bin/datasette" serve "$DATA_DIR/shop.db" --host 127.0.0.1 --port $(($2 + 1000)) --setting base_url /reports/
