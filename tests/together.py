"""Doing things at the same moment, as many people do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def together(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment, each in a thread with its own connection; return the answers in order."""
    waiting = list(acts)
    barrier = Barrier(len(waiting))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(waiting)) as pool:
        return list(pool.map(run, waiting))
