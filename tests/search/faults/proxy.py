"""A small HTTP proxy before a real server, which can be away, slow, cut off in the middle, or too busy."""

from __future__ import annotations

import http.client
import json
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

LONGEST_ANSWER = 120.0
PASSED_ON = ("Content-Type", "Accept", "Authorization")
JSON = "application/json"
BUSY = json.dumps(
    {"error": {"type": "es_rejected_execution_exception", "reason": "rejected execution"}, "status": 429}
).encode()


class Fault(StrEnum):
    """What is wrong with the way to the server."""

    DOWN = auto()
    SLOW = auto()
    CUT = auto()
    BUSY = auto()


class Answer(NamedTuple):
    """What a server answers: status, type of content, body."""

    status: int
    kind: str
    body: bytes


class Proxy(ThreadingHTTPServer):
    """Passes requests on to a server; `broken` does so badly for a while."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 9200
        self.fault: Fault | None = None
        self.paths = re.compile("")
        self.lifted = threading.Event()
        self.slowness = 10.0
        self.struck = 0
        serve = {"poll_interval": 0.05}
        threading.Thread(target=self.serve_forever, kwargs=serve, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def broken(self, fault: Fault, paths: str = "", slowness: float = 10.0) -> Iterator[None]:
        """Have a fault for requests whose path holds an expression."""
        self.paths, self.slowness, self.struck = re.compile(paths), slowness, 0
        self.lifted.clear()
        self.fault = fault
        try:
            yield
        finally:
            self.fault = None
            self.lifted.set()

    def close(self) -> None:
        """Listen no more."""
        self.lifted.set()
        self.shutdown()
        self.server_close()

    def forward(self, request: Handler, body: bytes, cut: int | None = None) -> Answer:
        """Ask the server; with `cut`, send so many bytes of the body only, and leave."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=LONGEST_ANSWER)
        try:
            connection.putrequest(request.command, request.path, skip_accept_encoding=True)
            for name in PASSED_ON:
                if name in request.headers:
                    connection.putheader(name, request.headers[name])
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body if cut is None else body[:cut])
            if cut is not None:
                return Answer(0, "", b"")
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers["Content-Type"] or JSON, answer.read())
        finally:
            connection.close()


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def handle_one_request(self) -> None:
        """Hang up at once while the server is away."""
        if self.server.fault is Fault.DOWN:
            self._hang_up()
        else:
            super().handle_one_request()

    def finish(self) -> None:
        """End, also where it was hung up."""
        with suppress(OSError, ValueError):
            super().finish()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.fault if self.server.paths.search(self.path) else None
        if fault is Fault.SLOW:
            self.server.lifted.wait(self.server.slowness)
        if fault is Fault.BUSY:
            self._reply(Answer(429, JSON, BUSY))
        elif fault in (Fault.CUT, Fault.DOWN):
            self._cut(body)
        else:
            self._reply(self.server.forward(self, body))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - as the library calls them

    def _cut(self, body: bytes) -> None:
        """Reset the connection, by turns on the way there, with half of it sent, and on the way back."""
        self.server.struck += 1
        self.server.forward(self, body, len(body) // 2 if self.server.struck % 2 else None)
        self._hang_up()

    def _reply(self, answer: Answer) -> None:
        with suppress(ConnectionError):  # the client had no more patience
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

    def _hang_up(self) -> None:
        """Reset the connection."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
