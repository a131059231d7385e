"""What the directory answers, to take along: as a table, as contacts, on paper.

Asked and read as `permissions.impersonal`: what one keeps to oneself leaves neither in a cell nor by being in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from people import finding, ilr
from people.conditions import Cell as Shown
from people.conditions import Condition, Speaks
from people.facts import known, with_facts
from people.models import Assignment, Language, LanguageSkill, Profile, User
from people.models.profiles import AVAILABLE_FOR
from people.names import fold
from people.permissions import impersonal
from people.question import Question
from people.tables import Cell, Row
from people.vcards import vcard

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
    columns = [*_who(answer), *_asked(answer), *_languages(answer), *_facts(site)]
    yield [column.header for column in columns]
    for person in answer.with_facts():
        yield [column.cell(person) for column in columns]


def contacts(answer: Answer, site: str) -> Iterator[str]:
    """Each colleague as a vCard."""
    for person in answer.with_facts():
        yield vcard(person, site + person.get_absolute_url(), answer.reader)


@dataclass(frozen=True)
class Line:
    """One colleague on paper: a cell for each thing asked, and the languages besides."""

    person: Profile
    telephone: str
    cells: list[tuple[Condition, Shown]]
    languages: list[str]


def sheet(answer: Answer) -> Iterator[Line]:
    """The lines of a page to print."""
    wanted = {code for one in answer.question.languages for code in one.codes}
    for person in answer.with_facts():
        others = [one for one in known(person).languages if one.language_id not in wanted]
        cells = [(condition, condition.cell(person)) for condition in answer.question.columns]
        yield Line(person, telephone(person, answer.reader), cells, [str(one) for one in others])


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


def asked(question: Question) -> list[Condition]:
    """The conditions that stand as columns; languages have columns of their own."""
    return [one for one in question.columns if not isinstance(one, Speaks)]


def _asked(answer: Answer) -> list[Column]:
    return [Column(one.header, lambda person, one=one: _said(one, person)) for one in asked(answer.question)]


def _said(condition: Condition, person: Profile) -> str:
    cell = condition.cell(person)
    return ", ".join(filter(None, [cell.strong, cell.small]))


def _languages(answer: Answer) -> Iterator[Column]:
    """Levels for speaking and reading of the languages that these people have, as numbers that sort."""
    for language in spoken_by(answer):
        code, named = language.code, {"language": capfirst(str(language))}
        yield Column(
            _("%(language)s, speaks (ILR code)") % named,
            lambda person, code=code: _code(person, code, "speaking"),
        )
        yield Column(
            _("%(language)s, reads (ILR code)") % named,
            lambda person, code=code: _code(person, code, "reading"),
        )
        yield Column(_("%(language)s, tested on") % named, lambda person, code=code: _tested(person, code))


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


def _skill(person: Profile, code: str) -> LanguageSkill | None:
    return next((skill for skill in known(person).languages if skill.language_id == code), None)


def _code(person: Profile, code: str, what: str) -> int | None:
    skill = _skill(person, code)
    return ilr.code(getattr(skill, what)) if skill else None


def _tested(person: Profile, code: str) -> str:
    skill = _skill(person, code)
    return skill.tested_on.isoformat() if skill and skill.tested_on else ""


def _facts(site: str) -> list[Column]:
    return [
        Column(_("Languages"), lambda person: "; ".join(map(language_of, known(person).languages))),
        Column(_("Regions known"), lambda person: "; ".join(map(str, known(person).regions))),
        Column(_("Skills"), lambda person: "; ".join(_skills(person))),
        Column(_("Posts"), lambda person: "; ".join(map(_job, known(person).jobs))),
        Column(_("Available for"), lambda person: ", ".join(available(person))),
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


def available(person: Profile) -> list[str]:
    """What one may ask of somebody, in words."""
    return [str(AVAILABLE_FOR[what]) for what in person.availability]
