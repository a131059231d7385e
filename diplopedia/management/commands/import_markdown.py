"""`manage.py import_markdown DIR`: a folder of Markdown files as articles, with their links, pictures and documents."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from diplopedia.importing.files import Folder
from diplopedia.importing.folders import pages, rules
from diplopedia.importing.indexing import bring_up_to_date
from diplopedia.importing.report import Report
from diplopedia.importing.runs import Run
from diplopedia.importing.values import ImportProblem


class Command(BaseCommand):
    """Imports what is new or changed, and says line by line what was skipped and why."""

    help = "Import a folder of Markdown files. May be stopped and repeated: it updates and never duplicates."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder and the rules."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder, with folders in it or not")
        parser.add_argument(
            "--source", default="", help="a name for where it comes from; else the folder's name"
        )
        parser.add_argument(
            "--folders", choices=rules.WAYS, default="none", help="what a folder means that no --folder names"
        )
        parser.add_argument(
            "--folder", dest="named", action="append", default=[], metavar="PATH=MEANING",
            help="what one folder means, and all in it: tag:NAME, region:NAME, kind:KEY, skip; several with commas",
        )  # fmt: skip
        parser.add_argument(
            "--site", action="append", default=[], metavar="URL", help="where these files were published"
        )
        parser.add_argument(
            "--liquid", action="append", default=[], metavar="TAG=TEXT",
            help="what a tag of Liquid becomes; {} stands for its first argument",
        )  # fmt: skip
        parser.add_argument(
            "--fact",
            action="append",
            default=[],
            metavar="FIELD",
            help="a field of the front matter that is a fact",
        )
        parser.add_argument("--kind", default="", help="key of the kind of article that all pages are")
        parser.add_argument("--language", default="en", help="the language of pages that do not name theirs")
        parser.add_argument(
            "--only-for", action="append", default=[], metavar="GROUP", help="keep all of it to this group"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and change nothing"
        )
        parser.add_argument("--report", type=Path, metavar="PATH", help="write the whole report to a file")
        parser.add_argument("--strict", action="store_true", help="fail if any file was skipped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, bring the search up to date, and report."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"No such folder: {folder}. Check the name, and try again.")
        started = time.monotonic()
        report = self.take(folder, self.read_as(folder, options), dry=options["dry_run"])
        self.tell(report, options)
        if report.changed() and not options["dry_run"]:
            bring_up_to_date(self.stdout.write)
        self.stdout.write(f"{time.monotonic() - started:.1f} seconds")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed: this was a dry run.")
        if options["strict"] and report.skipped:
            raise CommandError(f"{len(report.skipped)} files were skipped.")

    def read_as(self, folder: Path, options: dict[str, Any]) -> rules.Rules:
        """Return how the folder is to be read. Raises CommandError for a rule that says nothing."""
        if options["language"] not in dict(settings.WAGTAIL_CONTENT_LANGUAGES):
            known = ", ".join(dict(settings.WAGTAIL_CONTENT_LANGUAGES))
            raise CommandError(
                f"This site has no pages in “{options['language']}”: its languages are {known}."
            )
        try:
            return rules.Rules(
                source=(options["source"] or folder.resolve().name)[:80],
                folders=options["folders"],
                named=rules.named(options["named"]),
                sites=tuple(options["site"]),
                words=rules.pairs(options["liquid"]),
                facts=tuple(options["fact"]),
                groups=tuple(options["only_for"]),
                kind=options["kind"],
                language=options["language"],
            )
        except ImportProblem as error:
            raise CommandError(str(error)) from error

    def take(self, folder: Path, how: rules.Rules, *, dry: bool) -> Report:
        """Import the folder; a dry run takes everything back at the end, and stores no file."""
        with transaction.atomic() if dry else nullcontext():
            run = Run(how.source, folder=Folder(folder, dry=dry))
            run.take(pages.read(folder, how, run.report))
            run.tell_qualified()
            run.count_links()
            run.report.links.pop("external links", None)  # counted whole, with those of unchanged files
            if dry:
                transaction.set_rollback(True)
        return run.report

    def tell(self, report: Report, options: dict[str, Any]) -> None:
        """Print what became of every file in a dry run or a talkative one, else what was left out; then the numbers."""
        lines = report.all() if options["dry_run"] or options["verbosity"] > 1 else report.shown()
        for line in lines:
            self.stdout.write(line)
        for line in report.summary():
            self.stdout.write(self.style.SUCCESS(line))
        if path := options["report"]:
            try:
                report.write(path)
            except OSError as error:
                raise CommandError(f"The report could not be written: {error}") from error
            self.stdout.write(f"The whole report is in {path}")
