"""Settings of a deployment: everything from the environment, nothing guessed."""

from django.core.exceptions import ImproperlyConfigured

from diplopedia.settings import environment as env
from diplopedia.settings.base import *
from diplopedia.settings.base import WAGTAILADMIN_BASE_URL

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY must be set to at least 50 random characters. "
        "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(60))'"
    )
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS must list the site's host names. For example: ALLOWED_HOSTS=wiki.example.org"
    )

CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
# Whoever watches asks this process itself, not its proxy.
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^ready/$"]
# Limits of signing in count by the address that the last of our own proxies saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 1)
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
globals().update(env.email(env.text("EMAIL_URL", "smtp://127.0.0.1:25")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "diplopedia@localhost")
