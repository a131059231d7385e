"""Browsing the directory, and asking it."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from django.core.paginator import Paginator
from django.db.models import Exists, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from people import choices, evidence, finding, ilr, limits, spoken, tongues
from people.conditions import Called, Cell, Condition, Served, Speaks, Words, options_of, whoever
from people.facts import fetch, known
from people.hearing import respelled
from people.models import Assignment, LanguageSkill, Profile, User
from people.names import fold
from people.presenting import Clock, clock
from people.question import AND, OR, Question
from people.requests import reader_of
from search.dictionary import dictionary
from search.results import Reason

Item = TypeVar("Item")
PAGE_SIZE = 25
ALSO_SHOWN = 3
LEVELS = ilr.LABELS[1:]
OF_RECORDS = (Called, Served, Words)  # what a historical record can answer


@dataclass(frozen=True)
class Chip:
    """An active condition and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """One colleague of the answer: a cell for each column asked, and what else is worth knowing."""

    person: Profile
    cells: list[tuple[Condition, Cell]]
    languages: list[LanguageSkill]
    jobs: list[Assignment]
    skills: list[str]
    clock: Clock | None
    told: tuple[Reason, ...]


@dataclass(frozen=True)
class Line:
    """One language of the form, and whether it is asked for besides the one before, or instead."""

    language: str = ""
    speaks: str = ""
    reads: str = ""
    join: str = AND


class Found(NamedTuple):
    """People: their keys, best first, and a question for all of them."""

    keys: QuerySet[Profile, int] | Sequence[int]
    people: QuerySet[Profile]


class Pages(Paginator[Item]):
    """Pages of people, or of their keys, who were counted before."""

    def __init__(self, people: QuerySet[Profile, Item] | Sequence[Item], size: int, total: int) -> None:
        super().__init__(people, size)
        self.total = total

    @cached_property
    def count(self) -> int:
        """The number of all who were found."""
        return self.total


@require_safe
@limits.within_limits
def browse(request: HttpRequest) -> HttpResponse:
    """The directory: everybody by name, or those who meet what was asked."""
    reader = reader_of(request)
    question = finding.asked(request.GET, reader)
    found = _found(question, reader)
    counts = choices.counted(question, found.people, reader)
    total = counts.total
    page = Pages(found.keys, PAGE_SIZE, total).get_page(request.GET.get("page"))
    shown = list(page)
    # Whoever turns many pages reads the whole directory; so does who asks for one first page after another.
    limits.turn(request, len(shown), page.number)
    last = page.number == page.paginator.num_pages
    missing = finding.lacking_one(question, reader) if last else []
    near = (pk for one in missing for pk in one.people)
    people = Profile.objects.with_place().in_bulk([*shown, *near])
    fetch(list(people.values()), reader, places=bool(question.columns or question.records))
    evidence.fetch([people[pk] for pk in shown if pk in people], question.subjects, reader)
    return render(
        request,
        "people/directory.html",
        {
            "question": question,
            "heading": question.sentence(total),
            "page": page,
            "rows": [_row(people[pk], question) for pk in shown if pk in people],
            "chips": [
                Chip(condition.chip, question.url(without=condition)) for condition in question.conditions
            ],
            "facets": choices.facets(question, counts),
            "near": finding.near(missing, people),
            "loosen": [] if total else finding.loosen(question, reader),
            "called": _called(question, reader),
            "departed": _departed(question),
            "others_too": _the_others(question, total, reader),
            **_meant(question),
            "letters": string.ascii_lowercase,
            "letter": request.GET.get("letter", "").lower(),
            **_form(question),
        },
    )


def _found(question: Question, reader: User) -> Found:
    """The people found. Who meets the conditions is asked once; of everybody only a page of keys is read."""
    keys = finding.ranked(question, reader)
    if not question.conditions:
        return Found(keys, question.meeting(reader))
    listed = list(keys)
    return Found(listed, finding.among(listed))


def _called(question: Question, reader: User) -> int:
    """How many have the words typed for a name, when they were read as something else."""
    if question.called is None or question.called in question.conditions:
        return 0
    return question.of([question.called, *question.chosen]).meeting(reader).count()


@dataclass(frozen=True)
class Others:
    """The same asked of historical records instead of colleagues, or the other way round; `number` of records."""

    url: str
    number: int = 0


def _the_others(question: Question, total: int, reader: User) -> Others | None:
    """Of records, colleagues; of a few colleagues or none, the records that fit, which say names, places and words."""
    others = replace(question, records=not question.records)
    if question.records:
        return Others(others.url())
    conditions = question.conditions
    if total > PAGE_SIZE or not conditions or not all(isinstance(one, OF_RECORDS) for one in conditions):
        return None
    number = others.meeting(reader).count()
    return Others(others.url(), number) if number else None


def _departed(question: Question) -> list[Profile]:
    """Who has left of those with the very name that is asked for, where no colleague has it."""
    asked = question.conditions
    names = [one.typed or one.plain for one in asked if isinstance(one, Words)]
    names += [one.name for one in asked if isinstance(one, Called)]
    if question.records or len(names) != len(asked):
        return []
    called = whoever(Called((), " ".join(names)).exactly)
    here = Profile.objects.directory().filter(called)
    departed = Profile.objects.departed().filter(called).exclude(Exists(here))
    return list(departed.order_by("sort_key", "pk")[:ALSO_SHOWN])


def _meant(question: Question) -> dict[str, str]:
    """The text as it was perhaps meant, when words that name nobody are nearly the name of a language."""
    words = [
        word for one in question.read if isinstance(one, Words) for word in (one.typed or one.plain).split()
    ]
    text = respelled(question.text, words)
    if not text or Profile.objects.filter(Called((), " ".join(words)).names).exists():
        return {}
    return {"suggestion": text, "suggestion_url": question.url_of(text)}


def _row(person: Profile, question: Question) -> Row:
    facts = known(person)
    asked = {code for one in question.languages for code in one.codes}
    others = [skill for skill in facts.languages if skill.language_id not in asked]
    return Row(
        person=person,
        cells=[(condition, condition.cell(person)) for condition in question.columns],
        languages=others[:ALSO_SHOWN],
        jobs=facts.jobs[:ALSO_SHOWN],
        skills=[skill.tag.name for skill in facts.skills if not skill.learn][:ALSO_SHOWN],
        clock=clock(person) if person.is_colleague else None,
        told=evidence.told(person),
    )


def _form(question: Question) -> dict[str, object]:
    """What the form beside the answer shows: the languages asked and one free line."""
    lines = [
        Line(
            capfirst(str(one.language)),
            ilr.label(one.speaking),
            ilr.label(one.reading),
            OR if n else AND,
        )
        for condition in question.conditions
        for n, one in enumerate(options_of(condition))
        if isinstance(one, Speaks)
    ]
    asked = dict(question.pairs)
    return {
        "lines": [*lines, Line()],
        "levels": LEVELS,
        "language_names": _language_names(),
        "others": choices.others(question),
        "words": [pair for one in question.conditions for pair in one.params if pair[0] in ("q", "plain")],
        "name": asked.get("name", ""),
        "set": len(question.conditions),
    }


def _language_names() -> list[str]:
    """The languages that may be asked for, in the reader's language. Groups of them can be typed as well."""
    known = ((code, label) for (field, code), label in dictionary().labels.items() if field == "lang")
    languages = ((code, label) for code, label in known if code not in tongues.groups())
    return sorted({capfirst(spoken.name_of(code, label)) for code, label in languages}, key=fold)
