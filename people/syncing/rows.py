"""The rows of a CSV file of people, and what is wrong with them."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from people import ilr
from people.filling import longest
from people.models import Profile, User

COLUMNS = (
    "id", "email", "handle", "given_name", "family_name", "title", "office", "post", "phone", "active", "languages",
)  # fmt: skip
ABOUT = ("title", "office", "post", "phone")
DELIMITERS = ",;\t"
LONGEST = 2_000
MOST_ROWS = 200_000
YES, NO = {"", "1", "yes", "true", "on", "active"}, {"0", "no", "false", "off", "inactive"}
# What a spreadsheet would take for a formula; such a value is nobody's name or job.
FORMULA = re.compile(r"[=+\-@|%\t\r＝＋－＠]")
PHONE = re.compile(r"\+?[0-9(][0-9 ()./x-]*")
LANGUAGE = re.compile(r"(?P<name>.+?)\s+(?P<levels>\d\+?(?:/\d\+?)?)(?:\s+(?P<day>\d{4}(?:-\d\d-\d\d)?))?")
LENGTHS = {
    "id": longest(User, "directory_id"),
    "email": longest(User, "email"),
    "handle": longest(User, "username"),
    "given_name": longest(User, "first_name"),
    "family_name": longest(User, "last_name"),
    "title": longest(Profile, "title"),
    "phone": longest(Profile, "phone"),
}


class Unreadable(Exception):
    """A file that is no CSV of people; says what it would be."""


class Wrong(ValueError):
    """A value that cannot be taken; says what can."""


@dataclass(frozen=True)
class Spoken:
    """A language as a row says it; `name` is a code or any name of it."""

    name: str
    speaking: int
    reading: int
    tested_on: dt.date | None


@dataclass(frozen=True)
class Row:
    """One person as the file says. A value that is empty says nothing."""

    line: int
    id: str = ""
    email: str = ""
    handle: str = ""
    given_name: str = ""
    family_name: str = ""
    active: bool = True
    about: dict[str, str] = field(default_factory=dict)
    languages: tuple[Spoken, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something wrong in a line. The whole row is left out, or that value alone."""

    line: int
    column: str
    text: str
    whole_row: bool = True

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.line else self.column
        return f"{where}: {self.text}{'. The row is left out' if self.whole_row else ''}."


