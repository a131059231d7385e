"""`manage.py forget_drafts`: discard drafts that nobody has touched for DRAFT_DAYS days."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from diplopedia.models import Draft


class Command(BaseCommand):
    """Forgets old drafts. Published text is never touched."""

    help = "Discard drafts that nobody has touched for DRAFT_DAYS days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to count only."""
        parser.add_argument("--dry-run", action="store_true", help="say how many there are, and discard none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Discard and say how many."""
        old = Draft.objects.forgotten()
        count = old.count() if options["dry_run"] else old.delete()[0]
        drafts = f"{count} draft{'' if count == 1 else 's'} untouched for {settings.DRAFT_DAYS} days"
        self.stdout.write(
            f"{drafts}: kept, this was a dry run." if options["dry_run"] else f"{drafts}: discarded."
        )
