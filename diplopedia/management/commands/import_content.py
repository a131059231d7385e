"""`manage.py import_content FILE…`: articles, people, offices and posts from JSON Lines, or a complete export."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from diplopedia.importing import lines, tables
from diplopedia.importing.exports.reading import Export, is_export
from diplopedia.importing.exports.restoring import Restoring
from diplopedia.importing.indexing import bring_up_to_date
from diplopedia.importing.report import Report
from diplopedia.importing.runs import Run, in_files
from diplopedia.importing.values import ImportProblem


class Command(BaseCommand):
    """Imports what is new or changed, and says line by line what was skipped and why."""

    help = "Import JSON Lines. May be stopped at any moment and repeated: it updates and never duplicates."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files and what to do with them."""
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="files of JSON Lines, tables (.csv) of facts about colleagues, or the folder of one export",
        )
        parser.add_argument("--source", default="", help="who keeps the originals; else what each line says")
        parser.add_argument("--demo", action="store_true", help="mark it as demo, for remove_demo to remove")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and change nothing"
        )
        parser.add_argument(
            "--report", type=Path, metavar="PATH", help="write every line of the report to a file"
        )
        parser.add_argument("--strict", action="store_true", help="fail if any line was skipped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, bring the search up to date, and report."""
        files: list[Path] = options["files"]
        exports = [path for path in files if is_export(path)]
        if exports and len(files) > 1:
            raise CommandError("One export at a time, and nothing beside it: their rows refer to each other.")
        if missing := [str(path) for path in files if not path.is_file() and path not in exports]:
            raise CommandError(f"No such file: {', '.join(missing)}. Check the name, and try again.")
        started = time.monotonic()
        report = self.restore(exports[0], options) if exports else self.take(files, options)
        self.tell(report, options["report"])
        if report.changed() and not options["dry_run"]:
            bring_up_to_date(self.stdout.write)
        self.stdout.write(f"{time.monotonic() - started:.1f} seconds")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed: this was a dry run.")
        if options["strict"] and report.skipped:
            raise CommandError(f"{len(report.skipped)} lines were skipped.")

    def take(self, files: list[Path], options: dict[str, Any]) -> Report:
        """Import the files; a dry run takes everything back at the end."""
        readers = [reader_of(path)(path) for path in files]
        with transaction.atomic() if options["dry_run"] else nullcontext():
            run = Run(options["source"], demo=options["demo"])
            run.take(in_files(readers))
            run.count_links()
            if options["dry_run"]:
                transaction.set_rollback(True)
        return run.report

    def restore(self, folder: Path, options: dict[str, Any]) -> Report:
        """Import an export; a dry run takes everything back at the end, and stores no file."""
        try:
            export = Export(folder)
            export.verify()
            with transaction.atomic() if options["dry_run"] else nullcontext():
                run = Restoring(export, dry=options["dry_run"])
                run.restore()
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except ImportProblem as error:
            raise CommandError(str(error)) from error
        return run.report

    def tell(self, report: Report, path: Path | None) -> None:
        """Print the report, and write it whole to a file if one is named."""
        for line in report.shown():
            self.stdout.write(line)
        for line in report.summary():
            self.stdout.write(self.style.SUCCESS(line))
        if path:
            try:
                report.write(path)
            except OSError as error:
                raise CommandError(f"The report could not be written: {error}") from error
            self.stdout.write(f"The whole report is in {path}")


def reader_of(path: Path) -> Callable[[Path], Iterator[lines.Line | lines.Broken]]:
    """Return what reads a file: as a table, or as lines."""
    return tables.read if path.suffix.lower() == ".csv" else lines.read
