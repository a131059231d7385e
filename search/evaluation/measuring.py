"""Asks judged queries as a reader, and turns the answers into figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search import actions
from search.dictionary import dictionary
from search.entries import Key
from search.evaluation import metrics
from search.evaluation.baseline import PlainBM25
from search.evaluation.judgements import Answer, Asked, Judgements
from search.evaluation.naming import names_of
from search.query import Query
from search.sources import sources

DEPTH = 100
Asking = Callable[[str], Sequence[tuple[Key, float]]]
Asker = Callable[[Any, int], Asking]


@dataclass(frozen=True)
class Figures:
    """Means over the queries of a category that have a right answer; `empty` is over those that have none.

    `values` holds P@1, MRR, nDCG@10, recall@10 and recall at the depth asked for, by their names in `NAMES`.
    """

    category: str
    queries: int
    values: dict[str, float] = field(default_factory=dict)
    unanswered: int = 0
    answerless: int = 0


@dataclass(frozen=True)
class Run:
    """What was answered: a ranking by query, and the milliseconds each took."""

    tag: str
    answers: Mapping[str, Sequence[Answer]]
    times: Sequence[float]

    @property
    def median(self) -> float:
        """The median time of a query, in milliseconds."""
        return metrics.percentile(self.times, 0.5)

    @property
    def p95(self) -> float:
        """The time that 95 of 100 queries did not exceed, in milliseconds."""
        return metrics.percentile(self.times, 0.95)


def ours(reader: Any, depth: int = DEPTH) -> Asking:
    """Ask as the search page does, as this reader."""

    def ask(text: str) -> list[tuple[Key, float]]:
        query = Query.parse(text, dictionary=dictionary(), facets=()).matching(size=depth)
        return [(hit.key, hit.score) for hit in actions.find(query, reader)]

    return ask


askers: dict[str, Asker] = {"search": ours}


def register(name: str, asker: Asker) -> None:
    """Make known another page that answers: from a reader and a depth to what asks a text of it."""
    askers[name] = asker


def plain_bm25(reader: Any, depth: int = DEPTH) -> Asking:
    """Ask plain BM25 over what this reader may read."""
    entries = (entry for known in sources() for entry in known.entries())
    index = PlainBM25(entries, actions.principals(reader))
    return lambda text: index.search(text, depth)


def run(tag: str, queries: Sequence[Asked], judgements: Judgements, ask: Asking) -> Run:
    """Ask all queries. Raises SearchUnavailable."""
    found: dict[str, Sequence[tuple[Key, float]]] = {}
    times = []
    for asked in queries[:1]:
        ask(asked.text)  # what is read once is not the query's own time
    for asked in queries:
        started = time.perf_counter()
        found[asked.id] = ask(asked.text)
        times.append((time.perf_counter() - started) * 1_000)
    names = names_of({key for ranking in found.values() for key, _score in ranking})
    answers = {
        query: [Answer(_name(names[key], judgements.get(query, {})), score) for key, score in ranking]
        for query, ranking in found.items()
    }
    return Run(tag, answers, times)


def _name(names: Sequence[str], judged: Mapping[str, int]) -> str:
    """The name by which a document was judged, or its first."""
    return next((name for name in names if name in judged), names[0])


def figures(
    queries: Sequence[Asked], judgements: Judgements, found: Run, depth: int = DEPTH
) -> list[Figures]:
    """The figures of each category in the order in which they first appear, and of all queries last."""
    categories = list(dict.fromkeys(asked.category for asked in queries))
    rows = [
        _figures(
            category, [asked for asked in queries if asked.category == category], judgements, found, depth
        )
        for category in categories
    ]
    return [*rows, _figures("overall", queries, judgements, found, depth)]


def _figures(
    category: str, queries: Sequence[Asked], judgements: Judgements, found: Run, depth: int
) -> Figures:
    judged = {asked.id: [*judgements.get(asked.id, {}).values()] for asked in queries}
    answerable = [name for name, grades in judged.items() if any(grade > 0 for grade in grades)]
    measured = [measures(found.answers[name], judgements[name], depth) for name in answerable]
    values = (
        {name: metrics.mean([row[name] for row in measured]) for name in names(depth)} if measured else {}
    )
    others = [name for name in judged if name not in set(answerable)]
    if others:
        values["empty"] = metrics.mean([float(not found.answers[name]) for name in others])
    unanswered = sum(not found.answers[name] for name in answerable)
    return Figures(category, len(queries), values, unanswered, len(others))


def measures(ranking: Sequence[Answer], judged: Mapping[str, int], depth: int = DEPTH) -> dict[str, float]:
    """All measures of one ranking."""
    grades, every = [judged.get(answer.name, 0) for answer in ranking], [*judged.values()]
    values = (
        metrics.precision_at_1(grades),
        metrics.reciprocal_rank(grades),
        metrics.ndcg(grades, every, 10),
        metrics.recall(grades, every, 10),
        metrics.recall(grades, every, depth),
    )
    return dict(zip(names(depth), values, strict=False))


def names(depth: int = DEPTH) -> list[str]:
    """The names of the measures, as they are printed and as minima name them."""
    return list(dict.fromkeys(["P@1", "MRR", "nDCG@10", "recall@10", f"recall@{depth}"]))
