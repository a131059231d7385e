"""What views need of a request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from people.models import User

LONGEST_NUMBER = 18  # digits


def reader_of(request: HttpRequest) -> User:
    """The signed-in colleague. The middleware lets nobody else through; a view called past it refuses, too."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def request_id(request: HttpRequest) -> str:
    """What this request is called in the log; empty where nobody named it."""
    return request.META.get("HTTP_X_REQUEST_ID", "")[:64]


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the form stood, if that is an address of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else otherwise


def whole_number(text: str) -> int | None:
    """A number that somebody sent, from 0 to what every column of keys can hold; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None
