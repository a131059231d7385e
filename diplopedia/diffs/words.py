"""Two wordings of one paragraph, compared word by word."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

MAX_WORD_CELLS = 1_000_000
"""Longer paragraphs that differ throughout are shown as replaced, not word by word."""

# Marks that belong to the letter before them: accents, vowel signs, joiners, variation signs.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u0900-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc"
    "\u0ec8-\u0ecd\u0f18-\u0fbc\u102b-\u103e\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
# Scripts written without spaces are compared letter by letter.
_UNSPACED = "\u0e01-\u0e2e\u0e80-\u0eb0\u1000-\u102a\u1780-\u17b3\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}][{_MARKS}]*|(?:(?![{_UNSPACED}])[\w{_MARKS}])+|\s+|.", re.DOTALL)


class Segment(NamedTuple):
    """A stretch of plain text that is in both wordings, only the new, or only the old one."""

    kind: Literal["same", "ins", "del"]
    text: str


def compare_words(old: str, new: str) -> tuple[Segment, ...]:
    """Segments in reading order; without "ins" they spell the old text, without "del" the new.

    What was deleted stands before what was inserted in its place.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    pieces = [
        ("".join(before[:head]), None),
        *_changes(before[head : len(before) - tail], after[head : len(after) - tail]),
        ("".join(before[len(before) - tail :]), None),
    ]
    return _segments(_folded(pieces))


def bag_of_words(text: str) -> Counter[str]:
    """The words of a text without order, spaces and punctuation."""
    return Counter(token for token in _TOKEN.findall(text) if token[0].isalnum())


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    length = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        length += 1
    return length


# A piece is a text that stayed (text, None) or one that became another (old, new).
_Piece = tuple[str, str | None]


def _changes(before: Sequence[str], after: Sequence[str]) -> list[_Piece]:
    if len(before) * len(after) > MAX_WORD_CELLS:
        return [("".join(before), "".join(after))]
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    return [
        ("".join(before[i1:i2]), None if tag == "equal" else "".join(after[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    ]


def _folded(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Lone spaces and commas between two changes belong to the change around them."""
    pieces = [piece for piece in pieces if piece != ("", None)]
    folded: list[_Piece] = []
    for index, (old, new) in enumerate(pieces):
        between = 0 < index < len(pieces) - 1
        changed = new is not None
        if not changed and between and not any(c.isalnum() for c in old):
            new, changed = old, pieces[index - 1][1] is not None and pieces[index + 1][1] is not None
        if changed and folded and folded[-1][1] is not None:
            old, new = folded[-1][0] + old, folded[-1][1] + (new or "")
            folded.pop()
        folded.append((old, new if changed else None))
    return folded


def _segments(pieces: Iterable[_Piece]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    for old, new in pieces:
        if new is None:
            found.append(Segment("same", old))
        else:
            found += [Segment("del", old), Segment("ins", new)]
    filled = [segment for segment in found if segment.text]
    return tuple(
        Segment(kind, "".join(segment.text for segment in run))
        for kind, run in groupby(filled, key=lambda segment: segment.kind)
    )
