"""What may be a title. The answer about one that is taken tells nothing of who has it."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from diplopedia.markdown import title_key

LONGEST_KEY = 255
# Control characters, and marks that turn the direction of what follows them.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class TitleTaken(ValueError):
    """The title is not available: the answer is the same whether or not its holder may be read."""

    def __init__(self) -> None:
        super().__init__(_("This title is not available. Choose another one."))


class TitleUnusable(ValueError):
    """The title is empty, too long or has no letter or digit."""


def check_title(title: str) -> str:
    """Return the title as it is kept: one line, single spaces, nothing unseen. Raises TitleUnusable."""
    clean = " ".join(UNSEEN.sub("", title).split())
    if not clean:
        raise TitleUnusable(_("Give the page a title."))
    if len(clean) > 200:
        raise TitleUnusable(_("Titles are at most 200 characters. This one has %d.") % len(clean))
    if len(title_key(clean)) > LONGEST_KEY:
        raise TitleUnusable(_("This title is too long in small letters. Shorten it."))
    if not any(character.isalnum() for character in clean) or any(c in clean for c in "[]|#{}"):
        raise TitleUnusable(_("A title needs a letter or a digit, and none of the signs [ ] { } | #."))
    return clean
