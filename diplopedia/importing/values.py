"""Values of a record as what they are meant to be. Whatever is something else is a problem told to the reader."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from diplopedia.markdown import normalise

Record = Mapping[str, Any]

UNKNOWN = ("", "?", "unknown")
PART_OF_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


class ImportProblem(ValueError):
    """A line cannot be imported. The message says why, and what would help."""


def as_text(value: Any, name: str) -> str:
    """Return a text or number as clean text; nothing is empty. Raises ImportProblem for lists and the like."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ImportProblem(f"“{name}” must be a text, not {type(value).__name__}.")
    return normalise(str(value)).strip()


def text(record: Record, name: str, most: int | None = None) -> str:
    """Return a text of a record, cut to at most so many characters; empty where it is missing."""
    value = as_text(record.get(name), name)
    return value if most is None or len(value) <= most else value[: most - 1].rstrip() + "…"


def required(record: Record, name: str, most: int | None = None) -> str:
    """Return a text that must be there. Raises ImportProblem."""
    if value := text(record, name, most):
        return value
    raise ImportProblem(f"“{name}” is missing.")


def items(record: Record, name: str) -> list[Any]:
    """Return a list of a record, empty where it is missing. Raises ImportProblem for anything else."""
    value = record.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ImportProblem(f"“{name}” must be a list, not {type(value).__name__}.")
    return value


def texts(record: Record, name: str) -> list[str]:
    """Return a list of texts without the empty ones, each once."""
    return list(dict.fromkeys(filter(None, (as_text(value, name) for value in items(record, name)))))


def records(record: Record, name: str) -> list[Record]:
    """Return a list of objects. Raises ImportProblem where something else stands in it."""
    found = items(record, name)
    if not all(isinstance(value, dict) for value in found):
        raise ImportProblem(f"“{name}” must be a list of objects.")
    return found


def mapping(record: Record, name: str) -> Record:
    """Return an object of a record, empty where it is missing. Raises ImportProblem for anything else."""
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ImportProblem(f"“{name}” must be an object, not {type(value).__name__}.")
    return value


def flag(record: Record, name: str) -> bool:
    """Return whether a record says yes."""
    return record.get(name) is True


def decimal(record: Record, name: str) -> float | None:
    """Return a number, or None where it is missing. Raises ImportProblem."""
    value = text(record, name)
    try:
        return float(value) if value else None
    except ValueError as error:
        raise ImportProblem(f"“{name}” must be a number, not “{value}”.") from error


def whole(record: Record, name: str, least: int = 0, most: int = 32_000) -> int | None:
    """Return a whole number within bounds, or None where it is missing. Raises ImportProblem."""
    value = text(record, name)
    if not value:
        return None
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImportProblem(f"“{name}” must be a whole number from {least} to {most}, not “{value}”.")
    return int(value)


def year(record: Record, name: str) -> int | None:
    """Return the year of a date, or None where it is missing. Raises ImportProblem."""
    found = day(record, name)
    return found.year if found else None


def day(record: Record, name: str) -> dt.date | None:
    """Return a date; of a year or a month its first day; None where it is missing. Raises ImportProblem."""
    value = text(record, name)
    if value in UNKNOWN:
        return None
    found = PART_OF_DATE.fullmatch(value[:10])
    try:
        if found:
            return dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        found = None
    raise ImportProblem(f"“{name}” must be a date such as 2026-03-28, 2026-03 or 2026, not “{value}”.")


def moment(record: Record, name: str) -> dt.datetime | None:
    """Return a point in time; of a day, its noon in the site's time zone; None where it is missing."""
    value = text(record, name)
    try:
        parsed = parse_datetime(value) if len(value) > 10 else None
    except ValueError as error:
        raise ImportProblem(
            f"“{name}” must be a time such as 2026-03-28T09:12:00Z, not “{value}”."
        ) from error
    if parsed is None:
        date = day(record, name)
        parsed = dt.datetime.combine(date, dt.time(12)) if date else None
    return timezone.make_aware(parsed) if parsed and timezone.is_naive(parsed) else parsed
