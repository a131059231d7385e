"""What pages show of a reader's notices: how many are new, and a button to watch."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import DatabaseError
from django.template.context import RequestContext

from notices import subjects
from notices.heads import standing
from notices.models import LONGEST_KEY
from people.models import User

register = template.Library()

MOST = 99


@register.simple_tag(takes_context=True)
def new_notices(context: RequestContext) -> int:
    """How many notices the reader has not seen and may know of, at most 100: one query, two where there are any.

    A view that has asked already whether there are any says so in the context, as `anything_new`.
    """
    user = context.get("user")
    if not isinstance(user, User) or not user.is_active:
        return 0
    try:
        told = standing(context["request"]).new if context.get("anything_new") is not False else []
        known = subjects.known_to(user, told)
        return min(sum(subject in known for subject in told), MOST + 1)
    except DatabaseError:  # the page that says so has a head, too
        return 0


@register.filter
def can_be_watched(key: str) -> bool:
    """Whether a search or a question is short enough to be kept."""
    return len(key) <= LONGEST_KEY


@register.inclusion_tag("notices/watch_button.html", takes_context=True)
def watch_button(context: RequestContext, kind: str, key: Any) -> dict[str, Any]:
    """A form with one button: watch this (no page), or stop watching it. What the head of the page asked is enough."""
    request = context["request"]
    return {
        "kind": kind,
        "key": str(key),
        "on": standing(request).watches(kind, key),
        "csrf_token": context.get("csrf_token"),
        "path": request.get_full_path(),
    }
