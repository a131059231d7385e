"""Settings of the measurements: as `make run`, with one bare view to compare with."""

from diplopedia.settings.dev import *  # noqa: F403
from diplopedia.settings.dev import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]

ROOT_URLCONF = "bench.urls"
# Styles and scripts as they are deployed: collected, with a digest in each name.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
# The test client asks as this host.
ALLOWED_HOSTS = ["testserver"]
PEOPLE_READ_PER_HOUR = 0  # one reader measures
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
