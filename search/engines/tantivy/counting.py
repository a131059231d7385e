"""Facets: exact counts over all hits of what the reader may know, each facet as if nothing were chosen in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import accumulate
from typing import Any

import tantivy

from search.engines.tantivy.clauses import MUST, Builder, flat
from search.engines.tantivy.documents import token
from search.engines.tantivy.schema import FACETS, SEPARATOR
from search.entries import EVERYBODY, Key
from search.query import Query, updated_between
from search.results import Facet, FacetValue

MOST_VALUES = 65_000
SHOWN = 40
AGES = ("<30d", "<1y")

Buckets = list[dict[str, Any]]


def facets(builder: Builder, query: Query, main: tantivy.Query, pending: Collection[Key]) -> tuple[Facet, ...]:
    """The facets a query wants, in its order; one aggregation for all, and one for each that has a selection."""
    wanted = [name for name in query.facets if name in FACETS or name == "updated"]
    free = [name for name in wanted if not query.selected(name)]
    answers = _aggregate(builder, main, free)
    clauses = dict.fromkeys(free, main)
    for name in wanted:
        if name not in free:
            clauses[name] = builder.query(query.without(name), pending)
            answers |= _aggregate(builder, clauses[name], [name])
    return tuple(_facet(builder, query, name, answers[name], clauses[name]) for name in wanted)


def _aggregate(builder: Builder, clause: tantivy.Query, names: Iterable[str]) -> dict[str, Buckets]:
    wanted = {name: _ages() if name == "updated" else _terms(builder.principals, name) for name in names}
    if not wanted:
        return {}
    answer = builder.searcher.aggregate(clause, wanted)
    return {name: answer[name]["buckets"] for name in wanted}


def _terms(principals: frozenset[str], name: str) -> dict[str, Any]:
    terms: dict[str, Any] = {"field": f"facet_{name}", "size": MOST_VALUES, "segment_size": MOST_VALUES}
    if name in ("lang", "skill", "post", "now", "region"):
        allowed = "|".join(re.escape(principal) for principal in sorted(principals))
        terms["include"] = f"({allowed}){SEPARATOR}.*"
    return {"terms": terms}


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
    return tuple(FacetValue(code, code, total, code in chosen) for code, total in zip(AGES, sums, strict=True))


def _facet(builder: Builder, query: Query, name: str, buckets: Buckets, clause: tantivy.Query) -> Facet:
    chosen = set(query.selected(name))
    if name == "updated":
        return Facet(name, _by_age(buckets, chosen))
    values = _values(builder, name, buckets, clause, chosen)
    values.sort(key=lambda value: (-value.count, value.label, value.value))
    shown = values[:SHOWN] + [value for value in values[SHOWN:] if value.selected]
    missing = sorted(chosen - {value.value for value in shown})
    return Facet(name, (*shown, *(FacetValue(code, code, 0, True) for code in missing)))


def _values(
    builder: Builder, name: str, buckets: Buckets, clause: tantivy.Query, chosen: set[str]
) -> list[FacetValue]:
    found: dict[str, list[tuple[str, str, str, int]]] = defaultdict(list)
    for bucket in buckets:
        principal, code, label, parent = bucket["key"].split(SEPARATOR)
        if principal in builder.principals:
            found[code].append((principal, label, parent, bucket["doc_count"]))
    return [
        FacetValue(code, rows[0][1], _count(builder, name, code, rows, clause), code in chosen, rows[0][2])
        for code, rows in found.items()
    ]


def _count(builder: Builder, name: str, code: str, rows: list[tuple[str, str, str, int]], clause: tantivy.Query) -> int:
    """How many hits have a value. One entry may hold it for two of the reader's principals, and counts once."""
    narrow = {principal for principal, *_rest in rows if principal != EVERYBODY}
    if len(narrow) < 2 and len(rows) == len({principal for principal, *_rest in rows}):
        return sum(row[3] for row in rows)
    tokens = [token(name, principal, code) for principal in sorted(builder.principals)]
    has_value = flat(tantivy.Query.term_set_query(builder.schema, "is", tokens))
    both = tantivy.Query.boolean_query([(MUST, clause), (MUST, has_value)])
    return int(builder.searcher.search(both, 1).count)
