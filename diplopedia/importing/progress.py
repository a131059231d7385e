"""Telling somebody who waits how far it is: a bar in a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")
EVERY = 10.0  # seconds


def track(things: Iterable[T], label: str, total: int) -> Iterator[T]:
    """Return the things one by one, showing on standard error how many of them are done."""
    if sys.stderr.isatty():
        yield from tqdm(things, desc=label, total=total, unit="", leave=True)
        return
    told = time.monotonic()
    for done, thing in enumerate(things):
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            sys.stderr.write(f"{label}: {done:,} of {total:,}\n")
        yield thing
