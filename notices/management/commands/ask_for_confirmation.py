"""Ask colleagues once a year whether their profiles are still right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notices import reminding

USUAL = 500


class Command(BaseCommand):
    """`manage.py ask_for_confirmation [--most NUMBER]`."""

    help = (
        "Asks colleagues who have not confirmed their profile for a year whether it is still right, by a notice with a "
        "link that does it in one click. Run it every night; send_notices sends the e-mails. Nobody is asked twice in "
        "a year, and leavers never."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--most",
            type=int,
            default=USUAL,
            metavar="NUMBER",
            help=f"ask at most so many, the longest unconfirmed first (usually {USUAL}): the others the next night",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask them."""
        if options["most"] < 1:
            raise CommandError("--most is a number from 1 on. For example: --most 500")
        self.stdout.write(f"{reminding.ask(options['most'])} colleagues were asked.")
