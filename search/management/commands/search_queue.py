"""Look after the changes that did not reach the search engine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import queue
from search.entries import Key
from search.models import Outbox


class Command(BaseCommand):
    """`manage.py search_queue [--retry] [KIND:NUMBER …]`."""

    help = "Lists the changes that failed on their way to the search engine; --retry takes them up again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("things", nargs="*", metavar="KIND:NUMBER", help="only these, such as article:17")
        parser.add_argument("--retry", action="store_true", help="take them up again")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or retry."""
        keys = [_key(text) for text in options["things"]]
        if options["retry"]:
            self.stdout.write(f"{queue.retry(keys or None)} taken up again.")
            return
        rows = Outbox.objects.waiting().troubled().order_by("version")
        for item in queue.items(row for row in rows.iterator() if not keys or row.key in keys):
            state = "set aside" if item.row.set_aside_at else f"tried {item.row.tries} times"
            since = f"{item.row.created:%Y-%m-%d %H:%M}"
            self.stdout.write(
                f"{item.row.key} {item.title or '(gone)'} since {since}, {state}: {item.row.error}"
            )
        self.stdout.write(f"{rows.count()} failed.")


def _key(text: str) -> Key:
    try:
        return Key.read(text)
    except ValueError:
        raise CommandError(
            f"{text!r} names nothing. Write a kind and a number, such as article:17."
        ) from None
