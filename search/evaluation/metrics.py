"""Measures of one ranking. A ranking is the grades of its documents in order; 0 is not relevant, more is better.

nDCG is Järvelin and Kekäläinen's (ACM TOIS 20(4), 2002), as trec_eval computes it: the gain of a document is its grade
(linear), divided by log2(rank + 1), over the same sum for the best order of all judged documents. The binary measures
count every grade above 0 as relevant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Grades = Sequence[int]


def precision_at_1(ranking: Grades) -> float:
    """1 when the first document is relevant."""
    return float(bool(ranking) and ranking[0] > 0)


def reciprocal_rank(ranking: Grades) -> float:
    """One over the rank of the first relevant document; 0 when there is none."""
    return next((1 / rank for rank, grade in enumerate(ranking, 1) if grade > 0), 0.0)


def dcg(ranking: Grades, depth: int) -> float:
    """The discounted cumulated gain of the first `depth` documents."""
    return sum(max(grade, 0) / math.log2(rank + 1) for rank, grade in enumerate(ranking[:depth], 1))


def ndcg(ranking: Grades, judged: Grades, depth: int = 10) -> float:
    """The gain, as a share of what the best order of all `judged` grades would have; 0 when nothing is relevant."""
    ideal = dcg(sorted(judged, reverse=True), depth)
    return dcg(ranking, depth) / ideal if ideal else 0.0


def recall(ranking: Grades, judged: Grades, depth: int) -> float:
    """The share of all relevant documents that stand among the first `depth`; 0 when nothing is relevant."""
    relevant = sum(grade > 0 for grade in judged)
    return sum(grade > 0 for grade in ranking[:depth]) / relevant if relevant else 0.0


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of nothing."""
    return math.fsum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed (nearest rank); 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else 0.0


def overlap(one: Sequence[str], other: Sequence[str], depth: int = 10) -> float:
    """The share of the first `depth` documents that two rankings have in common; 1 when both are empty."""
    first, second = set(one[:depth]), set(other[:depth])
    return len(first & second) / max(len(first), len(second)) if first or second else 1.0
