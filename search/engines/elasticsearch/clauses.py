"""Elasticsearch's clauses. The reader's principals are part of every query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Clause

from search import weights
from search.analysis import bigrams
from search.engines.clauses import ClauseBuilder, fields
from search.engines.indexing import SEPARATOR, TEXTS
from search.engines.words import stem
from search.entries import EVERYBODY, Key, code_key
from search.grammar import Choice, Filter
from search.groups import one_by_one
from search.query import Query, updated_between

LEVELS = {"speaks": "languages.speaking", "reads": "languages.reading"}


@dataclass
class Builder(ClauseBuilder[Clause]):
    """Builds clauses for one reader. `spelling` gives other spellings, with distances, for words to be widened."""

    principals: frozenset[str]
    pending: Collection[Key] = ()
    spelling: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    # -- the whole query ------------------------------------------------------------------------------------------

    def query(self, query: Query, filters: Collection[Filter], *, ranked: bool) -> Clause:
        """What a query asks, with these of its filters; if it is for ranking, with all that ranks higher."""
        words = self.words(query)
        among = [Q("ids", values=[str(key) for key in query.among])] if query.among else []
        wanted = [*words.wanted] if query.words else [*words.wanted, self.flat(Q("match_all"), 1.0)]
        clause = Q(
            "bool",
            must=wanted,
            must_not=[*words.unwanted, *(self.filter(f) for f in filters if f.negated)],
            should=self.preferences(query) if ranked else [],
            filter=[self.access(), *among, *(self.filter(f) for f in filters if not f.negated)],
        )
        if not ranked:
            return clause
        standing = {"field": "standing", "missing": 1.0}
        return Q("function_score", query=clause, field_value_factor=standing, boost_mode="multiply")

    def access(self) -> Clause:
        """What the reader may read, without what counts as not there."""
        readers = Q("terms", readers=sorted(self.principals))
        if not self.pending:
            return readers
        return Q("bool", filter=[readers], must_not=[Q("ids", values=[str(key) for key in self.pending])])

    # -- how clauses go together ----------------------------------------------------------------------------------

    def any_of(self, clauses: Sequence[Clause]) -> Clause:
        """What matches one of the clauses."""
        return clauses[0] if len(clauses) == 1 else Q("bool", should=[*clauses], minimum_should_match=1)

    def all_of(self, clauses: Sequence[Clause]) -> Clause:
        """What matches all of the clauses; everything when there are none."""
        if not clauses:
            return self.flat(Q("match_all"))
        return clauses[0] if len(clauses) == 1 else Q("bool", must=[*clauses])

    def best_of(self, clauses: Sequence[Clause]) -> Clause:
        """The best of the clauses counts, the others a little."""
        if len(clauses) == 1:
            return clauses[0]
        return Q("dis_max", queries=[*clauses], tie_breaker=weights.TIE_BREAKER)

    def scaled(self, clause: Clause, factor: float) -> Clause:
        """The clause with its score multiplied."""
        return Q("bool", must=[clause], boost=factor)

    def flat(self, clause: Clause, score: float = 0.0) -> Clause:
        """The clause with one score for all that matches."""
        return Q("constant_score", filter=clause, boost=score)

    # -- words ----------------------------------------------------------------------------------------------------

    def word(self, word: str, title: bool = False) -> Clause:
        """A word in any field, the best field counting; its other spellings count less."""
        clauses = [self._in_fields(word, title)]
        by_distance: dict[int, list[str]] = defaultdict(list)
        for other, far in self.spelling.get(word, ()):
            by_distance[far].append(other)
        for far, others in by_distance.items():
            clauses.append(self._in_fields(" ".join(others), title, boost=weights.FUZZY[far]))
        if not title and self.principals - {EVERYBODY}:
            clauses.append(self._hidden(word))
        return self.best_of(clauses)

    def _in_fields(self, words: str, title: bool, kind: str = "best_fields", boost: float = 1.0) -> Clause:
        return Q(
            "multi_match",
            query=words,
            type=kind,
            fields=FIELDS_OF_TITLES if title else FIELDS,
            tie_breaker=weights.TIE_BREAKER,
            boost=boost,
        )

    def _hidden(self, word: str) -> Clause:
        """The word in facts that only some of the reader's principals open."""
        tokens = [
            f"{principal}{SEPARATOR}{stem(word)}" for principal in sorted(self.principals - {EVERYBODY})
        ]
        return self.flat(Q("terms", hidden=tokens), weights.HIDDEN * weights.RARITY)

    def prefix(self, start: str, title: bool = False) -> Clause:
        """Words that begin so: in titles through their stored beginnings, elsewhere through the vocabulary."""
        in_titles = self.flat(Q("term", starts=start), weights.FIELDS["title"] * weights.PREFIX)
        if title:
            return in_titles
        return self.best_of([in_titles, self.flat(Q("prefix", words=start), weights.PREFIX)])

    def exactly(self, word: str, title: bool = False) -> Clause:
        """A word that is not stemmed."""
        names = ("title_exact", "aliases") if title else ("title_exact", "aliases", "words")
        return self.best_of(
            [Q("term", **{name: {"value": word, "boost": weights.FIELDS.get(name, 1.0)}}) for name in names]
        )

    def in_order(self, words: Sequence[str], title: bool = False) -> Clause:
        """Words next to each other within one field."""
        return self._in_fields(" ".join(words), title, "phrase")

    def run(self, run: str) -> Clause:
        """A run of Chinese, Japanese or Korean characters."""
        pairs = bigrams(run)
        boost = weights.FIELDS["lead"]
        if len(pairs) > 1:
            return Q("match_phrase", cjk={"query": " ".join(pairs), "boost": boost})
        if len(run) > 1:
            return Q("term", cjk={"value": run, "boost": boost})
        return self.flat(Q("prefix", cjk=run), boost)

    def titled(self, words: Sequence[str]) -> list[Clause]:
        """Whole titles, and titles with the words in this order."""
        whole = " ".join(words)
        clauses = [self.flat(Q("term", whole=whole), weights.WHOLE_TITLE)]
        if len(words) > 1:
            clauses.append(Q("match_phrase", title_exact={"query": whole, "boost": weights.TITLE_PHRASE}))
        return clauses

    def described(self, words: Sequence[str]) -> Clause:
        """People's jobs and the like with the words in this order."""
        return Q(
            "multi_match",
            query=" ".join(words),
            type="phrase",
            fields=["text.*.profile"],
            boost=weights.PROFILE_PHRASE,
        )

    # -- filters --------------------------------------------------------------------------------------------------

    def has(self, chosen: Filter) -> Clause:
        """What has one of the values, in facts that the reader may know."""
        if chosen.field == "updated":
            return self.any_of([updated(code) for code in chosen.codes])
        chosen = one_by_one(chosen)
        if chosen.field in LEVELS:
            return self.any_of([*self._at_levels(LEVELS[chosen.field], chosen.choices)])
        return Q(
            "terms", **{"is": [t for choice in chosen.choices for t in self.tokens(chosen.field, choice)]}
        )

    def _at_levels(self, level: str, choices: Sequence[Choice]) -> Iterator[Clause]:
        """Who has one of some languages, in one fact that the reader may know, at its level at least."""
        codes: dict[int, list[str]] = defaultdict(list)
        for choice in choices:
            codes[max(choice.level, 1)].append(code_key(choice.code))
        for least, alike in codes.items():
            known = [
                Q("terms", languages__codes=alike),
                Q("terms", languages__principal=sorted(self.principals)),
                Q("range", **{level: {"gte": least}}),
            ]
            yield Q("nested", path="languages", query=Q("bool", filter=known), score_mode="none")


def updated(code: str) -> Clause:
    """What was changed in a span of time."""
    since, until = updated_between(code)
    span = {"gte": int(since.timestamp())} if since else {}
    return Q("range", updated=span | ({"lt": int(until.timestamp())} if until else {}))


def _weighted(title: bool) -> list[str]:
    return [f"{f'text.*.{name}' if name in TEXTS else name}^{weight}" for name, weight in fields(title)]


FIELDS = _weighted(title=False)
FIELDS_OF_TITLES = _weighted(title=True)
