"""Time that passes for watched searches."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from notices import looking
from notices.models import Watch
from search import outbox


def look() -> int:
    """Look again, as if an hour had passed; return how many were told."""
    outbox.drain()
    Watch.objects.exclude(looked_at=None).update(looked_at=timezone.now() - timedelta(hours=2))
    return looking.look()
