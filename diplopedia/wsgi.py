"""The site as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from diplopedia.arriving import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplopedia.settings.production")

application = whole(get_wsgi_application())
