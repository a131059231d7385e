"""What a condition is, and how conditions are joined: any of several, or not."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.evidence import Subject
from people.models import Profile, User

BEST = 3  # the grade of who has all that was asked; 2 and 1 have less of it
MOST_NAMED = 3  # subjects of which one is enough
Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """What somebody has of one condition: in bold, in small, and whether the test is old."""

    strong: str = ""
    small: str = ""
    old: bool = False
    level: bool = False


@dataclass(frozen=True)
class Condition:
    """One thing asked. `params` are the (name, value) pairs of the address that ask it."""

    params: Params

    @property
    def parts(self) -> int:
        """How many things it asks the database."""
        return 1

    @property
    def header(self) -> str:
        """The heading of its column in the answer; empty for what shows elsewhere."""
        return ""

    @property
    def label(self) -> str:
        """Its words in a list of the like: "Kabul"."""
        return self.header

    @property
    def subject(self) -> Subject | None:
        """What pages by those who meet it would be about, if it asks for a place or a topic."""
        return None

    @property
    def chip(self) -> str:
        """The condition in words, for one who would remove it."""
        raise NotImplementedError

    def clause(self, number: int) -> str:
        """How the sentence goes on: "5 colleagues" "speak Pashto"."""
        raise NotImplementedError

    def denial(self, number: int) -> str:
        """How the sentence goes on when it must not hold: "do not speak Pashto"."""
        return ngettext("is not one who %(clause)s", "are not among those who %(clause)s", number) % {
            "clause": self.clause(number)
        }

    def test(self, reader: User, /) -> Q:
        """What the database checks for each profile."""
        raise NotImplementedError

    def nearness(self, _reader: User, /) -> Combinable | None:
        """A number that grows the nearer somebody comes; None where they are not named unless more is asked."""
        return None

    def nearly(self, _reader: User, /) -> Q:
        """Who comes near without meeting it; everybody, unless there are degrees."""
        return Q()

    def looser(self) -> Condition | None:
        """The same with less of it, if there are degrees: what to ask instead when nobody fits."""
        return None

    def grade(self, _reader: User, /) -> Combinable | None:
        """How well somebody who meets it does, 1 to 3; None where all do equally well."""
        return None

    def merit(self, _reader: User, /) -> Combinable | None:
        """A number that grows with what somebody has of it, to order equals by; 0 for who does not meet it."""
        return None

    def met(self, profile: Profile, /) -> bool:
        """Whether the facts that `with_facts` fetched meet it, as far as they can tell."""
        return bool(self.cell(profile).strong)

    def cell(self, _profile: Profile, /) -> Cell:
        """What this person has of it, from the facts that `with_facts` fetched."""
        return Cell()

    def lack(self, _profile: Profile, /) -> str:
        """What somebody lacks who nearly fits."""
        return _("not: %(condition)s") % {"condition": self.chip}


@dataclass(frozen=True)
class AnyOf(Condition):
    """Several conditions of which one is enough."""

    options: tuple[Condition, ...]

    @property
    def parts(self) -> int:
        return sum(option.parts for option in self.options)

    @property
    def header(self) -> str:
        return either(option.header for option in self.options)

    @property
    def subject(self) -> Subject | None:
        return together(option.subject for option in self.options)

    @property
    def chip(self) -> str:
        first, *others = dict.fromkeys(option.chip for option in self.options)
        return either([first, *(other[:1].lower() + other[1:] for other in others)])

    def clause(self, number: int) -> str:
        clauses = dict.fromkeys(option.clause(number) for option in self.options)
        if len(clauses) == 1:  # two posts in one city
            return next(iter(clauses))
        return _("either %(clauses)s") % {"clauses": either(clauses)}

    def test(self, reader: User, /) -> Q:
        return any_of(option.test(reader) for option in self.options)

    def nearly(self, reader: User, /) -> Q:
        return any_of(option.nearly(reader) for option in self.options)

    def grade(self, reader: User, /) -> Combinable | None:
        grades = [
            Case(When(option.test(reader), then=option.grade(reader) or Value(BEST)), default=Value(0))
            for option in self.options
        ]
        return Greatest(*grades) if len(grades) > 1 else None

    def merit(self, reader: User, /) -> Combinable | None:
        merits = [merit for option in self.options if (merit := option.merit(reader)) is not None]
        return Greatest(*merits, Value(0)) if merits else None

    def met(self, profile: Profile, /) -> bool:
        return any(option.met(profile) for option in self.options)

    def cell(self, profile: Profile, /) -> Cell:
        """What this person has of the first option that is met, with its name."""
        having = [option for option in self.options if option.cell(profile).strong]
        having.sort(key=lambda option: not option.met(profile))
        if not having:
            return Cell()
        cell = having[0].cell(profile)
        which = having[0].header if having[0].header != self.header else ""  # two posts in one city
        named = ", ".join(filter(None, [which, cell.small]))
        return Cell(cell.strong, named, old=cell.old, level=cell.level)

    def lack(self, profile: Profile, /) -> str:
        return "; ".join(dict.fromkeys(option.lack(profile) for option in self.options))


@dataclass(frozen=True)
class Not(Condition):
    """A condition that must not hold. Who keeps the fact to themselves counts as not having it."""

    denied: Condition

    @property
    def parts(self) -> int:
        return self.denied.parts

    @property
    def chip(self) -> str:
        return _("Not: %(condition)s") % {"condition": self.denied.chip}

    def clause(self, number: int) -> str:
        return self.denied.denial(number)

    def test(self, reader: User, /) -> Q:
        return ~self.denied.test(reader)


def options_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions of which one is enough: mostly the one itself."""
    return condition.options if isinstance(condition, AnyOf) else (condition,)


def any_of(tests: Iterable[Q]) -> Q:
    """One test that holds where any of the tests does."""
    return reduce(operator.or_, tests)


def either(texts: Iterable[str]) -> str:
    """Different texts joined by commas and "or"."""
    texts = list(dict.fromkeys(filter(None, texts)))
    if len(texts) < 2:
        return "".join(texts)
    return _("%(first)s or %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


def together(subjects: Iterable[Subject | None]) -> Subject | None:
    """Several subjects as one: what is about any of them."""
    some = list(dict.fromkeys(filter(None, subjects)))
    if len(some) < 2:
        return some[0] if some else None
    return Subject(
        either(one.name for one in some) if len(some) <= MOST_NAMED else _("these subjects"),
        tuple(address for one in some for address in one.regions),
        tuple(topic for one in some for topic in one.topics),
    )


def having(facts: QuerySet[Any]) -> Q:
    """Who has any of these facts. The database lists them once, and does not ask anew for each profile."""
    return Q(pk__in=facts.order_by().values("profile"))
