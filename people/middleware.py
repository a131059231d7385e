"""The language of pages: what a colleague chose, else what their browser asks for."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from people.models import User


class ReadersLanguage(LocaleMiddleware):
    """Django's, with the choice that an account keeps before what the browser says.

    Stands behind the middleware that knows who is signed in; that costs no query of its own, as every page for
    colleagues asks who they are.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of this request."""
        super().process_request(request)
        if language := chosen(request):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()


def chosen(request: HttpRequest) -> str:
    """Return the language that who is signed in chose; empty where they did not, or nobody is.

    Without a session nothing is asked. Where the database is away the page that says so is in the browser's language.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    try:
        language = request.user.language if isinstance(request.user, User) else ""
    except DatabaseError:
        return ""
    return language if language in dict(settings.LANGUAGES) else ""
