"""What the stock project is run with; it stands in the project as its settings for development."""

from .base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "for a test on the loopback only, and for nothing else"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
