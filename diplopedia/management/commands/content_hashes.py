"""`manage.py content_hashes`: one hash for each article, revision, person, file and other row."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from diplopedia.exporting import everything
from diplopedia.exporting.sinks import Hashes


class Command(BaseCommand):
    """Tells whether two sites hold the same: each hash is that of the row's line in an export."""

    help = "Print the SHA-256 of every row that an export would hold, and one of them all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how much to print."""
        parser.add_argument("--whole", action="store_true", help="print the one hash of everything alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the hashes."""
        hashes = Hashes(len if options["whole"] else self.stdout.write)
        everything.export(hashes, self.stderr.write)
        self.stdout.write(f"{hashes.whole.hexdigest()} everything: {sum(hashes.counts.values()):,} rows")