def read(path: Path) -> Iterator[dict[str, str]]:
    """Yield each row by column, with its line as `line`. Raises Unreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _records(file)
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not in UTF-8. Save it as “CSV UTF-8”, and try again.") from error
    except csv.Error as error:
        raise Unreadable(
            f"{path} is no CSV: {error}. Save the table as “CSV UTF-8”, and try again."
        ) from error
    except OSError as error:
        raise Unreadable(
            f"{path} cannot be read: {error.strerror}. Check its name and who may read it."
        ) from error


def _records(file: TextIO) -> Iterator[dict[str, str]]:
    head = file.readline()
    delimiter = max(DELIMITERS, key=head.count)
    names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
    check_columns(names)
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if reader.line_num > MOST_ROWS:
            raise Unreadable(f"More than {MOST_ROWS:,} lines: cut the file into several.")
        known = dict(zip(names, cells, strict=False))
        more = {"line": str(reader.line_num + 1)}
        yield known | more | ({"cells": str(len(cells))} if len(cells) != len(names) else {})


def check_columns(names: list[str]) -> None:
    """Raise Unreadable unless each column is known, none comes twice, and people can be told apart."""
    known = ", ".join(COLUMNS)
    if unknown := [name for name in names if name not in COLUMNS]:
        raise Unreadable(f"Column “{unknown[0]}” is not known. The first line names some of: {known}.")
    if double := [name for name in names if names.count(name) > 1]:
        raise Unreadable(f"Column “{double[0]}” comes twice.")
    if not {"id", "email"} & set(names):
        raise Unreadable("There is neither a column “id” nor “email”: people could not be told apart.")


def parse(record: dict[str, str], problems: list[Problem]) -> Row | None:
    """Return a row, or None where it is left out; what is wrong is added to the problems."""
    line = int(record["line"])
    try:
        column = "row"
        if cells := record.get("cells"):
            raise Wrong(f"it has {cells} values, and the first line names another number of columns")
        values = {}
        for column in ("id", "email", "handle", "given_name", "family_name"):
            values[column] = text(record, column)
        column = "email"
        values["email"] = address(values["email"])
        column = "handle"
        check_handle(values["handle"])
        column = "active"
        active = truth(record.get("active", ""))
        column = "id"
        if not values["id"] and not values["email"]:
            raise Wrong("there is neither an id nor an e-mail: nobody could tell whose row this is")
    except Wrong as error:
        problems.append(Problem(line, column, str(error)))
        return None
    about = {column: said for column in ABOUT if (said := soft(record, column, problems))}
    return Row(line, **values, active=active, about=about, languages=tuple(languages(record, problems)))


def text(record: dict[str, str], column: str) -> str:
    """Return a value in one line. Raises Wrong for what is too long, holds signs that are no text, or is a formula."""
    value = record.get(column, "").strip()
    if value.startswith("'") and FORMULA.match(value[1:]):
        value = value[1:]  # as our own exports, and others, keep spreadsheets from calculating
        if column != "phone":
            raise Wrong(
                f"“{value[:40]}” begins like a formula of a spreadsheet: write it without “{value[0]}”"
            )
    if len(value) > LENGTHS.get(column, LONGEST):
        raise Wrong(f"longer than {LENGTHS.get(column, LONGEST)} characters")
    if not value.replace(" ", "x").isprintable():
        raise Wrong("it holds a line break or another sign that cannot be printed")
    if column == "phone":
        if value and not PHONE.fullmatch(value):
            raise Wrong(f"“{value[:40]}” is no telephone number: write it as +93 20 1234567")
    elif FORMULA.match(value):
        raise Wrong(f"“{value[:40]}” begins like a formula of a spreadsheet: write it without “{value[0]}”")
    return " ".join(value.split())


def soft(record: dict[str, str], column: str, problems: list[Problem]) -> str:
    """Return a value without which the row still counts."""
    try:
        return text(record, column)
    except Wrong as error:
        problems.append(Problem(int(record["line"]), column, str(error), whole_row=False))
        return ""


def address(value: str) -> str:
    """Return an e-mail address in small letters. Raises Wrong."""
    try:
        if value:
            validate_email(value)
    except ValidationError as error:
        raise Wrong(f"“{value}” is no e-mail address: write it as name@ministry.example") from error
    return value.lower()


def check_handle(value: str) -> None:
    """Raise Wrong for what cannot be the address of a profile."""
    try:
        if value:
            User._meta.get_field("username").run_validators(value)
    except ValidationError as error:
        raise Wrong(" ".join(error.messages)) from error


def truth(value: str) -> bool:
    """Return whether an account is to be open. Raises Wrong."""
    word = value.strip().lower()
    if word not in YES | NO:
        raise Wrong(
            f"“{word[:40]}” is neither yes nor no: write yes for an open account, no for a closed one"
        )
    return word in YES


def languages(record: dict[str, str], problems: list[Problem]) -> Iterator[Spoken]:
    """Yield languages such as “pus 3+/3 2024; fra 4”; what is not understood is left out."""
    for item in filter(None, map(str.strip, soft(record, "languages", problems).split(";"))):
        try:
            yield spoken(item)
        except ValueError as error:
            problems.append(Problem(int(record["line"]), "languages", str(error), whole_row=False))


def spoken(item: str) -> Spoken:
    """Return a language with its levels. Raises ValueError."""
    found = LANGUAGE.fullmatch(item)
    if found is None:
        raise Wrong(
            f"“{item[:40]}” is not understood: write language, speaking/reading and year of the test, as in "
            "“pus 3+/3 2024”, with “;” between languages"
        )
    speaking, _slash, reading = found["levels"].partition("/")
    day = found["day"]
    try:
        tested = dt.date.fromisoformat(day if len(day) > 4 else f"{day}-01-01") if day else None
    except ValueError as error:
        raise Wrong(f"“{day}” is no day: write 2024 or 2024-05-31") from error
    if tested and tested > timezone.localdate():
        raise Wrong(f"“{day}” has not come yet: write the day of the last test")
    return Spoken(found["name"], ilr.rank(speaking), ilr.rank(reading or speaking), tested)
