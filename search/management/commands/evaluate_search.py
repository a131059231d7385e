"""`manage.py evaluate_search`: how well the search answers judged queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines import ENGINES, SearchUnavailable, engine
from search.evaluation.judgements import Malformed, read_judgements, read_queries, write_run
from search.evaluation.measuring import DEPTH, askers, figures, plain_bm25, run
from search.evaluation.report import Minimum, failures, table
from search.query import DEEPEST


class Command(BaseCommand):
    """Asks judged queries and prints how good the answers are."""

    help = (
        "Asks judged queries as a colleague would, and prints P@1, MRR, nDCG@10 (linear gain, log2 discount, as "
        "trec_eval computes it) and recall, by category and overall. Documents are named by the id they were "
        "imported with, else kind:pk. With -v 2 it lists the queries that were not answered as well as can be."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--queries", required=True, type=Path, metavar="Q.jsonl", help="id, text, category"
        )
        parser.add_argument(
            "--qrels", required=True, type=Path, metavar="Q.tsv", help="TREC: query 0 document grade"
        )
        parser.add_argument("--engine", metavar="E", help="a SEARCH_URL, or its scheme (default: SEARCH_URL)")
        parser.add_argument(
            "--through", choices=sorted(askers), default="search", help="the page that is asked (search)"
        )
        parser.add_argument("--run", type=Path, metavar="OUT", help="write the rankings as a TREC run")
        parser.add_argument("--as", dest="user", metavar="USER", help="username of the reader")
        parser.add_argument("--depth", type=int, default=DEPTH, help=f"hits asked for ({DEPTH})")
        parser.add_argument("--baseline", choices=["bm25"], help="print plain BM25 beside ours")
        parser.add_argument(
            "--minimum",
            action="append",
            default=[],
            metavar="[CATEGORY:]METRIC=VALUE",
            help="fail below this",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, print, write, and fail if a minimum was missed."""
        if not 1 <= options["depth"] <= DEEPEST:
            raise CommandError(f"--depth is {options['depth']}: give a number from 1 to {DEEPEST}.")
        before = settings.SEARCH_URL, settings.SEARCH_DRAIN
        try:
            self._choose(options["engine"])
            self._evaluate(options)
        except (Malformed, OSError, SearchUnavailable, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        finally:
            settings.SEARCH_URL, settings.SEARCH_DRAIN = before

    def _choose(self, name: str | None) -> None:
        """Ask another engine, which is only read: what waits in the outbox is for the one in use."""
        scheme = urlsplit(settings.SEARCH_URL).scheme
        if name and name not in (settings.SEARCH_URL, scheme, scheme.partition("+")[0]):
            if "://" not in name or urlsplit(name).scheme not in ENGINES:
                raise CommandError(
                    f"--engine is {name!r}, and SEARCH_URL is that of {scheme}. Give the whole address of another "
                    f"engine, as in SEARCH_URL. Known engines: {', '.join(ENGINES)}."
                )
            settings.SEARCH_URL, settings.SEARCH_DRAIN = name, "worker"
        if not engine().status().entries:
            raise CommandError(
                "There is nothing in this engine. Fill it first: SEARCH_URL=… manage.py rebuild_search"
            )

    def _evaluate(self, options: dict[str, Any]) -> None:
        queries, judgements = read_queries(options["queries"]), read_judgements(options["qrels"])
        self._compare(options, {asked.id for asked in queries}, set(judgements))
        reader, depth, page = self._reader(options["user"]), options["depth"], options["through"]
        tag = urlsplit(settings.SEARCH_URL).scheme.partition("+")[0]
        tag = tag if page == "search" else f"{page}-{tag}"
        found = run(tag, queries, judgements, askers[page](reader, depth))
        rows = figures(queries, judgements, found, depth)
        beside = []
        if options["baseline"]:
            plain = run("bm25", queries, judgements, plain_bm25(reader, depth))
            beside = figures(queries, judgements, plain, depth)
        if options["verbosity"] > 1:
            self._tell(failures(queries, judgements, found))
        self.stdout.write(f"{len(queries)} queries, asked of {tag} as {reader.get_username()}")
        self._tell(table(rows, beside))
        self.stdout.write(f"a query takes {found.median:.1f} ms (median), {found.p95:.1f} ms (95 of 100)")
        if options["run"]:
            write_run(options["run"], found.answers, f"diplopedia-{tag}")
        self._hold(options["minimum"], rows)

    def _compare(self, options: dict[str, Any], asked: set[str], judged: set[str]) -> None:
        """Refuse files that do not belong together, and say what only one of them has."""
        if not asked & judged:
            raise CommandError(
                f"{options['qrels']} judges no query of {options['queries']}: the first column must be a query's id."
            )
        if judged - asked:
            self.stderr.write(f"{len(judged - asked)} judged queries are not asked: {_some(judged - asked)}")
        if asked - judged:
            unjudged = f"{len(asked - judged)} queries have no judgement: {_some(asked - judged)}."
            self.stderr.write(f"{unjudged} They count as having no right answer.")

    def _reader(self, username: str | None) -> Any:
        """The user of that name; without a name, the first active one in no group who is no administrator."""
        users = get_user_model()._default_manager.filter(is_active=True).order_by("pk")
        chosen = {"username": username} if username else {"is_superuser": False, "groups": None}
        reader = users.filter(**chosen).first()
        if reader is None:
            raise CommandError(
                "There is no such active user. Name one with --as USERNAME, as in /people/USERNAME/."
            )
        return reader

    def _hold(self, minima: list[str], rows: Any) -> None:
        try:
            missed = [words for text in minima if (words := Minimum.read(text, rows).missed(rows))]
        except ValueError as error:
            raise CommandError(str(error)) from error
        if missed:
            raise CommandError("Not good enough. " + "; ".join(missed))

    def _tell(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)


def _some(names: set[str]) -> str:
    """The first names of a set, in words."""
    return ", ".join(sorted(names)[:5]) + (" …" if len(names) > 5 else "")
