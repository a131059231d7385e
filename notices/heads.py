"""What the head of a page asks of its reader's notices: once for each page."""

from __future__ import annotations

from django.http import HttpRequest

from notices import actions
from people.requests import reader_of


def standing(request: HttpRequest, kind: str = "", key: str | int = "") -> actions.Standing:
    """Return what the reader was told and watches.

    A view that shows whether its reader watches a page asks for that page before anything else is asked.
    """
    known: dict[str, actions.Standing] = request.__dict__.setdefault("_notices", {})
    if "standing" not in known:
        known["standing"] = actions.standing(reader_of(request), kind, key)
    return known["standing"]
