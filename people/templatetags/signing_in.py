"""What the sign-in pages ask of the settings."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from people.signing_in import needs_second_factor

register = template.Library()


@register.simple_tag
def by_password() -> bool:
    """Whether people may sign in by e-mail and password; where SSO_ONLY is set they come from the provider alone."""
    return not settings.SSO_ONLY


@register.simple_tag(takes_context=True)
def second_factor_needed(context: dict[str, Any]) -> bool:
    """Whether the reader has to set up a second factor before anything else."""
    return needs_second_factor(context["request"])
