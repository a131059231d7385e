"""Articles as they were last shown, kept for as long as nothing that they show has changed.

At every request the database says whether this reader may read the page (`Article.objects.standing`) and whether
anything changed (`search.outbox.freshness`). Only then is a kept page looked for, under a key that names all that
it depends on. docs/decisions/0014 says why nobody sees what they may not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from diplopedia.models import Article
from diplopedia.models.articles import RENDER_VERSION
from people.permissions import held_with_others
from search import outbox

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from diplopedia.querysets import Standing
    from people.models import User

KEPT_FOR = 600  # seconds


@dataclass(frozen=True)
class Shown:
    """An article as readers see it. `until`: when it says something else by the passing of time alone."""

    pk: int
    title: str
    slug: str
    number: int
    html: SafeString
    is_author: bool
    may_verify: bool
    until: datetime | None

    @property
    def lasts(self) -> float:
        """For how many seconds this may be kept."""
        left = (self.until - timezone.now()).total_seconds() if self.until else KEPT_FOR
        return min(left, KEPT_FOR) if left > 0 else KEPT_FOR


def shown(slug: str, reader: User, make: Callable[[], Shown]) -> Shown:
    """Return the article at an address as it is kept for readers like this one.

    It is made now if it is not kept, if something is changing at this moment, or if this reader may not know of
    it: `make` asks for itself, and raises what it raises where there is nothing to show.
    """
    mark = outbox.freshness()
    standing = Article.objects.standing(slug, reader) if mark else None
    if mark is None or standing is None:
        return make()
    key = key_of(standing, reader, mark)
    found: Shown | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, found.lasts)
    return found


def key_of(standing: Standing, reader: User, mark: str) -> str:
    """Name all that the page depends on.

    Colleagues who hold the same groups and offices share a page; what is the reader's own is in the standing.
    """
    alike = held_with_others(reader)
    shape = Shown.__match_args__  # so that what an older version kept is not taken for ours
    said = repr((RENDER_VERSION, shape, mark, get_language(), alike, standing))
    return f"article:{hashlib.sha256(said.encode()).hexdigest()}"
