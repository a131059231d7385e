"""`manage.py forget_files`: remove files that were added for a page which was never published."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from diplopedia import actions


class Command(BaseCommand):
    """Removes files that wait for nothing any more. What a page, a revision or a draft names is never touched."""

    help = "Remove files that were added more than DRAFT_DAYS days ago for a page that was never published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to count only."""
        parser.add_argument("--dry-run", action="store_true", help="say how many there are, and remove none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and say how many."""
        found = actions.forgotten_files()
        count = len(found) if options["dry_run"] else sum(actions.forget_file(file) for file in found)
        files = (
            f"{count} file{'' if count == 1 else 's'} added more than {settings.DRAFT_DAYS} days ago "
            "that no page, revision or draft names"
        )
        self.stdout.write(
            f"{files}: kept, this was a dry run." if options["dry_run"] else f"{files}: removed."
        )
