"""From a `Query` to the engine's own query. The reader's principals are part of every one of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import tantivy

from search import weights
from search.analysis import CJK, bigrams, prepare
from search.engines.indexing import SEPARATOR, token
from search.engines.words import exact, stem
from search.entries import Key
from search.grammar import Choice, Either, Filter, Part, Word
from search.query import Hint, Query, updated_between

Clause = tantivy.Query
MUST, SHOULD, NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
MOST_TERMS = 64


@dataclass
class Builder:
    """Builds clauses for one reader. `spelling` gives other spellings, with distances, for words to be widened."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    principals: frozenset[str]
    languages: tuple[str, ...] = ("en",)
    spelling: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    # -- the whole query ------------------------------------------------------------------------------------------

    def query(self, query: Query, pending: Collection[Key] = (), *, ranked: bool = True) -> Clause:
        """All that a query asks: words, filters, access, and, if it is for ranking, what ranks higher."""
        clauses = [(MUST, self.access()), *self.excluded(pending)]
        clauses += self.words(query)
        for chosen in query.filters:
            clauses.append((NOT if chosen.negated else MUST, flat(self.filter(chosen))))
        if ranked:
            clauses += [(SHOULD, clause) for clause in self.preferences(query)]
        return tantivy.Query.boolean_query(clauses)

    def access(self) -> Clause:
        """What the reader may read; without principals nothing."""
        if not self.principals:
            return tantivy.Query.empty_query()
        return flat(any_of([self.term("readers", principal) for principal in sorted(self.principals)]))

    def excluded(self, pending: Collection[Key]) -> list[tuple[tantivy.Occur, Clause]]:
        """Things that count as not there."""
        if not pending:
            return []
        return [(NOT, tantivy.Query.term_set_query(self.schema, "key", [str(key) for key in pending]))]

    # -- words ----------------------------------------------------------------------------------------------------

    def words(self, query: Query) -> list[tuple[tantivy.Occur, Clause]]:
        """A clause for each part; words that may stand for a value are also satisfied by the value."""
        hints = {hint.words: self._alternatives(query.hints, hint.words) for hint in query.hints}
        clauses: list[tuple[tantivy.Occur, Clause]] = []
        index = 0
        while index < len(query.parts):
            covered = next((words for words in hints if _begins(query.parts, index, words)), None)
            if covered:
                together = all_of([self.part(part) for part in query.parts[index : index + len(covered)]])
                clauses.append((MUST, any_of([together, *hints[covered]])))
                index += len(covered)
                continue
            part = query.parts[index]
            negated = isinstance(part, Word) and part.negated
            clauses.append((NOT if negated else MUST, self.part(part)))
            index += 1
        return [(occur, clause) for occur, clause in clauses if clause is not None]

    def _alternatives(self, hints: Iterable[Hint], words: tuple[str, ...]) -> list[Clause]:
        return [
            tantivy.Query.const_score_query(self.filter(hint.filter), weights.HINTS[hint.filter.field])
            for hint in hints
            if hint.words == words
        ]

    def part(self, part: Part) -> Clause:
        """A word, a phrase, a beginning, or any of several."""
        if isinstance(part, Either):
            return any_of([self.part(option) for option in part.options])
        if part.phrase:
            return self.phrase(part.text, part.title)
        clauses = [self.run(run) for run in CJK.findall(prepare(part.text))]
        found = exact(CJK.sub(" ", prepare(part.text)))
        if part.prefix and found:
            clauses.append(self.prefix(found.pop(), part.title))
        clauses += [self.word(one, part.title) for one in found]
        return all_of(clauses)

    def word(self, word: str, title: bool = False) -> Clause:
        """A word in any field, the best field counting; its other spellings count less."""
        spellings = [(word, 1.0)] + [
            (other, weights.FUZZY[far]) for other, far in self.spelling.get(word, ())
        ]
        clauses = [
            boost(self.term(name, term), weight * factor)
            for spelling, factor in spellings
            for name, weight in self._fields(title)
            for term in ([spelling] if name in ("title_exact", "aliases") else self.stems(spelling))
        ]
        if not title:
            clauses += self._hidden(word)
        return tantivy.Query.disjunction_max_query(clauses, weights.TIE_BREAKER)

    def _fields(self, title: bool) -> list[tuple[str, float]]:
        return [
            (n, w) for n, w in weights.FIELDS.items() if not title or n in (*weights.TITLE_FIELDS, "aliases")
        ]

    def _hidden(self, word: str) -> list[Clause]:
        """The word in facts that only some of the reader's principals open."""
        return [
            boost(self.term("hidden", text), weights.HIDDEN)
            for principal in sorted(self.principals)
            for term in self.stems(word)
            if self.searcher.doc_freq("hidden", text := f"{principal}{SEPARATOR}{term}")
        ]

    def stems(self, word: str) -> list[str]:
        """The stems of a word in all languages of the index, and the word itself where a text was not stemmed."""
        return list(dict.fromkeys(stem(word, language) for language in self.languages))

    def prefix(self, start: str, title: bool = False) -> Clause:
        """Words that begin so: in titles through their stored beginnings, elsewhere through the vocabulary."""
        in_titles = flat(self.term("starts", start), weights.FIELDS["title"] * weights.PREFIX)
        if title:
            return in_titles
        expression = re.escape(start) + ".*"
        anywhere = flat(tantivy.Query.regex_query(self.schema, "words", expression), weights.PREFIX)
        return tantivy.Query.disjunction_max_query([in_titles, anywhere], weights.TIE_BREAKER)

    def phrase(self, text: str, title: bool = False) -> Clause:
        """Words next to each other, within one field; a single word in quotes is taken exactly."""
        runs = [self.run(run) for run in CJK.findall(prepare(text))]
        found = exact(CJK.sub(" ", prepare(text)))
        if not found:
            return all_of(runs)
        if len(found) == 1:
            fields = ["title_exact", "aliases"] if title else ["title_exact", "aliases", "words"]
            clauses = [boost(self.term(name, found[0]), weights.FIELDS.get(name, 1.0)) for name in fields]
        else:
            clauses = [self.in_order(name, found, weight) for name, weight in self._fields(title)]
        return all_of([*runs, tantivy.Query.disjunction_max_query(clauses, weights.TIE_BREAKER)])

    def in_order(self, name: str, words: Sequence[str], weight: float) -> Clause:
        """Words next to each other in one field, by the stems of any language of the index."""
        if name in ("title_exact", "aliases"):
            return boost(tantivy.Query.phrase_query(self.schema, name, [*words]), weight)
        versions = dict.fromkeys(tuple(stem(word, language) for word in words) for language in self.languages)
        return boost(
            any_of([tantivy.Query.phrase_query(self.schema, name, list(version)) for version in versions]),
            weight,
        )

    def run(self, run: str) -> Clause:
        """A run of Chinese, Japanese or Korean characters."""
        pairs = bigrams(run)
        if len(pairs) == 1:
            expression = re.escape(pairs[0]) + ".*"
            clause = (
                self.term("cjk", run)
                if len(run) > 1
                else tantivy.Query.regex_query(self.schema, "cjk", expression)
            )
        else:
            clause = tantivy.Query.phrase_query(self.schema, "cjk", list(pairs))
        return boost(clause, weights.FIELDS["lead"])

    # -- filters --------------------------------------------------------------------------------------------------

    def filter(self, chosen: Filter) -> Clause:
        """What has one of the values, in facts that the reader may know."""
        if chosen.field == "updated":
            return any_of([self.updated(code) for code in chosen.codes])
        return self.has_any([t for choice in chosen.choices for t in self._tokens(chosen.field, choice)])

    def has_any(self, tokens: Sequence[str]) -> Clause:
        """What has one of some marks. A few terms are quickest one by one, many as a set."""
        if not tokens:
            return tantivy.Query.empty_query()
        if len(tokens) > MOST_TERMS:
            return tantivy.Query.term_set_query(self.schema, "is", list(tokens))
        return any_of([self.term("is", mark) for mark in tokens])

    def _tokens(self, name: str, choice: Choice) -> list[str]:
        level = choice.level or (1 if name in ("speaks", "reads") else 0)
        code = f"{choice.code}{SEPARATOR}{level}" if level else choice.code
        return [token(name, principal, code) for principal in sorted(self.principals)]

    def updated(self, code: str) -> Clause:
        """What was changed in a span of time."""
        since, until = updated_between(code)
        return tantivy.Query.range_query(
            self.schema,
            "updated",
            tantivy.FieldType.Integer,
            lower_bound=int(since.timestamp()) if since else None,
            upper_bound=int(until.timestamp()) if until else None,
            include_upper=until is None,
        )

    # -- what ranks higher ----------------------------------------------------------------------------------------

    def preferences(self, query: Query) -> list[Clause]:
        """Whole titles, words in the order of the title, and better levels: they only change the order."""
        clauses: list[Clause] = []
        texts = [part.text for part in query.parts if isinstance(part, Word) and not part.negated]
        words = exact(" ".join(texts))
        if words and len(texts) == len(query.parts):
            clauses.append(flat(self.term("whole", " ".join(words)), weights.WHOLE_TITLE))
            if len(words) > 1:
                clauses.append(
                    boost(
                        tantivy.Query.phrase_query(self.schema, "title_exact", [*words]), weights.TITLE_PHRASE
                    )
                )
        asked = [
            f for f in query.filters if f.field in ("speaks", "reads", "lang", "skill") and not f.negated
        ]
        for chosen in (
            *asked,
            *(hint.filter for hint in query.hints if hint.filter.field in ("lang", "skill")),
        ):
            clauses += self._better(chosen)
        return clauses

    def _better(self, chosen: Filter) -> list[Clause]:
        """One step up for each level reached beyond the one asked for."""
        name = "speaks" if chosen.field == "lang" else chosen.field
        most = 3 if name == "skill" else 10
        return [
            flat(self.filter(Filter(name, (Choice(choice.code, level),))), weights.LEVEL_STEP)
            for choice in chosen.choices
            for level in range(max(choice.level, 1) + 1, most + 1)
        ]

    def count(self, clause: Clause) -> int:
        """How many entries a clause matches."""
        found: Any = self.searcher.search(clause, 1)
        return int(found.count)

    def term(self, name: str, value: str) -> Clause:
        """One token of a field."""
        option = "position" if name in weights.FIELDS or name == "cjk" else "basic"
        return tantivy.Query.term_query(self.schema, name, value, option)


