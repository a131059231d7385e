"""What waits for the search engine, and why: for the administration, the commands and monitoring."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from search import outbox
from search.entries import Key
from search.models import Lease, Outbox
from search.sources import source

LATE = timedelta(minutes=5)


class State(NamedTuple):
    """How the queue is. `oldest` is since when the oldest change waits that nobody has set aside."""

    waiting: int
    failing: int
    set_aside: int
    oldest: datetime | None
    worker_seen: datetime | None

    @property
    def late(self) -> bool:
        """Whether changes wait longer than they do while somebody hands them over."""
        return self.oldest is not None and timezone.now() - self.oldest > LATE

    @property
    def complaint(self) -> str:
        """What somebody should look at; empty when all is well."""
        if self.late and settings.SEARCH_DRAIN != outbox.COMMIT:
            return _("Changes wait for too long. Is a worker running? Start one with: manage.py index_worker")
        if self.late:
            return _("Changes wait for too long. The log says why the search engine does not take them.")
        if self.set_aside:
            return _(
                "Changes were set aside because they failed too often. See why with: manage.py search_queue; mend the "
                "cause, then: manage.py search_queue --retry"
            )
        return ""


class Item(NamedTuple):
    """One change that waits, and the thing that changed: its title and address, or nothing where it is gone."""

    row: Outbox
    kind: str
    title: str
    url: str

    @property
    def key(self) -> Key:
        """What changed."""
        return self.row.key

    @property
    def name(self) -> str:
        """What the form that tries it again sends."""
        return str(self.row.pk)


def state() -> State:
    """The queue at this moment."""
    waiting = Outbox.objects.waiting()
    return State(
        waiting=waiting.count(),
        failing=waiting.troubled().count(),
        set_aside=Outbox.objects.set_aside().count(),
        oldest=waiting.filter(set_aside_at=None).aggregate(oldest=Min("created"))["oldest"],
        worker_seen=Lease.objects.values_list("seen_at", flat=True).first(),
    )


def items(rows: Iterable[Outbox]) -> list[Item]:
    """Rows with what a person needs to know the things by."""
    rows = list(rows)
    things = {
        kind: _things(kind, [row.object_id for row in rows if row.kind == kind])
        for kind in {r.kind for r in rows}
    }
    return [_item(row, things[row.kind].get(row.object_id)) for row in rows]


def _things(kind: str, pks: Collection[int]) -> dict[int, Any]:
    known = source(kind)
    return known.queryset().model._base_manager.in_bulk(pks) if known else {}


def _item(row: Outbox, thing: Any) -> Item:
    known = source(row.kind)
    url = thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else ""
    return Item(row, str(known.label) if known else row.kind, str(thing) if thing is not None else "", url)


def retry(keys: Collection[Key] | None = None) -> int:
    """Take changes that failed up again, those named or all, to be tried at once or by the worker; returns how many."""
    rows = Outbox.objects.waiting().troubled()
    if keys is not None:
        rows = rows.filter(pk__in=[row.pk for row in rows if row.key in keys])
    count = rows.retry()
    if count and settings.SEARCH_DRAIN == outbox.COMMIT:
        outbox.drain_soon()
    return count
