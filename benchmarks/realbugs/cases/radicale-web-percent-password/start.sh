#!/bin/bash
# start.sh INSTALLED PORT   Anna's password has a per cent sign and two hex digits in it; Bob's has not.
set -e
mkdir -p "$DATA_DIR/collections"
printf 'anna:Sommer%%2024\nbob:Sommer2024\n' > "$DATA_DIR/users"
cat > "$DATA_DIR/config" <<CONFIG
[server]
hosts = 127.0.0.1:$2
[auth]
type = htpasswd
htpasswd_filename = $DATA_DIR/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = $DATA_DIR/collections
CONFIG
exec "$1/bin/python" -m radicale --config "$DATA_DIR/config"
