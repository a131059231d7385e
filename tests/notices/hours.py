"""Time that passes for watched searches."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from notices import looking
from notices.models import Watch
from search import outbox


def look() -> int:
    """Let the search know what changed, and look again; return how many were told."""
    outbox.drain()
    return look_again()


def look_again() -> int:
    """Look, as if an hour had passed since the last time; return how many were told."""
    Watch.objects.exclude(looked_at=None).update(looked_at=timezone.now() - timedelta(hours=2))
    return looking.look()
