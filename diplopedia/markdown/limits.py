"""What a text may be before it is read as Markdown: its size, its depth, its characters."""

import re
import unicodedata
from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markdown_it.token import Token

MAX_CHARACTERS = 1_000_000
MAX_NESTING = 50
"""Blocks inside blocks; a list inside a list counts twice (the list and its item)."""
MAX_MARKS = 25_000
"""Lines, and characters with a meaning in Markdown. A 20 KB page full of links has about 3,000."""

LABEL_BAR = "\ufdd0"
"""Stands for the bar of `[[Title|label]]` while tables are read; never part of a text."""

# Control characters except tab and newline, lone surrogates and Unicode's noncharacters.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|\x85|\u2028")
_MARKS = re.compile(r"[*_`\[\]|<>~!&\\#\n]|://|www\.")


class TextTooLarge(ValueError):
    """The text is longer than one page can be."""


class TextTooDeep(ValueError):
    """The text holds more nesting or markup than can be read in reasonable time."""


def normalise(text: str) -> str:
    """The text as it is stored: NFC, lines ending in a newline alone, no control characters.

    Idempotent. Apply it to what a form sends, before comparing, merging or saving.
    """
    text = _UNWANTED.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def check_size(text: str) -> None:
    """Raise TextTooLarge or TextTooDeep, with the cure, before any work is done."""
    if len(text) > MAX_CHARACTERS:
        raise TextTooLarge(
            _(
                "This text has %(found)s characters; a page can hold %(most)s. "
                "Split it into several pages and link them."
            )
            % {
                "found": number_format(len(text), force_grouping=True),
                "most": number_format(MAX_CHARACTERS, force_grouping=True),
            }
        )
    if len(text) > MAX_MARKS and len(_MARKS.findall(text)) > MAX_MARKS:
        raise TextTooDeep(
            _(
                "This text has more than %(most)s lines and markup characters such as * [ |. "
                "Split it into several pages, or attach a large table as a document."
            )
            % {"most": number_format(MAX_MARKS, force_grouping=True)}
        )


def check_depth(tokens: Sequence[Token]) -> None:
    """Raise TextTooDeep where the parser would have dropped what is nested too deeply."""
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        levels = MAX_NESTING // 2
        raise TextTooDeep(
            ngettext(
                "Lists and quotations are nested more than %(levels)s level deep. "
                "Take some of them one level out.",
                "Lists and quotations are nested more than %(levels)s levels deep. "
                "Take some of them one level out.",
                levels,
            )
            % {"levels": levels}
        )
