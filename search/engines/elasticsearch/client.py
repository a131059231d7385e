"""The connection: addresses, patience, and every error of the server in words that name its cure."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from elastic_transport import (
    ConnectionTimeout,
    HttpHeaders,
    TlsError,
    TransportError,
    Urllib3HttpNode,
)
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from urllib3 import Timeout

from search.deadlines import Deadline
from search.engines import SearchUnavailable

BULK_PATIENCE = 30.0
LEAST = 0.01
PAUSE = 2.0
REBUILD = "Make it with: manage.py rebuild_search"
GONE = (
    "index_not_found_exception",
    "index_closed_exception",
    "search_context_missing_exception",
    "no_shard_available_action_exception",
)
BLOCKED = "cluster_block_exception"
SLOW = "did not answer in time. If it is only busy, allow more: SEARCH_TIMEOUT."
EXAMPLE = "elasticsearch+https://user:password@host:9200/diplopedia"


class Address(NamedTuple):
    """Where the server is and how our indexes begin."""

    url: str
    user: str
    password: str
    prefix: str


class Unreachable(SearchUnavailable):
    """The server gave no answer."""


class Swapped(SearchUnavailable):
    """The index went away while it was asked: another one may have taken its place."""


def address(url: str) -> Address:
    """Read `elasticsearch+https://user:password@host:9200/prefix`. Raises ImproperlyConfigured, saying no password."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    prefix = parts.path.strip("/")
    if not host or not port or not prefix or "/" in prefix:
        raise ImproperlyConfigured(
            "SEARCH_URL names no host with its port, or no beginning for the names of our indexes. Write it as "
            f"{EXAMPLE}"
        )
    host = f"[{host}]" if ":" in host else host
    server = f"{parts.scheme.removeprefix('elasticsearch+')}://{host}:{port}"
    return Address(server, unquote(parts.username or ""), unquote(parts.password or ""), prefix)


# -- errors -------------------------------------------------------------------------------------------------------


@contextmanager
def telling(where: str, but: type[Exception] | tuple[()] = ()) -> Iterator[None]:
    """Turn what the client may raise into SearchUnavailable, which callers know how to survive."""
    try:
        yield
    except but:
        raise
    except ApiError as error:
        raise explained(error, where) from error
    except UnsupportedProductError as error:
        raise SearchUnavailable(
            f"What answers at {where} is not Elasticsearch. Correct SEARCH_URL: {EXAMPLE}"
        ) from error
    except TransportError as error:
        raise Unreachable(unreachable(error, where)) from error


def unreachable(error: TransportError, where: str) -> str:
    """Words for a server that gave no answer."""
    if isinstance(error, ConnectionTimeout):
        return f"Elasticsearch at {where} {SLOW}"
    if isinstance(error, TlsError):
        return (
            f"The connection to Elasticsearch at {where} cannot be trusted: {error.message}. Name the file of the "
            "authority that signed its certificate, SEARCH_CA_CERTS; if it has none, write elasticsearch+http://."
        )
    return f"Elasticsearch at {where} cannot be reached: {error.message}. Start it, or correct SEARCH_URL."


def explained(error: ApiError, where: str) -> SearchUnavailable:
    """Words for an answer that is an error."""
    reason = reason_of(error.body)
    return refusal(error.status_code, reason, where)


def refusal(status: int, reason: tuple[str, str], where: str) -> SearchUnavailable:
    """Words for an error with this status, of this type."""
    kind, said = reason
    if kind in GONE or (status == 404 and kind != "resource_not_found_exception"):
        return Swapped(
            f"The search index at {where} is not there ({kind}). If it does not come back: {REBUILD}"
        )
    if kind == BLOCKED:
        return SearchUnavailable(
            f"Elasticsearch at {where} takes no changes: {said}. Where its disk is full, free some: then it does."
        )
    if status in (401, 403):
        return SearchUnavailable(
            f"Elasticsearch at {where} does not let us in ({said}). Correct the user and password in SEARCH_URL, or "
            "SEARCH_API_KEY, and give them all rights on our indexes; see docs/search.md."
        )
    if status == 429:
        return SearchUnavailable(f"Elasticsearch at {where} is too busy: {said}. It is asked again later.")
    return SearchUnavailable(f"Elasticsearch at {where} answers with an error ({status}): {kind}: {said}")


