"""`manage.py measure SIZE OUTPUT`: make the corpus of one size where it is missing, and measure on it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, call_command

from bench.corpus import make
from bench.measures import measured
from bench.sizes import SIZES


class Command(BaseCommand):
    """One size, in a process and a data folder of its own."""

    help = "Make the corpus of one size where it is missing, and measure on it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size and the file for the figures."""
        parser.add_argument("size", choices=SIZES)
        parser.add_argument("output", type=Path)
        parser.add_argument("--people", action="store_true", help="people alone, without articles")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the figures as JSON."""
        size = SIZES[options["size"]]
        if options["people"]:
            size = size._replace(articles=0)
        call_command("start", prepare_only=True, without_demo=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        make(size)
        figures = [found._asdict() for found in measured(size.articles)]
        options["output"].write_text(json.dumps(figures))
