"""What the menu of moderators shows."""

from __future__ import annotations

from django import template
from django.db import DatabaseError
from django.template.context import Context

from manners.models import Report
from manners.permissions import in_moderators_group
from people.models import User

register = template.Library()

MOST = 100


@register.simple_tag(takes_context=True)
def waiting_reports(context: Context) -> int | None:
    """How many reports wait for this reader, at most 100; None for who is no moderator: they cost no query."""
    user = context.get("user")
    try:
        if not isinstance(user, User) or not in_moderators_group(user):
            return None
        return Report.objects.waiting(user, MOST)
    except DatabaseError:  # the page that says so has a menu, too
        return None
