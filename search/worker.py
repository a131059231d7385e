"""Handing changes to the engine in a process of its own: what `manage.py index_worker` runs."""

from __future__ import annotations

import logging
import threading

from django.db import Error, close_old_connections

from search import leases, outbox
from search.background import pause_after
from search.engines import SearchUnavailable
from search.models import Outbox

log = logging.getLogger(__name__)

POLL = 0.2
STANDBY = 1.0
LOCK_WAIT = 5.0


class Worker:
    """Applies changes as they come while it holds the lease; waits to take over while another one does."""

    def __init__(self, poll: float = POLL) -> None:
        self.poll = poll
        self.stopping = threading.Event()
        self.failures = 0

    def stop(self) -> None:
        """Ask it to end after the batch it is at."""
        self.stopping.set()

    def run(self) -> None:
        """Work until it is asked to stop."""
        while not self.stopping.is_set():
            try:
                self._turn()
            except Error as error:  # the database is away, or its connection was cut
                close_old_connections()
                self.stopping.wait(self._failed(error))

    def _turn(self) -> None:
        with leases.holding() as held:
            if held is not None:
                log.info("Handing changes to the search engine as %s.", held.holder)
                self._serve(held)
        if held is None:
            self.stopping.wait(STANDBY)

    def _serve(self, held: leases.Held) -> None:
        while not self.stopping.is_set() and not held.lost:
            self.stopping.wait(self._batch())

    def _batch(self) -> float:
        """Apply one batch; returns the seconds to rest before the next."""
        try:
            if not Outbox.objects.due().exists():
                return self.poll
            taken, applied = outbox.apply_batch(wait=LOCK_WAIT)
        except SearchUnavailable as error:
            return self._failed(error)
        if self.failures:
            log.warning("The search engine can be written again.")
            self.failures = 0
        log.info("%d of %d changes applied.", applied, taken)
        return 0.0

    def _failed(self, error: Exception) -> float:
        self.failures += 1
        pause = pause_after(self.failures)
        log.warning("Changes wait in the outbox; next attempt in %.1f s: %s", pause, error)
        return pause
