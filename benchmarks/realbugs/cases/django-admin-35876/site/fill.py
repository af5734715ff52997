"""Makes the database: the administrator, and Maria, whose page is looked at."""

import django
from django.core.management import call_command

django.setup()
call_command("migrate", verbosity=0)

from django.contrib.auth.models import Group, User  # noqa: E402  models can be imported only now

User.objects.create_superuser("admin", "admin@example.com", "admin-pass-123")
User.objects.create_user("maria", "maria@example.com", "maria-pass-123", first_name="Maria")
for name in ("Accountants", "Support", "Warehouse"):
    Group.objects.create(name=name)
