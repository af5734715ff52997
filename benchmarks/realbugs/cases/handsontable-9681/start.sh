#!/bin/bash
# start.sh INSTALLED PORT   index.html of this folder, and the package's files below /lib/.
here=$(cd "$(dirname "$0")" && pwd)
exec node "$here/../common/static.js" "$1" "$2" "$here"
