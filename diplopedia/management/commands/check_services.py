"""`manage.py check_services`: ask whether the site could serve, before it starts to."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diplopedia.readiness import Service, Trouble, static_trouble, troubles
from people.signing_in import groups_lacking

SEARCH = {Service.SEARCH, Service.INDEX}
PAUSE = 1.0  # seconds


def all_troubles() -> list[Trouble]:
    """Return what is wrong now, and what no waiting cures."""
    static = static_trouble()
    return [*troubles(), *([static] if static else [])]


class Command(BaseCommand):
    """Ends with an error, and says each trouble with its cure, unless everything is there."""

    help = "Ask the database, its tables and the search engine whether the site could serve now."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how long to wait, and whether to do without the search."""
        parser.add_argument(
            "--wait", type=float, default=0.0, metavar="SECONDS", help="ask again for so long (0)"
        )
        parser.add_argument(
            "--without-search", action="store_true", help="start though the search engine cannot serve"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask until all is well or the time is over."""
        until = time.monotonic() + options["wait"]
        needed = set(Service) - SEARCH if options["without_search"] else set(Service)
        found = all_troubles()
        while needed & {trouble.service for trouble in found} and time.monotonic() < until:
            time.sleep(PAUSE)
            found = all_troubles()
        self.tell(found, needed)

    def tell(self, found: list[Trouble], needed: set[Service]) -> None:
        """Say what was found. Raises CommandError if anything that is needed is among it."""
        for trouble in found:
            if trouble.service not in needed:
                self.stderr.write(self.style.WARNING(trouble.words))
        lacking = [trouble.words for trouble in found if trouble.service in needed]
        if lacking:
            raise CommandError("\n\n".join(lacking))
        for name in groups_lacking():
            self.stderr.write(
                self.style.WARNING(
                    f"MFA_REQUIRED_GROUPS names “{name}”, and there is no such group: nobody needs a second step "
                    "because of it. Correct the name, or make the group in the administration."
                )
            )
        self.stdout.write(self.style.SUCCESS("The site can start."))
