"""Which page says in its language what a page in another one says: after all pages are here."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction

from diplopedia.importing.exports.values import needed
from diplopedia.importing.lines import Line
from diplopedia.importing.values import mapping
from diplopedia.models import Article, Edit
from search import outbox

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring

AT_ONCE = 200


def join_languages(run: Restoring) -> None:
    """Set the origin of every translation that came and was not edited here since."""
    lines = (line for line in run.export.lines("articles") if mapping(line.record, "translated_from"))
    while batch := list(islice(lines, AT_ONCE)):
        with transaction.atomic():
            join(run, batch)


def join(run: Restoring, batch: list[Line]) -> None:
    """Set the origins of some translations."""
    pks = {line.source_id: run.ledger.pk("article", line.source_id) for line in batch}
    here = Article.objects.in_bulk([pk for pk in pks.values() if pk])
    there = edits(run, batch)
    for line in batch:
        article = here.get(pks[line.source_id] or 0)
        if article is None or line.source_id in run.refused or not untouched(article, line):
            continue
        named = source_of(line)
        source = there.get(named)
        if source is None:
            run.report.note(
                line.where,
                f"it says what revision {named[1]} of page {named[0]} says, which was not imported: left out.",
            )
        elif article.translated_from_id != source:
            Article.objects.filter(pk=article.pk).update(translated_from=source)
            outbox.enqueue("article", article.pk)


def edits(run: Restoring, batch: list[Line]) -> dict[tuple[str, int], int]:
    """Return the edits that some lines say they translate, by article and number in the export."""
    wanted = {source_of(line) for line in batch}
    articles = {pk: name for name, _number in wanted if (pk := run.ledger.pk("article", name))}
    rows = Edit.objects.filter(article__in=articles, number__in={number for _name, number in wanted})
    return {
        (articles[article], number): pk
        for article, number, pk in rows.order_by().values_list("article", "number", "pk")
    }


def source_of(line: Line) -> tuple[str, int]:
    """Return the article and revision that a line says it translates."""
    source = mapping(line.record, "translated_from")
    return needed(source, "article"), int(source["revision"])


def untouched(article: Article, line: Line) -> bool:
    """Whether nobody edited an article here since it came: whoever takes it out of its languages edits it."""
    latest = article.latest_edit
    return latest is not None and latest.number == line.record.get("revisions")
