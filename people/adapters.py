"""Who may open an account, and what a new colleague gets. allauth asks here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from people.models import User


def is_staff_address(email: str) -> bool:
    """Whether an address belongs to the ministry: its domain is listed in STAFF_DOMAINS."""
    name, at, domain = email.strip().lower().rpartition("@")
    return bool(name and at) and domain in settings.STAFF_DOMAINS


class StaffAccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed unless the ministry's mail domains are listed, and then open to them alone."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return bool(settings.STAFF_DOMAINS)

    def clean_email(self, email: str) -> str:
        """Refuse addresses from elsewhere, except to reset the password of an account that exists."""
        if not self._resets_a_password() and not is_staff_address(email):
            domains = ", ".join(settings.STAFF_DOMAINS) or "—"
            raise ValidationError(_("Use your address at the Ministry (%(domains)s).") % {"domains": domains})
        return super().clean_email(email)

    def _resets_a_password(self) -> bool:
        match = self.request.resolver_match if self.request else None
        return match is not None and match.url_name == "account_reset_password"

    def generate_unique_username(self, txts: list[str | None], _regex: str | None = None) -> str:
        """A free handle from the name, else from what stands before the @ of the address."""
        first, last, email = [text or "" for text in txts[:3]]
        wanted = f"{first}.{last}" if first and last else email.partition("@")[0]
        return User.objects.free_handle(wanted)


class StaffSocialAccountAdapter(DefaultSocialAccountAdapter):
    """The same rule for those whom an identity provider sends."""

    def is_open_for_signup(self, _request: HttpRequest, sociallogin: Any) -> bool:
        return is_staff_address(sociallogin.user.email or "")
