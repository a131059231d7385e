"""How many people have each language: what is part of a larger one counts for that, too, and each person once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from people import spoken
from people.models import LanguageSkill

Skills = QuerySet[LanguageSkill]
Numbers = dict[str, dict[str, int]]  # by the code of the language, then by what was counted


def apart(skills: Skills) -> QuerySet[Any]:
    """These skills with the code of their language as `asked`."""
    return skills.order_by().annotate(asked=F("language"))


def together(skills: Skills) -> QuerySet[Any]:
    """Those of larger languages and their parts, with the code of the larger as `asked`: count distinct profiles."""
    larger = Coalesce("language__macrolanguage", "language")
    # Asked of the expression: to look up each of them for each profile takes SQLite ten times as long.
    return skills.order_by().annotate(asked=larger).filter(asked__in=spoken.tongues().related)


def named(counts: QuerySet[Any]) -> QuerySet[Any]:
    """Of counts of `together`, those of languages that somebody recorded by this very name."""
    return counts.alias(own=Count("pk", filter=Q(language__macrolanguage=None))).filter(own__gt=0)


def numbers(skills: Skills, counted: Mapping[str, Q]) -> tuple[Numbers, Numbers]:
    """How many have each language as they recorded it, and how many each larger one or part of it. One query.

    `counted`: which skills to count, by a name for each number.
    """
    once = {name: Count("pk", filter=which) for name, which in counted.items()}
    each = {name: Count("profile", distinct=True, filter=which) for name, which in counted.items()}
    rows = _rows(apart(skills), 0, once).union(_rows(together(skills), 1, each), all=True)
    found: tuple[Numbers, Numbers] = ({}, {})
    for kind, code, *values in rows:
        found[kind][code] = dict(zip(counted, values, strict=True))
    return found


def _rows(skills: QuerySet[Any], kind: int, counts: Mapping[str, Count]) -> QuerySet[Any]:
    return skills.values("asked").annotate(kind=Value(kind), **counts).values_list("kind", "asked", *counts)
