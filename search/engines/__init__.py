"""What every engine can do, and which one is in use.

Engines know nothing of Django's models: entries go in, a `Query` goes down, `Results` come up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple, Protocol, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.deadlines import Deadline
from search.entries import Entry, Key
from search.query import Query
from search.results import Results, Suggestion


class SearchUnavailable(Exception):
    """The engine cannot answer or cannot be written now. The only error an engine raises for reasons of its own."""


class SearchBusy(SearchUnavailable):
    """Somebody else is writing to the engine."""


class IndexMissing(SearchUnavailable):
    """The engine answers, but there is no index of ours yet, or none that this version can read: build one."""


class Stored(NamedTuple):
    """What an engine knows of one entry, for comparing it with the database."""

    key: Key
    version: int
    digest: str
    readers: frozenset[str]


class Status(NamedTuple):
    """The state of an engine. `size` is in bytes; `written` names the time of the last write, or is empty."""

    engine: str
    place: str
    entries: int
    size: int
    written: str


class Writer(Protocol):
    """Changes an engine; they are visible to searches when the block that gave the writer ends well."""

    def put(self, entries: Collection[Entry], *, force: bool = False) -> int:
        """Add or replace entries; returns how many. One older than what is stored is left out, unless forced."""
        ...

    def remove(self, keys: Mapping[Key, int], *, force: bool = False) -> None:
        """Remove entries; those that are not there are no error.

        Each key comes with the version of its removal: what is stored in a newer one stays, unless forced.
        """
        ...


class Rebuild(Writer, Protocol):
    """Fills a new index beside the one in use."""

    def swapping(self, wait: float = 30.0) -> AbstractContextManager[None]:
        """Shut out other writers; when the block ends well the new index is the one in use, at once for all."""
        ...


class Engine(Protocol):
    """A search engine. All methods raise SearchUnavailable, and nothing else, when it is down.

    `embedded` says that it works in this process and writes at once; another one is a server, which may be slow.
    """

    embedded: bool

    def search(
        self, query: Query, pending: Collection[Key] = (), deadline: Deadline | None = None
    ) -> Results:
        """Answer a query; entries named in `pending` count as not there, in hits, totals and facets alike.

        A server is given no longer than until `deadline`, whatever it takes to ask it; SEARCH_TIMEOUT if none is told.
        """
        ...

    def search_each(
        self, queries: Sequence[Query], pending: Collection[Key] = (), deadline: Deadline | None = None
    ) -> list[Results]:
        """Answer several queries in one request, as `search` does; but words are taken as they are spelled."""
        ...

    def suggest(
        self,
        text: str,
        principals: frozenset[str],
        size: int = 8,
        kinds: Collection[str] = (),
        pending: Collection[Key] = (),
        deadline: Deadline | None = None,
    ) -> list[Suggestion]:
        """Titles and names with words that begin as typed, the best first; of all kinds, or of those named."""
        ...

    def writing(self, wait: float = 0.0) -> AbstractContextManager[Writer]:
        """The right to write, for one block; waits up to `wait` seconds for it, then raises SearchBusy."""
        ...

    def rebuild(self) -> AbstractContextManager[Rebuild]:
        """Begin a new index beside the one in use; it is thrown away unless it was swapped in."""
        ...

    def stored(self) -> Iterator[Stored]:
        """All entries as the engine knows them, in no particular order."""
        ...

    def status(self) -> Status:
        """The state of the engine."""
        ...

    def check(self) -> None:
        """Ask whether this engine can serve: it answers, is new enough, lets us in, and the index is ours.

        For the start of a site, before the first search. Raises SearchUnavailable with words that say what is
        wrong and how to cure it, and IndexMissing where only the index is lacking.
        """
        ...


ENGINES = {
    "tantivy": "search.engines.tantivy",
    "elasticsearch+http": "search.engines.elasticsearch",
    "elasticsearch+https": "search.engines.elasticsearch",
}


def engine() -> Engine:
    """The engine that `settings.SEARCH_URL` names."""
    return engine_at(settings.SEARCH_URL)


@lru_cache(maxsize=8)
def engine_at(url: str) -> Engine:
    """The engine at an address, such as `tantivy:///srv/diplopedia/index`. Opens nothing yet."""
    module = ENGINES.get(urlsplit(url).scheme)
    if module is None:
        raise ImproperlyConfigured(
            f"SEARCH_URL is {url!r}. Give the folder of the built-in engine, such as "
            f"tantivy:///srv/diplopedia/index. Known engines: {', '.join(ENGINES)}."
        )
    connect = cast(Callable[[str], Engine], import_module(module).connect)
    return connect(url)
