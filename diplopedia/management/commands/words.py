"""`manage.py words`: bring the catalogues of the interface's languages to the messages of the code."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from babel.core import UnknownLocaleError
from babel.messages.pofile import PoFileError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from diplopedia.words import catalogues, finding

SHOWN = 20


class Command(BaseCommand):
    """Needs no other program: gettext's own are not asked for."""

    help = (
        "Find every message of the interface, write them into locale/<language>/LC_MESSAGES/django.po with the "
        "translations that are there, and say which have none. Then compile."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the wish to compile only, or to begin a language."""
        parser.add_argument(
            "--compile", action="store_true", help="compile what is there, and change no text"
        )
        parser.add_argument("--begin", metavar="LANGUAGE", help="begin a catalogue, for example: es, pt-br")

    def handle(self, *args: Any, **options: Any) -> None:
        """Update all catalogues and compile them."""
        if not options["compile"]:
            self.update(options["begin"])
        if broken := catalogues.compile_all():
            raise CommandError(
                f"{', '.join(map(str, broken))} cannot be read, so its words stay as they were. The log says why: "
                "look for marks that a merge left behind, then run this again."
            )

    def update(self, begun: str | None) -> None:
        """Bring every catalogue up to date, and say what each lacks."""
        try:
            new = [catalogues.text_of(begun)] if begun else []
        except (UnknownLocaleError, ValueError) as error:
            raise CommandError(f"“{begun}” is no language. Give its code, such as es or pt-br.") from error
        messages = finding.messages()
        for text in dict.fromkeys(catalogues.texts() + new):
            try:
                catalogue = catalogues.update(text, messages)
            except (PoFileError, UnicodeDecodeError) as error:
                raise CommandError(f"{text} cannot be read: {error}") from error
            missing = list(catalogues.lacking(catalogue))
            place = text.relative_to(settings.BASE_DIR)
            self.stdout.write(f"{place}: {len(catalogue):,} messages, {len(missing):,} without words")
            for message in missing[:SHOWN]:
                what = "look at" if message.fuzzy else "translate"
                self.stdout.write(f"  {what}: {catalogues.said(message)!r}")
            if len(missing) > SHOWN:
                self.stdout.write(f"  … and {len(missing) - SHOWN:,} more")
