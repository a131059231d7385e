"""From a `Query` to clauses, in one way for every engine; an engine says what a clause is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from search import weights
from search.analysis import CJK, prepare
from search.engines.indexing import SEPARATOR, token
from search.engines.words import exact
from search.grammar import Choice, Either, Filter, Part, Word
from search.query import Hint, Query

Clause = TypeVar("Clause")
MOST_LEVEL = {"speaks": 10, "reads": 10, "skill": 3}


class Words(NamedTuple, Generic[Clause]):
    """The clauses of a query's words: what must match, and what must not."""

    wanted: list[Clause]
    unwanted: list[Clause]


class ClauseBuilder(ABC, Generic[Clause]):
    """Builds clauses for one reader."""

    principals: frozenset[str]

    # -- what an engine says --------------------------------------------------------------------------------------

    @abstractmethod
    def any_of(self, clauses: Sequence[Clause]) -> Clause:
        """What matches one of the clauses."""

    @abstractmethod
    def all_of(self, clauses: Sequence[Clause]) -> Clause:
        """What matches all of the clauses; everything when there are none."""

    @abstractmethod
    def best_of(self, clauses: Sequence[Clause]) -> Clause:
        """What matches one of the clauses; the best one counts, and the others a little."""

    @abstractmethod
    def flat(self, clause: Clause, score: float = 0.0) -> Clause:
        """The clause with one score for all that matches."""

    @abstractmethod
    def word(self, word: str, title: bool = False) -> Clause:
        """A folded word in any field, or in titles; the best field counts, and other spellings count less."""

    @abstractmethod
    def prefix(self, start: str, title: bool = False) -> Clause:
        """Words that begin so."""

    @abstractmethod
    def exactly(self, word: str, title: bool = False) -> Clause:
        """A folded word that is not stemmed."""

    @abstractmethod
    def in_order(self, words: Sequence[str], title: bool = False) -> Clause:
        """Two or more folded words next to each other within one field."""

    @abstractmethod
    def run(self, run: str) -> Clause:
        """A run of Chinese, Japanese or Korean characters."""

    @abstractmethod
    def filter(self, chosen: Filter) -> Clause:
        """What has one of the values, in facts that the reader may know."""

    @abstractmethod
    def titled(self, words: Sequence[str]) -> list[Clause]:
        """What ranks higher for its title: it is these words, or has them in this order."""

    # -- words ----------------------------------------------------------------------------------------------------

    def words(self, query: Query) -> Words[Clause]:
        """A clause for each part; words that may stand for a value are also satisfied by the value."""
        hints = {hint.words: self._alternatives(query.hints, hint.words) for hint in query.hints}
        found: Words[Clause] = Words([], [])
        index = 0
        while index < len(query.parts):
            covered = next((words for words in hints if _begins(query.parts, index, words)), None)
            if covered:
                together = self.all_of(
                    [self.part(part) for part in query.parts[index : index + len(covered)]]
                )
                found.wanted.append(self.any_of([together, *hints[covered]]))
                index += len(covered)
                continue
            part = query.parts[index]
            negated = isinstance(part, Word) and part.negated
            (found.unwanted if negated else found.wanted).append(self.part(part))
            index += 1
        return found

    def _alternatives(self, hints: Iterable[Hint], words: tuple[str, ...]) -> list[Clause]:
        return [
            self.flat(self.filter(hint.filter), weights.HINTS[hint.filter.field])
            for hint in hints
            if hint.words == words
        ]

    def part(self, part: Part) -> Clause:
        """A word, a phrase, a beginning, or any of several."""
        if isinstance(part, Either):
            return self.any_of([self.part(option) for option in part.options])
        if part.phrase:
            return self.phrase(part.text, part.title)
        clauses = [self.run(run) for run in CJK.findall(prepare(part.text))]
        found = exact(CJK.sub(" ", prepare(part.text)))
        if part.prefix and found:
            clauses.append(self.prefix(found.pop(), part.title))
        clauses += [self.word(one, part.title) for one in found]
        return self.all_of(clauses)

    def phrase(self, text: str, title: bool = False) -> Clause:
        """Words next to each other; a single word in quotes is taken exactly."""
        clauses = [self.run(run) for run in CJK.findall(prepare(text))]
        found = exact(CJK.sub(" ", prepare(text)))
        if found:
            clauses.append(self.in_order(found, title) if len(found) > 1 else self.exactly(found[0], title))
        return self.all_of(clauses)

    # -- values ---------------------------------------------------------------------------------------------------

    def tokens(self, name: str, choice: Choice) -> list[str]:
        """The marks of a value, one for each of the reader's principals."""
        level = choice.level or (1 if name in ("speaks", "reads") else 0)
        code = f"{choice.code}{SEPARATOR}{level}" if level else choice.code
        return [token(name, principal, code) for principal in sorted(self.principals)]

    # -- what ranks higher ----------------------------------------------------------------------------------------

    def preferences(self, query: Query) -> list[Clause]:
        """Whole titles, words in the order of the title, and better levels: they only change the order."""
        texts = [part.text for part in query.parts if isinstance(part, Word) and not part.negated]
        words = exact(" ".join(texts))
        clauses = self.titled(words) if words and len(texts) == len(query.parts) else []
        asked = [
            f for f in query.filters if f.field in ("speaks", "reads", "lang", "skill") and not f.negated
        ]
        hinted = [hint.filter for hint in query.hints if hint.filter.field in ("lang", "skill")]
        return [*clauses, *(better for chosen in (*asked, *hinted) for better in self._better(chosen))]

    def _better(self, chosen: Filter) -> list[Clause]:
        """One step up for each level reached beyond the one asked for."""
        name = "speaks" if chosen.field == "lang" else chosen.field
        return [
            self.flat(self.filter(Filter(name, (Choice(choice.code, level),))), weights.LEVEL_STEP)
            for choice in chosen.choices
            for level in range(max(choice.level, 1) + 1, MOST_LEVEL[name] + 1)
        ]


def fields(title: bool) -> list[tuple[str, float]]:
    """The fields of text with their weights; only those of titles if it is for titles."""
    wanted = (*weights.TITLE_FIELDS, "aliases")
    return [(name, weight) for name, weight in weights.FIELDS.items() if not title or name in wanted]


def _begins(parts: tuple[Part, ...], index: int, words: tuple[str, ...]) -> bool:
    """Whether plain parts from an index on are these words."""
    found = parts[index : index + len(words)]
    return len(found) == len(words) and all(
        isinstance(part, Word)
        and part.text == word
        and not (part.phrase or part.prefix or part.negated or part.title)
        for part, word in zip(found, words, strict=True)
    )
