"""Which regions lie in which: Ethiopia in the Horn of Africa, in Eastern Africa, in Africa.

The whole graph is a few hundred rows. It is kept in memory, forgotten when a region is saved in
this process, and looked at again at least once a minute for changes made in others. Who writes what
will be read for longer than that, such as the search's entries, asks for it to be looked at first.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from people.display_names import city_name
from people.models import Region
from search.models import Mark

LOOK_AGAIN = 60.0  # seconds
MARK = 3  # our row of the marks: its word changes with the graph, in whichever process


@dataclass(frozen=True)
class Atlas:
    """All regions by primary key, and above and below each (itself not included)."""

    by_pk: Mapping[int, Region]
    by_code: Mapping[str, Region]
    by_slug: Mapping[str, Region]
    above: Mapping[int, frozenset[int]]
    below: Mapping[int, frozenset[int]]
    read_at: float
    mark: str


_kept: list[Atlas] = []
_lock = Lock()


def atlas() -> Atlas:
    """The graph, read again when it may have changed. Three queries then, none otherwise."""
    with _lock:
        if not _kept or time.monotonic() - _kept[0].read_at > LOOK_AGAIN:
            _kept[:] = [_read()]
        return _kept[0]


def forget() -> None:
    """Read the graph again at the next question."""
    _kept.clear()


def changed() -> None:
    """Have every process read the graph again. Call it in the transaction of the change."""
    forget()
    Mark.renew(MARK)


def refresh() -> None:
    """Look now whether another process changed the graph. One small query."""
    if _kept and _kept[0].mark != _mark():
        forget()


def name_of(slug: str, otherwise: str = "") -> str:
    """What a region is called where somebody reads, by its address; `otherwise` for an unknown one."""
    region = atlas().by_slug.get(slug)
    return str(region) if region else otherwise or slug


def place_name(slug: str, otherwise: str = "") -> str:
    """The same of a region or, by its English name, of a city."""
    return name_of(slug, city_name(otherwise))


def ancestors(pk: int) -> frozenset[int]:
    """Primary keys of every region that this one lies in."""
    return atlas().above.get(pk, frozenset())


def descendants(pk: int) -> frozenset[int]:
    """Primary keys of every region that lies in this one."""
    return atlas().below.get(pk, frozenset())


def with_descendants(pk: int) -> frozenset[int]:
    """The region and all that lies in it."""
    return descendants(pk) | {pk}


def surroundings(pk: int) -> frozenset[int]:
    """What a region lies in, but the world and the ministry's bureaux."""
    known = atlas().by_pk
    return frozenset(one for one in ancestors(pk) if known[one].kind in (Region.Kind.NAMED, Region.Kind.M49))


def _mark() -> str:
    return Mark.objects.filter(pk=MARK).values_list("word", flat=True).first() or ""


def _read() -> Atlas:
    mark = _mark()
    regions = {region.pk: region for region in Region.objects.all()}
    parents: dict[int, set[int]] = defaultdict(set)
    children: dict[int, set[int]] = defaultdict(set)
    for child, parent in Region.parents.through.objects.values_list("from_region_id", "to_region_id"):
        parents[child].add(parent)
        children[parent].add(child)
    return Atlas(
        by_pk=regions,
        by_code={region.code: region for region in regions.values()},
        by_slug={region.slug: region for region in regions.values()},
        above={pk: _reach(pk, parents) for pk in regions},
        below={pk: _reach(pk, children) for pk in regions},
        read_at=time.monotonic(),
        mark=mark,
    )


def _reach(start: int, steps: Mapping[int, set[int]]) -> frozenset[int]:
    """Everything reached from a region; a region that lies in itself by mistake ends the walk there."""
    reached: set[int] = set()
    waiting = list(steps.get(start, ()))
    while waiting:
        pk = waiting.pop()
        if pk not in reached:
            reached.add(pk)
            waiting += steps.get(pk, ())
    return frozenset(reached - {start})
