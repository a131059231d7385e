"""`manage.py export_content DIR`: everything that people wrote, in open formats."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diplopedia.exporting import everything
from diplopedia.exporting.folder import writing


class Command(BaseCommand):
    """Writes a folder that is complete or not there. It holds restricted pages and e-mail addresses."""

    help = (
        "Export everything: articles with all revisions, people, offices, files. Restricted pages and e-mail "
        "addresses are in it: keep it as safe as the site. Passwords and sessions are not."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="a folder that is not there yet, or empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say how much it is."""
        started = time.monotonic()
        try:
            with writing(options["folder"]) as folder:
                everything.export(folder, self.stderr.write)
        except FileExistsError as error:
            raise CommandError(
                f"{error} is there already. Name a folder that is not, or an empty one."
            ) from error
        except OSError as error:
            raise CommandError(
                f"The export could not be written, and nothing is left of it: {error}"
            ) from error
        for table, count in folder.counts.items():
            self.stdout.write(f"{count:>9,} {table}")
        size = sum(size for size, _digest in folder.done.values()) / 1_000_000
        self.stdout.write(
            self.style.SUCCESS(f"{options['folder']}: {len(folder.done):,} files, {size:,.1f} MB")
        )
        self.stdout.write("Restricted pages and e-mail addresses are in it: keep it as safe as the site.")
        self.stdout.write(f"{time.monotonic() - started:.1f} seconds")
