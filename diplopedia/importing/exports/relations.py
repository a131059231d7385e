"""What articles from an export say of one another, after all are here: translations, and names that were lent."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction

from diplopedia.importing.exports.values import needed, word
from diplopedia.importing.lines import Line
from diplopedia.importing.values import Record, mapping, records
from diplopedia.markdown import title_key
from diplopedia.models import Alias, Article, Edit
from search import outbox

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring

AT_ONCE = 200


def relate(run: Restoring) -> None:
    """Set the origins of translations and of names, of the articles that came."""
    lines = (line for line in run.export.lines("articles") if line.source_id not in run.refused)
    related = (line for line in lines if mapping(line.record, "translated_from") or lent(line))
    while batch := list(islice(related, AT_ONCE)):
        with transaction.atomic():
            join_languages(run, batch)
            return_names(run, batch)


# --- languages --------------------------------------------------------------------------------------------------


def join_languages(run: Restoring, batch: list[Line]) -> None:
    """Set which edit each article translates, unless somebody edited the article here since it came."""
    batch = [line for line in batch if mapping(line.record, "translated_from")]
    pks = {line.source_id: run.ledger.pk("article", line.source_id) for line in batch}
    here = Article.objects.select_related("latest_edit").in_bulk([pk for pk in pks.values() if pk])
    there = edits(run, batch)
    for line in batch:
        article = here.get(pks[line.source_id] or 0)
        if article is None or not untouched(article, line):
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
    return word(source, "article"), int(source.get("revision", 0))


def untouched(article: Article, line: Line) -> bool:
    """Whether nobody edited an article here since it came: whoever takes it out of its languages edits it."""
    latest = article.latest_edit
    return latest is not None and latest.number == line.record.get("revisions")


# --- names of pages that were merged ----------------------------------------------------------------------------


def lent(line: Line) -> list[Record]:
    """Return the names that other articles lent to this one."""
    return [name for name in records(line.record, "other_names") if name.get("came_from")]


def return_names(run: Restoring, batch: list[Line]) -> None:
    """Set which deleted article takes a name along when it is brought back."""
    pks = {run.ledger.pk("article", line.source_id): line for line in batch if lent(line)}
    waiting = Alias.objects.filter(
        article__in=[pk for pk in pks if pk], kind=Alias.Kind.JOINED, came_from=None
    )
    for alias in waiting:
        line = pks[alias.article_id]
        key = (alias.language, alias.title_key)
        owner = next((word(name, "came_from") for name in lent(line) if key_of(name) == key), "")
        alias.came_from_id = run.ledger.pk("article", owner)
        if alias.came_from_id:
            alias.save(update_fields=["came_from"])
        elif owner:
            run.report.note(
                line.where, f"“{alias.title}” was the name of page {owner}, which was not imported."
            )


def key_of(name: Record) -> tuple[str, str]:
    """Return what tells a name from the others of its article."""
    return needed(name, "language"), title_key(needed(name, "title"))