def reason_of(body: Any) -> tuple[str, str]:
    """The type and the words of an error, of a whole answer or of one item in it."""
    error = body
    while isinstance(error, dict) and "error" in error:
        error = error["error"]
    if not isinstance(error, dict):
        return "", str(error)[:300]
    causes = error.get("root_cause") or [error]
    cause = causes[0] if isinstance(causes[0], dict) else error
    return str(cause.get("type", error.get("type", ""))), str(cause.get("reason", error.get("reason", "")))[
        :300
    ]


# -- patience -----------------------------------------------------------------------------------------------------


class Breaker:
    """After a server was not there, asks no more for a while: threads that wait for nothing serve nobody."""

    def __init__(self) -> None:
        self.until = 0.0
        self.lock = threading.Lock()

    @contextmanager
    def guarding(self, where: str) -> Iterator[None]:
        """Let somebody ask, unless nobody may; one at a time tries whether the server is there again."""
        with self.lock:
            now = time.monotonic()
            if now < self.until:
                raise SearchUnavailable(f"Elasticsearch at {where} was not there a moment ago.")
            if self.until:
                self.until = now + PAUSE
        gone = False
        try:
            yield
        except Unreachable:
            gone = True
            raise
        finally:
            self.until = time.monotonic() + PAUSE if gone else 0.0


class Node(Urllib3HttpNode):
    """The connections to a server. Who waits counts connecting and reading together; the library, each for itself."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = BULK_PATIENCE,
    ) -> Any:
        """Ask, within so many seconds in all."""
        within: Any = Timeout(total=request_timeout)
        return super().perform_request(method, target, body, headers, within)


class Connected(NamedTuple):
    """The client of one process."""

    process: int
    client: Elasticsearch


class Server:
    """The server that an address names. Nothing is opened before it is first asked, so that processes may fork."""

    def __init__(self, where: Address) -> None:
        self.address = where
        self.where = where.url
        self.breaker = Breaker()
        self._connected: Connected | None = None
        self._lock = threading.Lock()

    @property
    def writing(self) -> Elasticsearch:
        """The client for changes, which may take their time."""
        with self._lock:
            if self._connected is None or self._connected.process != os.getpid():
                self._connected = Connected(os.getpid(), self._connect())
            return self._connected.client

    def until(self, deadline: Deadline) -> Elasticsearch:
        """The client for one answer that somebody waits for. Raises SearchUnavailable where his time is over."""
        left = deadline.left
        if left < LEAST:
            raise SearchUnavailable(f"Elasticsearch at {self.where} {SLOW}")
        return self.writing.options(request_timeout=left)

    def _connect(self) -> Elasticsearch:
        more: dict[str, Any] = {}
        if self.address.user:
            more["basic_auth"] = (self.address.user, self.address.password)
        elif key := getattr(settings, "SEARCH_API_KEY", ""):
            more["api_key"] = key
        certificates = getattr(settings, "SEARCH_CA_CERTS", "")
        if certificates and self.address.url.startswith("https:"):
            more["ca_certs"] = certificates
        return Elasticsearch(
            self.address.url,
            node_class=Node,
            request_timeout=BULK_PATIENCE,
            max_retries=0,
            retry_on_timeout=False,
            retry_on_status=(),
            connections_per_node=20,
            http_compress=False,
            **more,
        )

    def ask(self, bodies: list[dict[str, Any]], index: str, deadline: Deadline) -> list[dict[str, Any]]:
        """Answers to some searches, in one request. Raises SearchUnavailable; `Swapped` if the index went away."""
        lines: list[dict[str, Any]] = []
        for body in bodies:
            lines += [{"index": index, "allow_partial_search_results": False}, body]
        with self.breaker.guarding(self.where), telling(self.where):
            answer = self.until(deadline).msearch(searches=lines, rest_total_hits_as_int=True)
        found: list[dict[str, Any]] = answer["responses"]
        for one in found:
            if "error" in one:
                raise refusal(one.get("status", 500), reason_of(one), self.where)
            if one.get("timed_out"):
                raise SearchUnavailable(f"Elasticsearch at {self.where} {SLOW}")
        return found
