"""Send what colleagues are waiting for."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections

from notices import actions, looking, mailing
from notices.models import Event, Letter, Watch


class Command(BaseCommand):
    """`manage.py send_notices [--every SECONDS] [--retry]`."""

    help = (
        "Sends e-mails about what happened to those who watch, and looks for what saved searches find anew. Run it "
        "every five minutes; two runs at once send nothing twice, and what cannot be sent waits for the next run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="go on until it is stopped, at this distance"
        )
        parser.add_argument(
            "--retry",
            action="store_true",
            help="take up again at once what failed: letters, events, saved searches",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it once, or again and again."""
        if options["retry"]:
            letters, events, searches = (model.objects.retry() for model in (Letter, Event, Watch))
            self.stdout.write(
                f"{letters} letters, {events} events and {searches} saved searches are taken up again."
            )
        if options["every"] is None:
            self.run()
        elif options["every"] < 1:
            raise CommandError("--every is a number of seconds from 1 on. For example: --every 300")
        else:
            self.go_on(options["every"])

    def go_on(self, seconds: int) -> None:
        """Run until SIGTERM or SIGINT; the run that was begun is finished first."""
        ending = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_signal: ending.set())
        while not ending.is_set():
            try:
                self.run()
            except Error as error:  # the database is away, or its connection was cut
                close_old_connections()
                self.stderr.write(f"Nothing is sent now: {error}")
            ending.wait(seconds)

    def run(self) -> None:
        """Spread what was left behind, look for new finds, write, send, forget."""
        untold = actions.spread_waiting().failed
        looking.look()
        mailing.write_letters()
        sent, waiting, empty = mailing.send_letters()
        mailing.forget()
        self.stdout.write(f"{sent} letters sent, {waiting} wait, {empty} had nothing left to say.")
        if untold:
            self.stderr.write(
                f"{untold} events could not be told and are tried again later; the log says what went wrong."
            )
        aside = [model.objects.set_aside().count() for model in (Letter, Event, Watch)]
        if any(aside):
            letters, events, searches = aside
            self.stderr.write(
                f"{letters} letters, {events} events and {searches} saved searches failed too often. What went wrong "
                "is in the administration under Reports, Failed notices. Then: send_notices --retry"
            )
