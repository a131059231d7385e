"""What the directory answers, to take along: as a table, as contacts, on paper.

Asked and read as `permissions.impersonal`: what one keeps to oneself leaves neither in a cell nor by being in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from people import evidence, finding, ilr
from people.conditions import Cell as Shown
from people.conditions import Condition, Speaks, options_of
from people.facts import known, with_facts
from people.models import Assignment, Language, LanguageSkill, Profile, User
from people.models.profiles import AVAILABLE_FOR
from people.names import fold
from people.permissions import impersonal
from people.question import Question
from people.tables import Cell, Row
from people.vcards import vcard
from search.results import Reason
from search.sources import in_batches

BATCH = 500  # people whose facts are fetched together
MOST_LANGUAGES = 20  # with columns of their own; the others stand in the column of all


@dataclass(frozen=True)
class Answer:
    """The colleagues whom a question finds, for a reader who takes them along."""

    question: Question
    people: QuerySet[Profile]
    reader: User

    def with_facts(self) -> Iterator[Profile]:
        """Them with their facts, some hundred at a time: four queries each time."""
        return with_facts(self.people, self.reader).iterator(chunk_size=BATCH)

    def with_evidence(self) -> Iterator[Profile]:
        """The same with what they did on what was asked, for one query more each time."""
        for people in in_batches(self.with_facts(), BATCH):
            evidence.fetch(people, self.question.subjects, self.reader)
            yield from people


@dataclass(frozen=True)
class Column:
    """A heading, and what stands below it for each person."""

    header: str
    cell: Callable[[Profile], Cell]


def asked_for(params: QueryDict, reader: User) -> Answer:
    """Who meets what an address asks of the directory."""
    reader = impersonal(reader)
    question = finding.asked(params, reader)
    return Answer(question, finding.matching(question, reader), reader)


def table(answer: Answer, site: str) -> Iterator[Row]:
    """The rows of a file: the names of the columns, then one row a colleague, best first."""
    languages = spoken_by(answer)
    wanted = {code for one in answer.question.languages for code in one.codes}
    first = [one for one in languages if one.code in wanted]
    others = [one for one in languages if one.code not in wanted]
    columns = [
        *_who(answer),
        *_asked(answer),
        *_told(answer),
        *_levels(first),
        *_facts(site),
        *_levels(others),
    ]
    yield [column.header for column in columns]
    for person in answer.with_evidence():
        yield [column.cell(person) for column in columns]


def contacts(answer: Answer, site: str) -> Iterator[str]:
    """Each colleague as a vCard."""
    for person in answer.with_facts():
        yield vcard(person, site + person.get_absolute_url(), answer.reader)


@dataclass(frozen=True)
class Line:
    """One colleague on paper: a cell for each thing asked, what they did on it, and all languages."""

    person: Profile
    telephone: str
    cells: list[tuple[Condition, Shown]]
    told: tuple[Reason, ...]
    languages: list[str]


def sheet(answer: Answer) -> Iterator[Line]:
    """The lines of a page to print."""
    for person in answer.with_evidence():
        cells = [(condition, condition.cell(person)) for condition in answer.question.columns]
        languages = list(map(str, known(person).languages))
        yield Line(person, telephone(person, answer.reader), cells, evidence.told(person), languages)


# --- columns ------------------------------------------------------------------------------------------------------


def _who(answer: Answer) -> list[Column]:
    return [
        Column(_("Name"), lambda person: person.name),
        Column(_("Name in lists"), lambda person: person.sort_name),
        Column(_("Job title"), lambda person: person.title),
        Column(_("Post"), lambda person: str(person.post or "")),
        Column(_("Office"), lambda person: str(person.office or "")),
        Column(_("E-mail"), lambda person: person.user.email),
        Column(_("Telephone"), lambda person: telephone(person, answer.reader)),
        Column(_("Time zone"), lambda person: person.timezone),
    ]


def telephone(person: Profile, reader: User) -> str:
    """The number, where it may be passed on."""
    return person.phone if person.shares("phone", reader) else ""


def _asked(answer: Answer) -> list[Column]:
    """The conditions that stand as columns; languages have columns of their own."""
    asked = [one for one in answer.question.columns if not _is_of_languages(one)]
    return [Column(one.header, partial(_said, one)) for one in asked]


def _told(answer: Answer) -> list[Column]:
    """What they wrote, answer for and verified on the places and topics asked for."""
    if not answer.question.subjects:
        return []
    return [Column(_("Pages"), lambda person: "; ".join(map(str, evidence.told(person))))]


def _is_of_languages(condition: Condition) -> bool:
    return all(isinstance(one, Speaks) for one in options_of(condition))


def _said(condition: Condition, person: Profile) -> str:
    cell = condition.cell(person)
    return ", ".join(filter(None, [cell.strong, cell.small]))


def _levels(languages: Iterable[Language]) -> Iterator[Column]:
    """Levels for speaking and reading, as numbers that sort, and the day of the test."""
    for language in languages:
        code, named = language.code, {"language": capfirst(str(language))}
        yield Column(_("%(language)s, speaks (ILR code)") % named, partial(_code, code, "speaking"))
        yield Column(_("%(language)s, reads (ILR code)") % named, partial(_code, code, "reading"))
        yield Column(_("%(language)s, tested on") % named, partial(_tested, code))


def spoken_by(answer: Answer) -> list[Language]:
    """The languages of these people: those asked for first, of the others the most frequent, by name. Two queries."""
    skills = LanguageSkill.objects.readable_by(answer.reader).filter(
        profile__in=answer.people.order_by().values("pk")
    )
    counted = skills.order_by().values("language").annotate(n=Count("pk")).order_by("-n", "language")
    found = [row["language"] for row in counted]
    wanted = [code for one in answer.question.languages for code in one.codes if code in found]
    named = Language.objects.in_bulk(list(dict.fromkeys([*wanted, *found]))[:MOST_LANGUAGES])
    return sorted(named.values(), key=lambda one: (_place(one.code, wanted), fold(str(one))))


def _place(code: str, wanted: list[str]) -> int:
    return wanted.index(code) if code in wanted else len(wanted)


def _skill(code: str, person: Profile) -> LanguageSkill | None:
    return next((skill for skill in known(person).languages if skill.language_id == code), None)


def _code(code: str, what: str, person: Profile) -> int | None:
    skill = _skill(code, person)
    return ilr.code(getattr(skill, what)) if skill else None


def _tested(code: str, person: Profile) -> str:
    skill = _skill(code, person)
    return skill.tested_on.isoformat() if skill and skill.tested_on else ""


def _facts(site: str) -> list[Column]:
    return [
        Column(_("Languages"), lambda person: "; ".join(map(language_of, known(person).languages))),
        Column(_("Regions known"), lambda person: "; ".join(map(str, known(person).regions))),
        Column(_("Skills"), lambda person: "; ".join(_skills(person))),
        Column(_("Posts"), lambda person: "; ".join(map(_job, known(person).jobs))),
        Column(_("Available for"), lambda person: ", ".join(_available(person))),
        Column(
            _("Confirmed on"), lambda person: f"{person.confirmed_at:%Y-%m-%d}" if person.confirmed_at else ""
        ),
        Column(_("Address"), lambda person: site + person.get_absolute_url()),
    ]


def language_of(skill: LanguageSkill) -> str:
    """A language with its levels and the year of the test: "Pashto 3+/3, tested 2024"."""
    tested = _("tested %(year)s") % {"year": skill.tested_on.year} if skill.tested_on else ""
    return ", ".join(filter(None, [str(skill), tested]))


def _skills(person: Profile) -> Iterable[str]:
    return (f"{one.tag} ({one.get_level_display()})" for one in known(person).skills if not one.learn)


def _job(job: Assignment) -> str:
    return ", ".join(filter(None, [job.title, job.place, job.years]))


def _available(person: Profile) -> Iterable[str]:
    return (str(AVAILABLE_FOR[what]) for what in person.availability)
