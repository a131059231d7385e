"""Blocks with a meaning of their own: notes, positions, tables, tasks, figures, the lead."""

import datetime
import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from .plain import inline_text

MAX_LEAD_PARAGRAPHS = 3

_CALLOUT = re.compile(r"\[!(note|tip|important|warning|caution|position)\][ \t]*", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_CAPTION = re.compile(r"table:\s*(?=\S)", re.IGNORECASE)
_ALIGNED = {"text-align:right": "r", "text-align:center": "c"}
_DIRECTED = frozenset(("p", "h2", "h3", "h4", "h5", "li", "th", "td", "summary"))
_WARNINGS = ("warning", "caution")


def shape(tokens: list[Token]) -> list[Token]:
    """The tokens with every special block marked for the renderer."""
    for index, token in enumerate(tokens):
        if shaper := _SHAPERS.get(token.type):
            shaper(tokens, index)
        if token.nesting == 1 and token.tag in _DIRECTED:
            token.attrs["dir"] = "auto"
    return tokens


def matching_close(tokens: Sequence[Token], opening: int) -> int:
    """Index of the token that closes the block opened at `opening`."""
    kind, level = tokens[opening].type.replace("_open", "_close"), tokens[opening].level
    return next(
        index
        for index in range(opening + 1, len(tokens))
        if tokens[index].level == level and tokens[index].type == kind
    )


def _call_out(tokens: list[Token], index: int) -> None:
    """`> [!NOTE] Title` becomes a note, `> [!POSITION] Office, date` a position."""
    children = tokens[index + 2].children if tokens[index + 1].type == "paragraph_open" else None
    found = _CALLOUT.match(children[0].content) if children else None
    if not found or not children:
        return
    first, rest = _first_line(children)
    first[0].content = first[0].content[found.end() :]
    kind = found[1].lower()
    opening, closing = tokens[index], tokens[matching_close(tokens, index)]
    name = "stance" if kind == "position" else "note"
    opening.type, closing.type = f"{name}_open", f"{name}_close"
    opening.meta = {"warn": kind in _WARNINGS, "title": first}
    if kind == "position":
        opening.meta |= _position(inline_text(first))
    tokens[index + 2].children = rest
    if not rest:
        _hide_paragraph(tokens, index + 1)


def _first_line(children: list[Token]) -> tuple[list[Token], list[Token]]:
    for index, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak"):
            return children[:index], children[index + 1 :]
    return children, []


def _position(line: str) -> dict[str, object]:
    """Office and date of `Office of the Legal Adviser, 2026-03-03`; the date may be missing."""
    office, _comma, last = line.strip().rpartition(",")
    try:
        return {"office": office.strip(), "date": datetime.date.fromisoformat(last.strip())}
    except ValueError:
        return {"office": line.strip(), "date": None}


def _hide_paragraph(tokens: list[Token], index: int) -> None:
    tokens[index].hidden = tokens[index + 2].hidden = True
    tokens[index + 1].children = []


def _mark_task(tokens: list[Token], index: int) -> None:
    """`- [x] done` becomes a ticked box that cannot be clicked."""
    children = tokens[index + 2].children if tokens[index + 1].type == "paragraph_open" else None
    found = _TASK.match(children[0].content) if children else None
    if found and children:
        children[0].content = children[0].content[found.end() :]
        tokens[index].meta = {"done": found[1] != " "}


def _align(tokens: list[Token], index: int) -> None:
    """A class instead of the style attribute that the content policy forbids."""
    cell = tokens[index]
    if cell.tag == "th":
        cell.attrs["scope"] = "col"
    style = cell.attrs.pop("style", "")
    if side := _ALIGNED.get(str(style)):
        cell.attrs["class"] = side


def _name_table(tokens: list[Token], index: int) -> None:
    """A paragraph `Table: Main indicators` right before a table is its caption."""
    caption: list[Token] = []
    before = tokens[max(index - 3, 0) : index]
    if len(before) == 3 and before[0].type == "paragraph_open" and before[0].level == tokens[index].level:
        caption = _caption(before[1].children or [])
        if caption:
            _hide_paragraph(tokens, index - 3)
    headers = (tokens[at].children for at in _header_cells(tokens, index))
    name = inline_text(caption) or ", ".join(text for cells in headers if (text := inline_text(cells)))
    tokens[index].meta = {"caption": caption, "name": name}


def _caption(children: list[Token]) -> list[Token]:
    found = _CAPTION.match(children[0].content) if children else None
    if not found:
        return []
    children[0].content = children[0].content[found.end() :]
    return children


def _header_cells(tokens: Sequence[Token], index: int) -> Iterator[int]:
    for at in range(index, len(tokens)):
        if tokens[at].type == "th_open":
            yield at + 1
        elif tokens[at].type == "thead_close":
            return


def _shape_paragraph(tokens: list[Token], index: int) -> None:
    """Lone images are figures; a paragraph that held only a comment is nothing."""
    children = [c for c in tokens[index + 1].children or [] if not _is_blank(c)]
    if not children:
        _hide_paragraph(tokens, index)
    elif all(child.type == "image" for child in children):
        tokens[index].hidden = tokens[index + 2].hidden = True
        tokens[index + 1].children = children
        for child in children:
            child.type = "figure"


def _is_blank(token: Token) -> bool:
    return token.type == "softbreak" or (token.type == "text" and not token.content.strip())


_SHAPERS = {
    "blockquote_open": _call_out,
    "list_item_open": _mark_task,
    "th_open": _align,
    "td_open": _align,
    "table_open": _name_table,
    "paragraph_open": _shape_paragraph,
}


def lead_range(tokens: Sequence[Token]) -> tuple[int, int]:
    """First and last index (exclusive) of the opening paragraphs; (0, 0) without any.

    They are the paragraphs before the first heading, at most three; in a text without
    headings, or one that begins with a heading, the first paragraph.
    """
    starts = [i for i, token in enumerate(tokens) if _is_prose(token)]
    if not starts:
        return 0, 0
    first = last = starts[0]
    heading = next((i for i, token in enumerate(tokens) if token.type == "heading_open"), 0)
    while last + 3 < heading and _is_prose(tokens[last + 3]) and last - first < 3 * (MAX_LEAD_PARAGRAPHS - 1):
        last += 3
    return first, last + 3


def _is_prose(token: Token) -> bool:
    return token.type == "paragraph_open" and token.level == 0 and not token.hidden
