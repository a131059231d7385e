"""Signing in by e-mail through allauth, and one query for the person behind each request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from people.models import User
from people.signing_in import lacks_second_factor


class StaffBackend(AuthenticationBackend):
    """allauth's backend; the session's user arrives with profile, office and post in the same query."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Who signs in with these; no password opens a session where people come from an identity provider alone.

        Somebody who is signed in is still asked for theirs before they change their second factor.
        """
        here = getattr(request, "user", None)
        if settings.SSO_ONLY and (here is None or not here.is_authenticated):
            return None
        return super().authenticate(request, **credentials)

    def get_user(self, user_id: Any) -> User | None:
        """The signed-in colleague, or None when the account was closed: out at the next request."""
        colleagues = User.objects.with_group_ids().select_related("profile__office", "profile__post")
        if settings.MFA_REQUIRED_GROUPS:
            colleagues = colleagues.annotate(lacks_second_factor=lacks_second_factor())
        user = colleagues.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
