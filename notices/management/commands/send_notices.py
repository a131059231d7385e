"""Send what colleagues are waiting for."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notices import actions, looking, mailing
from notices.models import Letter


class Command(BaseCommand):
    """`manage.py send_notices [--retry]`."""

    help = (
        "Sends e-mails about what happened to those who watch, and looks for what saved searches find anew. Run it "
        "every five minutes; two runs at once send nothing twice, and what cannot be sent waits for the next run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option."""
        parser.add_argument(
            "--retry", action="store_true", help="take up again the letters that failed too often"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Spread what was left behind, look for new finds, write, send, forget."""
        if options["retry"]:
            self.stdout.write(f"{Letter.objects.retry()} letters are taken up again.")
        actions.spread_waiting()
        looking.look()
        mailing.write_letters()
        sent, waiting, empty = mailing.send_letters()
        mailing.forget()
        self.stdout.write(f"{sent} letters sent, {waiting} wait, {empty} had nothing left to say.")
        if aside := Letter.objects.set_aside().count():
            self.stderr.write(
                f"{aside} letters failed too often; what went wrong is in Letter.error. Then: send_notices --retry"
            )
