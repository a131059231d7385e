"""The cells of rows about colleagues as values of the model. An empty cell says nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import IntegerChoices

from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, day, required, text, whole
from people import ilr
from people.models import Assignment, Education, Expertise, LanguageSkill, ProfileSkill
from people.models.profiles import AVAILABLE_FOR
from people.names import fold

if TYPE_CHECKING:
    from diplopedia.importing.runs import Run

Values = dict[str, Any]
YES, NO = {"1", "yes", "true", "x", "oui"}, {"0", "no", "false", "non"}


def skill(run: Run, line: Line) -> Values:
    """Return a skill; one that nobody has yet is made, and named."""
    record = line.record
    name = required(record, "skill")
    if len(name) > 100:
        raise ImportProblem("skill: longer than 100 characters: write it in a few words.")
    if run.naming.is_new_skill(name):
        run.report.note(line.where, f"nobody had the skill “{name}” yet: is it written like the others?")
    level = {"level": choice(record, "level", ProfileSkill.Level)}
    flags = {column: flag(record, column) for column in ("ask", "mentor", "learn")}
    return {"tag": run.skill(name), **said(level | flags)}


def expertise(run: Run, line: Line) -> Values:
    """Return a country or region somebody knows."""
    record = line.record
    required(record, "region")
    more = {
        "depth": choice(record, "depth", Expertise.Depth),
        "years": whole(record, "years", 0, 70),
        "note": text(record, "note"),
    }
    return {"region": run.naming.find(record, "region"), **said(more)}


def spoken(run: Run, line: Line) -> Values:
    """Return a language with its levels; a day makes it tested."""
    record = line.record
    required(record, "language")
    values = {
        "language": run.naming.find(record, "language"),
        "speaking": rank(record, "speaking"),
        "reading": rank(record, "reading"),
    }
    tested = day(record, "tested")
    return values | ({"tested_on": tested, "source": LanguageSkill.Source.TESTED.value} if tested else {})


def education(_run: Run, line: Line) -> Values:
    """Return where somebody studied, and what."""
    record = line.record
    more = {"subject": text(record, "subject"), "ended": whole(record, "until", 1600, 2100)}
    return {"institution": required(record, "institution"), **said(more)}


def assignment(run: Run, line: Line) -> Values:
    """Return a job; the country counts where neither post nor office is named."""
    record = line.record
    place = {column: run.naming.find(record, column) for column in ("post", "office", "country")}
    if not any(place.values()):
        raise ImportProblem("post: say where: a post, an office or a country.")
    if place["post"] or place["office"]:
        place["country"] = None
    more = {
        "title": text(record, "title"),
        "started": day(record, "from"),
        "ended": day(record, "until"),
    }
    return said(place | more)


def availability(record: Record) -> Values:
    """Return what a colleague is available for, between which days."""
    values: Values = {"available_note": text(record, "note")}
    for what in AVAILABLE_FOR:
        values[f"available_{what}"] = flag(record, what)
        begins, ends = (day(record, f"{what}_{end}") for end in ("from", "until"))
        if begins and ends and ends < begins:
            raise ImportProblem(f"{what}_until: it is before {what}_from: check both days.")
        values |= {f"{what}_from": begins, f"{what}_until": ends}
    return said(values)


def said(values: Values) -> Values:
    """Return the values that a row says something about."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def rank(record: Record, column: str) -> int:
    """Return a level of the ILR's scale. Raises ImportProblem."""
    try:
        return ilr.rank(required(record, column))
    except ImportProblem as error:
        raise ImportProblem(f"{column}: empty: write a level of the ILR, or 0.") from error
    except ValueError as error:
        raise ImportProblem(f"{column}: {error}") from error


def choice(record: Record, column: str, choices: type[IntegerChoices]) -> int | None:
    """Return a step by its number, its English word or what the form calls it. Raises ImportProblem."""
    if not (value := text(record, column)):
        return None
    for one in choices:
        if fold(value) in {str(one.value), fold(one.name), fold(str(one.label))}:
            return int(one.value)
    steps = ", ".join(f"{one.value} ({one.label})" for one in choices)
    raise ImportProblem(f"{column}: “{value}” is none of {steps}.")


def flag(record: Record, column: str) -> bool | None:
    """Return yes or no, or None for an empty cell. Raises ImportProblem."""
    value = text(record, column).lower()
    if value and value not in YES | NO:
        raise ImportProblem(f"{column}: “{value}” is neither yes nor no: write one of the two.")
    return value in YES if value else None


# The model of each sort of row, and how its cells are read.
READERS: dict[str, tuple[type[Any], Callable[[Run, Line], Values]]] = {
    "skill": (ProfileSkill, skill),
    "expertise": (Expertise, expertise),
    "spoken": (LanguageSkill, spoken),
    "education": (Education, education),
    "assignment": (Assignment, assignment),
}
