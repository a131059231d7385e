"""Search from a terminal, as somebody."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import actions
from search.dictionary import dictionary
from search.engines import SearchUnavailable
from search.query import Query
from search.results import Hit, Results, Segments


class Command(BaseCommand):
    """`manage.py search QUERY [--as USER] [--json]`."""

    help = "Searches as a user would; without --as, as a signed-in colleague in no group and no office."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("query", nargs="+", help="words and filters, as in the search box")
        parser.add_argument("--as", dest="user", metavar="USER", help="username of the reader")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--size", type=int, default=10, help="number of hits (10)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Search and print."""
        reader = self._reader(options["user"])
        query = Query.parse(" ".join(options["query"]), dictionary=dictionary()).matching(
            size=options["size"]
        )
        try:
            results = actions.find(query, reader)
        except SearchUnavailable as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(query, results), ensure_ascii=False, indent=2))
        else:
            self._print(query, results)

    def _reader(self, username: str | None) -> Any:
        """The user of that name; without a name, the first active one who is no administrator."""
        users = get_user_model()._default_manager.filter(is_active=True)
        if username:
            reader = users.filter(username=username).first()
            if reader is None:
                raise CommandError(
                    f"There is no active user {username!r}. Give a username, as in /people/USERNAME/."
                )
            return reader
        reader = users.filter(is_superuser=False, groups=None).first()
        if reader is None:
            raise CommandError("There is no ordinary user to search as. Name one with --as USERNAME.")
        return reader

    def _print(self, query: Query, results: Results) -> None:
        self.stdout.write(f"{query or '(everything)'}: {results.total} found in {results.took:.0f} ms")
        for note in results.notes:
            self.stdout.write(f"note: {note}")
        if results.suggestion:
            self.stdout.write(f"did you mean: {results.suggestion}")
        for number, hit in enumerate(results, query.offset + 1):
            self.stdout.write(f"{number:3}. [{hit.kind}] {hit.name}  {hit.url}  ({hit.score:.2f})")
            for reason in hit.why:
                self.stdout.write(f"       · {reason}")
            if hit.snippet:
                self.stdout.write(f"       {bracketed(hit.snippet)}")


def bracketed(segments: Segments) -> str:
    """Segments as text, marks in square brackets."""
    return "".join(f"[{segment.text}]" if segment.marked else segment.text for segment in segments)


def as_json(query: Query, results: Results) -> dict[str, Any]:
    """Results as one object."""
    return {
        "query": str(query),
        "total": results.total,
        "took_ms": round(results.took, 1),
        "suggestion": results.suggestion,
        "notes": list(results.notes),
        "hits": [_hit(hit) for hit in results],
        "facets": {f.name: {v.value: v.count for v in f.values} for f in results.facets},
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "pk": hit.pk,
        "url": hit.url,
        "title": hit.name,
        "score": round(hit.score, 3),
        "snippet": bracketed(hit.snippet),
        "why": [str(reason) for reason in hit.why],
    }
