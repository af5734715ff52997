#!/bin/bash
# start.sh INSTALLED PORT   One package, which is shown to those who have signed in only; the user mia.
set -e
storage="$DATA_DIR/storage"
mkdir -p "$storage/acme-billing"
cat > "$storage/acme-billing/package.json" <<JSON
{
  "_id": "acme-billing", "_rev": "1-1", "name": "acme-billing", "readme": "# acme-billing",
  "versions": {
    "1.4.0": {
      "_id": "acme-billing@1.4.0", "name": "acme-billing", "version": "1.4.0", "description": "Invoices for ACME", "license": "MIT",
      "author": {"name": "Mia"}, "dependencies": {},
      "dist": {
        "shasum": "0000000000000000000000000000000000000000",
        "tarball": "http://127.0.0.1:$2/acme-billing/-/acme-billing-1.4.0.tgz"
      }
    }
  },
  "time": {"modified": "2026-01-15T08:30:00.000Z", "created": "2026-01-15T08:30:00.000Z", "1.4.0": "2026-01-15T08:30:00.000Z"},
  "dist-tags": {"latest": "1.4.0"}, "users": {}, "_uplinks": {}, "_distfiles": {},
  "_attachments": {"acme-billing-1.4.0.tgz": {"shasum": "0000000000000000000000000000000000000000"}}
}
JSON
echo '{"list": ["acme-billing"], "secret": "0123456789abcdef0123456789abcdef"}' > "$storage/.verdaccio-db.json"
# {SHA} and the base64 of the digest of the password `secret`
echo 'mia:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=:autocreated 2026-01-01' > "$DATA_DIR/htpasswd"
cat > "$DATA_DIR/config.yaml" <<CONFIG
storage: $storage
auth: {htpasswd: {file: $DATA_DIR/htpasswd, max_users: -1}}
web: {title: ACME packages, gravatar: false}
packages:
  '**': {access: \$authenticated, publish: \$authenticated}
log: {type: stdout, format: pretty, level: http}
CONFIG
exec node "$1/node_modules/verdaccio/bin/verdaccio" --config "$DATA_DIR/config.yaml" --listen "127.0.0.1:$2"
