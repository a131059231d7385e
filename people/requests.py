"""What views need of a request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from people.models import User


def reader_of(request: HttpRequest) -> User:
    """The signed-in colleague. The middleware lets nobody else through; a view called past it refuses, too."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def number_of(request: HttpRequest) -> str:
    """What this request is called in the log; empty where nobody named it."""
    return request.META.get("HTTP_X_REQUEST_ID", "")[:64]


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the form stood, if that is an address of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else otherwise


def number(text: str) -> int:
    """A primary key that a form sent; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
