"""The boxes beside the answer: what the people found could be narrowed by, and how many each would leave."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people import regions, speakers, spoken
from people.conditions import Available
from people.models import Assignment, Expertise, LanguageSkill, Profile, ProfileSkill, User
from people.models.facts import FactQuerySet
from people.models.profiles import AVAILABLE_FOR, available_now
from people.names import fold
from people.permissions import held_with_others
from people.question import Question
from people.regions import place_name
from search import outbox

MOST_CHOICES = 6  # of one facet
KEPT_FOR = 60  # seconds
NAMED = {"lang": spoken.name_of, "region": regions.name_of, "served": place_name}  # in the reader's language
OTHERS = ("at", "now", "knows", "ask", "mentor", "also")  # what has no box or line of its own
ONCE = Count("pk")  # who has a value only once is counted by it
EACH = Count("profile", distinct=True)

Counts = dict[str, dict[str, tuple[str, int]]]


@dataclass(frozen=True)
class Choice:
    """One box to tick: its value in the address, its words, how many it would leave, and whether it is ticked."""

    value: str
    label: str
    count: int
    ticked: bool


@dataclass(frozen=True)
class Facet:
    """A group of choices under one name of the address."""

    name: str
    title: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Counted:
    """How many were found, how many of them are ready for what, and how many have each value of each facet."""

    total: int
    available: dict[str, int]
    values: Counts


def counted(question: Question, people: QuerySet[Profile], reader: User) -> Counted:
    """Count what this reader may know of the people found. Two queries.

    Of everybody it is kept for all readers alike, for as long as nothing changed that the search knows of; what only
    the reader may see does not count there.
    """
    mark = None if question.conditions else outbox.freshness()
    if mark is None:
        return _count(people, reader, kept=False)
    alike = held_with_others(reader)
    said = repr((mark, get_language(), question.records, alike))
    key = f"people.choices.{hashlib.sha256(said.encode()).hexdigest()}"
    found: Counted | None = cache.get(key)
    if found is None:
        found = _count(people, reader, kept=True)
        cache.set(key, found, KEPT_FOR)
    return found


def _count(people: QuerySet[Profile], reader: User, *, kept: bool) -> Counted:
    available = {what: Count("pk", filter=available_now(what)) for what in AVAILABLE_FOR}
    numbers = people.order_by().aggregate(total=Count("pk"), **available)
    values = _values_of(people.order_by().values("pk"), reader, kept=kept) if numbers["total"] else {}
    return Counted(numbers.pop("total"), numbers, values)


def facets(question: Question, counts: Counted) -> list[Facet]:
    """What the people found could be narrowed by; what is asked for already is ticked."""
    lines = {value for name, value in question.pairs if name == "lang"}  # these have lines of their own
    titles = {
        "lang": _("Languages"),
        "served": _("Served in"),
        "region": _("Region known"),
        "skill": _("Skills"),
        "office": _("Office"),
    }
    found = [
        Facet(name, title, _choices(counts.values.get(name, {}), _ticked(question, name), lines))
        for name, title in titles.items()
    ]
    found.insert(-1, Facet("available", _("Available for"), _availability(question, counts.available)))
    return [facet for facet in found if facet.choices]


def _values_of(found: QuerySet, reader: User, *, kept: bool) -> Counts:
    """How many of the people found have each value of each facet: by name of the facet, then by value.

    The database finds the people once for all facets. Of languages, regions and skills each has a value only once.
    """
    people = RawSQL("SELECT pk FROM found", ())
    jobs = _facts(Assignment.objects.all(), reader, kept=kept).filter(profile__in=people, post__isnull=False)
    expertise = _facts(Expertise.objects.all(), reader, kept=kept).filter(profile__in=people)
    skills = _facts(ProfileSkill.objects.all(), reader, kept=kept).filter(profile__in=people, learn=False)
    languages = _facts(LanguageSkill.objects.all(), reader, kept=kept).filter(profile__in=people)
    offices = Profile.objects.filter(pk__in=people, office__isnull=False)
    told = jobs.filter(profile=OuterRef("pk"), post=OuterRef("post"))
    posted = Profile.objects.filter(~Exists(told), pk__in=people, post__isnull=False)
    every = [
        _values(jobs, "served", "post__slug", "post__city", EACH),
        _values(posted, "served", "post__slug", "post__city"),
        _values(expertise, "region", "region__slug", "region__name"),
        _values(skills, "skill", "tag__slug", "tag__name"),
        _values(languages.exclude(language__in=spoken.tongues().parts), "lang", "language", "language__name"),
        speakers.named(_values(speakers.together(languages), "lang", "asked", "asked", EACH)),
        _values(offices, "office", "office__slug", "office__name"),
    ]
    within, given = found.query.sql_with_params()
    asked, also_given = every[0].union(*every[1:], all=True).query.sql_with_params()
    counts: Counts = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH found (pk) AS ({within}) {asked}", (*given, *also_given))
        for facet, value, label, n in cursor.fetchall():
            words = capfirst(NAMED[facet](value, label)) if facet in NAMED else label
            counts[facet][value] = (words, n + counts[facet].get(value, ("", 0))[1])
    return dict(counts)


def _facts(facts: FactQuerySet[Any], reader: User, *, kept: bool) -> QuerySet[Any]:
    """What may be counted: what the reader may know, without what only they may see where it is kept for others."""
    return facts.shared_with(reader) if kept else facts.readable_by(reader)


def _values(rows: QuerySet, facet: str, value: str, label: str, number: Count = ONCE) -> QuerySet:
    text = CharField()
    return (
        rows.order_by()
        .values(a_facet=Value(facet, text), a_value=Cast(F(value), text), a_label=Cast(F(label), text))
        .annotate(a_number=number)
        .values_list("a_facet", "a_value", "a_label", "a_number")
    )


def _ticked(question: Question, facet: str) -> list[tuple[str, str]]:
    """The values of a facet that are asked for, with their words."""
    return [
        (value, condition.label)
        for condition in question.conditions
        if len(condition.params) == 1
        for name, value in condition.params
        if name == facet
    ]


def _choices(
    counted: dict[str, tuple[str, int]], asked: Sequence[tuple[str, str]], elsewhere: Collection[str]
) -> list[Choice]:
    """What was asked comes first, ticked, even when it is not among the most frequent."""
    ticked = [
        Choice(value, label, counted.get(value.split(">=")[0], ("", 0))[1], ticked=True)
        for value, label in asked
        if value not in elsewhere
    ]
    known = {value for value, _label in asked} | {*elsewhere}
    others = sorted(
        (
            Choice(value, label, n, ticked=False)
            for value, (label, n) in counted.items()
            if value not in known
        ),
        key=lambda choice: (-choice.count, fold(choice.label)),
    )
    return ticked + others[:MOST_CHOICES]


def _availability(question: Question, counts: dict[str, int]) -> list[Choice]:
    asked = {c.what for c in question.conditions if isinstance(c, Available)}
    return [
        Choice(what, Available((), what).words.capitalize(), counts[what], what in asked)
        for what in AVAILABLE_FOR
        if counts[what] or what in asked
    ]


def others(question: Question) -> list[Facet]:
    """What was asked that has no box or line of its own: ticked, to be taken away."""
    return [
        Facet(name, "", [Choice(value, condition.chip, 0, ticked=True)])
        for condition in question.conditions
        for name, value in condition.params
        if name in OTHERS
    ]
