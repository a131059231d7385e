"""Hand changes to the search engine as they come."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import outbox
from search.engines import SearchUnavailable
from search.models import Outbox
from search.worker import LOCK_WAIT, POLL, Worker


class Command(BaseCommand):
    """`manage.py index_worker [--once] [--poll SECONDS]`."""

    help = (
        "Hands what changed to the search engine, and goes on until it is stopped. Several may run: one works, the "
        "others take over when it is gone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--once", action="store_true", help="apply what waits now, then end")
        parser.add_argument(
            "--poll", type=float, default=POLL, metavar="SECONDS", help=f"rest between two looks ({POLL})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT; the batch that was begun is finished first."""
        if options["once"]:
            self._once()
            return
        if not 0.01 <= options["poll"] <= 60:
            raise CommandError("--poll is a number of seconds from 0.01 to 60. For example: --poll 0.2")
        worker = Worker(options["poll"])
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_signal: worker.stop())
        self.stdout.write("The search's worker has begun.")
        worker.run()
        self.stdout.write("The search's worker has ended.")

    def _once(self) -> None:
        try:
            applied = outbox.drain(wait=LOCK_WAIT)
        except SearchUnavailable as error:
            raise CommandError(f"The changes wait in the outbox. {error}") from error
        self.stdout.write(f"{applied} changes applied, {Outbox.objects.waiting().count()} wait.")
