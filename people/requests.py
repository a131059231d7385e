"""What views need of a request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from people.models import User


def reader_of(request: HttpRequest) -> User:
    """The signed-in colleague. The middleware lets nobody else through; a view called past it refuses, too."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
