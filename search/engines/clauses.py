"""From a `Query` to clauses, in one way for every engine; an engine says what a clause is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Generic, NamedTuple, TypeVar

from search import ranking, weights
from search.analysis import CJK, prepare
from search.engines.indexing import SEPARATOR, token
from search.engines.words import exact
from search.grammar import Choice, Either, Filter, Part, Word
from search.query import Query

Clause = TypeVar("Clause")


class Words(NamedTuple, Generic[Clause]):
    """The clauses of a query's words: what must match, and what must not."""

    wanted: list[Clause]
    unwanted: list[Clause]


class Stretch(NamedTuple):
    """One part of a query, or plain words that stand for something together.

    `values` are what they may stand for, `others` the words and phrases that mean the same.
    """

    parts: tuple[Part, ...]
    values: tuple[Filter, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def negated(self) -> bool:
        """Whether it must not be there."""
        return any(isinstance(part, Word) and part.negated for part in self.parts)


def stretches(query: Query) -> Iterator[Stretch]:
    """The parts of a query, once each and in order; the longest words that stand for something go together."""
    known = {hint.words for hint in query.hints} | {synonym.words for synonym in query.synonyms}
    longest_first = sorted(known, key=len, reverse=True)
    index = 0
    while index < len(query.parts):
        covered = next((words for words in longest_first if _begins(query.parts, index, words)), ())
        parts = query.parts[index : index + max(len(covered), 1)]
        values = tuple(hint.filter for hint in query.hints if covered and hint.words == covered)
        yield Stretch(parts, values, _others(query, parts))
        index += len(parts)


def _others(query: Query, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """The words that mean the same as some parts, or as any one option of a choice."""
    choices = parts[0].options if len(parts) == 1 and isinstance(parts[0], Either) else ()
    meant = [
        synonym for option in choices for synonym in query.synonyms if _begins((option,), 0, synonym.words)
    ]
    meant += [s for s in query.synonyms if len(s.words) == len(parts) and _begins(parts, 0, s.words)]
    return tuple(dict.fromkeys(other for synonym in meant for other in synonym.others))


class ClauseBuilder(ABC, Generic[Clause]):
    """Builds clauses for one reader."""

    principals: frozenset[str]
    spelling: dict[str, list[tuple[str, int]]]

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
    def scaled(self, clause: Clause, factor: float) -> Clause:
        """The clause with its score multiplied."""

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

    def filter(self, chosen: Filter) -> Clause:
        """What has one of the values; a language at a level is spoken or read at it."""
        if chosen.field != "lang" or not any(choice.level for choice in chosen.choices):
            return self.has(chosen)
        return self.any_of([self.has(replace(chosen, field=name)) for name in ("speaks", "reads")])

    @abstractmethod
    def has(self, chosen: Filter) -> Clause:
        """What has one of the values, in facts that the reader may know."""

    @abstractmethod
    def titled(self, words: Sequence[str]) -> list[Clause]:
        """What ranks higher for its title: it is these words, or has them in this order."""

    @abstractmethod
    def described(self, words: Sequence[str]) -> Clause:
        """What ranks higher for what it says of a person's work: two or more words in this order."""

    # -- words ----------------------------------------------------------------------------------------------------

    def words(self, query: Query) -> Words[Clause]:
        """A clause for each part; words that stand for a value, or mean the same as others, are satisfied by these."""
        found: Words[Clause] = Words([], [])
        idle = ranking.optional(query.parts)
        for stretch in stretches(query):
            if stretch.values or stretch.others or stretch.parts[0] not in idle:
                (found.unwanted if stretch.negated else found.wanted).append(self._stretch(stretch))
        return found

    def _stretch(self, stretch: Stretch) -> Clause:
        itself = self.all_of([self.part(part) for part in stretch.parts])
        others = [self.scaled(self.other(text), weights.SYNONYM) for text in stretch.others]
        meant = self.best_of([itself, *others]) if others else itself
        values = [self.flat(self.filter(value), weights.HINTS[value.field]) for value in stretch.values]
        return self.best_of([meant, *values]) if values else meant

    def other(self, text: str) -> Clause:
        """A word, or words next to each other, by their stems."""
        return self.part(Word(text, phrase=len(exact(text)) > 1))

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
        """Whole titles, words in the order of the title, what is favoured and better levels: only the order changes."""
        clauses = self._titles(query)
        clauses += [self._welcome(word) for word in ranking.optional(query.parts)]
        if query.favoured:
            wanted = self.all_of([self.filter(chosen) for chosen in query.favoured])
            clauses.append(self.flat(wanted, weights.FAVOURED))
        return clauses + [
            self.flat(self.filter(chosen), score) for chosen, score in ranking.preferences(query)
        ]

    def _titles(self, query: Query) -> list[Clause]:
        """What is called what was typed, and less so what is called what means the same."""
        texts = [part.text for part in query.parts if isinstance(part, Word) and not part.negated]
        words = [self.respelled(word) for word in exact(" ".join(texts))]
        if not words or len(texts) < len(query.parts):
            return []
        found = list(stretches(query))
        others = found[0].others if len(found) == 1 else ()
        meant = [clause for other in others for clause in self.titled(exact(other))]
        said = [self.described(words)] if len(words) > 1 else []
        return [*self.titled(words), *said, *(self.scaled(clause, weights.SYNONYM) for clause in meant)]

    def respelled(self, word: str) -> str:
        """The word as it was probably meant: the nearest other spelling, if it has some."""
        return next((other for other, _far in self.spelling.get(word, ())), word)

    def _welcome(self, word: Word) -> Clause:
        """A word that need not match; an initial is one of a name."""
        if ranking.initial(word):
            return self.scaled(self.prefix(exact(word.text)[0], title=True), weights.INITIAL)
        return self.part(word)


def fields(title: bool) -> list[tuple[str, float]]:
    """The fields of text with their weights; only those of titles if it is for titles."""
    wanted = (*weights.TITLE_FIELDS, "aliases")
    return [(name, weight) for name, weight in weights.FIELDS.items() if not title or name in wanted]


def _begins(parts: tuple[Part, ...], index: int, words: tuple[str, ...]) -> bool:
    """Whether plain parts from an index on are these words."""
    found = parts[index : index + len(words)]
    return len(found) == len(words) and all(
        isinstance(part, Word) and part.is_plain and part.text == word
        for part, word in zip(found, words, strict=True)
    )
