"""A source text cut into the pieces that people move and change: paragraphs, items, tables."""

import re
from collections.abc import Iterator
from typing import NamedTuple

MAX_BLOCKS = 20_000
"""What follows in a longer text counts as one block."""

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\s*$")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Block(NamedTuple):
    """One piece of a text: its words, the white space after it, the section it stands in."""

    text: str
    tail: str
    section: str

    @property
    def heading(self) -> str | None:
        """The words of the heading, when the block is one."""
        found = _HEADING.match(self.text)
        return found[1] if found else None


def split_blocks(text: str) -> list[Block]:
    """The blocks of a text; their texts and tails joined are the text again."""
    blocks: list[Block] = []
    section = ""
    for source in _pieces(text):
        words = source.rstrip()
        block = Block(words, source[len(words) :], section)
        if (heading := block.heading) is not None:
            section = heading
            block = block._replace(section=section)
        blocks.append(block)
    return blocks


def _pieces(text: str) -> Iterator[str]:
    """Runs of lines: a new one begins after a blank line and at each heading and list item."""
    piece: list[str] = []
    fence = ""
    closed = False
    count = 0
    for line in _LINE.findall(text):
        blank = not line.strip()
        if piece and not fence and not blank and count < MAX_BLOCKS and (closed or _begins(line)):
            yield "".join(piece)
            piece = []
            count += 1
        closed = (blank and not fence and bool(piece)) or bool(_HEADING.match(line))
        fence = _fence_after(line, fence)
        piece.append(line)
    if piece:
        yield "".join(piece)


def _begins(line: str) -> bool:
    return bool(_ITEM.match(line) or _HEADING.match(line))


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after this line, "" when none is."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) else fence
