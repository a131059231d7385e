"""The boxes beside the answer: what the people found could be narrowed by, and how many each would leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from people.conditions import Available
from people.models import Assignment, Expertise, LanguageSkill, Profile, ProfileSkill, User
from people.models.profiles import AVAILABLE_FOR
from people.question import Question

MOST_CHOICES = 6  # of one facet
OTHERS = ("at", "now", "knows", "ask", "mentor", "also")  # what has no box or line of its own

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


def facets(question: Question, people: QuerySet[Profile], reader: User) -> list[Facet]:
    """What the people found could be narrowed by, with counts of what this reader may know. Two queries."""
    counts = _counted(people.order_by().values("pk"), reader)
    for name, value in question.pairs:
        if name == "lang":  # has a line of its own
            counts[name].pop(value, None)
    titles = {
        "lang": _("Languages"),
        "served": _("Served in"),
        "region": _("Region known"),
        "skill": _("Skills"),
        "office": _("Office"),
    }
    found = [
        Facet(name, title, _choices(counts[name], _ticked(question, name))) for name, title in titles.items()
    ]
    found.insert(-1, Facet("available", _("Available for"), _availability(question, people)))
    return [facet for facet in found if facet.choices]


def _counted(found: QuerySet, reader: User) -> Counts:
    """How many of the people found have each value of each facet: by name of the facet, then by value."""
    jobs = Assignment.objects.readable_by(reader).filter(profile__in=found, post__isnull=False)
    expertise = Expertise.objects.readable_by(reader).filter(profile__in=found)
    skills = ProfileSkill.objects.readable_by(reader).filter(profile__in=found, learn=False)
    languages = LanguageSkill.objects.readable_by(reader).filter(profile__in=found)
    offices = Profile.objects.filter(pk__in=found, office__isnull=False)
    every = [
        _values(jobs, "served", "post__slug", "post__city", "profile"),
        _values(expertise, "region", "region__slug", "region__name", "profile"),
        _values(skills, "skill", "tag__slug", "tag__name", "profile"),
        _values(languages, "lang", "language__code", "language__name", "profile"),
        _values(offices, "office", "office__slug", "office__name", "pk"),
    ]
    counts: Counts = defaultdict(dict)
    for facet, value, label, n in every[0].union(*every[1:], all=True):
        counts[facet][value] = (label, n)
    return counts


def _values(rows: QuerySet, facet: str, value: str, label: str, person: str) -> QuerySet:
    text = CharField()
    return (
        rows.order_by()
        .values(a_facet=Value(facet, text), a_value=Cast(F(value), text), a_label=Cast(F(label), text))
        .annotate(a_number=Count(person, distinct=True))
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


def _choices(counted: dict[str, tuple[str, int]], asked: Sequence[tuple[str, str]]) -> list[Choice]:
    """What was asked comes first, ticked, even when it is not among the most frequent."""
    ticked = [
        Choice(value, label, counted.get(value.split(">=")[0], ("", 0))[1], ticked=True)
        for value, label in asked
    ]
    values = {value for value, _label in asked}
    others = sorted(
        (
            Choice(value, label, n, ticked=False)
            for value, (label, n) in counted.items()
            if value not in values
        ),
        key=lambda choice: (-choice.count, choice.label),
    )
    return ticked + others[:MOST_CHOICES]


def _availability(question: Question, people: QuerySet[Profile]) -> list[Choice]:
    asked = {c.what for c in question.conditions if isinstance(c, Available)}
    counts = people.order_by().aggregate(
        **{what: Count("pk", filter=Q(**{f"available_{what}": True})) for what in AVAILABLE_FOR}
    )
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
