"""Marks what was asked for in a text, in neutral segments."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from search.analysis import CJK, fold, places
from search.results import Segment, Segments


class Marker:
    """Knows which words were asked for: whole words by their stems, beginnings, and runs of CJK characters."""

    def __init__(
        self,
        terms: Iterable[str] = (),
        prefixes: Iterable[str] = (),
        runs: Iterable[str] = (),
        stem: Callable[[str], str] = str,
    ) -> None:
        self.stem = stem
        self.terms = frozenset(terms)
        self.prefixes = tuple(prefixes)
        self.runs = tuple(runs)
        self.idle = not (self.terms or self.prefixes or self.runs)
        self.known: dict[str, bool] = {}

    def wants(self, word: str) -> bool:
        """Whether a word is one that was asked for, however it is written."""
        if word not in self.known:
            token = fold(word)
            begins = token.startswith(self.prefixes)
            self.known[word] = begins or token in self.terms or self.stem(token) in self.terms
        return self.known[word]

    def mark(self, text: str) -> Segments:
        """The text in segments, marked where it was asked for; the segments joined are the composed text."""
        text = unicodedata.normalize("NFC", text)
        if self.idle:
            return (Segment(text),) if text else ()
        spans = [(word.start(), word.end()) for word in places(text) if self.wants(word[0])]
        spans += [(at, at + len(run)) for run in self.runs for at in _places(text, run)]
        return segments(text, spans)

    def marks(self, text: str) -> bool:
        """Whether the text holds anything that was asked for."""
        return any(segment.marked for segment in self.mark(text))


def segments(text: str, spans: Iterable[tuple[int, int]]) -> Segments:
    """Cut a text at spans of characters, which may overlap and come in any order."""
    cut: list[Segment] = []
    at = 0
    for start, end in sorted(spans):
        if start > at:
            cut.append(Segment(text[at:start]))
        if end > at:
            cut.append(Segment(text[max(start, at) : end], marked=True))
            at = end
    if at < len(text):
        cut.append(Segment(text[at:]))
    return tuple(cut)


def _places(text: str, run: str) -> list[int]:
    places, at = [], text.find(run)
    while at >= 0:
        places.append(at)
        at = text.find(run, at + len(run))
    return places


def runs(text: str) -> list[str]:
    """The CJK runs of a text."""
    return CJK.findall(text)
