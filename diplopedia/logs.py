"""Which request a line of the log belongs to, and lines that programs can read."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
HEADER = "X-Request-ID"
current: ContextVar[str] = ContextVar("request", default="")


def numbered(respond: Respond) -> Respond:
    """Give each request a name: its proxy's, or a new one. The answer carries it, so that a person can report it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = name  # for what is put on record
        token = current.set(name)
        try:
            response = respond(request)
        finally:
            current.reset(token)
        response.headers[HEADER] = name
        return response

    return middleware


class Lines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and where known the request and the error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": current.get(),
            "process": record.process,
            "error": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False)
