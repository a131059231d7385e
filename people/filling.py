"""What a directory says of a person, on their profile: what is empty is filled, what they wrote stays.

Sign-in and `sync_people` fill alike. SSO_OVERWRITES names what the directory knows better.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from people import lookup
from people.models import Office, Post, Profile

log = logging.getLogger(__name__)


def longest(model: type[Model], field: str) -> int:
    """Return how many characters fit into a field."""
    return getattr(model._meta.get_field(field), "max_length", None) or 0


class Change(NamedTuple):
    """One field of a profile, as it is and as it will be."""

    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.field}: {self.before or '–'} → {self.after}"


class Places:
    """Offices and posts by what a directory calls them; each name is looked up once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Office | Post | None] = {}

    def find(self, field: str, text: str) -> Office | Post | None:
        """Return an office by address, name or acronym, or a post by city or name."""
        key = field, text
        if key not in self.known:
            self.known[key] = lookup.office(text) if field == "office" else lookup.post(text)
        return self.known[key]

    def read(self, field: str, text: str) -> Any:
        """Return the value of a field of the profile. Raises ValueError for what cannot stand there."""
        if field in {"office", "post"}:
            if found := self.find(field, text):
                return found
            raise ValueError(f"“{text}” is no {field} here")
        if len(text) > (most := longest(Profile, field)):
            raise ValueError(f"longer than {most} characters")
        return text


def changes(
    profile: Profile, said: Mapping[str, Any], overwritten: Collection[str] | None = None
) -> list[Change]:
    """Return what follows for a profile from values as `Places.read` gives them."""
    better = settings.SSO_OVERWRITES if overwritten is None else overwritten
    return [
        Change(field, before, after)
        for field, after in said.items()
        if (before := getattr(profile, field)) != after and (not before or field in better)
    ]


def apply(profile: Profile, what: Collection[Change]) -> None:
    """Make these changes, and no others: somebody may edit the profile at this moment."""
    for change in what:
        setattr(profile, change.field, change.after)
    if what:
        profile.save_only(change.field for change in what)


def fill(profile: Profile, said: Mapping[str, str], places: Places) -> None:
    """Take over what a provider says. What we do not understand is logged and left out."""
    values = understood(profile, said, places)
    if not changes(profile, values):
        return
    with transaction.atomic():
        now = Profile.objects.locked().get(pk=profile.pk)
        apply(now, changes(now, values))
    profile.refresh_from_db()


def understood(profile: Profile, said: Mapping[str, str], places: Places) -> dict[str, Any]:
    """Return the values of those fields that may be filled and that we understand."""
    values = {}
    for field, text in said.items():
        if getattr(profile, field) and field not in settings.SSO_OVERWRITES:
            continue
        try:
            values[field] = places.read(field, text)
        except ValueError as error:
            log.warning("Single sign-on: %s of %s is left out: %s", field, profile.user, error)
    return values
