"""Other spellings of words that nobody wrote: the server proposes words of the whole index, the reader's texts decide.

A proposal that stands in nothing the reader may read is dropped, so nobody learns a word from texts he may not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch.dsl import Q
from rapidfuzz.distance import OSA

from search.engines.elasticsearch.clauses import Builder
from search.engines.showing import spellable
from search.query import Query

MOST = 25
FEWEST = 5
MOST_WORDS = 6
PROPOSED = 60
SHORTEST = 4

Proposals = dict[str, list[tuple[str, int]]]


def doubtful(query: Query) -> list[str]:
    """The words whose spelling may be doubted."""
    found = (w for w in spellable(query) if len(w) >= SHORTEST and not any(c.isdigit() for c in w))
    return list(found)[:MOST_WORDS]


def probes(builder: Builder, words: Iterable[str]) -> list[dict[str, Any]]:
    """Searches that go with the first one: is each word known to the reader, and what is near to it in the index?"""
    words = list(words)
    if not words:
        return []
    known = [Q("bool", filter=[builder.access(), Q("term", words=word)]).to_dict() for word in words]
    near = {word: {"text": word, "term": _near(word)} for word in words}
    return [
        {"size": 0, "query": {"match_none": {}}, "suggest": near},
        *({"size": 0, "query": one, "terminate_after": 1, "track_total_hits": True} for one in known),
    ]


def _near(word: str) -> dict[str, Any]:
    return {
        "field": "words",
        "suggest_mode": "always",
        "sort": "score",
        "size": PROPOSED,
        "shard_size": PROPOSED,
        "max_edits": reach(word),
        "prefix_length": 0,
        "min_word_length": SHORTEST,
        "max_term_freq": 1e9,
        "accuracy": 0.4,
    }


def reach(word: str) -> int:
    """How many slips of the pen are forgiven."""
    return 1 if len(word) < 6 else 2


def proposals(words: Iterable[str], answers: list[dict[str, Any]]) -> Proposals:
    """For each word that the reader knows nothing of: near words with their distance, the best first."""
    if not answers:
        return {}
    suggested, *known = answers
    found: Proposals = {}
    for word, readable in zip(words, known, strict=True):
        if readable["hits"]["total"]:
            continue
        options = suggested["suggest"][word][0]["options"] if suggested["suggest"][word] else []
        near = _ordered(word, {option["text"]: option["freq"] for option in options})
        if near:
            found[word] = near
    most = max(MOST // max(len(found), 1), FEWEST)  # a server limits the clauses of a query
    return {word: near[:most] for word, near in found.items()}


def _ordered(word: str, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Near words with their distance: those with the same first letter, if there are any, the nearest first."""
    near = [(other, OSA.distance(word, other)) for other in counts]
    near = [(other, far) for other, far in near if 0 < far <= reach(word)]
    same = [(other, far) for other, far in near if other[:1] == word[:1]]
    return sorted(same or near, key=lambda each: (each[1], -counts[each[0]], each[0]))


def checking(builder: Builder, proposed: Proposals) -> dict[str, Any]:
    """A search that counts for each proposal in how many entries the reader may read it stands."""
    others = sorted({other for near in proposed.values() for other, _far in near})
    clause = Q("bool", filter=[builder.access(), Q("terms", words=others)])
    filters = {other: {"term": {"words": other}} for other in others}
    return {"size": 0, "query": clause.to_dict(), "aggs": {"others": {"filters": {"filters": filters}}}}


def readable(proposed: Proposals, answer: dict[str, Any]) -> Proposals:
    """The proposals that stand in something the reader may read; the more often, the sooner."""
    counts = {
        word: bucket["doc_count"] for word, bucket in answer["aggregations"]["others"]["buckets"].items()
    }
    found = {
        word: sorted(
            [(other, far) for other, far in near if counts[other]],
            key=lambda each: (each[1], -counts[each[0]], each[0]),
        )
        for word, near in proposed.items()
    }
    return {word: near for word, near in found.items() if near}
