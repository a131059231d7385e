"""Settings of the measurements: as `make run`, with one bare view to compare with."""

from diplopedia.settings.dev import *  # noqa: F403
from diplopedia.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]

ROOT_URLCONF = "bench.urls"
# The test client asks as this host.
ALLOWED_HOSTS = ["testserver"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
