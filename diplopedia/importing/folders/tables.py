"""Tables of HTML as tables of Markdown."""

from __future__ import annotations

import re

Row = list[tuple[bool, str]]
BREAK = re.compile(r"<br>|\n[ \t]{0,40}\n")


def table(rows: list[Row], caption: str) -> str:
    """Return the rows (cells as: is it a heading, its text) as a table with a caption."""
    rows = [row for row in rows if row]
    if not rows:
        return f"\n\n{caption}\n\n"
    width = max(len(row) for row in rows)
    head = rows.pop(0) if all(is_heading for is_heading, _text in rows[0]) else []
    lines = [line(head, width), "|" + " --- |" * width, *(line(row, width) for row in rows)]
    words = " ".join(caption.replace("*", "").split())
    return "\n\n" + (f"Table: {words}\n\n" if words else "") + "\n".join(lines) + "\n\n"


def line(row: Row, width: int) -> str:
    """Return one row, its cells on one line each."""
    cells = [cell(text) for _is_heading, text in row]
    return "| " + " | ".join(cells + [""] * (width - len(cells))) + " |"


def cell(text: str) -> str:
    """Return the text of a cell: on one line, breaks as <br>, bars escaped."""
    lines = (" ".join(line.split()) for line in BREAK.split(text))
    return re.sub(r"(?<!\\)\|", r"\\|", "<br>".join(filter(None, lines)))
