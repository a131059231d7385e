"""Short stretches of a text around what was asked for, in neutral segments; the same for every engine."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from search.analysis import WESTERN, WESTERN_WORD, fold, prepare
from search.marking import Marker
from search.results import Segment, Segments

LENGTH = 220
MOST_PLACES = 60
ELLIPSIS = "…"


class Snippeter:
    """Finds the best stretch of texts for one query."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.beginnings = sorted({_shared(term) for term in (*marker.terms, *marker.prefixes)} - {""})
        self.alone = len(self.beginnings) + len(marker.runs) == 1

    def of(self, body: str, lead: str = "") -> Segments:
        """The stretch of the body with the most of what was asked for; else of the lead, or its beginning."""
        for text in (prepare(body), prepare(lead)):
            start = self._best(text)
            if start is not None:
                return self._cut(text, start)
        return _opening(prepare(lead or body))

    def _best(self, text: str) -> int | None:
        """Where the stretch begins that holds the most different words; None when the text holds none."""
        if self.marker.idle or not text:
            return None
        places = list(_runs(text, self.marker.runs))
        if self.beginnings:
            flat = flattened(text)
            places += [place for beginning in self.beginnings for place in self._places(flat, beginning)]
        return _densest(sorted(places))

    def _places(self, flat: str, beginning: str) -> Iterator[tuple[int, str]]:
        """Where words stand that begin so and are asked for. Looking for plain text is much the fastest way."""
        at = -len(beginning)
        for _attempt in range(MOST_PLACES):
            at = flat.find(beginning, at + len(beginning))
            if at < 0:
                return
            word = WESTERN_WORD.match(flat, at)
            if word and not flat[at - 1 : at].isalnum() and self.marker.wants(word[0]):
                yield at, beginning
                if self.alone:
                    return  # where only one word is looked for, no later place has more of them

    def _cut(self, text: str, first: int) -> Segments:
        """The stretch around a place, from the beginning of its sentence if that is near."""
        start = _begin(text, first)
        end = min(start + LENGTH, len(text))
        if end < len(text):
            end = text.rfind(" ", first, end) if " " in text[first:end] else end
        marked = self.marker.mark(text[start:end])
        if not any(segment.marked for segment in marked):
            return _opening(text)
        opened = () if start == 0 or text[start].isupper() else (Segment(ELLIPSIS),)
        return (*opened, *marked, *(() if end == len(text) else (Segment(ELLIPSIS),)))


def _runs(text: str, runs: Iterable[str]) -> Iterator[tuple[int, str]]:
    for run in runs:
        at = text.find(run)
        if at >= 0:
            yield at, run


def _shared(term: str) -> str:
    """What the inflections of a word have in common, roughly: stems may change their last letters."""
    return flattened(term[:-1] if len(term) > 4 else term)


def _densest(places: list[tuple[int, str]]) -> int | None:
    """The place from which on most different words stand close together; of equals the first."""
    best, most, window = None, 0, deque[tuple[int, str]]()
    for at, beginning in reversed(places):
        window.appendleft((at, beginning))
        while window[-1][0] >= at + LENGTH * 3 // 4:
            window.pop()
        different = len({word for _at, word in window})
        if different >= most:
            best, most = at, different
    return best


def _begin(text: str, first: int) -> int:
    """A good place to begin at or before `first`: a sentence, else a word."""
    earliest = max(first - LENGTH // 3, 0)
    if earliest == 0:
        return 0
    sentence = max(text.rfind(mark, earliest, first) for mark in (". ", "! ", "? ", "\n"))
    if sentence >= 0:
        return sentence + (1 if text[sentence] == "\n" else 2)
    space = text.find(" ", earliest, first)
    return space + 1 if space >= 0 else first


def _opening(text: str) -> Segments:
    """The beginning of a text."""
    if len(text) <= LENGTH:
        return (Segment(text),) if text else ()
    return (Segment(text[:LENGTH].rsplit(" ", 1)[0] + ELLIPSIS),)


def flattened(text: str) -> str:
    """The text without capitals and accents, of the same length: places in it are places in the text."""
    try:
        return text.encode(WESTERN).translate(_western_table()).decode(WESTERN)
    except UnicodeEncodeError:
        return _lowered(text)


@lru_cache(maxsize=1)
def _western_table() -> bytes:
    """What each byte of a Western text becomes."""
    table = bytearray(range(256))
    for byte in range(256):
        with suppress(UnicodeDecodeError, UnicodeEncodeError):
            table[byte : byte + 1] = _flat(bytes([byte]).decode(WESTERN)).encode(WESTERN)
    return bytes(table)


def _lowered(text: str) -> str:
    """The text in lower case, without the accents of Latin letters. Few letters have some: each is replaced at once."""
    text, letters = text.replace("\u0130", "I").lower(), _accented()
    for letter in set(letters.expression.findall(text)):
        text = text.replace(letter, letters.plain[letter])
    return text


class Accented(NamedTuple):
    """Small letters with what they become, and what finds them."""

    plain: dict[str, str]
    expression: re.Pattern[str]


@lru_cache(maxsize=1)
def _accented() -> Accented:
    """The small letters of the scripts with accents that become others."""
    points = (*range(0xC0, 0x250), *range(0x370, 0x590), *range(0x1E00, 0x2000))
    plain = {letter: _flat(letter) for letter in map(chr, points) if letter == letter.lower()}
    plain = {letter: flat for letter, flat in plain.items() if flat != letter}
    return Accented(plain, re.compile(f"[{''.join(plain)}]"))


def _flat(character: str) -> str:
    """One character for one: lower case, without accents if it is Latin."""
    return fold(character)[:1] or character
