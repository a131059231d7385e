"""Two states of a fact box, compared field by field."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .words import Segment, compare_words


class FactChange(NamedTuple):
    """One field that differs: both values as text, "" for none, and their words compared."""

    key: str
    label: str
    old: str
    new: str
    segments: tuple[Segment, ...]


def compare_facts(
    old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[tuple[str, str]]
) -> list[FactChange]:
    """The fields (key, label) whose values differ, in the order of `fields`."""
    changes = []
    for key, label in fields:
        before, after = _words(old.get(key)), _words(new.get(key))
        if before != after:
            changes.append(FactChange(key, label, before, after, compare_words(before, after)))
    return changes


def _words(value: Any) -> str:
    """A value as a reader sees it; several values are one list."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_words(item) for item in value)
    return str(value)
