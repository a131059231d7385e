"""The whole export: all tables in the order in which they refer to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from diplopedia.exporting import manners, places, records
from diplopedia.exporting.articles import export_articles
from diplopedia.exporting.colleagues import person_rows
from diplopedia.exporting.files import export_files
from diplopedia.exporting.mergers import merger_rows
from diplopedia.exporting.sinks import Row, Sink
from diplopedia.exporting.snapshot import one_moment
from diplopedia.exporting.talk import export_talk
from diplopedia.exporting.trust import trust_rows
from diplopedia.exporting.watching import watcher_rows
from diplopedia.importing.progress import track

BEFORE: tuple[tuple[str, Callable[[], Iterator[Row]]], ...] = (
    ("groups", places.group_rows),
    ("codes", manners.code_rows),
    ("regions", places.region_rows),
    ("offices", places.office_rows),
    ("posts", places.post_rows),
    ("kinds", places.kind_rows),
)
AFTER: tuple[tuple[str, Callable[[], Iterator[Row]]], ...] = (
    ("reports", manners.report_rows),
    ("watchers", watcher_rows),
    ("trust", trust_rows),
    ("sources", records.source_rows),
    ("synonyms", records.synonym_rows),
    ("mergers", merger_rows),
)


def export(sink: Sink, tell: Callable[[str], object]) -> None:
    """Write everything as it is at this moment. `tell` hears of what had to be left out."""
    with one_moment():
        for table, rows in BEFORE:
            write(sink, table, rows())
        write(sink, "people", person_rows(sink, tell))
        export_articles(sink, export_files(sink, tell), track)
        export_talk(sink)
        for table, rows in AFTER:
            write(sink, table, rows())


def write(sink: Sink, table: str, rows: Iterator[Row]) -> None:
    """Write the rows of one table."""
    for row in rows:
        sink.write(table, row)
