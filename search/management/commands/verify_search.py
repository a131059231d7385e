"""Compare the index with the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import upkeep
from search.engines import SearchUnavailable

MOST_NAMED = 20


class Command(BaseCommand):
    """`manage.py verify_search [--repair]`; ends with 1 when index and database differ."""

    help = "Compares the search index with the database, by kind; --repair writes anew what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--repair", action="store_true", help="write anew, or remove, what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, say what differs, repair if asked."""
        try:
            found = upkeep.verify()
            self._tell(found)
            repaired = upkeep.repair(found) if options["repair"] and found.different else 0
        except SearchUnavailable as error:
            raise CommandError(str(error)) from error
        if repaired:
            self.stdout.write(f"{repaired} repaired.")
        elif found.different or found.failures:
            raise CommandError(
                f"{len(found.different)} entries differ. Repair them with: manage.py verify_search --repair"
            )

    def _tell(self, found: upkeep.Comparison) -> None:
        for kind in sorted(found.expected.keys() | found.indexed.keys()):
            self.stdout.write(f"{kind}: {found.expected[kind]} expected, {found.indexed[kind]} indexed")
        groups = {
            "missing": found.missing,
            "ghosts": found.ghosts,
            "stale": found.stale,
            "wrong readers": found.readers,
        }
        for name, keys in groups.items():
            named = ", ".join(map(str, keys[:MOST_NAMED])) + (", …" if len(keys) > MOST_NAMED else "")
            self.stdout.write(f"{name}: {len(keys)}{f' ({named})' if keys else ''}")
        for failure in found.failures:
            self.stderr.write(self.style.WARNING(f"{failure.key} cannot be read: {failure.error}"))
        self.stdout.write(f"{len(found.different)} entries differ.")
