"""Names of documents in judged sets: what a thing was called where it came from, else `kind:pk`.

The app that keeps those names registers how to look them up; the search knows of no source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from search.entries import Key

Namer = Callable[[str, Collection[int]], Mapping[int, Sequence[str]]]

AT_ONCE = 5_000  # more values than that no database takes in one question

_namers: list[Namer] = []


def register(namer: Namer) -> None:
    """Make known how things of a kind are called elsewhere: from kind and primary keys to names by primary key."""
    if namer not in _namers:
        _namers.append(namer)


def names_of(keys: Iterable[Key]) -> dict[Key, tuple[str, ...]]:
    """All names of each thing, `kind:pk` last."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key.pk)
    named: dict[Key, tuple[str, ...]] = {
        Key(kind, pk): (f"{kind}:{pk}",) for kind, pks in by_kind.items() for pk in pks
    }
    for namer in reversed(_namers):
        for kind, pks in by_kind.items():
            for start in range(0, len(pks), AT_ONCE):
                for pk, names in namer(kind, pks[start : start + AT_ONCE]).items():
                    named[Key(kind, pk)] = (*names, *named[Key(kind, pk)])
    return named
