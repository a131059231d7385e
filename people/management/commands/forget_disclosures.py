"""`manage.py forget_disclosures`: shorten the record of who took colleagues along."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.models import Disclosure


class Command(BaseCommand):
    """Keeps the record no longer than is said. Run it every day."""

    help = "Forget who took colleagues along, where that was longer ago than DISCLOSURES_KEPT_DAYS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long rows are kept."""
        text = "days that rows are kept, 90 or more (default: the setting DISCLOSURES_KEPT_DAYS)"
        parser.add_argument("--days", type=int, default=settings.DISCLOSURES_KEPT_DAYS, help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget, and say how many rows that were."""
        try:
            count = Disclosure.objects.forget(timezone.now() - dt.timedelta(days=options["days"]))
        except (ValueError, OverflowError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Forgot {count} disclosures of more than {options['days']} days ago.")
