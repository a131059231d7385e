"""Finding colleagues: reading what was asked, narrowing, counting choices, and who nearly fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import urlencode

from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import ilr, lookup
from people.conditions import (
    Available,
    Called,
    Condition,
    HasSkill,
    Knows,
    Served,
    Speaks,
    StartsWith,
    WorksIn,
)
from people.facts import with_facts
from people.models import Assignment, Expertise, LanguageSkill, Profile, SkillTag, User
from people.models.profiles import AVAILABLE_FOR, ProfileQuerySet
from people.names import fold

MOST_ASKED = 6  # conditions of one sort
MOST_CHOICES = 6  # of one facet
NEAR_SHOWN = 5
RECORDS = "records"


@dataclass(frozen=True)
class Question:
    """What was asked of the directory: conditions that all must hold, and what was not understood."""

    conditions: tuple[Condition, ...] = ()
    notes: tuple[str, ...] = ()
    records: bool = False

    @property
    def columns(self) -> list[Condition]:
        """The conditions that stand as columns in the answer."""
        return [condition for condition in self.conditions if condition.header]

    def url(self, without: Condition | None = None, also: tuple[tuple[str, str], ...] = ()) -> str:
        """The address of this question without one condition, or with one more."""
        kept = [
            pair for condition in self.conditions if condition is not without for pair in condition.params
        ]
        kept += [("who", RECORDS)] if self.records else []
        return f"?{urlencode([*kept, *also])}"

    def sentence(self, number: int) -> str:
        """The answer in a sentence: "5 colleagues speak Pashto and served in Kabul"."""
        if self.records:
            people = ngettext("%(n)d historical record", "%(n)d historical records", number) % {"n": number}
        elif number == 0 and self.conditions:
            people = _("Nobody")
        else:
            people = ngettext("%(n)d colleague", "%(n)d colleagues", number) % {"n": number}
        clauses = [condition.clause(number or 1) for condition in self.conditions]
        if not clauses:
            return people
        said = (
            clauses[0]
            if len(clauses) == 1
            else _("%(first)s and %(last)s")
            % {
                "first": ", ".join(clauses[:-1]),
                "last": clauses[-1],
            }
        )
        return f"{people} {said}"


# --- reading -----------------------------------------------------------------------------------------------------


def read(params: QueryDict, reader: User) -> Question:
    """What an address asks. What cannot be understood is left out, with a note; it never fails."""
    notes: list[str] = []
    conditions = [
        *_languages(params, notes),
        *_each(params, "served", _served(params), notes),
        *_each(params, "region", _knows, notes),
        *_each(params, "skill", _skill(reader), notes),
        *_each(params, "office", _office, notes),
        *(
            Available((("available", what),), what)
            for what in AVAILABLE_FOR
            if what in params.getlist("available")
        ),
    ]
    if name := params.get("name", "").replace("\x00", "").strip()[:80]:
        conditions.append(Called((("name", name),), name))
    letter = fold(params.get("letter", "").replace("\x00", ""))[:1]
    if letter.isalpha():
        conditions.append(StartsWith((("letter", letter),), letter))
    return Question(tuple(conditions), tuple(notes), params.get("who") == RECORDS)


def _texts(params: QueryDict, name: str) -> list[str]:
    return [text.replace("\x00", "").strip()[:120] for text in params.getlist(name)][:MOST_ASKED]


def _languages(params: QueryDict, notes: list[str]) -> Iterator[Condition]:
    rows = zip_longest(
        _texts(params, "lang"), _texts(params, "speaks"), _texts(params, "reads"), fillvalue=""
    )
    for text, speaks, reads in rows:
        language = lookup.language(text)
        if language is not None:
            speaking, reading = _level(speaks), _level(reads)
            levels = (("speaks", ilr.label(speaking)), ("reads", ilr.label(reading)))
            yield Speaks((("lang", language.code), *levels), language, speaking, reading)
        elif text:
            notes.append(_("We know no language called “%(text)s”.") % {"text": text})


def _level(text: str) -> int:
    return ilr.LABELS.index(text) if text in ilr.LABELS else ilr.LOWEST


def _each(
    params: QueryDict, name: str, make: Callable[[str], Condition | None], notes: list[str]
) -> Iterator[Condition]:
    for text in dict.fromkeys(filter(None, _texts(params, name))):
        condition = make(text)
        if condition is not None:
            yield condition
        else:
            notes.append(_("We know nothing called “%(text)s” here.") % {"text": text})


def _served(params: QueryDict) -> Callable[[str], Condition | None]:
    now = bool(params.get("now"))

    def make(text: str) -> Condition | None:
        place = lookup.post(text) or lookup.region(text)
        pairs = (("served", place.slug), *((("now", "1"),) if now else ())) if place else ()
        return Served(pairs, place, now) if place else None

    return make


def _knows(text: str) -> Condition | None:
    region = lookup.region(text)
    return Knows((("region", region.slug),), region) if region else None


def _skill(reader: User) -> Callable[[str], Condition | None]:
    def make(text: str) -> Condition | None:
        tag = SkillTag.objects.readable_by(reader).filter(Q(slug=text) | Q(name__iexact=text)).first()
        return HasSkill((("skill", tag.slug),), tag) if tag else None

    return make


def _office(text: str) -> Condition | None:
    office = lookup.office(text)
    return WorksIn((("office", office.slug),), office) if office else None


# --- finding -----------------------------------------------------------------------------------------------------


def everybody(question: Question) -> ProfileQuerySet:
    """Whom the question is about: colleagues, or historical records."""
    return Profile.objects.records() if question.records else Profile.objects.directory()


def matching(question: Question, reader: User) -> ProfileQuerySet:
    """The people who meet every condition, best first."""
    found = everybody(question).with_place()
    for condition in question.conditions:
        found = found.filter(condition.test(reader))
    return _best_first(found, question, reader)


def _best_first(found: ProfileQuerySet, question: Question, reader: User) -> ProfileQuerySet:
    """By level of the first language asked; those who are at the place now before those who were."""
    order: list[str] = []
    for condition in question.conditions:
        if isinstance(condition, Speaks) and "-best_speaking" not in order:
            skills = LanguageSkill.objects.readable_by(reader).filter(
                profile=OuterRef("pk"), language__in=condition.codes
            )
            best = skills.order_by("-speaking", "-reading")
            found = found.annotate(
                best_speaking=Subquery(best.values("speaking")[:1]),
                best_reading=Subquery(best.values("reading")[:1]),
            )
            order += ["-best_speaking", "-best_reading"]
        if isinstance(condition, Served) and "-there_now" not in order:
            there = Served(condition.params, condition.place, now=True)
            found = found.annotate(there_now=there.test(reader))
            order += ["-there_now"]
    return found.order_by(*order, "sort_key", "pk")


@dataclass(frozen=True)
class NearMatch:
    """Somebody who meets all conditions but one, and what is missing."""

    profile: Profile
    lacks: str
    has: str


def near(question: Question, reader: User) -> list[NearMatch]:
    """Who fails one condition of several, a few for each condition in turn."""
    if len(question.conditions) < 2:
        return []
    found: dict[int, NearMatch] = {}
    for missing in question.columns:
        others = [condition for condition in question.conditions if condition is not missing]
        profiles = matching(Question(tuple(others), records=question.records), reader)
        for profile in with_facts(
            profiles.filter(missing.nearly(reader)).exclude(missing.test(reader))[:NEAR_SHOWN], reader
        ):
            has = "; ".join(_has(other, profile) for other in others if other.header)
            found.setdefault(profile.pk, NearMatch(profile, missing.lack(profile), has))
    return list(found.values())[:NEAR_SHOWN]


def _has(condition: Condition, profile: Profile) -> str:
    cell = condition.cell(profile)
    return f"{condition.header} {cell.strong}"


@dataclass(frozen=True)
class Loosened:
    """How many would fit if one condition were dropped."""

    condition: Condition
    url: str
    count: int


def loosen(question: Question, reader: User) -> list[Loosened]:
    """For each condition, what dropping it would find; those that help, most first."""
    options = []
    for condition in question.conditions:
        rest = Question(
            tuple(other for other in question.conditions if other is not condition), (), question.records
        )
        options.append(Loosened(condition, question.url(without=condition), matching(rest, reader).count()))
    return sorted((option for option in options if option.count), key=lambda option: -option.count)


# --- choices -----------------------------------------------------------------------------------------------------


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
    """What the people found could be narrowed by, with counts of what this reader may know."""
    found = people.order_by().values("pk")
    jobs = Assignment.objects.readable_by(reader).filter(profile__in=found, post__isnull=False)
    expertise = Expertise.objects.readable_by(reader).filter(profile__in=found)
    places = [(c.place, c.name) for c in question.conditions if isinstance(c, Served)]
    known = [(c.region, c.region.name) for c in question.conditions if isinstance(c, Knows)]
    offices = [(c.office, c.office.name) for c in question.conditions if isinstance(c, WorksIn)]
    all_facets = [
        Facet("served", _("Served in"), _choices(_count(jobs, "post__slug", "post__city"), places)),
        Facet(
            "region", _("Region known"), _choices(_count(expertise, "region__slug", "region__name"), known)
        ),
        Facet("available", _("Available for"), _availability(question, people)),
        Facet(
            "office",
            _("Office"),
            _choices(_count(_in_offices(found), "office__slug", "office__name"), offices),
        ),
    ]
    return [facet for facet in all_facets if facet.choices]


def _in_offices(found: QuerySet) -> QuerySet:
    return Profile.objects.filter(pk__in=found, office__isnull=False).annotate(profile=F("pk"))


def _count(rows: QuerySet, value: str, label: str) -> list[tuple[str, str, int]]:
    counted = (
        rows.order_by().values(value, label).annotate(n=Count("profile", distinct=True)).order_by("-n", label)
    )
    return [(row[value], row[label], row["n"]) for row in counted[:MOST_CHOICES]]


def _choices(counted: Iterable[tuple[str, str, int]], asked: Sequence[tuple[Model, str]]) -> list[Choice]:
    """What was asked comes first, ticked, even when it is not among the most frequent."""
    counts = {value: (label, n) for value, label, n in counted}
    ticked = [
        Choice(place.slug, name, counts.pop(place.slug, ("", 0))[1], ticked=True)  # type: ignore[attr-defined]
        for place, name in asked
    ]
    return ticked + [Choice(value, label, n, ticked=False) for value, (label, n) in counts.items()]


def _availability(question: Question, people: QuerySet[Profile]) -> list[Choice]:
    asked = {c.what for c in question.conditions if isinstance(c, Available)}
    counts = people.order_by().aggregate(
        **{what: Count("pk", filter=Q(**{f"available_{what}": True})) for what in AVAILABLE_FOR}
    )
    words = {what: Available((), what).words for what in AVAILABLE_FOR}
    return [
        Choice(what, words[what].capitalize(), counts[what], what in asked)
        for what in AVAILABLE_FOR
        if counts[what] or what in asked
    ]
