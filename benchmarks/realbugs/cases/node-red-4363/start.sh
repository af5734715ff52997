#!/bin/bash
# start.sh INSTALLED PORT   The application on PORT, the company's identity provider on PORT+1.
set -e
here=$(cd "$(dirname "$0")" && pwd)
export INSTALLED=$1 PORT=$2
echo '[]' > "$DATA_DIR/flows.json"
node "$here/sso.js" $(($2 + 1)) &
exec node "$1/node_modules/node-red/red.js" -s "$here/settings.js" -u "$DATA_DIR"
