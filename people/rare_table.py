"""The page of rare languages as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from people import ilr
from people.models import LanguageSkill, User
from people.presenting import place_of
from people.scarcity import Holding, Wanted, rare, tallies
from people.tables import Row


class Rare(NamedTuple):
    """A rare language, and somebody who has it at the level or comes nearest; nobody where `skill` is None."""

    holding: Holding
    skill: LanguageSkill | None = None
    enough: bool = False

    @property
    def handle(self) -> str:
        """Whom the row names; empty where nobody has the language."""
        return self.skill.profile.user.username if self.skill else ""


def rare_rows(reader: User, wanted: Wanted) -> list[Rare]:
    """The page of rare languages line by line: fewest colleagues first, then by name."""
    groups, _areas = rare(reader, wanted, tallies(reader, wanted))
    return [row for group in groups for holding in group.holdings for row in _of(holding)]


def _of(holding: Holding) -> list[Rare]:
    found = [Rare(holding, skill, enough=True) for skill in holding.enough]
    if holding.nearest:
        found.append(Rare(holding, holding.nearest))
    return found or [Rare(holding)]


def rare_table(rows: Iterable[Rare]) -> Iterator[Row]:
    """The rows of a file: the names of the columns, then one row for each language and colleague."""
    yield [
        _("Language"), _("ISO 639-3"), _("Spoken in"), _("Colleagues at the level"),
        _("Not said which part of a larger language"), _("Colleague"), _("Recorded as"), _("At the level"),
        _("Speaks (ILR code)"), _("Reads (ILR code)"), _("Tested on"), _("Place"),
    ]  # fmt: skip
    for row in rows:
        language, numbers = row.holding.language, [row.holding.number, row.holding.unsaid]
        yield [str(language), language.code, row.holding.countries, *numbers, *_who(row)]


def _who(row: Rare) -> Row:
    if row.skill is None:
        return [""] * 7
    skill, person = row.skill, row.skill.profile
    levels = [ilr.code(skill.speaking), ilr.code(skill.reading)]
    tested = skill.tested_on.isoformat() if skill.tested_on else ""
    return [
        person.name,
        str(skill.language),
        _("yes") if row.enough else _("no"),
        *levels,
        tested,
        place_of(person),
    ]
