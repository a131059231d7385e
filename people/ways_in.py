"""By what somebody signs in, and what becomes of it when their profile goes into another one of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from people.models import User


@dataclass(frozen=True)
class WaysIn:
    """The ways into an account: addresses that their owner confirmed, others, provider's accounts, the number."""

    confirmed: list[EmailAddress] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    accounts: list[SocialAccount] = field(default_factory=list)
    number: str = ""

    @classmethod
    def of(cls, user: User) -> WaysIn:
        """Return the ways into an account. Its own address is confirmed where a row says so."""
        rows = list(EmailAddress.objects.filter(user=user).order_by("pk"))
        confirmed = [row for row in rows if row.verified]
        shown = {row.email.lower() for row in confirmed}
        others = {email.lower() for email in (user.email, *(row.email for row in rows)) if email} - shown
        accounts = list(SocialAccount.objects.filter(user=user).order_by("pk"))
        return cls(confirmed, sorted(others), accounts, user.directory_id or "")


def is_unproven(user: User) -> bool:
    """Whether somebody may sign in, or wait for it, who never showed that an address of the account is theirs.

    A stranger may have signed up with a colleague's address. Who comes by the identity provider alone was known there,
    and a placeholder has no way in.
    """
    if EmailAddress.objects.filter(user=user, verified=True).exists():
        return False
    has_password = bool(user.password) and user.has_usable_password()
    return has_password or Authenticator.objects.filter(user=user).exists()


def forget_passkeys(user: User) -> None:
    """Take away the security keys of an account: each may be a passkey, which opens it without a password."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).delete()


def move(kept: User, gone: User, moved: dict[str, list[Any]]) -> None:
    """Close the one account, and let the other be entered by all that was proven of both.

    What nobody confirmed is taken away: it may be a stranger's. A second number stays with the closed account, which
    leads here (signing_in.recognise).
    """
    ways, email = WaysIn.of(gone), gone.email
    gone.is_active, gone.email = False, ""
    if not kept.directory_id:
        gone.directory_id = None
    gone.set_unusable_password()
    gone.save()
    if email.lower() in {address.email.lower() for address in ways.confirmed}:
        kept.email = kept.email or email
    kept.directory_id = kept.directory_id or ways.number or None
    kept.save()
    moved["left:account.EmailAddress"] += ways.unconfirmed
    EmailAddress.objects.filter(user=gone, verified=False).delete()
    for address in ways.confirmed:
        if move_address(address, kept):
            moved[EmailAddress._meta.label] += [address.pk]
    for account in ways.accounts:
        account.user = kept
        account.save()
        moved[SocialAccount._meta.label] += [account.pk]


def move_address(address: EmailAddress, kept: User) -> bool:
    """Let a confirmed address lead to another account; one that is confirmed there is there once."""
    there = EmailAddress.objects.filter(user=kept, email__iexact=address.email)
    if there.filter(verified=True).exists():
        address.delete()
        return False
    was_primary = there.filter(primary=True).exists()
    there.delete()
    address.user, address.primary = kept, was_primary
    address.save()
    return True
