"""Other spellings of words that nobody wrote: from the index's own vocabulary, as far as the reader may read it."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.engines.tantivy.clauses import MUST, Builder

MOST = 25
SHORTEST = 4
CHECKED = 60


class Vocabulary:
    """The words of one state of the index, by first letter, read when first needed."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self.words: dict[str, tuple[list[str], dict[str, int]]] = {}
        self.lock = threading.Lock()

    def under(self, letter: str) -> tuple[list[str], dict[str, int]]:
        """The words that begin with a letter, and in how many entries each stands."""
        with self.lock:
            if letter not in self.words:
                counted = self.searcher.terms_with_prefix("words", letter)
                self.words[letter] = ([word for word, _n in counted], dict(counted))
            return self.words[letter]

    def near(self, word: str) -> list[tuple[str, int, int]]:
        """Words within reach of a typing slip: word, distance, number of entries; the best first."""
        if len(word) < SHORTEST or any(character.isdigit() for character in word):
            return []
        reach = 1 if len(word) < 6 else 2
        found = self._within(word, word[:1], reach)
        if not found:
            others = {word[1:2], *("abcdefghijklmnopqrstuvwxyz" if len(self.words) > 8 else "")}
            found = [
                near for letter in sorted(others - {word[:1]}) for near in self._within(word, letter, reach)
            ]
        return sorted(found, key=lambda near: (near[1], -near[2], near[0]))[:CHECKED]

    def _within(self, word: str, letter: str, reach: int) -> list[tuple[str, int, int]]:
        words, counts = self.under(letter)
        matches = process.extract(word, words, scorer=OSA.distance, score_cutoff=reach, limit=CHECKED)
        return [(other, int(far), counts[other]) for other, far, _index in matches if far > 0]


def readable(builder: Builder, word: str) -> int:
    """In how many entries that the reader may read an open word stands."""
    clause = tantivy.Query.boolean_query([(MUST, builder.term("words", word)), (MUST, builder.access())])
    return builder.count(clause)


def spellings(
    builder: Builder, vocabulary: Vocabulary, words: Iterable[str]
) -> dict[str, list[tuple[str, int]]]:
    """For each word that stands in nothing the reader may read: other spellings that do, with their distance."""
    found: dict[str, list[tuple[str, int]]] = {}
    for word in dict.fromkeys(words):
        if readable(builder, word):
            continue
        near = [(other, far) for other, far, _n in vocabulary.near(word) if readable(builder, other)]
        if near:
            found[word] = near[:MOST]
    return found
