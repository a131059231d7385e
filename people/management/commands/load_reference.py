"""manage.py load_reference: languages, countries and regions of the world."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from people import reference


class Command(BaseCommand):
    """Fill the tables that the directory and the wiki refer to."""

    help = "Add the languages, countries and regions that are missing; what is there stays as it was edited."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="put everything that is shipped back as it was, edits included",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        def tell(text: str) -> None:
            if options["verbosity"]:
                self.stdout.write(text)

        loaded = reference.load(overwrite=options["overwrite"], tell=tell)
        tell(
            f"Added {loaded.languages} languages, {loaded.regions} countries and regions "
            f"and {loaded.links} places in them."
        )
