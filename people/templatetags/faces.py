"""Photographs of people beside their names."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from people import photos
from people.models import Profile

register = template.Library()


@register.simple_tag(takes_context=True)
def face(context: dict[str, Any], person: Any, size: str = "") -> str:
    """The address of a photo that the reader of this page may see; empty without one, and without a reader.

    `size` is "lg" on the profile.
    """
    if not isinstance(person, Profile):
        return ""
    large = photos.LARGE if size == "lg" else photos.SMALL
    return photos.url(person, context.get("user") or AnonymousUser(), large)
