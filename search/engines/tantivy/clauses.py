"""The embedded engine's clauses. The reader's principals are part of every query."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import tantivy

from search import weights
from search.analysis import bigrams
from search.engines.clauses import ClauseBuilder, fields
from search.engines.indexing import SEPARATOR
from search.engines.words import stem
from search.entries import Key
from search.grammar import Filter
from search.groups import one_by_one
from search.query import Query, updated_between

Clause = tantivy.Query
MUST, SHOULD, NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
MOST_TERMS = 64
UNSTEMMED = ("title_exact", "aliases")


@dataclass
class Builder(ClauseBuilder[Clause]):
    """Builds clauses for one reader. `spelling` gives other spellings, with distances, for words to be widened."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    principals: frozenset[str]
    languages: tuple[str, ...] = ("en",)
    spelling: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    # -- the whole query ------------------------------------------------------------------------------------------

    def query(self, query: Query, pending: Collection[Key] = (), *, ranked: bool = True) -> Clause:
        """All that a query asks: words, filters, access, and, if it is for ranking, what ranks higher."""
        words = self.words(query)
        clauses = [(MUST, self.access()), *self.excluded(pending)]
        clauses += [(MUST, clause) for clause in words.wanted]
        clauses += [(NOT, clause) for clause in words.unwanted]
        if query.among:
            clauses.append((MUST, flat(self.keyed(query.among))))
        for chosen in query.filters:
            clauses.append((NOT if chosen.negated else MUST, flat(self.filter(chosen))))
        if ranked:
            clauses += [(SHOULD, clause) for clause in self.preferences(query)]
        return tantivy.Query.boolean_query(clauses)

    def access(self) -> Clause:
        """What the reader may read; without principals nothing."""
        if not self.principals:
            return tantivy.Query.empty_query()
        return flat(self.any_of([self.term("readers", principal) for principal in sorted(self.principals)]))

    def excluded(self, pending: Collection[Key]) -> list[tuple[tantivy.Occur, Clause]]:
        """Things that count as not there."""
        if not pending:
            return []
        return [(NOT, self.keyed(pending))]

    def keyed(self, keys: Collection[Key]) -> Clause:
        """These things and no others."""
        return tantivy.Query.term_set_query(self.schema, "key", [str(key) for key in keys])

    # -- how clauses go together ----------------------------------------------------------------------------------

    def any_of(self, clauses: Sequence[Clause]) -> Clause:
        """What matches one of the clauses."""
        if len(clauses) == 1:
            return clauses[0]
        return tantivy.Query.boolean_query([(SHOULD, clause) for clause in clauses])

    def all_of(self, clauses: Sequence[Clause]) -> Clause:
        """What matches all of the clauses; everything when there are none."""
        if not clauses:
            return flat(tantivy.Query.all_query())
        if len(clauses) == 1:
            return clauses[0]
        return tantivy.Query.boolean_query([(MUST, clause) for clause in clauses])

    def best_of(self, clauses: Sequence[Clause]) -> Clause:
        """The best of the clauses counts, the others a little."""
        return tantivy.Query.disjunction_max_query(list(clauses), weights.TIE_BREAKER)

    def scaled(self, clause: Clause, factor: float) -> Clause:
        """The clause with its score multiplied."""
        return boost(clause, factor)

    def flat(self, clause: Clause, score: float = 0.0) -> Clause:
        """The clause with one score for all that matches."""
        return flat(clause, score)

    # -- words ----------------------------------------------------------------------------------------------------

    def word(self, word: str, title: bool = False) -> Clause:
        """A word in any field, the best field counting; its other spellings count less."""
        spellings = [(word, 1.0)] + [
            (other, weights.FUZZY[far]) for other, far in self.spelling.get(word, ())
        ]
        clauses = [
            boost(self.term(name, term), weight * factor)
            for spelling, factor in spellings
            for name, weight in fields(title)
            for term in ([spelling] if name in UNSTEMMED else self.stems(spelling))
        ]
        if not title:
            clauses += self._hidden(word)
        return self.best_of(clauses)

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
        return self.best_of([in_titles, anywhere])

    def exactly(self, word: str, title: bool = False) -> Clause:
        """A word that is not stemmed."""
        names = UNSTEMMED if title else (*UNSTEMMED, "words")
        return self.best_of([boost(self.term(name, word), weights.FIELDS.get(name, 1.0)) for name in names])

    def in_order(self, words: Sequence[str], title: bool = False) -> Clause:
        """Words next to each other within one field, by the stems of any language of the index."""
        return self.best_of([self._in_order(name, words, weight) for name, weight in fields(title)])

    def _in_order(self, name: str, words: Sequence[str], weight: float) -> Clause:
        if name in UNSTEMMED:
            return boost(tantivy.Query.phrase_query(self.schema, name, [*words]), weight)
        versions = dict.fromkeys(tuple(stem(word, language) for word in words) for language in self.languages)
        phrases = [tantivy.Query.phrase_query(self.schema, name, list(version)) for version in versions]
        return boost(self.any_of(phrases), weight)

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

    def titled(self, words: Sequence[str]) -> list[Clause]:
        """Whole titles, and titles with the words in this order."""
        clauses = [flat(self.term("whole", " ".join(words)), weights.WHOLE_TITLE)]
        if len(words) > 1:
            phrase = tantivy.Query.phrase_query(self.schema, "title_exact", [*words])
            clauses.append(boost(phrase, weights.TITLE_PHRASE))
        return clauses

    def described(self, words: Sequence[str]) -> Clause:
        """People's jobs and the like with the words in this order."""
        return self._in_order("profile", words, weights.PROFILE_PHRASE)

    # -- filters --------------------------------------------------------------------------------------------------

    def has(self, chosen: Filter) -> Clause:
        """What has one of the values, in facts that the reader may know."""
        if chosen.field == "updated":
            return self.any_of([self.updated(code) for code in chosen.codes])
        choices = one_by_one(chosen).choices
        return self.has_any([t for choice in choices for t in self.tokens(chosen.field, choice)])

    def has_any(self, tokens: Sequence[str]) -> Clause:
        """What has one of some marks. A few terms are quickest one by one, many as a set."""
        if not tokens:
            return tantivy.Query.empty_query()
        if len(tokens) > MOST_TERMS:
            return tantivy.Query.term_set_query(self.schema, "is", list(tokens))
        return self.any_of([self.term("is", mark) for mark in tokens])

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

    def count(self, clause: Clause) -> int:
        """How many entries a clause matches."""
        found: Any = self.searcher.search(clause, 1)
        return int(found.count)

    def term(self, name: str, value: str) -> Clause:
        """One token of a field."""
        option = "position" if name in weights.FIELDS or name == "cjk" else "basic"
        return tantivy.Query.term_query(self.schema, name, value, option)


def boost(clause: Clause, factor: float) -> Clause:
    """The clause with its score multiplied."""
    return clause if factor == 1.0 else tantivy.Query.boost_query(clause, factor)


def flat(clause: Clause, score: float = 0.0) -> Clause:
    """The clause with one score for all that matches."""
    return tantivy.Query.const_score_query(clause, score)
