"""Narrowing a list by what its rows have: facets with counts, and the conditions in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

LONGEST_FACET = 14

# What a row has: for each facet its values, each with its words.
Values = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list."""

    name: str
    legend: str
    rows: list[Choice]


@dataclass(frozen=True)
class Chip:
    """A condition in force, and the address without it."""

    label: str
    url: str


def fits(own: Values, chosen: Mapping[str, list[str]], without: str = "") -> bool:
    """Whether a row has, for each facet but one, any of the chosen values."""
    return all(
        not wanted or own.get(name, {}).keys() & set(wanted)
        for name, wanted in chosen.items()
        if name != without
    )


def facet(name: str, legend: str, rows: Iterable[Values], chosen: Mapping[str, list[str]]) -> Facet:
    """Return a facet counted over what the other facets leave."""
    counts: Counter[tuple[str, str]] = Counter()
    for own in rows:
        if fits(own, chosen, without=name):
            counts.update(own.get(name, {}).items())
    ranked = sorted(counts.items(), key=lambda item: (item[0][0] not in chosen[name], -item[1], item[0][1]))
    shown = [Choice(value, label, n, value in chosen[name]) for (value, label), n in ranked[:LONGEST_FACET]]
    return Facet(name, legend, shown)


def chips(query: QueryDict, facets: list[Facet]) -> list[Chip]:
    """Return the conditions in force, each with the address that drops it."""
    found = []
    for one in facets:
        for row in one.rows:
            if row.chosen:
                rest = query.copy()
                rest.setlist(one.name, [value for value in query.getlist(one.name) if value != row.value])
                rest.pop("page", None)
                found.append(Chip(f"{one.legend}: {row.label}", f"?{rest.urlencode()}"))
    return found
