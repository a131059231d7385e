"""Who may open an account, and what a new colleague gets. allauth asks here."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from people.filling import Places, fill
from people.models import User
from people.signing_in import SESSION_KEY, Claims, Refused, recognise

log = logging.getLogger(__name__)


def is_staff_address(email: str) -> bool:
    """Whether an address belongs to the ministry: its domain is listed in STAFF_DOMAINS."""
    name, at, domain = email.strip().lower().rpartition("@")
    return bool(name and at) and domain in settings.STAFF_DOMAINS


class StaffAccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed unless the ministry's mail domains are listed, and then open to them alone."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return bool(settings.STAFF_DOMAINS) and not settings.SSO_ONLY

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

    def post_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponse:
        """Remember where the identity provider has seen a second factor: it is not asked for again here."""
        sociallogin = (about.get("signal_kwargs") or {}).get("sociallogin")
        claims = getattr(sociallogin, "claims", None)
        if claims is not None and claims.second_factor:
            request.session[SESSION_KEY] = user.pk
        return super().post_login(request, user, **about)


class StaffSocialAccountAdapter(DefaultSocialAccountAdapter):
    """The same rule for those whom an identity provider sends, and who of them is whom."""

    def is_open_for_signup(self, _request: HttpRequest, sociallogin: Any) -> bool:
        return is_staff_address(sociallogin.user.email or "")

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> User:
        """Read what the provider says, and keep nothing of it beside what we know people by."""
        claims = Claims.of(sociallogin.account.extra_data, sociallogin.account.uid)
        sociallogin.claims = claims
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = (
            [EmailAddress(email=claims.email, verified=claims.email_verified, primary=True)]
            if claims.email
            else []
        )
        user: User = sociallogin.user
        user.username, user.email = "", claims.email
        user.first_name, user.last_name = claims.given_name, claims.family_name
        user.directory_id = claims.number or None
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find whose account this is. Whoever cannot be told for certain gets no further."""
        known = sociallogin.user if sociallogin.is_existing else None
        connecting = request.user if sociallogin.state.get("process") == AuthProcess.CONNECT else None
        try:
            user = recognise(sociallogin.claims, known, connecting if isinstance(connecting, User) else None)
        except Refused as reason:
            log.warning("Single sign-on refused: %s", reason)
            raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", status=403)) from reason
        if user is None:
            return
        if not user.is_active:
            raise ImmediateHttpResponse(self.closed(request, user))
        if connecting is not None and known is None:
            return  # allauth asks for the password first; the number is entered when they come by this way
        if known is None:
            sociallogin.connect(request, user)
        enter(user, sociallogin.claims)

    def closed(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say that the account is closed."""
        log.warning("Single sign-on refused: %s is closed", user)
        return get_account_adapter(request).respond_user_inactive(request, user)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Make the account of somebody new, with what the provider says of them."""
        user: User = super().save_user(request, sociallogin, form)
        enter(user, sociallogin.claims)
        return user

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Never by what allauth guesses: the claims say it."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Never by allauth's rule: ours is in signing_in."""
        return


def enter(user: User, claims: Claims) -> None:
    """Note the number of a person who has none, and fill their profile with what it does not say yet."""
    if user.directory_id is None:
        user.directory_id = claims.number
        user.save(update_fields=["directory_id"])
    fill(user.profile, claims.about, Places())
