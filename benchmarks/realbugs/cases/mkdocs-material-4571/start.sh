#!/bin/bash
# start.sh INSTALLED PORT   A help site with the white palette, built and served as files.
set -e
mkdir "$DATA_DIR/docs"
cd "$DATA_DIR"
cat > mkdocs.yml <<CONFIG
site_name: Help centre
site_url: http://127.0.0.1:$2/
theme: {name: material, font: false, palette: {scheme: default, primary: white}}
markdown_extensions: [attr_list]
CONFIG
printf '# Start\n\nWelcome to the help centre.\n\n[Contact us](contact.md){ .md-button }\n' > docs/index.md
printf '# Contact\n\nMail us.\n' > docs/contact.md
"$1/bin/mkdocs" build -q -d "$DATA_DIR/site"
exec "$1/bin/python" -m http.server --bind 127.0.0.1 --directory "$DATA_DIR/site" "$2"
