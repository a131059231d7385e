"""Signing in by e-mail through allauth, and one query for the person behind each request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from people.models import User


class StaffBackend(AuthenticationBackend):
    """allauth's backend; the session's user arrives with profile, office and post in the same query."""

    def get_user(self, user_id: Any) -> User | None:
        """The signed-in colleague, or None when the account was closed: out at the next request."""
        colleagues = User.objects.with_group_ids().select_related("profile__office", "profile__post")
        user = colleagues.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
