"""Who somebody is whom an identity provider sends, and who has to have a second factor.

A person is known by a number that the provider never gives to another one (`User.directory_id`). Never by a name;
by an e-mail address only where the site says so. Whatever is in doubt is refused, in the same words for every
reason: the log has the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.users.models import UserProfile

from people.models import Profile, User
from people.names import one_line

log = logging.getLogger(__name__)
FIELDS = ("title", "office", "post", "phone")
LONGEST_NUMBER = 191
SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
# What providers call these unless SSO_ATTRIBUTES says otherwise.
USUAL_NAMES = {
    "email": ("email", f"{SOAP}emailaddress", "urn:oid:0.9.2342.19200300.100.1.3", "mail"),
    "given_name": ("given_name", f"{SOAP}givenname", "urn:oid:2.5.4.42", "givenName"),
    "family_name": ("family_name", f"{SOAP}surname", "urn:oid:2.5.4.4", "sn"),
}
# What providers say where somebody showed a second factor to them (RFC 8176; Microsoft).
METHODS = ("amr", "http://schemas.microsoft.com/claims/authnmethodsreferences")
SECOND_FACTOR_SHOWN = {"mfa", "http://schemas.microsoft.com/claims/multipleauthn"}
# What every account has, and no more.
OF_AN_ACCOUNT = {User, Profile, UserProfile, EmailAddress, EmailConfirmation}
SESSION_KEY = "second_factor_shown_to_provider"


class Refused(Exception):
    """Somebody whom we do not let in; says why, for the log."""


@dataclass(frozen=True)
class Claims:
    """What a provider says of a person."""

    number: str = ""
    email: str = ""
    email_verified: bool = False
    given_name: str = ""
    family_name: str = ""
    second_factor: bool = False
    about: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Mapping[str, Any], uid: str) -> Claims:
        """Read claims or attributes by the names that the settings give them."""
        email_name, email = named(said, "email")
        verified = str(said.get("email_verified", "")).lower() == "true" and email_name == "email"
        by_name_id = settings.SSO_ID_ATTRIBUTE == "NameID"
        return cls(
            number=uid if by_name_id else one(said.get(settings.SSO_ID_ATTRIBUTE)),
            email=address(email),
            email_verified=settings.SSO_TRUST_EMAIL == "always" or verified,
            given_name=named(said, "given_name")[1][:150],
            family_name=named(said, "family_name")[1][:150],
            second_factor=any(
                not SECOND_FACTOR_SHOWN.isdisjoint(several(said.get(method))) for method in METHODS
            ),
            about={ours: text for ours in FIELDS if (text := named(said, ours)[1])},
        )


def named(said: Mapping[str, Any], ours: str) -> tuple[str, str]:
    """Return what the provider calls something of ours, and its value; both empty where it says nothing."""
    configured = settings.SSO_ATTRIBUTES.get(ours)
    names = (configured,) if configured else USUAL_NAMES.get(ours, ())
    return next(((name, text) for name in names if (text := one(said.get(name)))), ("", ""))


def several(value: Any) -> list[str]:
    """Return the texts of an attribute, which may have several; what is no text says nothing."""
    values = value if isinstance(value, list) else [value]
    return [str(each) for each in values if isinstance(each, str | int) and not isinstance(each, bool)]


def one(value: Any) -> str:
    """Return the first text of an attribute, in one line of letters and signs."""
    return one_line(next(iter(several(value)), ""))


def address(text: str) -> str:
    """Return an e-mail address in small letters; empty for what is none."""
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text.lower()


# --- recognising ---------------------------------------------------------------------------------------------------


def recognise(claims: Claims, known: User | None, connecting: User | None = None) -> User | None:
    """Return whose account this is, or None for somebody new.

    `known` is who signed in as this person of this provider before; `connecting` is who is signed in and asks
    that the provider's person be theirs. Raises Refused.
    """
    if not claims.number or len(claims.number) > LONGEST_NUMBER:
        raise Refused(
            f"the provider sent no “{settings.SSO_ID_ATTRIBUTE}”, or one that is too long: have it send that, "
            "or set SSO_ID_ATTRIBUTE"
        )
    numbered = by_number(claims.number)
    found = known or numbered or connecting or by_email(claims)
    for other in (known, numbered, connecting):
        if other is not None and other != found:
            raise Refused(
                f"number {claims.number} is of {numbered or known}, and not of {connecting or known}"
            )
    if found is not None and found != numbered and found.directory_id not in (None, claims.number):
        raise Refused(f"{found} has number {found.directory_id}, and the provider says {claims.number}")
    return found


def by_number(number: str) -> User | None:
    """Return whose number this is; of an account that went into another one of the same person, that other."""
    user = User.objects.filter(directory_id=number).select_related("profile__merged_into__user").first()
    kept = user.profile.merged_into if user else None
    return kept.user if kept else user


def by_email(claims: Claims) -> User | None:
    """Return whose address this is, where addresses count; None where it is nobody's. Raises Refused.

    An address that leads to an account must be verified on both sides: by the provider, else whoever writes an
    address into their account there opens the one here; and here, else whoever signed up with a colleague's
    address waits in the account for them. Such an account gives way, if nobody ever came into it: an address is
    whose who showed that it is theirs, and nobody can keep a colleague out by writing it into a form.
    """
    if not claims.email or not claims.email_verified:
        raise Refused(
            "the provider does not say that it verified the e-mail address; where all its addresses are given by the "
            "ministry, set SSO_TRUST_EMAIL=always, or enter people by `manage.py sync_people`"
        )
    shown = EmailAddress.objects.filter(email__iexact=claims.email, verified=True)
    holder = User.objects.filter(pk__in=shown.values("user")).first()
    written = User.objects.filter(email__iexact=claims.email).first()
    if written not in (None, holder):
        if not is_unopened(written):
            raise Refused(f"the address of {written} is not verified here")
        give_way(written)
    if holder is None:
        return None
    if settings.SSO_TRUST_EMAIL == "no":
        raise Refused(
            f"{holder} has this address and no number yet: enter it by `manage.py sync_people`, have them connect it "
            "at /accounts/3rdparty/, or set SSO_TRUST_EMAIL"
        )
    if holder.is_superuser or not holder.is_active:
        raise Refused(
            f"{holder} is closed or an administrator: enter their number by `manage.py sync_people`"
        )
    return holder


def is_unopened(user: User) -> bool:
    """Whether somebody signed up for an account, never confirmed its address, never came in, and nothing is there.

    What an administrator, an import or the directory made is none, as far as that can be told: it has a number, an
    origin, rights, a place or a title, or no password; or something names it.
    """
    made_here = user.directory_id or user.origin or user.is_staff or user.is_superuser or not user.is_active
    if made_here or user.last_login or not user.has_usable_password():
        return False
    if EmailAddress.objects.filter(user=user, verified=True).exists():
        return False
    whole = NestedObjects(using=DEFAULT_DB_ALIAS)
    whole.collect([user])
    empty = Profile.objects.filter(user=user, title="", office=None, post=None)
    return empty.exists() and OF_AN_ACCOUNT.issuperset(whole.data) and not whole.protected


def give_way(user: User) -> None:
    """Take away an account that nobody ever came into."""
    log.warning(
        "Single sign-on: %s signed up with %s and never confirmed it: the account gives way", user, user.email
    )
    user.delete()


# --- the second factor ---------------------------------------------------------------------------------------------

# Where a second factor is set up, what that needs, and what asks nobody who they are. All else is shut: some views
# of the administration say that they need no sign-in, because they ask for it themselves.
OPEN = (
    "/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/", "/accounts/email/", "/accounts/confirm-email/",
    "/accounts/login/", "/accounts/oidc/", "/accounts/saml/", "/health/", "/ready/", "/favicon.ico", "/static/",
)  # fmt: skip


def lacks_second_factor() -> Case:
    """Return, as an expression of an account, whether it has to have a second factor and has none.

    It comes with the account itself, in the one query of each request: joining a group and giving up the last
    key count at the next request.
    """
    groups, everybody = settings.MFA_REQUIRED_GROUPS, "*" in settings.MFA_REQUIRED_GROUPS
    membership = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=groups)
    keys = Authenticator.objects.filter(
        user=OuterRef("pk"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    has_to = Q(pk__isnull=False) if everybody else Q(is_superuser=True) | Q(Exists(membership))
    return Case(When(has_to & ~Q(Exists(keys)), then=Value(True)), default=Value(False))


def groups_lacking() -> list[str]:
    """Return the groups whose members have to have a second factor, and that are none: nobody is asked for one."""
    names = [name for name in settings.MFA_REQUIRED_GROUPS if name != "*"]
    there = set(Group.objects.filter(name__in=names).values_list("name", flat=True)) if names else set()
    return [name for name in names if name not in there]


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether the reader has to have a second factor, and neither has one here nor showed one to the provider."""
    if not settings.MFA_REQUIRED_GROUPS or isinstance(request.user, AnonymousUser):
        return False
    shown = request.session.get(SESSION_KEY) == request.user.pk
    return getattr(request.user, "lacks_second_factor", True) and not shown


def second_factor_first(request: HttpRequest) -> HttpResponse | None:
    """Lead who needs a second factor to where it is set up; None lets the others pass."""
    if request.path.startswith(OPEN) or not needs_second_factor(request):
        return None
    return redirect("mfa_index")
