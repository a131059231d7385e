"""A job done in a thread, so that a slow or absent server never holds up who asks for it."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable

from django.db import connections

log = logging.getLogger(__name__)

MOMENT = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


def pause_after(failures: int) -> float:
    """Seconds to rest after so many failures in a row: growing, and not the same for all who wait."""
    return min(FIRST_PAUSE * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311


class Background:
    """Does one job, once at a time. The job says whether it went well; after failures it rests for a while."""

    def __init__(self, job: Callable[[], bool]) -> None:
        self.job = job
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.asked = False
        self.failures = 0
        self.resting_until = 0.0

    def ask(self) -> None:
        """Have the job done, once more if it is being done. Waits a moment for its end, but not while it fails."""
        with self.lock:
            self.asked = True
            if self.thread is None and time.monotonic() >= self.resting_until:
                self.thread = threading.Thread(target=self._work, name="search-outbox", daemon=True)
                self.thread.start()
            thread = self.thread
        if thread and not self.failures:
            thread.join(MOMENT)

    def _work(self) -> None:
        try:
            while self._wanted():
                self._note(self._do())
        finally:
            connections.close_all()

    def _do(self) -> bool:
        try:
            return self.job()
        except Exception:
            log.exception("Changes wait in the outbox")
            return False

    def _wanted(self) -> bool:
        """Take what was asked for; with nothing to do, or while resting, the thread ends."""
        with self.lock:
            wanted = self.asked and time.monotonic() >= self.resting_until
            self.asked = self.asked and not wanted
            if not wanted:
                self.thread = None
            return wanted

    def _note(self, well: bool) -> None:
        self.failures = 0 if well else self.failures + 1
        if not well:
            self.resting_until = time.monotonic() + pause_after(self.failures)
