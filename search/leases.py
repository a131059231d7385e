"""The right to hand changes to the engine, held by one process at a time on however many machines."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connections

from search.models import Lease

log = logging.getLogger(__name__)

BEAT = 3.0


class Held:
    """A lease in one's hands, renewed by a thread beside the work until it ends or somebody took it over."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        self.renewed = time.monotonic()
        self.ended = threading.Event()
        self._lost = threading.Event()
        self.thread = threading.Thread(target=self._renew, name="search-lease", daemon=True)
        self.thread.start()

    @property
    def lost(self) -> bool:
        """Whether somebody else may have it."""
        return self._lost.is_set() or time.monotonic() - self.renewed > Lease.LENGTH.total_seconds()

    def end(self) -> None:
        """Stop renewing."""
        self.ended.set()
        self.thread.join()

    def _renew(self) -> None:
        while not self.ended.wait(BEAT) and not self._lost.is_set():
            try:
                if Lease.renew(self.holder):
                    self.renewed = time.monotonic()
                else:
                    self._lost.set()
            except Error as error:
                log.warning("The search's lease could not be renewed: %s", error)
        connections.close_all()


@contextmanager
def holding() -> Iterator[Held | None]:
    """Hold the lease for one block; None where somebody else has it. Raises the database's errors."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    if not Lease.take(holder):
        yield None
        return
    held = Held(holder)
    try:
        yield held
    finally:
        held.end()
        _release(holder)


def _release(holder: str) -> None:
    try:
        Lease.release(holder)
    except Error as error:
        log.warning("The search's lease could not be let go of, and will end by itself: %s", error)
