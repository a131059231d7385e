"""Sources describe themselves: which rows are searchable, the entry of each, and who may read it now.

A source is written beside its model, in `searchables.py`, and registered when its app is ready.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise

from search.entries import Entry
from search.grammar import Filter
from search.results import Face, Hit, Reason

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
BATCH = 500
Failed = Callable[[int, Exception], object]
log = logging.getLogger(__name__)


def in_batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Cut a stream into lists of at most `size`."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def keyed(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    """Read rows in batches, each by the keys after the last: no cursor stays open, nothing waits for all of them."""
    rows = rows.order_by("pk")
    batch = list(rows[:BATCH])
    while batch:
        yield batch
        full = len(batch) == BATCH
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH]) if full else []


class Searchable(Generic[Row]):
    """One kind of thing that can be found. Subclass it and register an instance.

    `related` says which entries change with another row: a model (or "app.Model") and a function from
    one of its instances to the primary keys of this source's rows. For the links of a many-to-many relation name its
    `through`; the function is given the rows that have the relation.
    """

    kind: str
    label: str | Promise
    label_plural: str | Promise
    related: Mapping[type[Model] | str, Callable[[Any], Iterable[int]]] = {}

    def queryset(self) -> QuerySet[Row]:
        """All searchable rows, with what `entry` needs fetched. Being in it *means* being searchable."""
        raise NotImplementedError

    def entry(self, row: Row) -> Entry:
        """The entry of one row of `queryset`."""
        raise NotImplementedError

    def maker(self, rows: Sequence[Row]) -> Callable[[Row], Entry]:
        """Makes the entries of a batch of rows; override it to read once what they share, or for all of them."""
        return self.entry

    def readable(self, pks: Collection[int], user: Any) -> set[int]:
        """Those of `pks` that `user` may read at this moment, asked of the database."""
        raise NotImplementedError

    def lines(self, pks: Collection[int]) -> Mapping[int, str]:
        """The line under the name of each in the reader's language, where it has words of the interface."""
        return {}

    def faces(self, pks: Collection[int], user: Any) -> Mapping[int, Face]:
        """What stands before the names of people, as far as this reader may see it: one query for all of them."""
        return {}

    def told(
        self, pks: Collection[int], filters: Sequence[Filter], user: Any
    ) -> Mapping[int, Sequence[Reason]]:
        """What else speaks for each of them where these filters were asked for, as far as this user may read it."""
        return {}

    def refusal(self, request: HttpRequest, number: int, page: int) -> HttpResponse | None:
        """The answer instead of a page of results that would show so many of these; None lets it be shown."""
        return None

    def fallback(self, text: str, user: Any, size: int = 20) -> list[Hit]:
        """Readable rows whose title or name holds `text`, from the database alone: for when the engine is down."""
        return []

    def entries(self, pks: Collection[int] | None = None, failed: Failed | None = None) -> Iterator[Entry]:
        """Stream the entries of the given rows, or of all; rows that are not searchable are left out.

        With `failed`, a row whose entry cannot be made is told to it and skipped; without, its error is raised.
        """
        rows = self.queryset() if pks is None else self.queryset().filter(pk__in=pks)
        for batch in keyed(rows):
            yield from self._made(batch, failed)

    def _made(self, batch: list[Row], failed: Failed | None) -> Iterator[Entry]:
        with indexing():
            make = self.maker(batch)
        for row in batch:
            try:
                with indexing():
                    entry = make(row)
            except Exception as error:
                if failed is None:
                    raise
                log.exception("Cannot make the entry of %s:%s", self.kind, row.pk)
                failed(row.pk, error)
            else:
                yield entry


def indexing() -> AbstractContextManager[None]:
    """Make entries the same whoever saved what they are of; what shows them puts them into a reader's words."""
    return translation.override(settings.LANGUAGE_CODE)


_sources: dict[str, Searchable[Any]] = {}


def register(source: Searchable[Any]) -> Searchable[Any]:
    """Make a source known; registering the same kind again replaces it."""
    _sources[source.kind] = source
    return source


def unregister(kind: str) -> None:
    """Forget a source."""
    _sources.pop(kind, None)


def source(kind: str) -> Searchable[Any] | None:
    """The source of a kind, or None."""
    return _sources.get(kind)


def sources() -> tuple[Searchable[Any], ...]:
    """All sources, in order of registration."""
    return tuple(_sources.values())
