"""The link in the yearly e-mail: signed, so that it needs no session, and good for one confirmation alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone

from people.models import Profile
from people.models.profiles import STILL_RIGHT_FOR, ProfileQuerySet

SALT = "people.confirm"
GOOD_FOR = dt.timedelta(days=90)

# Somebody said that their facts still hold; `person`: their profile.
confirmed = Signal()


@dataclass(frozen=True)
class Question:
    """Whether somebody's facts still hold. It is answered once they confirmed them, by whatever way."""

    person: Profile
    answered: bool

    def confirm(self) -> None:
        """Say so for the person; a second time changes nothing."""
        if not self.answered:
            confirm(self.person)


def confirm(person: Profile) -> None:
    """Note that somebody says that everything on their profile still holds."""
    person.confirm()
    confirmed.send(Profile, person=person)


def address(person: Profile) -> str:
    """The address of the page that asks this person, without anybody having to sign in."""
    token = signing.dumps([person.pk, _since(person)], salt=SALT)
    return reverse("people:still_right", args=[token])


def read(token: str) -> Question | None:
    """What a link asks; None where we did not sign it, where it is too old, and of whoever is gone."""
    try:
        pk, since = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Profile.objects.directory().select_related("user").filter(pk=pk).first()
    return Question(person, answered=_since(person) != since) if person else None


def _since(person: Profile) -> str:
    return person.confirmed_at.isoformat() if person.confirmed_at else ""


def to_ask() -> ProfileQuerySet:
    """Colleagues with an address who have not confirmed their facts, and were not asked to, for a year.

    The longest unconfirmed first. Of whoever never did, the year begins with the account.
    """
    year_ago = timezone.now() - STILL_RIGHT_FOR
    since = Coalesce("confirmed_at", "user__date_joined")
    due = Profile.objects.directory().alias(since=since).filter(since__lte=year_ago)
    not_asked = Q(reminder=None) | Q(reminder__sent_at__lte=year_ago)
    return due.filter(not_asked).exclude(user__email="").order_by("since", "pk")
