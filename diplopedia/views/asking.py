"""What views read from requests: numbers that may be anything, keys that make a POST one."""

from __future__ import annotations

import datetime
import secrets

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from people.requests import whole_number

# Elsewhere on earth the first and the last day that Python knows belong to years that it does not.
FIRST_DAY = datetime.date.min + datetime.timedelta(days=2)
LAST_DAY = datetime.date.max - datetime.timedelta(days=2)


def number(request: HttpRequest, name: str, default: int, *, low: int = 1, high: int = 1_000_000) -> int:
    """Return a number from the address, within bounds; anything else is the default."""
    asked = whole_number(request.GET.get(name, ""))
    return default if asked is None else min(max(asked, low), high)


def day_asked(request: HttpRequest, name: str) -> datetime.date | None:
    """Return a day from the address, written 2026-08-15; None for anything else."""
    try:
        day = parse_date(request.GET.get(name, "").strip())
    except ValueError:  # a day that no calendar has
        return None
    return min(max(day, FIRST_DAY), LAST_DAY) if day else None


def posted_key(request: HttpRequest) -> str:
    """Return the key of a form: the one that was posted, else a new one."""
    return request.POST.get("key", "")[:64] or secrets.token_urlsafe(18)
