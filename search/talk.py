"""How people talk when they ask: “who's in the Baltics right now”, “R3”, “level four”, “pls”.

It is put into the few words that a question is read in, and what says nothing is left away. Only words of small
letters are: Able and Hand are names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.grammar import Part, Word
from search.signs import LEVEL, plain

SHORT_FOR = re.compile(r"(who|anyone|anybody|someone|somebody)['’](?:s|ve|d)", re.IGNORECASE)
READING = re.compile(r"[rR]-?([0-5]\+?)([,;?]?)")
JOINED = re.compile(r"(.+)-(speaking|speakers?|readers?)", re.IGNORECASE)
NO_LESS = re.compile(r"(?:≥|>=|=>)([0-5]\+?)?([,;?]?)")
SLASHED = re.compile(r"[^\W\d_]{2,}(?:/[^\W\d_]{2,})+")
CEFR = {"A1": "0+", "A2": "1", "B1": "2", "B2": "2+", "C1": "3", "C2": "4"}
DIGITS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
BEFORE_A_LEVEL = frozenset("level ilr least minimum min min.".split())
PHRASES = {
    tuple(said.split()): meant.split()
    for said, meant in {
        "right now": "now",
        "at the moment": "now",
        "at present": "now",
        "these days": "now",
        "at post in": "now in",
        "at post": "now",
        "postings in": "served in",
        "posting in": "served in",
        "postings to": "served in",
        "postings": "served",
        "tours in": "served in",
        "both": "",
        "plus": "and",
        "anywhere in": "in",
        "anywhere": "",
        "no lower than": "least",
        "no less than": "least",
        "not below": "least",
        "not lower than": "least",
        "not less than": "least",
        "w": "with",
        "native": "level 5",
        "natively": "level 5",
        "mother tongue": "level 5",
        "able to": "can",
        "has done": "has",
        "anyone done": "anyone",
        "anybody done": "anybody",
        "somebody done": "somebody",
        "anyone who's done": "anyone",
        "has anyone done": "anyone",
        "has anybody done": "anybody",
        "help needed": "help",
        "needed": "",
        "sb": "somebody",
        "pls": "",
        "plz": "",
        "thanks": "",
        "asap": "",
        "urgently": "",
        "speeks": "speaks",
        "in the ministry": "",
        "in the office": "",
        "for a call": "",
        "for a meeting": "",
        "for a visit": "",
        "this morning": "",
        "this afternoon": "",
        "this week": "",
        "next week": "",
        "today": "",
        "tomorrow": "",
    }.items()
}
LONGEST = max(map(len, PHRASES))
NATIVE = ["level", "5"]


def separated(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts, with `Thai-speaking` as two of them, and `Dari/Pashto` as three."""
    found: list[Part] = []
    for part in parts:
        if not plain(part) or not isinstance(part, Word):
            found.append(part)
        elif joined := JOINED.fullmatch(part.text):
            found += [Word(joined[1]), Word(joined[2])]
        elif SLASHED.fullmatch(part.text):
            found += map(Word, part.text.replace("/", " or ").split())
        else:
            found.append(part)
    return tuple(found)


def in_few_words(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, with what asks in the words of talk in those that a question understands."""
    found: list[Part] = []
    leveled = any(LEVEL.fullmatch(plain(part)) or plain(part) == "proficiency" for part in parts)
    at = 0
    while at < len(parts):
        texts = [_text(part) for part in parts[at : at + LONGEST]]
        length = next((n for n in range(len(texts), 0, -1) if tuple(texts[:n]) in PHRASES), 0)
        if length:
            meant = PHRASES[tuple(texts[:length])]
            found += map(Word, [] if leveled and meant == NATIVE else meant)
        else:
            found += _said(parts[at], _text(parts[at - 1]) if at else "")
        at += length or 1
    return tuple(found)


def _said(part: Part, before: str) -> list[Part]:
    """One part in the words of a question: a level by its digit, `R3` as reading, `who's` as `who is`."""
    if not isinstance(part, Word) or not part.is_plain:
        return [part]
    if match := SHORT_FOR.fullmatch(part.text):
        return [Word(match[1]), Word("is")]
    for pattern, said in ((READING, "reading"), (NO_LESS, "least")):
        if match := pattern.fullmatch(part.text):
            return [Word(said), *map(Word, filter(None, [(match[1] or "") + match[2]]))]
    if part.text in CEFR:
        return [Word("level"), Word(CEFR[part.text])]
    if before in BEFORE_A_LEVEL and part.text.lower() in DIGITS:
        return [Word(DIGITS[part.text.lower()])]
    return [part]


def _text(part: Part) -> str:
    """A plain word of small letters as it stands, without marks at its end; empty for any other part."""
    if isinstance(part, Word) and part.is_plain and part.text.islower():
        return part.text.rstrip("?!,;:")
    return ""
