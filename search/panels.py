"""What a result page shows beside its hits: tabs by kind, facets with their words, chips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from search.grammar import FIELDS
from search.query import Chip, Query
from search.results import Facet, FacetValue, Results
from search.sources import sources
from search.wording import called

PERSON = "person"
MOST_OPTIONS = 8
LEGENDS: Mapping[str, str | Promise] = {
    "template": _("Kind"),
    "tag": _("Topic"),
    "lang": _("Languages"),
    "post": _("Served in"),
    "skill": _("Skills"),
}
WORDS: Mapping[tuple[str, str], str | Promise] = {
    ("verified", "yes"): _("Verified"),
    ("verified", "due"): _("Review due"),
    ("verified", "no"): _("Not verified"),
    ("updated", "<30d"): _("Last 30 days"),
    ("updated", "<1y"): _("Last year"),
}
BUREAU = " (bureau)"  # as the index has it of regions that a bureau looks after
SEALS = {"yes": "verified", "due": "stale", "no": "open"}


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind of result, with its number of hits."""

    label: str
    count: int
    url: str
    current: bool
    people: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet. `inner` stands under the one before it; `seal` is a mark of trust, or empty."""

    value: str
    label: str
    count: int
    selected: bool
    inner: bool = False
    seal: str = ""


class Panel(NamedTuple):
    """One facet. `single` allows one choice only."""

    name: str
    legend: str
    options: tuple[Option, ...]
    single: bool = False

    @property
    def chosen(self) -> bool:
        """Whether anything is chosen in it."""
        return any(option.selected for option in self.options)


def words() -> dict[tuple[str, str], str]:
    """The words for codes that the search itself knows."""
    kinds = {("kind", known.kind): str(known.label_plural) for known in sources()}
    return kinds | {key: str(text) for key, text in WORDS.items()}


def spoken(facet: str, code: str, label: str) -> str:
    """A label of the index, which has them all in one language, in the reader's where that has a word for it."""
    if facet == "template":
        return pgettext("kind of article", label)
    if facet == "region" and label.endswith(BUREAU):
        return gettext("%s (bureau)") % called(facet, code, label.removesuffix(BUREAU))
    if facet == "lang":
        return capfirst(called(facet, code, label))
    return gettext(label) if facet == "available" and label else called(facet, code, label)


def tabs(query: Query, results: Results) -> tuple[Tab, ...]:
    """All results, then each kind that has any."""
    labels = words()
    values = results.facet("kind").values
    chosen = query.selected("kind")
    everything = Tab(
        pgettext("results", "All"), sum(value.count for value in values), _kind_url(query, ""), not chosen
    )
    kinds = (
        Tab(
            labels.get(("kind", v.value), v.label),
            v.count,
            _kind_url(query, v.value),
            chosen == (v.value,),
            v.value == PERSON,
        )
        for v in sorted(values, key=lambda value: value.value)
    )
    return (everything, *kinds)


def _kind_url(query: Query, kind: str) -> str:
    bare = query.without("kind")
    return replace(bare, text=bare.typed).url(kind=kind) if query.selected("kind") else query.url(kind=kind)


def panels(query: Query, results: Results) -> tuple[Panel, ...]:
    """The facets that would narrow the results, with words for their values."""
    made = (_panel(facet, results.total) for facet in results.facets if facet.name != "kind")
    return tuple(panel for panel in made if panel.options)


def _panel(facet: Facet, total: int) -> Panel:
    labels = words()
    values = list(facet.values)
    if facet.name == "region" and len(values) > MOST_OPTIONS:
        values = [value for value in values if value.selected or value.count < total]
    shown = [v for i, v in enumerate(values) if v.selected or (v.count and i < MOST_OPTIONS)]
    options = (
        Option(
            value.value,
            labels.get((facet.name, value.value)) or spoken(facet.name, value.value, value.label),
            value.count,
            value.selected,
            inner,
            SEALS.get(value.value, "") if facet.name == "verified" else "",
        )
        for value, inner in _nested(shown)
    )
    legend = LEGENDS.get(facet.name) or FIELDS[facet.name]
    return Panel(facet.name, str(legend), tuple(options), single=facet.name == "updated")


def _nested(values: Iterable[FacetValue]) -> Iterator[tuple[FacetValue, bool]]:
    """Values with those that stand under them right after them."""
    values = list(values)
    codes = {value.value for value in values}
    for value in values:
        if value.parent in codes and value.parent != value.value:
            continue
        yield value, False
        yield from ((inner, True) for inner in values if inner.parent == value.value and inner is not value)


def chips(query: Query, results: Results) -> tuple[Chip, ...]:
    """The active conditions, in the words of the facets where those are better."""
    labels = words() | {
        (facet.name, v.value): spoken(facet.name, v.value, v.label)
        for facet in results.facets
        for v in facet.values
        if v.label
    }
    return query.chips_named(labels | words())
