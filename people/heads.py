"""Who leads an office or a post, as job titles say: HEAD_TITLES, highest first. A deputy's title begins otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Lower, Replace
from django.db.models.lookups import StartsWith

Row = TypeVar("Row")
Rows = TypeVar("Rows", bound=QuerySet[Any])
NOT_ONE = 99


def title_rank() -> Case:
    """The rank of `title` among those of heads: 0 the highest, NOT_ONE for others."""
    said = Lower(Concat(Replace("title", Value(","), Value(" ")), Value(" ")))
    steps = [
        When(StartsWith(said, f"{title.strip().lower()} "), then=Value(rank))
        for rank, titles in enumerate(settings.HEAD_TITLES)
        for title in titles.split("/")
    ]
    return Case(*steps, default=Value(NOT_ONE))


def by_rank(rows: Rows, among: Q | None = None) -> Rows:
    """People or jobs with the rank of their `title` among those of heads: 0 the highest, NOT_ONE for others.

    Where only those `among` others can be heads, the titles of the others are not looked at.
    """
    ranked = title_rank()
    rank = Case(When(among, then=ranked), default=Value(NOT_ONE)) if among else ranked
    return rows.annotate(rank=rank)


def rank(rows: Sequence[object]) -> int:
    """The highest rank among rows that `by_rank` gave."""
    return min((_rank(row) for row in rows), default=NOT_ONE)


def heads(rows: Sequence[Row], least: int = NOT_ONE) -> list[Row]:
    """Those of the highest rank, or of `least` and higher; none where nobody leads."""
    wanted = rank(rows) if least == NOT_ONE else least
    return [row for row in rows if _rank(row) <= wanted < NOT_ONE]


def _rank(row: object) -> int:
    return int(vars(row)["rank"])
