"""What a session knows of its reader: which version of the code of conduct they accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save

from manners.actions import code_in_force, has_accepted, look_again
from manners.models import Code

if TYPE_CHECKING:
    from django.http import HttpRequest

    from people.models import User

ACCEPTED = "manners:accepted"


def known(request: HttpRequest, code: int) -> bool:
    """Whether a session knows that its reader accepted a version."""
    return bool(request.session.get(ACCEPTED) == code)


def note(request: HttpRequest, code: int) -> None:
    """Let a session know that its reader accepted a version."""
    request.session[ACCEPTED] = code


def signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """Let a session that begins know whether its reader accepted what is in force."""
    code = code_in_force()
    if code and has_accepted(user, code):
        note(request, code)


def connect() -> None:
    """Look whenever somebody signs in, and again whenever a version is written or taken away."""
    user_logged_in.connect(signed_in, dispatch_uid="manners.sessions")
    for changed in (post_save, post_delete):
        changed.connect(look_again, sender=Code, dispatch_uid="manners.sessions")
