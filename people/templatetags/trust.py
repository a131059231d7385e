"""Who confirms a fact of a profile, beside the fact; to confirm it stands below, once for all facts."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from people.models import Fact
from people.trusting import Trust

register = template.Library()


@register.inclusion_tag("people/endorsed.html", takes_context=True)
def endorsed(context: RequestContext, fact: Fact) -> dict[str, Any]:
    """Name who confirmed a fact; nothing where the page knows of no trust."""
    trust = context.get("trust")
    if not isinstance(trust, Trust):
        return {}
    return {"one": trust.confirmed.get(fact)}
