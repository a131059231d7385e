"""What can be watched: how it is called for this reader, if they may know of it at all.

Apps above register pages and topics; this one knows places, offices, colleagues, searches and questions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from notices import questions
from notices.models import LONGEST_KEY, Watch
from notices.subjects import Shown
from people.models import Office, Profile, Region
from people.requests import whole_number

if TYPE_CHECKING:
    from people.models import User

Naming = Callable[[Collection[str], "User"], Mapping[str, Shown]]
_known: dict[str, Naming] = {}


def register(kind: str, naming: Naming) -> None:
    """Make a kind of watch known: `naming(keys, reader)` gives names and addresses of those the reader may know of."""
    _known[kind] = naming


def named(watches: Iterable[tuple[str, str]], reader: User) -> dict[tuple[str, str], Shown]:
    """What these watches (kind, key) are called for a reader; those they may not know of are left out."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in watches:
        by_kind.setdefault(kind, []).append(key)
    return {
        (kind, key): shown
        for kind, keys in by_kind.items()
        if kind in _known
        for key, shown in _known[kind](keys, reader).items()
    }


def numbers(keys: Collection[str]) -> list[int]:
    """Primary keys that were written as texts; what is none is left out."""
    return [number for key in keys if (number := whole_number(key)) is not None]


def places(keys: Collection[str], _reader: User) -> dict[str, Shown]:
    """Regions and countries."""
    rows = Region.objects.filter(pk__in=numbers(keys))
    return {str(row.pk): Shown(str(row), reverse("region", args=[row.slug])) for row in rows}


def offices(keys: Collection[str], _reader: User) -> dict[str, Shown]:
    """Offices."""
    rows = Office.objects.filter(pk__in=numbers(keys))
    return {str(row.pk): Shown(str(row), row.get_absolute_url()) for row in rows}


def colleagues(keys: Collection[str], _reader: User) -> dict[str, Shown]:
    """Colleagues, by the keys of their accounts."""
    rows = Profile.objects.filter(user__in=numbers(keys)).select_related("user")
    return {str(row.user_id): Shown(row.name, row.get_absolute_url()) for row in rows}


def searches(keys: Collection[str], _reader: User) -> dict[str, Shown]:
    """Searches: their words are their name."""
    return {
        key: Shown(key, f"{reverse('search:search')}?{urlencode({'q': key})}")
        for key in keys
        if 0 < len(key.strip()) <= LONGEST_KEY
    }


def connect() -> None:
    """Make known what this app can name."""
    register(Watch.Kind.REGION, places)
    register(Watch.Kind.OFFICE, offices)
    register(Watch.Kind.PERSON, colleagues)
    register(Watch.Kind.SEARCH, searches)
    register(Watch.Kind.QUESTION, questions.named)
