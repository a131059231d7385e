"""Finding colleagues: who meets what was asked, best first, who nearly does, and what to ask less of."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Least
from django.http import QueryDict
from django.utils import timezone

from people import asking
from people.conditions import Condition, Words
from people.models import Profile, User
from people.models.profiles import STILL_RIGHT_FOR
from people.question import Question

NEAR_SHOWN = 5
MISSED = 3  # conditions of which near matches may lack one
LOOSENED = 6  # conditions that are tried with less of them, and without them


def asked(params: QueryDict, reader: User) -> Question:
    """What an address asks of the directory: `q` in words, and what the form chose. It never fails.

    The one entrance for all that answers such a question: the page, exports, alerts.
    """
    return asking.asked(params, reader)


def among(keys: Sequence[int]) -> QuerySet[Profile]:
    """These people, however many: their keys are one value for the database."""
    if connection.vendor == "postgresql":
        listed = RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    else:
        listed = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])
    return Profile.objects.filter(pk__in=listed).order_by()


def matching(question: Question, reader: User) -> QuerySet[Profile]:
    """The people who meet every condition, best first."""
    return _best_first(question.meeting(reader).with_place(), question, reader)


def ranked(question: Question, reader: User) -> QuerySet[Profile, int]:
    """The keys of the same people, best first: whole rows take long to sort."""
    return _best_first(question.meeting(reader), question, reader).values_list("pk", flat=True)


def _best_first(found: QuerySet[Profile], question: Question, reader: User) -> QuerySet[Profile]:
    """By the grade of the condition that is met least, then by all that people have of what was asked.

    Of equals those come last who have not said for a year that their profile still holds.
    """
    order: list[str] = []
    if grades := _given(condition.grade(reader) for condition in question.conditions):
        found = found.annotate(fit=Least(*grades) if len(grades) > 1 else grades[0])
        order.append("-fit")
    if merits := _given(condition.merit(reader) for condition in question.conditions):
        found = found.annotate(merit=reduce(operator.add, merits))
        order.append("-merit")
    if question.columns:
        fresh = Q(confirmed_at__gte=timezone.now() - STILL_RIGHT_FOR)
        found = found.annotate(unsure=Case(When(fresh, then=Value(0)), default=Value(1)))
        order.append("unsure")
    return found.order_by(*order, "sort_key", "pk")


def _given(expressions: Iterable[Combinable | None]) -> list[Combinable]:
    return [expression for expression in expressions if expression is not None]


# --- who nearly fits ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NearMatch:
    """Somebody who meets all conditions but one, and what is missing."""

    profile: Profile
    lacks: str
    has: str


@dataclass(frozen=True)
class Missing:
    """The keys of people who meet all conditions but this one."""

    condition: Condition
    others: list[Condition]
    people: list[int]


def lacking_one(question: Question, reader: User) -> list[Missing]:
    """Who fails one condition of several, a few for each of the first in turn; of a single one, who comes near it."""
    if len(question.conditions) < 2:
        return [near for one in question.columns if (near := _near_alone(one, question, reader))]
    found = []
    for missing in question.columns[:MISSED]:
        rest = question.without(missing)
        people = ranked(rest, reader).filter(missing.nearly(reader)).exclude(missing.test(reader))
        found.append(Missing(missing, list(rest.conditions), list(people[:NEAR_SHOWN])))
    return found


def _near_alone(condition: Condition, question: Question, reader: User) -> Missing | None:
    """Who comes nearest to the one thing that was asked, if that is worth naming."""
    nearness = condition.nearness(reader)
    if nearness is None:
        return None
    people = question.everybody().filter(condition.nearly(reader)).exclude(condition.test(reader))
    closest = people.annotate(nearness=nearness).order_by("-nearness", "sort_key", "pk")
    return Missing(condition, [], list(closest.values_list("pk", flat=True)[:NEAR_SHOWN]))


def near(missing: Iterable[Missing], people: Mapping[int, Profile]) -> list[NearMatch]:
    """What each of them lacks and has, for the first few; `people` are all of them with their facts, by key."""
    found: dict[int, NearMatch] = {}
    for one in missing:
        for profile in (people[pk] for pk in one.people if pk in people):
            has = "; ".join(_has(other, profile) for other in one.others if other.header)
            found.setdefault(profile.pk, NearMatch(profile, one.condition.lack(profile), has))
    return list(found.values())[:NEAR_SHOWN]


def _has(condition: Condition, profile: Profile) -> str:
    cell = condition.cell(profile)
    return f"{condition.header} {cell.strong}".strip()


@dataclass(frozen=True)
class Loosened:
    """How many would fit if one condition were dropped, or asked less of: `instead`."""

    condition: Condition
    url: str
    count: int
    instead: Condition | None = None

    @property
    def dropped(self) -> str:
        """What would not be asked, to be put in quotation marks, which the chip of words has already."""
        return self.condition.said if isinstance(self.condition, Words) else self.condition.chip


def loosen(question: Question, reader: User) -> list[Loosened]:
    """For the first conditions, what asking less of it or dropping it would find; those that help.

    One query, in which each condition is tried once for all options: it counts who meets which of them.
    """
    options = list(_looser(question))
    tried = {id(one): one.test(reader) for _condition, _less, rest in options for one in rest.conditions}
    if not options:
        return []
    flags = {
        f"meets_{n}": Case(When(test, then=Value(1)), default=Value(0))
        for n, test in enumerate(tried.values())
    }
    people = question.everybody().filter(_met_by_each(question, options[0][2], reader)).order_by()
    rows = people.annotate(**flags).values_list(*flags).annotate(number=Count("pk"))
    groups = [(dict(zip(tried, row, strict=False)), row[-1]) for row in rows]
    found = [
        Loosened(condition, rest.url(), _number(groups, rest.conditions), instead)
        for condition, instead, rest in options
    ]
    return [option for option in found if option.count]


def _met_by_each(question: Question, option: Question, reader: User) -> Q:
    """What whoever meets any option meets: of several conditions each asks at least one of the first two in full.

    Few people do, and of nobody else all conditions need be tried.
    """
    several = len(question.conditions) > 1
    wanted = question.conditions[:2] if several else option.conditions
    return reduce(operator.or_, (one.test(reader) for one in wanted))


def _number(groups: Iterable[tuple[Mapping[int, int], int]], conditions: Sequence[Condition]) -> int:
    """How many meet all of these conditions, of groups that meet the same ones."""
    return sum(number for meets, number in groups if all(meets[id(one)] for one in conditions))


def _looser(question: Question) -> Iterator[tuple[Condition, Condition | None, Question]]:
    tried = question.conditions[:LOOSENED]
    for condition in tried:
        if less := condition.looser():
            yield (
                condition,
                less,
                question.of(less if one is condition else one for one in question.conditions),
            )
    for condition in tried if len(question.conditions) > 1 else ():
        yield condition, None, question.without(condition)
