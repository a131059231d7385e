"""Text without markup, read from tokens."""

import re
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from .limits import LABEL_BAR

_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_BLOCKS = {"fence", "code_block"}
_BLANKS = re.compile(r"[ \t]+")


def inline_text(children: Iterable[Token] | None) -> str:
    """What a reader sees of inline tokens: labels of links, alternatives of images."""
    return "".join(_piece(child) for child in children or ()).replace(LABEL_BAR, "|")


def _piece(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type == "wiki_link":
        return wiki_label(token)
    if token.type in ("image", "figure"):
        return inline_text(token.children)
    return _BREAKS.get(token.type, "")


def wiki_label(token: Token) -> str:
    """The words of a wiki link: its label, else its title, else its section."""
    link = token.meta["link"]
    return token.content or (link.title if link else token.meta["section"])


def block_text(tokens: Sequence[Token]) -> str:
    """The words of a whole text, one line per paragraph, item or cell."""
    lines = (
        token.content.replace(LABEL_BAR, "|") if token.type in _BLOCKS else inline_text(token.children)
        for token in tokens
        if token.type == "inline" or token.type in _BLOCKS
    )
    return "\n".join(clean for line in lines if (clean := _BLANKS.sub(" ", line).strip()))
