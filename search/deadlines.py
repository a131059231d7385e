"""How long a reader waits: one time for everything that a page, or a suggestion, asks of the engine."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings

SPARE = 0.2


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which a reader has an answer, from the engine or else from the database."""

    at: float

    @classmethod
    def of_a_reader(cls) -> Deadline:
        """So long as a reader waits, from now on: SEARCH_TIMEOUT."""
        return cls(time.monotonic() + settings.SEARCH_TIMEOUT)

    @property
    def left(self) -> float:
        """The seconds that are left; 0 when it is over."""
        return max(self.at - time.monotonic(), 0.0)

    @property
    def allows_more(self) -> bool:
        """Whether there is time for what an answer can do without, such as other words when nothing was found."""
        return self.left > SPARE
