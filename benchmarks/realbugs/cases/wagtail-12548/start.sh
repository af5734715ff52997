#!/bin/bash
# start.sh INSTALLED PORT   A stock project. The first start makes it, which takes long, and leaves it beside what is installed.
set -e
here=$(cd "$(dirname "$0")" && pwd)
template="$1/project"

make_project() {
  rm -rf "$template.part"
  mkdir "$template.part"
  cd "$template.part"
  "$1/bin/wagtail" start mysite . > /dev/null
  cp "$here/settings.py" mysite/settings/dev.py
  "$1/bin/python" manage.py migrate -v0
  "$1/bin/python" manage.py shell -c "
from django.contrib.auth.models import User
User.objects.create_superuser('admin', 'admin@example.com', 'admin-pass-123', first_name='Ada', last_name='Berg')" > /dev/null
  mv "$template.part" "$template"
}

[ -d "$template" ] || (make_project "$1")
cp -r "$template" "$DATA_DIR/project"
cd "$DATA_DIR/project"
exec "$1/bin/python" manage.py runserver --noreload "127.0.0.1:$2"
