"""`manage.py forget_readings`: take away notes of what colleagues read long ago."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diplopedia import readings


class Command(BaseCommand):
    """Keeps the notes behind “since you last read” no longer than is said. Run it every day."""

    help = "Forget who read which revision, where that was longer ago than READINGS_KEPT_DAYS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long notes are kept."""
        text = "days that notes are kept; 0 forgets all (default: the setting READINGS_KEPT_DAYS)"
        parser.add_argument("--days", type=int, default=settings.READINGS_KEPT_DAYS, help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget, and say how many notes that were."""
        if options["days"] < 0:
            raise CommandError("Give --days a number from 0 on.")
        count = readings.forget(timezone.now() - datetime.timedelta(days=options["days"]))
        self.stdout.write(f"Forgot {count} notes of what was read more than {options['days']} days ago.")
