"""Say how the search is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.timesince import timesince

from search.engines import SearchUnavailable, engine
from search.models import Outbox


class Command(BaseCommand):
    """`manage.py search_status`."""

    help = "Shows the search engine, its index, and what waits in the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the engine and the outbox; a broken engine is an answer, not an error."""
        try:
            status = engine().status()
        except SearchUnavailable as error:
            self.stdout.write(self.style.WARNING(f"engine: not available. {error}"))
        else:
            self.stdout.write(f"engine: {status.engine} in {status.place}")
            self.stdout.write(
                f"index: {status.entries} entries, {status.size / 1e6:.1f} MB, written {status.written}"
            )
        self._outbox()

    def _outbox(self) -> None:
        waiting = Outbox.objects.waiting()
        oldest = waiting.order_by("created").first()
        age = f", the oldest for {timesince(oldest.created, timezone.now())}" if oldest else ""
        self.stdout.write(f"outbox: {waiting.count()} waiting{age}")
        for row in waiting.exclude(error="").order_by("version")[:20]:
            state = "set aside" if row.set_aside_at else f"tried {row.tries} times"
            self.stdout.write(self.style.WARNING(f"  {row.key} {state}: {row.error}"))
