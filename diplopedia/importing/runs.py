"""One import: the lines of all files, in the order in which things refer to each other, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model

from diplopedia.actions import EditConflict
from diplopedia.importing.articles import conflict_words, save_article
from diplopedia.importing.colleagues import save_staff
from diplopedia.importing.facts import save_availability, save_fact
from diplopedia.importing.files import Folder, save_file
from diplopedia.importing.historical import save_person
from diplopedia.importing.languages import save_language
from diplopedia.importing.ledger import Ledger
from diplopedia.importing.lines import FACTS, KINDS, Broken, Line
from diplopedia.importing.lookups import Lookups
from diplopedia.importing.places import parents_first, save_country, save_office, save_post
from diplopedia.importing.progress import track
from diplopedia.importing.report import Report
from search import outbox

ORDER = (*KINDS, *FACTS)
# Lines that become durable together: enough to write quickly, few enough to lose little when stopped.
BATCH = 25
# What is wrong with a line. Anything else is wrong with us or with the database, and stops the run.
PROBLEMS = (ValueError, ValidationError, PermissionDenied, IntegrityError, DataError, EditConflict)

Saver = Callable[["Run", Line], tuple[Model, bool | None]]
SAVERS: dict[str, Saver] = {
    "language": save_language,
    "country": save_country,
    "office": save_office,
    "post": save_post,
    "staff": save_staff,
    "person": save_person,
    "image": save_file,
    "document": save_file,
    "article": save_article,
    **dict.fromkeys(FACTS, save_fact),
    "availability": save_availability,
}


class Run(Lookups):
    """Takes lines over. Safe to stop at any moment and to repeat: what is done is remembered with it.

    `folder` holds the files that lines name, where they come with some.
    """

    savers: Mapping[str, Saver] = SAVERS

    def __init__(
        self,
        source: str = "",
        *,
        demo: bool = False,
        folder: Folder | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        super().__init__(ledger or Ledger(source, demo=demo), Report())
        self.folder = folder

    def take(self, found: Iterable[Line | Broken]) -> Report:
        """Import these lines in the order that their references need, and return what was done."""
        lines = self.sort(found)
        self.titles.plan(lines["article"])
        with outbox.held():
            for kind in ORDER:
                self._take_kind(kind, lines[kind])
        return self.report

    def sort(self, found: Iterable[Line | Broken]) -> dict[str, list[Line]]:
        """Return the lines by kind, each after what it refers to; say which are broken or come twice."""
        first: dict[tuple[str, str], Line] = {}
        for line in found:
            if isinstance(line, Broken):
                self.report.skip(line.where, line.kind, line.reason)
                continue
            earlier = first.setdefault((line.kind, line.source_id), line)
            if earlier is not line:
                self.report.skip(
                    line.where, line.kind, f"“{line.source_id}” stands at {earlier.where} already."
                )
        lines = {kind: [line for line in first.values() if line.kind == kind] for kind in ORDER}
        lines["country"].sort(key=lambda line: "same_as" in line.record)
        return lines | {"office": parents_first(lines["office"])}

    def _take_kind(self, kind: str, lines: list[Line]) -> None:
        new = [line for line in lines if not self.ledger.is_unchanged(line)]
        for line in lines:
            if self.ledger.is_unchanged(line):
                self.report.done(line.where, kind, "unchanged")
        progress = track(new, f"Importing {kind}", len(new))
        while batch := list(islice(progress, BATCH)):
            with transaction.atomic():
                for line in batch:
                    self._take_line(line)

    def _take_line(self, line: Line) -> None:
        try:
            with self.ledger.line():
                target, created = self.savers[line.kind](self, line)
        except PROBLEMS as error:
            self.forget()
            self.report.skip(line.where, line.kind, words(error))
        else:
            outcome = "unchanged" if created is None else "created" if created else "updated"
            self.report.done(line.where, line.kind, outcome, target)


def words(error: Exception) -> str:
    """Return what is wrong, for the report: one line."""
    if isinstance(error, EditConflict):
        return conflict_words(error)
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, IntegrityError | DataError):
        return f"The database refused it: {error}"
    return " ".join(str(error).split())


def in_files(readers: Iterable[Iterator[Line | Broken]]) -> Iterator[Line | Broken]:
    """Return the lines of several files as one stream."""
    for reader in readers:
        yield from reader
