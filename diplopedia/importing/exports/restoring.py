"""One import of an export: every table in its order, streamed, each line whole or not at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from diplopedia.exporting.places import kind_rows, region_rows
from diplopedia.exporting.sinks import line as written
from diplopedia.importing.exports import (
    articles,
    colleagues,
    files,
    manners,
    mergers,
    places,
    records,
    talk,
    trust,
    watching,
)
from diplopedia.importing.exports.ledger import ExportLedger
from diplopedia.importing.exports.reading import Export
from diplopedia.importing.exports.relations import relate
from diplopedia.importing.files import Folder
from diplopedia.importing.lines import Line
from diplopedia.importing.progress import track
from diplopedia.importing.report import Report
from diplopedia.importing.runs import BATCH, Run
from diplopedia.importing.values import ImportProblem, Record
from diplopedia.models import Article
from people.models import Region, User
from search import outbox

BEFORE = ("groups", "codes", "regions", "offices", "posts", "kinds", "people")
AFTER = ("reports", "watchers", "trust", "sources", "synonyms", "mergers")
STREAMED = ("articles", "threads")  # each line comes with rows of another table
STORED = re.compile(r"(?<=\()(image|document):(\d{1,18})(?=[\s)])")
SAVERS: dict[str, Callable[[Any, Line], tuple[Any, bool | None]]] = {
    "group": places.save_group,
    "region": places.save_region,
    "office": places.save_office,
    "post": places.save_post,
    "kind": places.save_kind,
    "person": colleagues.save_person,
    "article": articles.save_article,
    "image": files.save_file,
    "document": files.save_file,
    "code": manners.save_code,
    "report": manners.save_report,
    "thread": talk.save_thread,
    "watcher": watching.save_watcher,
    "trust": trust.save_trust,
    "source": records.save_source,
    "synonym": records.save_synonym,
    "merger": mergers.save_merger,
}


class Restoring(Run):
    """Takes an export over. Safe to stop at any moment and to repeat."""

    savers = SAVERS
    ledger: ExportLedger

    def __init__(self, export: Export, *, dry: bool = False) -> None:
        super().__init__(ledger=ExportLedger(export.site))
        self.export = export
        self.stored = Folder(export.root, dry=dry)
        self.numbers = files.plan(export, self.ledger)
        self.history: Iterable[Record] = ()
        self.said: Iterable[Record] = ()
        self.refused: set[str] = set()

    def forget(self) -> None:
        """Forget the rows that were looked up."""
        super().forget()
        self._people: dict[str, User] = {}

    # -- what rows name ----------------------------------------------------------------------------------------------

    def row(self, model: type[Any], kind: str, source_id: str) -> Any:
        """Return the row that one of the export became, or None."""
        return self._row(model, kind, source_id) if source_id else None

    def region_of(self, code: str) -> Region | None:
        """Return the region of a code, or None for none. Raises ImportProblem where it is not here."""
        region = self.row(Region, "region", code)
        if code and region is None:
            raise ImportProblem(f"Region “{code}” was not imported.")
        return region

    def person(self, handle: str) -> User:
        """Return a person by the handle they had. Raises ImportProblem where they are not here."""
        if handle not in self._people:
            pk = self.ledger.pk("person", handle)
            user = User.objects.select_related("profile").filter(pk=pk).first() if pk else None
            if user is None:
                raise ImportProblem(f"“{handle}” was not imported: see the lines about people.jsonl.")
            self._people[handle] = user
        return self._people[handle]

    def group(self, name: str) -> Group:
        """Return a group. Raises ImportProblem where it is not here."""
        group = self.row(Group, "group", name)
        if group is None:
            raise ImportProblem(f"Group “{name}” was not imported.")
        return group

    def page_of_talk(self, name: str) -> int:
        """Return the key of an article that may get its talk, as private as there. Raises ImportProblem."""
        pk = self.ledger.pk("article", name)
        if pk is None:
            raise ImportProblem("The page it is about was not imported: see the lines about articles.jsonl.")
        if name in self.refused:
            raise ImportProblem(
                "The page it is about was edited here since it came: what is said of it was left alone."
            )
        return pk

    @cached_property
    def _here(self) -> dict[str, dict[str, bytes]]:
        tables = {"region": region_rows(), "kind": kind_rows()}
        return {kind: {row["id"]: written(row) for row in rows} for kind, rows in tables.items()}

    def is_here(self, line: Line) -> bool:
        """Whether a row is here exactly as it was exported: what comes with every site mostly is."""
        return self._here[line.kind].get(line.source_id) == written(line.record)

    @cached_property
    def _renumbers(self) -> bool:
        return any(number != here for (_kind, number), here in self.numbers.items())

    def renumbered(self, body: str) -> str:
        """Return a text that calls its files by their numbers here."""
        if not self._renumbers:
            return body
        return STORED.sub(
            lambda found: f"{found[1]}:{self.numbers.get((found[1], int(found[2])), found[2])}", body
        )

    # -- taking ------------------------------------------------------------------------------------------------------

    def restore(self) -> Report:
        """Take everything over, and return what was done."""
        with outbox.held():
            for table in BEFORE:
                self.take_lines(table, ((line,) for line in self.export.lines(table)))
            lone, owned = self.files()
            self.take_lines("articles", self.with_files(owned))
            self.take_lines("images", ((line,) for line in lone))
            relate(self)
            files.return_files(self)
            self.take_lines("threads", self.with_comments())
            for table in AFTER:
                self.take_lines(table, ((line,) for line in self.export.lines(table)))
        return self.report

    def take_lines(self, table: str, groups: Iterator[tuple[Line, ...]]) -> None:
        """Take lines over, those of a group in one transaction."""
        progress = track(groups, f"Importing {table}", self.export.count(table))
        while batch := list(islice(progress, 1 if table in STREAMED else BATCH)):
            with transaction.atomic():
                for line in (line for group in batch for line in group):
                    if self.ledger.is_unchanged(line):
                        self.report.done(line.where, line.kind, "unchanged")
                    else:
                        self._take_line(line)
                    if line.kind == "article" and self.is_refused(line):
                        self.refused.add(line.source_id)

    def is_refused(self, line: Line) -> bool:
        """Whether an article did not come, or has or may have other readers here: its new talk must not meet them."""
        if not self.ledger.is_unchanged(line):
            return True
        if not line.record.get("restricted"):
            return False
        here = Article.objects.filter(pk=self.ledger.pk("article", line.source_id))
        return not here.filter(latest_edit__number=line.record.get("revisions")).exists()

    def files(self) -> tuple[list[Line], dict[str, list[Line]]]:
        """Return the lines of files that are of no article, and of the others by article."""
        lone: list[Line] = []
        owned: dict[str, list[Line]] = defaultdict(list)
        for table in ("images", "documents"):
            for line in self.export.lines(table):
                article = line.record.get("article")
                (owned[str(article)] if article else lone).append(line)
        return lone, owned

    def with_files(self, owned: dict[str, list[Line]]) -> Iterator[tuple[Line, ...]]:
        """Return each article with its files, so that none of them is ever open before it; its revisions at hand."""
        histories = groupby(self.export.records("revisions"), key=lambda record: record["article"])
        for line in self.export.lines("articles"):
            if line.record.get("revisions"):
                article, self.history = next(histories, ("", ()))
                if article != line.source_id:
                    raise ImportProblem(f"{line.where}: its revisions stand elsewhere than they should.")
            yield line, *owned.get(line.source_id, ())

    def with_comments(self) -> Iterator[tuple[Line, ...]]:
        """Return each thread, its comments at hand."""
        found = groupby(self.export.records("comments"), key=lambda record: record["thread"])
        for line in self.export.lines("threads"):
            self.said = ()
            if line.record.get("comments"):
                thread, self.said = next(found, ("", ()))
                if thread != line.source_id:
                    raise ImportProblem(f"{line.where}: its comments stand elsewhere than they should.")
            yield (line,)
