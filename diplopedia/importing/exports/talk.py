"""Talk from an export: each thread with all its comments, or not at all, and never before the page it is about.

Nobody is told of it. HTML is made here by what renders new comments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils import timezone

from diplopedia.importing.exports.values import needed, word
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, mapping, moment, records, whole
from diplopedia.talk import KIND
from discussion import wording
from discussion.models import TALK, Comment, EarlierText, Thread
from search import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diplopedia.importing.exports.restoring import Restoring

STATE = ("pk", "edited_at", "withdrawn_at", "hidden_at")


def save_thread(run: Restoring, line: Line) -> tuple[Thread, bool]:
    """Bring back a thread, or what is new of one that came before and in which nobody wrote here since."""
    said = list(run.said)
    known = run.ledger.get("thread", line.source_id)
    thread = Thread.objects.filter(pk=known.object_id).first() if known else None
    made = thread is None
    if thread and known and state(thread) != known.detail["state"]:
        raise ImportProblem(
            "Somebody wrote in this thread or moved it here since it came: nothing was changed."
        )
    thread = thread or Thread(subject_kind=KIND)
    place(run, thread, line)
    fill_thread(run, thread, line.record)
    comments = save_comments(run, thread, said, known.detail["comments"] if known and not made else [])
    thread.refresh_from_db()
    run.ledger.keep(line, thread, {"comments": comments, "state": state(thread)})
    outbox.enqueue(TALK, thread.pk)
    return thread, made


def place(run: Restoring, thread: Thread, line: Line) -> None:
    """Put a thread where it is in the export; its name begins with the page that it was begun about."""
    article, begun = needed(line.record, "article"), line.source_id.partition("/")[0]
    thread.subject_pk = run.page_of_talk(article)
    thread.came_from = run.ledger.pk("article", begun) if begun != article else None


def state(thread: Thread) -> str:
    """Return what changes whenever somebody writes in a thread, changes a comment, or resolves it."""
    comments = list(thread.comments.order_by("pk").values_list(*STATE))
    said = f"{thread.subject_pk} {thread.title} {thread.active} {thread.resolved_at} {comments}"
    return hashlib.sha256(said.encode()).hexdigest()


def fill_thread(run: Restoring, thread: Thread, record: Record) -> None:
    """Set what the export says of a thread."""
    resolved = mapping(record, "resolved")
    thread.title, thread.quote = needed(record, "title"), word(record, "quote")
    thread.quoted = whole(record, "quoted", most=10**9) or 0
    thread.author = run.person(needed(record, "author"))
    thread.created = moment(record, "at") or timezone.now()
    thread.active = moment(record, "active") or thread.created
    thread.resolved_by = run.person(word(resolved, "by")) if resolved.get("by") else None
    thread.resolved_at = moment(resolved, "at")
    thread.save()


# --- comments ---------------------------------------------------------------------------------------------------


def save_comments(run: Restoring, thread: Thread, said: Sequence[Record], here: list[int]) -> list[int]:
    """Write the comments of a thread in their order; return their keys. `here` are those that came before."""
    known = Comment.objects.in_bulk(here)
    comments: list[Comment] = [known[pk] for pk in here]
    for number, record in enumerate(said):
        with naming(number + 1):
            if number == len(comments):
                comments.append(Comment(thread=thread))
            fill_comment(run, comments[number], record, comments)
            comments[number].save()
            keep_earlier(run, comments[number], records(record, "earlier"))
    return [comment.pk for comment in comments]


@contextmanager
def naming(number: int) -> Iterator[None]:
    """Say which comment of a thread a problem is with."""
    try:
        yield
    except ImportProblem as problem:
        raise ImportProblem(f"Comment {number}: {problem}") from problem


def fill_comment(run: Restoring, comment: Comment, record: Record, comments: Sequence[Comment]) -> None:
    """Set what the export says of a comment; it may answer one of the `comments` before it."""
    parent = whole(record, "parent")
    if parent is not None and not 0 < parent <= comments.index(comment):
        raise ImportProblem(f"It answers comment {parent}, which does not stand before it.")
    hidden = mapping(record, "hidden")
    comment.author = run.person(needed(record, "author"))
    comment.parent = comments[parent - 1] if parent else None
    comment.kind = needed(record, "kind")
    body = run.renumbered(word(record, "text"))
    if comment.body != body or comment.pk is None:
        comment.body, comment.html = body, wording.stored(body)
    comment.created = moment(record, "at") or timezone.now()
    comment.edited_at, comment.withdrawn_at = moment(record, "edited"), moment(record, "withdrawn")
    comment.hidden_at, comment.hidden_why = moment(hidden, "at"), word(hidden, "why")


def keep_earlier(run: Restoring, comment: Comment, texts: Sequence[Record]) -> None:
    """Keep what a comment said before; what is here already stays."""
    there = comment.earlier.count() if texts else 0
    EarlierText.objects.bulk_create(
        EarlierText(
            comment=comment,
            body=run.renumbered(word(text, "text")),
            until=moment(text, "until") or timezone.now(),
        )
        for text in texts[there:]
    )
