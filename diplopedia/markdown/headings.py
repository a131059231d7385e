"""Headings: their levels, ids and the list of contents."""

from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.token import Token

from .keys import unique_id
from .plain import inline_text


class Heading(NamedTuple):
    """One line of the contents: level 2-5, text without markup, id such as `s-history`."""

    level: int
    text: str
    id: str


def place_headings(tokens: Sequence[Token]) -> list[Heading]:
    """Give headings their final level and id; return those of the page's own outline.

    A page's title is its only h1, so levels start at 2: one lone `#` becomes h2 beside the
    `##`, several move the whole outline down. Headings inside quotations, lists and notes
    have an id but are not sections.
    """
    shift = 1 if sum(token.type == "heading_open" and token.tag == "h1" for token in tokens) > 1 else 0
    taken: dict[str, int] = {}
    outline: list[Heading] = []
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        level = min(max(int(token.tag[1]) + shift, 2), 5)
        text = inline_text(tokens[index + 1].children).strip()
        heading = Heading(level, text, unique_id(text, taken))
        if token.level == 0:
            outline.append(heading)
        _place(token, tokens[index + 2], heading, len(outline) if token.level == 0 else 0)
    return outline


def _place(opening: Token, closing: Token, heading: Heading, number: int) -> None:
    opening.tag = closing.tag = f"h{heading.level}"
    opening.attrs["id"] = heading.id
    closing.meta = {"section": number, "text": heading.text}
