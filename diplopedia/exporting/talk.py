"""Talk as rows: threads in the order of their articles, each after its comments, whose hash it states."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from django.db.models.functions import Coalesce

from diplopedia.exporting.batches import batches
from diplopedia.exporting.sinks import Row, Sink, moment
from diplopedia.models import Article
from diplopedia.talk import KIND
from discussion.models import Comment, Thread

AT_ONCE = 50
Names = dict[int, str]


def thread_names() -> Names:
    """Return what each thread is called, in the order of the export: its article's id and its number there.

    Its article is the one that it was begun about: the name stays where pages are merged, and talk moves.
    """
    articles = dict(Article.objects.values_list("pk", "translation_key"))
    threads_here = Thread.objects.filter(subject_kind=KIND).order_by()
    found = threads_here.values_list(Coalesce("came_from", "subject_pk"), "pk")
    keys = sorted((str(articles[about]), pk) for about, pk in found if about in articles)
    return {
        pk: f"{article}/{number}"
        for article, threads in groupby(keys, key=lambda key: key[0])
        for number, (_article, pk) in enumerate(threads, start=1)
    }


def comment_names(threads: Mapping[int, str], pks: Iterable[int]) -> Names:
    """Return what some comments are called: their thread and their number in it."""
    wanted = set(pks)
    places = Comment.objects.filter(pk__in=wanted).values_list("thread", flat=True).distinct().order_by()
    keys = Comment.objects.filter(thread__in=places).order_by("pk").values_list("thread", "pk")
    return {
        pk: f"{threads[thread]}/{number}"
        for thread, found in by_thread(keys).items()
        if thread in threads
        for number, pk in enumerate(found, start=1)
        if pk in wanted
    }


def by_thread(keys: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Return the keys of comments by thread."""
    found: dict[int, list[int]] = {}
    for thread, pk in keys:
        found.setdefault(thread, []).append(pk)
    return found


def export_talk(sink: Sink) -> None:
    """Write all talk: withdrawn and hidden comments with their words, too."""
    names = thread_names()
    threads = Thread.objects.select_related("author", "resolved_by")
    for pks in batches(names, AT_ONCE):
        found = threads.in_bulk(pks)
        keys = Comment.objects.filter(thread__in=pks).order_by("pk").values_list("thread", "pk")
        comments = by_thread(keys)
        said = comments_of(pks, comments)
        about = Article.objects.filter(pk__in={thread.subject_pk for thread in found.values()})
        articles = dict(about.values_list("pk", "translation_key"))
        for pk in pks:
            row = thread_row(found[pk], names[pk], str(articles[found[pk].subject_pk]))
            export_thread(sink, row, comments.get(pk, []), said)


def comments_of(threads: list[int], comments: Mapping[int, list[int]]) -> Iterator[Comment]:
    """Return the comments of some threads, thread by thread, no more than a handful in memory."""
    rows = Comment.objects.select_related("author").defer("html").prefetch_related("earlier")
    for pks in batches((pk for thread in threads for pk in comments.get(thread, ())), AT_ONCE):
        found = rows.in_bulk(pks)
        yield from (found[pk] for pk in pks)


def export_thread(sink: Sink, row: Row, comments: list[int], said: Iterator[Comment]) -> None:
    """Write one thread after its comments, which are the next of `said`."""
    numbers = {pk: number for number, pk in enumerate(comments, start=1)}
    history = hashlib.sha256()
    for _pk in comments:
        history.update(sink.write("comments", comment(row["id"], next(said), numbers)))
    sink.write("threads", row | {"comments": len(comments), "history": history.hexdigest()})


def thread_row(thread: Thread, name: str, article: str) -> Row:
    """Return one thread, and where it is now."""
    return {
        "id": name,
        "article": article,
        "title": thread.title,
        "quote": thread.quote,
        "quoted": thread.quoted,
        "author": thread.author.username,
        "at": moment(thread.created),
        "active": moment(thread.active),
        "resolved": resolution(thread),
    }


def resolution(thread: Thread) -> Row | None:
    """Return who marked a thread as resolved, and when."""
    if not thread.resolved_at:
        return None
    return {
        "by": thread.resolved_by.username if thread.resolved_by else "",
        "at": moment(thread.resolved_at),
    }


def comment(thread: str, said: Comment, numbers: Mapping[int, int]) -> Row:
    """Return one comment, and what it said before it was changed."""
    hidden = {"at": moment(said.hidden_at), "why": said.hidden_why} if said.hidden_at else None
    earlier = sorted(said.earlier.all(), key=lambda text: text.pk)
    return {
        "id": f"{thread}/{numbers[said.pk]}",
        "thread": thread,
        "number": numbers[said.pk],
        "parent": numbers.get(said.parent_id or 0),
        "author": said.author.username,
        "kind": said.kind,
        "text": said.body,
        "at": moment(said.created),
        "edited": moment(said.edited_at),
        "withdrawn": moment(said.withdrawn_at),
        "hidden": hidden,
        "earlier": [{"text": text.body, "until": moment(text.until)} for text in earlier],
    }
