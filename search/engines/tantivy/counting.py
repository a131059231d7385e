"""Facets: exact counts over all hits of what the reader may know, each facet as if nothing were chosen in it.

What everybody may know is counted over all hits; facts with fewer readers only over the few hits that have some which
this reader may know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import accumulate
from typing import Any, NamedTuple

import tantivy

from search.engines.indexing import AGES, FACETS, NARROW, SEPARATOR, SHOWN, token
from search.engines.tantivy.clauses import MUST, Builder, flat
from search.entries import EVERYBODY, Key
from search.query import Query, updated_between
from search.results import Facet, FacetValue

EXACT = 65_000

Buckets = list[dict[str, Any]]


class Count(NamedTuple):
    """How often a value was counted, for how many principals, and its words."""

    total: int
    label: str
    parent: str
    principals: int


def facets(builder: Builder, query: Query, pending: Collection[Key]) -> tuple[Facet, ...]:
    """The facets a query wants, in its order; one aggregation for all, and one for each that has a selection."""
    wanted = [name for name in query.facets if name in FACETS or name == "updated"]
    free = [name for name in wanted if not query.selected(name)]
    found = _counted(builder, query, builder.query(query, pending, ranked=False), free)
    for name in wanted:
        if name not in found:
            found |= _counted(
                builder, query, builder.query(query.without(name), pending, ranked=False), [name]
            )
    return tuple(found[name] for name in wanted)


def _counted(builder: Builder, query: Query, clause: tantivy.Query, names: list[str]) -> dict[str, Facet]:
    """The named facets of one set of hits."""
    if not names:
        return {}
    asked = {name: _ages() if name == "updated" else _open_terms(query, name) for name in names}
    answer = _complete(builder, clause, builder.searcher.aggregate(clause, asked))
    narrow = _narrow(builder, clause, [name for name in names if name in NARROW])
    found = {}
    for name in names:
        buckets = answer[name]["buckets"]
        if name == "updated":
            found[name] = Facet(name, _by_age(buckets, set(query.selected(name))))
        else:
            found[name] = _facet(builder, query, name, [*buckets, *narrow.get(name, ())], clause)
    return found


def _complete(builder: Builder, clause: tantivy.Query, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with all values of facets that were cut among equals: which of them are shown is not chance."""
    cut = {
        name: _terms(f"facet_{name}")
        for name, found in answer.items()
        if len(found["buckets"]) == 2 * SHOWN
        and found["buckets"][-1]["doc_count"] == found["buckets"][SHOWN - 1]["doc_count"]
    }
    return answer | (builder.searcher.aggregate(clause, cut) if cut else {})


def _open_terms(query: Query, name: str) -> dict[str, Any]:
    """Exact counts; of all values where some are chosen or counts of narrower facts are added, else of the first."""
    return _terms(f"facet_{name}", EXACT if name in NARROW or query.selected(name) else 2 * SHOWN)


def _terms(name: str, size: int = EXACT) -> dict[str, Any]:
    return {"terms": {"field": name, "size": size, "segment_size": EXACT}}


def _narrow(builder: Builder, clause: tantivy.Query, names: list[str]) -> dict[str, Buckets]:
    """Counts of facts that only some may know, over the hits that have any for this reader."""
    tokens = [token("narrow", principal, "") for principal in sorted(builder.principals - {EVERYBODY})]
    if not names or not tokens:
        return {}
    having = flat(builder.has_any(tokens))
    both = tantivy.Query.boolean_query([(MUST, clause), (MUST, having)])
    answer = builder.searcher.aggregate(both, {name: _terms(f"narrow_{name}") for name in names})
    allowed = tuple(f"{principal}{SEPARATOR}" for principal in builder.principals)
    return {name: [b for b in answer[name]["buckets"] if b["key"].startswith(allowed)] for name in names}


def _ages() -> dict[str, Any]:
    """One span for each age, from its beginning to that of the next younger one: spans may not overlap."""
    spans: list[dict[str, Any]] = []
    for code in AGES:
        since, _until = updated_between(code)
        begin = since.timestamp() if since else 0.0
        spans.append({"key": code, "from": begin} | ({"to": spans[-1]["from"]} if spans else {}))
    return {"range": {"field": "updated", "ranges": spans}}


def _by_age(buckets: Buckets, chosen: set[str]) -> tuple[FacetValue, ...]:
    """Each age counts the younger ones too."""
    counts = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    sums = accumulate(counts.get(code, 0) for code in AGES)
    return tuple(
        FacetValue(code, code, total, code in chosen) for code, total in zip(AGES, sums, strict=True)
    )


def _facet(builder: Builder, query: Query, name: str, buckets: Buckets, clause: tantivy.Query) -> Facet:
    """The most frequent values, and all that are chosen. One entry counts once for each value."""
    chosen = set(query.selected(name))
    counts = _by_code(buckets)
    ordered = sorted(counts, key=lambda code: (-counts[code].total, counts[code].label, code))
    shown = ordered[:SHOWN] + sorted(chosen - set(ordered[:SHOWN]))
    values = []
    for code in shown:
        count = counts.get(code, Count(0, code, "", 2))
        total = count.total if count.principals < 2 else _once(builder, name, code, clause)
        values.append(FacetValue(code, count.label, total, code in chosen, count.parent))
    return Facet(name, tuple(sorted(values, key=lambda value: (-value.count, value.label, value.value))))


def _by_code(buckets: Buckets) -> dict[str, Count]:
    """Counts by value. A value counted for several principals, or under two labels, may be counted twice."""
    found: dict[str, Count] = {}
    open_codes: dict[str, int] = defaultdict(int)
    for bucket in sorted(buckets, key=lambda bucket: (-bucket["doc_count"], bucket["key"])):
        principal, code, label, parent = bucket["key"].split(SEPARATOR)
        known = found.get(code) or Count(0, label, parent, 0)
        doubtful = principal != EVERYBODY or open_codes[code] > 0
        open_codes[code] += principal == EVERYBODY
        found[code] = known._replace(
            total=known.total + bucket["doc_count"], principals=known.principals + doubtful
        )
    return found


def _once(builder: Builder, name: str, code: str, clause: tantivy.Query) -> int:
    """How many hits have a value, for whichever of the reader's principals."""
    tokens = [token(name, principal, code) for principal in sorted(builder.principals)]
    having = flat(builder.has_any(tokens))
    both = tantivy.Query.boolean_query([(MUST, clause), (MUST, having)])
    return builder.count(both)
