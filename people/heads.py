"""Who leads an office or a post, as job titles say: HEAD_TITLES, highest first. A deputy's title begins otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Concat, Lower, Replace

from people.models import Profile

Rows = TypeVar("Rows", bound=QuerySet[Any])
NOT_ONE = 99


def rank(title: str) -> int:
    """The place of a job title among those of heads, 0 the highest; NOT_ONE for others."""
    words = _words(title)
    found = (n for n, head in enumerate(settings.HEAD_TITLES) if words.startswith(_words(head)))
    return next(found, NOT_ONE)


def by_rank(rows: Rows) -> Rows:
    """People or jobs, with the rank of their `title` as `rank`."""
    said = Lower(Concat(Replace("title", Value(","), Value(" ")), Value(" ")))
    heads = enumerate(settings.HEAD_TITLES)
    steps = [When(said__startswith=_words(head), then=Value(n)) for n, head in heads]
    return rows.alias(said=said).annotate(rank=Case(*steps, default=Value(NOT_ONE)))


def _words(title: str) -> str:
    return f"{title.replace(',', ' ')} ".lower()


def heads(people: Sequence[Profile]) -> list[Profile]:
    """Those of several people with the highest title of a head; none where nobody has one."""
    ranks = [rank(person.title) for person in people]
    highest = min(ranks, default=NOT_ONE)
    return [one for one, rank_ in zip(people, ranks, strict=True) if rank_ == highest != NOT_ONE]
