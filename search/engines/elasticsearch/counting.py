"""Facets: exact counts over all hits of what the reader may know, each facet as if nothing were chosen in it.

All in the one request of a page: filters chosen in a facet narrow the hits after counting, and each facet is counted
under those of the others. A fact with fewer readers is counted through the entry it belongs to, so one person is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from elasticsearch.dsl import A, Q
from elasticsearch.dsl.aggs import Agg

from search.engines.elasticsearch.clauses import Builder
from search.engines.elasticsearch.mapping import FACET_SEPARATOR
from search.engines.indexing import AGES, FACETS, NARROW, SHOWN
from search.entries import EVERYBODY
from search.grammar import Choice, Filter
from search.query import Query, updated_between
from search.results import Facet, FacetValue

EVERY = 10_000
MOST_FIRST = [{"_count": "desc"}, {"_key": "asc"}]
FREE, CHOSEN = "free", "chosen"


def wanted(query: Query) -> list[str]:
    """The facets of a query that are counted."""
    return [name for name in query.facets if name in FACETS or name == "updated"]


def chosen(query: Query) -> list[Filter]:
    """The filters that narrow the hits only after the facets were counted."""
    names = [name for name in wanted(query) if query.selected(name)]
    return [f for f in query.filters if f.field in names and not f.negated]


def aggregations(builder: Builder, query: Query) -> dict[str, Agg]:
    """What to count: all facets without a choice together, each other one by itself."""
    names, filters = wanted(query), chosen(query)
    groups = {FREE: [name for name in names if not query.selected(name)]}
    groups |= {name: [name] for name in names if query.selected(name)}
    counted = {
        group: _group(builder, filters, group, members) for group, members in groups.items() if members
    }
    for name in groups:
        if codes := query.selected(name):
            having = {code: builder.filter(Filter(name, (Choice(code),))) for code in codes}
            counted[name].bucket(CHOSEN, "filters", filters=having)
    return counted


def _group(builder: Builder, filters: Sequence[Filter], group: str, names: Sequence[str]) -> Agg:
    others = [builder.filter(f) for f in filters if f.field != group]
    found = A("filter", Q("bool", filter=others) if others else Q("match_all"))
    for name in names:
        if name == "updated":
            found.bucket(name, "range", field="updated", ranges=_ages())
            continue
        size = EVERY if name in NARROW or name == group else 2 * SHOWN
        found.bucket(name, "terms", field=f"facet.{name}", size=size, order=MOST_FIRST)
        if name in NARROW and builder.principals - {EVERYBODY}:
            found.bucket(f"narrow_{name}", _narrow(builder, name))
    return found


def _narrow(builder: Builder, name: str) -> Agg:
    """Facts with fewer readers, counted by the entries that have them."""
    known = [Q("term", narrow__field=name), Q("terms", narrow__principal=sorted(builder.principals))]
    found = A("nested", path="narrow")
    codes = found.bucket("known", "filter", Q("bool", filter=known)).bucket(
        "codes", "terms", field="narrow.code", size=EVERY
    )
    codes.bucket("entries", "reverse_nested")
    codes.bucket("words", "terms", field="narrow.label", size=1, order=MOST_FIRST)
    return found


def _ages() -> list[dict[str, Any]]:
    return [
        {"key": code, "from": int(since.timestamp())} for code in AGES if (since := updated_between(code)[0])
    ]


# -- reading the answer -------------------------------------------------------------------------------------------


def facets(query: Query, answer: dict[str, Any]) -> tuple[Facet, ...]:
    """The facets of an answer, in the query's order."""
    return tuple(
        _facet(query, name, answer[name if query.selected(name) else FREE]) for name in wanted(query)
    )


def _facet(query: Query, name: str, counted: dict[str, Any]) -> Facet:
    selected = query.selected(name)
    if name == "updated":
        counts = {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]}
        return Facet(
            name, tuple(FacetValue(code, code, counts.get(code, 0), code in selected) for code in AGES)
        )
    values: dict[str, FacetValue] = {}
    for term, count in sorted(_counts(name, counted, selected), key=lambda each: (-each[1], each[0])):
        label, code, parent = term.split(FACET_SEPARATOR)
        known = values.get(code) or FacetValue(code, label, 0, code in selected, parent)
        values[code] = FacetValue(code, known.label, known.count + count, known.selected, known.parent)
    having = {code: counted[CHOSEN]["buckets"][code]["doc_count"] for code in selected}
    return Facet(name, _shown(values, having))


def _counts(name: str, counted: dict[str, Any], selected: Collection[str]) -> Iterator[tuple[str, int]]:
    """The values that may be shown: the most frequent, what is chosen, and what narrower facts are added to.

    There may be thousands of others.
    """
    found = counted.get(f"narrow_{name}")
    buckets = found["known"]["codes"]["buckets"] if found else ()
    narrow = [(bucket["words"]["buckets"][0]["key"], bucket["entries"]["doc_count"]) for bucket in buckets]
    raised = {_code(term) for term, _count in narrow} | set(selected)
    for index, bucket in enumerate(counted[name]["buckets"]):
        if index < SHOWN or (raised and _code(bucket["key"]) in raised):
            yield bucket["key"], bucket["doc_count"]
    yield from narrow


def _code(term: str) -> str:
    return term.split(FACET_SEPARATOR)[1]


def _shown(values: dict[str, FacetValue], having: dict[str, int]) -> tuple[FacetValue, ...]:
    """The most frequent values, and all that are chosen, which may have no words of their own: a macrolanguage."""
    ordered = sorted(values.values(), key=lambda value: (-value.count, value.label, value.value))
    shown = ordered[:SHOWN]
    missing = having.keys() - {value.value for value in shown}
    shown += [values.get(code) or FacetValue(code, code, having[code], True) for code in sorted(missing)]
    return tuple(sorted(shown, key=lambda value: (-value.count, value.label, value.value)))
