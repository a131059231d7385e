"""Which profiles went into others of the same person."""

from __future__ import annotations

from collections.abc import Iterator

from diplopedia.exporting.sinks import Row, moment
from people.models import Merger


def merger_rows() -> Iterator[Row]:
    """Return the mergers, the oldest first: a later one may take along what went before."""
    found = Merger.objects.select_related("kept__user", "gone__user", "by").order_by("pk")
    for merger in found:
        yield {
            "id": merger.gone.user.username,
            "kept": merger.kept.user.username,
            "by": merger.by.username,
            "at": moment(merger.at),
        }
