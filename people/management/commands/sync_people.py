"""`manage.py sync_people FILE.csv`: people from the ministry's directory; once, or every night."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from people.syncing import rows
from people.syncing.doing import carry_out
from people.syncing.planning import Plan, Planner
from people.syncing.rows import Unreadable

SHOWN = 20


class Command(BaseCommand):
    """Opens, changes and closes accounts as a CSV file says. A second run has nothing to do."""

    help = (
        "People from a CSV file: new accounts, changes, and with --close-missing an end for who is not in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what to do with it."""
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="CSV in UTF-8; its first line names the columns"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and change nothing"
        )
        parser.add_argument(
            "--close-missing",
            action="store_true",
            help="close the accounts whose number (id) was known once and is not in the file",
        )
        parser.add_argument(
            "--most-closed",
            type=int,
            metavar="PERCENT",
            help="refuse to close more of the accounts than this; else SYNC_MOST_CLOSED",
        )
        parser.add_argument(
            "--report", type=Path, metavar="PATH", help="write every line of the report to a file"
        )
        parser.add_argument("--strict", action="store_true", help="fail if any row was left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, refuse what cannot be meant, do, and report."""
        plan = self.plan(options["file"], close_missing=options["close_missing"])
        percent = settings.SYNC_MOST_CLOSED if options["most_closed"] is None else options["most_closed"]
        refused = plan.too_many(percent)
        if not options["dry_run"] and not refused:
            carry_out(plan, self.stdout.write)
        self.tell(plan, options["report"])
        if refused:
            raise CommandError(
                f"{len(plan.closing):,} of {plan.open_before:,} open accounts would be closed, more than {percent} %. "
                "Nothing was changed. Is the file whole? If it is, run this again with a higher --most-closed."
            )
        if options["dry_run"]:
            self.stdout.write("Nothing was changed: this was a dry run.")
        if options["strict"] and plan.skipped:
            raise CommandError(f"{plan.skipped} rows were left out.")

    def plan(self, path: Path, *, close_missing: bool) -> Plan:
        """Return what the file would change. Raises CommandError for a file that cannot be meant."""
        planner = Planner()
        try:
            records = list(rows.read(path))
        except Unreadable as error:
            raise CommandError(str(error)) from error
        if not records:
            raise CommandError(f"{path} has no rows below the names of its columns. Nothing was changed.")
        if close_missing and "id" not in records[0]:
            raise CommandError("--close-missing knows people by their number: the file needs a column “id”.")
        plan = planner.take(records)
        if close_missing:
            planner.close_missing()
        return plan

    def tell(self, plan: Plan, path: Path | None) -> None:
        """Print what was, or would be, done and what is wrong; all of it to a file if one is named."""
        done, wrong = [str(step) for step in plan.done], [str(problem) for problem in plan.problems]
        for lines in (done, wrong):
            for line in lines[:SHOWN]:
                self.stdout.write(line)
            if len(lines) > SHOWN:
                self.stdout.write(f"… and {len(lines) - SHOWN:,} more lines: --report writes them all.")
        new = sum(step.user is None for step in plan.done)
        closed = sum(step.closes for step in plan.done)
        counts = f"{new:,} new, {len(plan.done) - new - closed:,} changed, {closed:,} closed, {plan.same:,} the same"
        self.stdout.write(self.style.SUCCESS(f"{counts}, {plan.skipped:,} rows left out"))
        if path:
            write(path, [*done, *wrong, counts])


def write(path: Path, lines: list[str]) -> None:
    """Write a report for the eyes of its owner: it names people. Raises CommandError where it cannot be written."""
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write("\n".join(lines) + "\n")
    except OSError as error:
        raise CommandError(f"The report could not be written: {error}") from error
