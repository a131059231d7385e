"""What comes back from an engine. Nothing here is markup: marks are neutral segments a template escapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, overload

from search.entries import Key, Label


class Segment(NamedTuple):
    """A stretch of text, and whether it is what was asked for."""

    text: str
    marked: bool = False


Segments = tuple[Segment, ...]


class Reason(NamedTuple):
    """Why something was found: `kind` is language, post, skill, region, alias, tag or fact.

    Of what somebody did it is wrote, contact or verified; `url` is where what is marked leads to, if anywhere.
    """

    kind: str
    segments: Segments
    url: str = ""

    def __str__(self) -> str:
        return "".join(segment.text for segment in self.segments)


class Face(NamedTuple):
    """What stands before the name of a person: the address of a photo, else the initials.

    `to_ask` is whether one may turn to them.
    """

    photo: str
    initials: str
    to_ask: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing found, with all that a result page shows of it.

    `why` are the facts that were found; `told` is what is known besides, and nothing was found by it.
    """

    kind: str
    pk: int
    url: str
    title: Segments
    snippet: Segments = ()
    why: tuple[Reason, ...] = ()
    role: str = ""
    restriction: str = ""
    template: Label | None = None
    region: Label | None = None
    updated: datetime | None = None
    verified: str = "no"
    score: float = 0.0
    face: Face | None = None
    told: tuple[Reason, ...] = ()

    @property
    def key(self) -> Key:
        """The entry this hit stands for."""
        return Key(self.kind, self.pk)

    @property
    def name(self) -> str:
        """The title as plain text."""
        return "".join(segment.text for segment in self.title)


class LazyHits(Sequence[Hit]):
    """Hits that are made when they are looked at: who asks for hundreds shows only a few of them."""

    def __init__(self, makers: Mapping[Key, Callable[[], Hit]]) -> None:
        self.makers = makers
        self.keys = list(makers)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        if isinstance(index, slice):
            return [self.makers[key]() for key in self.keys[index]]
        return self.makers[self.keys[index]]()

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet, with the number of hits it would leave. `parent` is "" outside trees."""

    value: str
    label: str
    count: int
    selected: bool = False
    parent: str = ""


class Facet(NamedTuple):
    """Counts over all hits, as if nothing were selected in this facet itself; the most frequent first."""

    name: str
    values: tuple[FacetValue, ...]


class Suggestion(NamedTuple):
    """A title or a name that begins as the reader typed."""

    kind: str
    pk: int
    url: str
    title: Segments
    detail: str = ""

    @property
    def name(self) -> str:
        """The title as plain text."""
        return "".join(segment.text for segment in self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results(Sequence[Hit]):
    """One page of hits, and what is known of all of them. `took` is in milliseconds.

    A sequence of the page's hits. For Django's Paginator use `Pages(results)`, which knows the total.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    suggestion: str = ""
    similar: bool = False
    notes: tuple[str, ...] = field(default=())
    took: float = 0.0

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @property
    def makers(self) -> Mapping[Key, Callable[[], Hit]]:
        """What makes each hit, by what it stands for."""
        if isinstance(self.hits, LazyHits):
            return self.hits.makers
        return {hit.key: _made(hit) for hit in self.hits}

    @property
    def keys(self) -> list[Key]:
        """What the hits stand for; none is made for that."""
        return list(self.makers)

    def facet(self, name: str) -> Facet:
        """The named facet; empty when it was not asked for."""
        return next((facet for facet in self.facets if facet.name == name), Facet(name, ()))


def _made(hit: Hit) -> Callable[[], Hit]:
    return lambda: hit
