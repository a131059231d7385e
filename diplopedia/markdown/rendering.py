"""`render`: from an author's text to everything that is stored with a page."""

from dataclasses import dataclass

from django.utils import translation
from markdown_it.token import Token

from .blocks import lead_range, shape
from .headings import Heading, place_headings
from .keys import LinkKey
from .limits import check_size, normalise
from .links import settle
from .parser import parse
from .plain import block_text, inline_text
from .writing import page_html


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one text becomes. The html is the same for every reader: see `resolve`.

    html: the whole page, its opening paragraphs in `<div class="lead">`; lead:
    those paragraphs alone, as plain text; contents: the outline; links: all keys
    in order of appearance, once each; text: the words alone, for search.
    """

    html: str
    lead: str
    contents: list[Heading]
    links: list[LinkKey]
    text: str


def render(text: str, *, language: str = "en") -> Rendered:
    """Read a Markdown text written in `language`. Raises TextTooLarge or TextTooDeep."""
    check_size(text)
    tokens = parse(normalise(text), language)
    links = settle(tokens)
    contents = place_headings(tokens)
    shape(tokens)
    first, last = lead_range(tokens)
    lead = tokens[first:last]
    with translation.override(language):
        return Rendered(
            html=page_html(_wrapped(tokens, last) if first == 0 and last else tokens),
            lead=" ".join(filter(None, (inline_text(token.children).strip() for token in lead))),
            contents=contents,
            links=links,
            text=block_text(tokens),
        )


def _wrapped(tokens: list[Token], last: int) -> list[Token]:
    opening = Token("lead_open", "div", 1, attrs={"class": "lead"}, block=True)
    closing = Token("lead_close", "div", -1, block=True)
    return [opening, *tokens[:last], closing, *tokens[last:]]
