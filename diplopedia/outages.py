"""What is said while something that the site stands on is away: kindly, and with a status to try again by."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from socket import gaierror

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)
SECONDS = "5"


class CacheDown(Exception):
    """The shared cache does not answer, and something was asked of it that nobody may guess."""


# Pages ask nobody over the network but these; search engines tell of themselves by SearchUnavailable.
AWAY: dict[str, tuple[type[Exception], ...]] = {
    "database": (OperationalError, InterfaceError),
    "cache": (CacheDown,),
    "mail": (SMTPException, ConnectionError, TimeoutError, gaierror),
}


def answer(error: BaseException | None) -> HttpResponse | None:
    """Return the page that says that this cannot be done now, or None for an error of another kind.

    Made without the request: who is signed in would be asked of the very database that is away.
    """
    away = next((name for name, kinds in AWAY.items() if isinstance(error, kinds)), None)
    if away is None:
        return None
    log.error("The %s did not do its part: %s: %s", away, type(error).__name__, error)
    page = render_to_string("503.html", {"away": away})
    return HttpResponse(page, status=503, headers={"Retry-After": SECONDS})
