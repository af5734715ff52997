#!/bin/bash
# start.sh INSTALLED PORT   A static article on PORT with a comment box of the application, which runs on PORT+1000.
set -e
here=$(cd "$(dirname "$0")" && pwd)
isso=http://127.0.0.1:$(($2 + 1000))/
mkdir "$DATA_DIR/www"
sed "s#ISSO_URL#$isso#g" "$here/index.html" > "$DATA_DIR/www/index.html"
cat > "$DATA_DIR/isso.cfg" <<CONFIG
[general]
dbpath = $DATA_DIR/comments.db
host = http://127.0.0.1:$2/
max-age = 15m
log-file = $DATA_DIR/isso.log
[server]
listen = $isso
[guard]
enabled = true
ratelimit = 100
direct-reply = 50
reply-to-self = true
require-author = false
require-email = false
CONFIG
"$1/bin/python" -m http.server --bind 127.0.0.1 --directory "$DATA_DIR/www" "$2" > /dev/null 2>&1 &
exec "$1/bin/isso" -c "$DATA_DIR/isso.cfg" run
