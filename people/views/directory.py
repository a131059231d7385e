"""Browsing and narrowing the directory."""

from __future__ import annotations

import string
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people import finding, ilr
from people.conditions import Cell, Condition, HasSkill, Speaks
from people.facts import known, with_facts
from people.models import Assignment, Language, LanguageSkill, Profile, User
from people.presenting import Clock, clock
from people.requests import reader_of

PAGE_SIZE = 25
ALSO_SHOWN = 3
LEVELS = ilr.LABELS[1:]


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


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """The directory: everybody by name, or those who meet what was asked."""
    reader = reader_of(request)
    question = finding.read(request.GET, reader)
    people = finding.matching(question, reader)
    places = bool(question.columns or question.records)
    page = Paginator(with_facts(people, reader, places=places), PAGE_SIZE).get_page(request.GET.get("page"))
    total = page.paginator.count
    asked = bool(question.conditions)
    return render(
        request,
        "people/directory.html",
        {
            "question": question,
            "heading": question.sentence(total),
            "page": page,
            "rows": [_row(person, question) for person in page],
            "chips": [
                Chip(condition.chip, question.url(without=condition)) for condition in question.conditions
            ],
            "facets": finding.facets(question, people, reader),
            "near": finding.near(question, reader)
            if asked and page.number == page.paginator.num_pages
            else [],
            "loosen": finding.loosen(question, reader) if asked and not total else [],
            "letters": string.ascii_lowercase,
            "letter": request.GET.get("letter", "").lower(),
            **_form(question, reader),
        },
    )


def _row(person: Profile, question: finding.Question) -> Row:
    facts = known(person)
    asked = {
        code for condition in question.conditions if isinstance(condition, Speaks) for code in condition.codes
    }
    others = [skill for skill in facts.languages if skill.language_id not in asked]
    return Row(
        person=person,
        cells=[(condition, condition.cell(person)) for condition in question.columns],
        languages=others[:ALSO_SHOWN],
        jobs=facts.jobs[:ALSO_SHOWN],
        skills=[skill.tag.name for skill in facts.skills if not skill.learn][:ALSO_SHOWN],
        clock=clock(person) if person.is_colleague else None,
    )


def _form(question: finding.Question, reader: User) -> dict[str, object]:
    """What the form beside the answer shows: the languages asked and one free line."""
    asked = [condition for condition in question.conditions if isinstance(condition, Speaks)]
    readable = LanguageSkill.objects.readable_by(reader).filter(profile__in=Profile.objects.directory())
    lines = [
        {"language": one.language.name, "speaks": ilr.label(one.speaking), "reads": ilr.label(one.reading)}
        for one in asked
    ]
    return {
        "lines": [*lines, {"language": "", "speaks": "", "reads": ""}],
        "levels": LEVELS,
        "language_names": Language.objects.filter(pk__in=readable.values("language")),
        "skills_asked": [
            condition.tag for condition in question.conditions if isinstance(condition, HasSkill)
        ],
        "name": next(
            (value for one in question.conditions for key, value in one.params if key == "name"), ""
        ),
        "now": any(("now", "1") in one.params for one in question.conditions),
        "set": len(question.conditions),
    }
