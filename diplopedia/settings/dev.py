"""Settings of `make run`: everything local, nothing to configure."""

import secrets

from diplopedia.settings import environment as env
from diplopedia.settings.base import *
from diplopedia.settings.base import DATA_DIR


def local_secret() -> str:
    """Return this data folder's own secret key, made on first use, so that sign-ins outlive a restart."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text() or secrets.token_urlsafe(50)


DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY") or local_secret()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
ACCOUNT_EMAIL_VERIFICATION = "optional"
# Style sheets and scripts are served from where they lie: nothing to collect, and a change shows at once.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
globals().update(env.email(env.text("EMAIL_URL", "console:")))
