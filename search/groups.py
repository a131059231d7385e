"""Values that stand for several others: a family of languages for each of them.

The app that knows such values registers who is in them. They are no values of any entry: to ask for one is to ask for
any of those that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from search.grammar import Choice, Filter

Members = Callable[[str], tuple[str, ...]]
SAME = {"speaks": "lang", "reads": "lang"}
_known: dict[str, Members] = {}


def register(field: str, members: Members) -> None:
    """Make known what the values of a field stand for: `members` gets a code, and gives none for a single value."""
    _known[field] = members


def members(field: str, code: str) -> tuple[str, ...]:
    """The codes that a value stands for; none for a single value."""
    known = _known.get(SAME.get(field, field))
    return known(code) if known else ()


def one_by_one(chosen: Filter) -> Filter:
    """A filter with the values that its own stand for."""
    choices = [
        Choice(code, choice.level)
        for choice in chosen.choices
        for code in members(chosen.field, choice.code) or (choice.code,)
    ]
    return replace(chosen, choices=tuple(choices)) if len(choices) > len(chosen.choices) else chosen
