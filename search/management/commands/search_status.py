"""Say how the search is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.timesince import timesince

from search import outbox, queue
from search.engines import SearchUnavailable, engine
from search.models import Outbox

MOST_SHOWN = 20
BEHIND, AWAY = 1, 2


class Command(BaseCommand):
    """`manage.py search_status`; ends with 1 when changes wait too long or were set aside, with 2 without an engine."""

    help = (
        "Shows the search engine, its index, and what waits in the outbox. For monitoring: ends with 0 when all is "
        "well, with 1 when changes wait too long or were set aside, with 2 when the engine cannot be asked."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the engine and the outbox."""
        trouble = self._engine()
        state = queue.state()
        self._queue(state)
        if trouble:
            raise CommandError(f"The search engine is not available. {trouble}", returncode=AWAY)
        if state.complaint:
            raise CommandError(state.complaint, returncode=BEHIND)

    def _engine(self) -> str:
        """Show the engine; gives back what is wrong with it, or nothing."""
        try:
            status = engine().status()
        except SearchUnavailable as error:
            self.stdout.write(self.style.WARNING("engine: not available"))
            return str(error)
        self.stdout.write(f"engine: {status.engine} in {status.place}")
        self.stdout.write(
            f"index: {status.entries} entries, {status.size / 1e6:.1f} MB, written {status.written}"
        )
        return ""

    def _queue(self, state: queue.State) -> None:
        oldest = f", the oldest for {_ago(state.oldest)}" if state.oldest else ""
        self.stdout.write(f"outbox: {state.waiting} waiting{oldest}; {state.set_aside} set aside")
        if settings.SEARCH_DRAIN != outbox.COMMIT:
            seen = f"last seen {_ago(state.worker_seen)} ago" if state.worker_seen else "never seen"
            self.stdout.write(f"worker: {seen}")
        for row in Outbox.objects.waiting().troubled().order_by("version")[:MOST_SHOWN]:
            what = "set aside" if row.set_aside_at else f"tried {row.tries} times"
            self.stdout.write(self.style.WARNING(f"  {row.key} {what}: {row.error}"))


def _ago(moment: datetime) -> str:
    seconds = (timezone.now() - moment).total_seconds()
    return f"{max(seconds, 0):.0f} s" if seconds < 60 else timesince(moment, timezone.now())
