"""Who is writing at an article, around what is kept of its page for many readers."""

from __future__ import annotations

from django import template
from django.db.models import QuerySet

from diplopedia.models import Presence
from people.models import User

register = template.Library()


@register.simple_tag
def others_writing(slug: str, reader: User) -> QuerySet[Presence]:
    """Return who else writes at an article that this reader may read."""
    return Presence.objects.others_at(slug, reader)
