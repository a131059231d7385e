"""Fill a new index from the database and put it in use, without a moment without search."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search import upkeep
from search.engines import SearchUnavailable
from search.sources import sources


class Command(BaseCommand):
    """`manage.py rebuild_search`."""

    help = "Fills a new search index from the database and swaps it in; changes made meanwhile are replayed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--quiet", action="store_true", help="show no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say what was done."""
        started = time.monotonic()
        total = sum(source.queryset().count() for source in sources())
        try:
            with tqdm(total=total, unit=" entries", disable=options["quiet"], file=self.stderr) as bar:
                done = upkeep.rebuild(progress=bar.update)
        except SearchUnavailable as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        for kind, count in sorted(done.counts.items()):
            self.stdout.write(f"{kind}: {count} indexed")
        for failure in done.failures:
            self.stderr.write(self.style.WARNING(f"{failure.key} was left out: {failure.error}"))
        seconds = max(time.monotonic() - started, 0.001)
        rate = sum(done.counts.values()) / seconds
        self.stdout.write(f"{done.replayed} changes replayed; {seconds:.1f} s, {rate:,.0f} entries a second.")
