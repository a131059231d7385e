"""What is said while something that the site stands on is away: kindly, and with a status to try again by."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

SECONDS = "5"


class CacheDown(Exception):
    """The shared cache does not answer, and something was asked of it that nobody may guess."""


AWAY = (OperationalError, InterfaceError, CacheDown)


def answer(error: BaseException | None) -> HttpResponse | None:
    """Return the page that says that this cannot be done now, or None for an error of another kind.

    Made without the request: who is signed in would be asked of the very database that is away.
    """
    if not isinstance(error, AWAY):
        return None
    page = render_to_string("503.html", {"signing_in": isinstance(error, CacheDown)})
    return HttpResponse(page, status=503, headers={"Retry-After": SECONDS})
