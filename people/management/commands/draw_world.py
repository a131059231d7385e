"""Draw the outlines of countries from the vendored file of Natural Earth: for whoever brings a newer one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError

from people import data
from people.mapping import drawing, paths

OUTLINES = "diplopedia/vendor/countries-110m.json"


class Command(BaseCommand):
    """Write world.svg beside the other pictures of the site, and which countries are in it."""

    help = "Draws world.svg, the map of rare languages, from the vendored outlines of countries."

    def handle(self, *args: Any, **options: Any) -> None:
        found = finders.find(OUTLINES)
        if found is None:
            raise CommandError(f"{OUTLINES} is not among the static files. Put it where MANIFEST.json says.")
        outlines = Path(found)
        world = outlines.parent.parent / "world.svg"
        drawn = paths(json.loads(outlines.read_text(encoding="utf-8")))
        world.write_text(drawing(drawn), encoding="utf-8")
        codes = Path(data.__file__).with_name("outlined.json")
        codes.write_text(json.dumps(" ".join(drawn)) + "\n", encoding="utf-8")
        self.stdout.write(f"{world} is drawn anew.")
