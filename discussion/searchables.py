"""How talk is found: one entry for each thread, for those who may read what it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from discussion.models import TALK, Comment, Thread
from discussion.subjects import About, Subject, subjects
from discussion.telling import address, described
from discussion.wording import plain
from people.models import User
from search import signals, sources
from search.entries import Entry, Label
from search.results import Hit, Segment
from search.sources import Searchable


def written_by(user: User) -> list[int]:
    """Return the threads in which somebody wrote."""
    return list(Comment.objects.filter(author=user).values_list("thread", flat=True).distinct())


def about(subject: Subject, affected: Callable[[Any], Iterable[int]]) -> Callable[[Any], list[int]]:
    """Return from a row that things depend on to the threads about these."""
    return lambda row: list(Thread.objects.on(subject.kind, *affected(row)).values_list("pk", flat=True))


class TalkSource(Searchable[Thread]):
    """Every thread about something that exists. Withdrawn and hidden words are in no entry.

    With a hidden first comment, title and passage are hidden.
    """

    kind = TALK
    label = _("Talk")
    label_plural = _("Talk")

    def __init__(self) -> None:
        self.related = {
            model: about(subject, affected)
            for subject in subjects()
            for model, affected in subject.related.items()
        } | {User: lambda user: written_by(user) if user.has_new_handle else []}

    def queryset(self) -> QuerySet[Thread]:
        """The threads about what exists for anybody."""
        return Thread.objects.living().with_hidden_at()

    def maker(self, rows: Sequence[Thread]) -> Callable[[Thread], Entry]:
        """Read for all of these threads together what they are about and what was said."""
        abouts = {row.pk: about for row, about in described(rows)}
        said: dict[int, list[Comment]] = defaultdict(list)
        for comment in Comment.objects.shown().filter(thread__in=rows).select_related("author__profile"):
            said[comment.thread_id].append(comment)
        return lambda row: entry_of(row, abouts[row.pk], said[row.pk])

    def entry(self, row: Thread) -> Entry:
        """The entry of one thread."""
        return self.maker([row])(row)

    def readable(self, pks: Collection[int], user: Any) -> set[int]:
        """Those of these threads that this user may read now."""
        return set(Thread.objects.readable_by(user).filter(pk__in=list(pks)).values_list("pk", flat=True))

    def fallback(self, text: str, user: Any, size: int = 20) -> list[Hit]:
        """Threads whose title holds the text, from the database alone."""
        rows = Thread.objects.readable_by(user).with_hidden_at().filter(Q(hidden_at=None))
        rows = rows.filter(title__icontains=text[:100])[:size]
        return [hit_of(row, about) for row, about in described(rows)]


def entry_of(row: Thread, about: About, said: Sequence[Comment]) -> Entry:
    """Return what the search knows of a thread."""
    authors = {comment.author_id: comment.author for comment in said}
    return Entry(
        kind=TALK,
        pk=row.pk,
        title=str(row),
        url=address(row, about),
        readers=about.readers,
        restriction=about.restriction,
        role=about.title,
        body=" ".join(["" if row.hidden_at else row.quote, *(plain(comment.html) for comment in said)]),
        language=about.language,
        people=tuple(Label(author.username, str(author.profile)) for author in authors.values()),
        updated=row.active,
    )


def hit_of(row: Thread, about: About) -> Hit:
    """Return a thread as a result, where the engine is down."""
    return Hit(kind=TALK, pk=row.pk, url=address(row, about), title=(Segment(row.title),), role=about.title)


def connect() -> None:
    """Make threads known to the search. They reach the outbox by their own door; what they are about, by signals."""
    signals.follow(sources.register(TalkSource()), rows=False)
