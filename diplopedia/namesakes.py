"""Names of colleagues in a text that are several people's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from diplopedia.resolving import Name
from people.models import Profile
from people.names import fold


class Alike(NamedTuple):
    """A name that a text mentions as `[[@Name]]`, and the colleagues who have it, the one it leads to first."""

    name: str
    people: list[Profile]


def names_of_several(keys: Iterable[str], found: Iterable[Name]) -> list[Alike]:
    """Return the names among keys `@<handle or name>` that several colleagues have: one query if there are any.

    `found`: what `resolving.names` gave for these keys. A handle is nobody else's.
    """
    keyed: dict[str, set[int]] = defaultdict(set)
    handles = set()
    for one in found:
        if one.kind == "person":
            keyed[one.key].add(one.of)
            handles.add(one.slug)
    named = (keyed.get(fold(key[1:]), set()) for key in keys if key[1:] not in handles)
    doubtful = [sorted(pks) for pks in named if len(pks) > 1]
    if not doubtful:
        return []
    here = Profile.objects.directory().with_place().in_bulk({pk for pks in doubtful for pk in pks})
    alike = ([here[pk] for pk in pks if pk in here] for pks in doubtful)
    return [Alike(people[0].name, people) for people in alike if len(people) > 1]
