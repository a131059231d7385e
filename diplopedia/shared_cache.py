"""A cache in Redis that the site can do without: where it does not answer, nothing is kept, and pages are made.

Only `add` fails aloud. It is asked by limits and locks, whose answer nobody may guess: without them signing in is
refused, while those who are signed in go on reading and writing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from diplopedia.outages import CacheDown

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
PAUSE = 5.0  # seconds for which a server that did not answer is left alone


class Pause:
    """Remembers, for all threads of a process, until when nobody asks: a slow failure costs one page, not all."""

    def __init__(self) -> None:
        self.until = 0.0

    def begin(self, error: RedisError) -> None:
        """Leave the server alone for a while, and say so."""
        self.until = time.monotonic() + PAUSE
        log.warning("The cache does not answer: %s. The site goes on without it.", error)

    @property
    def lasts(self) -> bool:
        """Whether it is still too early to ask again."""
        return time.monotonic() < self.until


pause = Pause()


class Client(RedisCacheClient):
    """Asks Redis once, and takes no answer for an empty cache."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **{"retry": Retry(NoBackoff(), 0), **options})

    def asked(self, ask: Callable[[], Answer], otherwise: Answer) -> Answer:
        """Return the answer, or `otherwise` where there is none."""
        if pause.lasts:
            return otherwise
        try:
            return ask()
        except RedisError as error:
            pause.begin(error)
            return otherwise

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Store what is not there yet. Raises CacheDown."""
        try:
            return bool(super().add(key, value, timeout))
        except RedisError as error:
            raise CacheDown(str(error)) from error

    def get(self, key: Any, default: Any) -> Any:
        """Return what is kept."""
        return self.asked(lambda: super(Client, self).get(key, default), default)

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """Return what is kept of these."""
        return self.asked(lambda: super(Client, self).get_many(keys), {})

    def has_key(self, key: Any) -> bool:
        """Say whether something is kept."""
        return self.asked(lambda: super(Client, self).has_key(key), False)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        """Keep something."""
        self.asked(lambda: super(Client, self).set(key, value, timeout), None)

    def incr(self, key: Any, delta: int) -> int:
        """Count up. Where nobody answers, nothing was counted before. Raises ValueError for what is not kept."""
        return self.asked(lambda: super(Client, self).incr(key, delta), delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        """Keep several things."""
        self.asked(lambda: super(Client, self).set_many(data, timeout), None)

    def touch(self, key: Any, timeout: Any) -> bool:
        """Keep something for longer."""
        return self.asked(lambda: super(Client, self).touch(key, timeout), False)

    def delete(self, key: Any) -> bool:
        """Forget something."""
        return self.asked(lambda: super(Client, self).delete(key), False)

    def delete_many(self, keys: Iterable[Any]) -> None:
        """Forget several things."""
        self.asked(lambda: super(Client, self).delete_many(keys), None)


class SharedCache(RedisCache):
    """The site's cache where several processes or machines serve."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client

    def get_or_set(
        self, key: Any, default: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> Any:
        """Return what is kept, or make and keep it; Django's own uses `add`, which fails aloud here."""
        missing = object()
        found = self.get(key, missing, version=version)
        if found is missing:
            found = default() if callable(default) else default
            self.set(key, found, timeout, version=version)
        return found
