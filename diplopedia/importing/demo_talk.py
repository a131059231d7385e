"""What the demonstration says beside its pages: talk about them, and which page says in French what another one says.

Both are made once: what colleagues do with it afterwards stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from diplopedia.actions.translating import set_of
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, mapping, moment, records, required, text, whole
from diplopedia.models import Article, Edit
from diplopedia.talk import KIND
from discussion import wording
from discussion.models import TALK, Comment, Thread
from people.models import User
from search import outbox

if TYPE_CHECKING:
    import datetime

    from diplopedia.importing.runs import Run

THREAD = "thread"


def load_threads(run: Run, found: Iterable[Record]) -> None:
    """Make the threads that are not here yet, of articles that are, each whole or not at all. Nobody is told."""
    for record in found:
        name, article = required(record, "id"), run.ledger.pk("article", required(record, "article"))
        if article and run.ledger.pk(THREAD, name) is None:
            with run.ledger.line():
                run.ledger.enter(THREAD, name, made(run, record, article))


def made(run: Run, record: Record, article: int) -> Thread:
    """Make one thread with its comments."""
    said, resolved = records(record, "comments"), mapping(record, "resolved")
    thread = Thread.objects.create(
        subject_kind=KIND,
        subject_pk=article,
        title=required(record, "title"),
        quote=text(record, "quote"),
        quoted=whole(record, "quoted") or 0,
        author=author(run, record),
        created=when(said[0]),
        active=max(when(row) for row in [*said, *([resolved] if resolved else [])]),
        resolved_by=author(run, resolved, "by") if resolved else None,
        resolved_at=when(resolved) if resolved else None,
    )
    comments: list[Comment] = []
    for row in said:
        parent, body = whole(row, "parent"), required(row, "text")
        comments.append(
            Comment.objects.create(
                thread=thread,
                author=author(run, row),
                parent=comments[parent - 1] if parent else None,
                body=body,
                html=wording.stored(body),
                created=when(row),
            )
        )
    outbox.enqueue(TALK, thread.pk)
    return thread


def author(run: Run, record: Record, name: str = "author") -> User:
    """Return who a record says wrote it. Raises ImportProblem where they are not here."""
    pk = run.ledger.pk("staff", required(record, name))
    found = User.objects.filter(pk=pk).first() if pk else None
    if found is None:
        raise ImportProblem(f"Nobody is known as “{record[name]}”.")
    return found


def when(record: Record) -> datetime.datetime:
    """Return the time of a record. Raises ImportProblem where it has none."""
    found = moment(record, "at")
    if found is None:
        raise ImportProblem("“at” is missing: when was it said?")
    return found


def join_translations(run: Run, lines: Iterable[Line]) -> None:
    """Say of pages which edit of which other page they translate, unless somebody has said so here."""
    for line in lines:
        source = mapping(line.record, "translates")
        page, of = run.ledger.pk("article", line.source_id), run.ledger.pk("article", text(source, "article"))
        if not page or not of:
            continue
        with transaction.atomic():
            there = Article.objects.filter(pk__in=[page, of], deleted_at=None).in_bulk()
            edit = Edit.objects.filter(article=of, number=whole(source, "revision") or 1).first()
            if edit is None or len(there) < 2 or there[page].language_set:
                continue
            Article.objects.filter(pk=page).update(language_set=set_of(there[of]), translated_from=edit)
            outbox.enqueue("article", page)
