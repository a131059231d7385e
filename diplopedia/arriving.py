"""Requests arrive whole or not at all: a text that was cut off on its way is never published as if it ended there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

Environment = dict[str, Any]
Application = Callable[[Environment, Any], Iterable[bytes]]


class Stream(Protocol):
    """What a server reads a request from."""

    def read(self, size: int = -1, /) -> bytes: ...

    def readline(self, size: int = -1, /) -> bytes: ...


class CutOff(OSError):
    """The sender went away before everything was here."""


class WholeStream:
    """The body of a request, which says so where it ends too early; servers give what they got as if it were all."""

    def __init__(self, stream: Stream, length: int) -> None:
        self.stream, self.missing = stream, length

    def read(self, size: int = -1, /) -> bytes:
        """Return as many bytes as asked for, or all that are left. Raises CutOff where some never came."""
        wanted = self.missing if size is None or size < 0 else min(size, self.missing)
        return self.counted(self.stream.read(wanted), wanted)

    def readline(self, size: int = -1, /) -> bytes:
        """Return a line. Raises CutOff where nothing comes any more."""
        return self.counted(self.stream.readline(size), min(self.missing, 1))

    def counted(self, data: bytes, wanted: int) -> bytes:
        """Return these bytes, or raise CutOff where they are fewer than wanted."""
        self.missing -= len(data)
        if len(data) < wanted:
            raise CutOff(f"{self.missing} bytes of a request never came.")
        return data


def whole(application: Application) -> Application:
    """Return the application for requests that are here as long as they said they are."""

    def answer(environ: Environment, start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            environ["wsgi.input"] = WholeStream(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return answer
