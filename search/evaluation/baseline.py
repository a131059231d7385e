"""Plain BM25, to stand beside ours: all text of an entry in one field, any of the words, and nothing else.

Robertson's formula as Lucene and Elasticsearch compute it by default (k1 = 1.2, b = 0.75). Words are those of
`search.analysis`, not stemmed; no dictionary, no weights, no spelling. The reader's access is kept.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from search.analysis import words
from search.entries import EVERYBODY, Entry, Key

K1, B = 1.2, 0.75


class PlainBM25:
    """An index in memory of what one reader may read."""

    def __init__(self, entries: Iterable[Entry], principals: frozenset[str]) -> None:
        self.lengths: dict[Key, int] = {}
        self.postings: dict[str, list[tuple[Key, int]]] = defaultdict(list)
        for entry in entries:
            if entry.readers & principals:
                self._add(entry.key, words("\n".join(text_of(entry, principals | {EVERYBODY}))))
        self.average = sum(self.lengths.values()) / max(len(self.lengths), 1)

    def _add(self, key: Key, found: list[str]) -> None:
        self.lengths[key] = len(found)
        for word, times in Counter(found).items():
            self.postings[word].append((key, times))

    def search(self, text: str, depth: int) -> list[tuple[Key, float]]:
        """The best entries for a text, with scores."""
        scores: dict[Key, float] = defaultdict(float)
        for word in words(text):
            found = self.postings.get(word, [])
            rarity = math.log(1 + (len(self.lengths) - len(found) + 0.5) / (len(found) + 0.5))
            for key, times in found:
                longer = 1 - B + B * self.lengths[key] / self.average
                scores[key] += rarity * times * (K1 + 1) / (times + K1 * longer)
        return sorted(scores.items(), key=lambda row: (-row[1], row[0]))[:depth]


def text_of(entry: Entry, principals: frozenset[str]) -> Iterator[str]:
    """All texts of an entry that these principals may read."""
    yield from (entry.title, *entry.aliases, entry.lead, entry.body, entry.role)
    for labels in (entry.tags, entry.regions[:1], entry.office[:1], entry.available):
        yield from (label.label for label in labels)
    yield from (language.name for language in entry.languages if language.principal in principals)
    yield from (skill.name for skill in entry.skills if skill.principal in principals)
    yield from (known.name for known in entry.expertise if known.principal in principals)
    for job in entry.assignments:
        if job.principal in principals:
            yield from (job.place, job.title, *(place.label for place in job.places))
    yield from (f"{fact.label} {fact.value}" for fact in entry.facts if fact.principal in principals)
