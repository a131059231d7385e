"""Stretches of plain words that something is known of, such as the names of a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from search.analysis import words
from search.grammar import Part, Word

Value = TypeVar("Value")


def spans(
    parts: tuple[Part, ...], find: Callable[[list[str], int], tuple[int, tuple[Value, ...]]]
) -> Iterator[tuple[int, int, tuple[Value, ...]]]:
    """The stretches of plain words that something is found for: first part, the part after the last, what was found.

    `find` is given folded words and a place in them, and says how many words from there on it knows, and what for.
    """
    tokens, owners = _plain_tokens(parts)
    at = 0
    while at < len(tokens):
        length, found = find(tokens, at)
        span = owners[at : at + length]
        if length > 1 and at + 1 < len(tokens) and find(tokens, at + 1)[0] > length:
            at += 1  # “the Horn” is one, and in “the Horn of Africa” there is a longer one
        elif found and None not in span and _whole(owners, at, length):
            yield span[0] or 0, (span[-1] or 0) + 1, found
            at += length
        else:
            at += 1


def _plain_tokens(parts: tuple[Part, ...]) -> tuple[list[str], list[int | None]]:
    """The words of the plain parts, and the part that each stands in; other parts are barriers."""
    tokens: list[str] = []
    owners: list[int | None] = []
    for index, part in enumerate(parts):
        if isinstance(part, Word) and part.is_plain:
            found = words(part.text)
            tokens += found
            owners += [index] * len(found)
        else:
            tokens.append("")
            owners.append(None)
    return tokens, owners


def _whole(owners: list[int | None], at: int, length: int) -> bool:
    """Whether a stretch of tokens begins and ends with whole parts: `Guinea` of `Guinea-Bissau` does not."""
    before = owners[at - 1] if at else None
    after = owners[at + length] if at + length < len(owners) else None
    return owners[at] != before and owners[at + length - 1] != after
