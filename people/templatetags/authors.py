"""People as they stand in a sentence: `{% author_link edit.author as who %}`, for `{% blocktranslate %}` to place."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from people.models import User

register = template.Library()


@register.simple_tag
def author_link(author: User) -> SafeString:
    """Return the name of who wrote something, with a link to the profile where there is one."""
    return SafeString(render_to_string("components/author.html", {"author": author}).strip())