def _begins(parts: tuple[Part, ...], index: int, words: tuple[str, ...]) -> bool:
    """Whether plain parts from an index on are these words."""
    found = parts[index : index + len(words)]
    return len(found) == len(words) and all(
        isinstance(part, Word)
        and part.text == word
        and not (part.phrase or part.prefix or part.negated or part.title)
        for part, word in zip(found, words, strict=True)
    )


def boost(clause: Clause, factor: float) -> Clause:
    """The clause with its score multiplied."""
    return clause if factor == 1.0 else tantivy.Query.boost_query(clause, factor)


def flat(clause: Clause, score: float = 0.0) -> Clause:
    """The clause with one score for all that matches."""
    return tantivy.Query.const_score_query(clause, score)


def any_of(clauses: list[Clause]) -> Clause:
    """What matches one of the clauses."""
    if len(clauses) == 1:
        return clauses[0]
    return tantivy.Query.boolean_query([(SHOULD, clause) for clause in clauses])


def all_of(clauses: list[Clause]) -> Clause:
    """What matches all of the clauses; everything when there are none."""
    if not clauses:
        return flat(tantivy.Query.all_query())
    return (
        clauses[0]
        if len(clauses) == 1
        else tantivy.Query.boolean_query([(MUST, clause) for clause in clauses])
    )
