"""Primary keys in handfuls, so that no more than one handful of rows is in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

SIZE = 200


def batches(pks: Iterable[int], size: int = SIZE) -> Iterator[list[int]]:
    """Return the keys in lists of this size, in their order."""
    rest = iter(pks)
    while found := list(islice(rest, size)):
        yield found
