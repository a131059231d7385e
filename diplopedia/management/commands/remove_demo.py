"""`manage.py remove_demo --yes`: take the demonstration content out again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diplopedia.importing.indexing import bring_up_to_date
from diplopedia.importing.removal import remove
from diplopedia.models import SourceRecord


class Command(BaseCommand):
    """Removes what is marked as demo; what somebody has edited stays, and is named."""

    help = "Remove the demo content: articles, people, offices and posts. What colleagues edited stays."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for a confirmation: what is removed is gone."""
        parser.add_argument("--yes", action="store_true", help="really remove it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, bring the search up to date, and say what stayed and why."""
        marked = SourceRecord.objects.filter(demo=True).count()
        if not marked:
            self.stdout.write("There is no demo content here.")
            return
        if not options["yes"]:
            raise CommandError(
                f"{marked:,} things are marked as demo. To remove them for good: remove_demo --yes"
            )
        done = remove()
        for line in done.kept:
            self.stdout.write(f"Kept: {line}")
        numbers = ", ".join(f"{count:,} × {what}" for what, count in done.counts.items() if count)
        self.stdout.write(self.style.SUCCESS(f"Removed: {numbers or 'nothing'}"))
        bring_up_to_date(self.stdout.write)
