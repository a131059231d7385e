"""Who is told of what happens in talk: watchers of the page, those in the thread, colleagues who are named."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from discussion.models import TALK, Comment, Thread
from discussion.subjects import About, subject
from discussion.wording import named, plain
from notices import actions, subjects, wording
from notices.models import Event
from notices.subjects import Quoted, Shown

if TYPE_CHECKING:
    from notices.models import Notice
    from people.models import User

KIND = "thread"
QUOTED = 1_000


class Threads(subjects.Subject[Thread]):
    """A thread as notices speak of it: by the name of what it is about, with a comment's words as they are now."""

    kind = KIND
    search_kind = TALK
    quotes_in_lists = True

    def readable_by(self, user: User) -> QuerySet[Thread]:
        """The threads that a user may know of at this moment."""
        return Thread.objects.readable_by(user)

    def shown(self, pks: Collection[int]) -> dict[int, Shown]:
        """What these threads are about, and where they are."""
        rows = list(Thread.objects.filter(pk__in=pks))
        return {
            row.pk: Shown(about.title, address(row, about), about.language) for row, about in described(rows)
        }

    def watched_as(self, pk: int) -> Iterable[tuple[str, str | int]]:
        """Whoever watches the page hears of its talk."""
        thread = Thread.objects.get(pk=pk)
        page = subjects.subject(thread.subject_kind)
        return page.watched_as(thread.subject_pk) if page else [(thread.subject_kind, thread.subject_pk)]

    def quoted(self, notices: Collection[Notice]) -> dict[int, list[Quoted]]:
        """The words of each comment, unless they were withdrawn or hidden since."""
        of = {notice.pk: notice.event.words.get("comment") for notice in notices}
        said = Comment.objects.shown().filter(pk__in={pk for pk in of.values() if pk})
        html = dict(said.values_list("pk", "html"))
        return {pk: [Quoted(new=plain(html[said])[:QUOTED])] for pk, said in of.items() if said in html}


def described(rows: Iterable[Thread]) -> Iterable[tuple[Thread, About]]:
    """Return those of these threads that are about something which exists, with that: one question for each kind."""
    threads = list(rows)
    abouts = {
        kind: subject(kind).about({row.subject_pk for row in threads if row.subject_kind == kind})
        for kind in {row.subject_kind for row in threads}
    }
    found = ((row, abouts[row.subject_kind].get(row.subject_pk)) for row in threads)
    return [(row, about) for row, about in found if about]


def address(thread: Thread, about: About) -> str:
    """Return where a thread is."""
    return f"{about.talk_url}{thread.pk}/"


def said(comment: Comment) -> None:
    """Tell of a new comment, in its transaction: those who are named, those in the thread, those who watch."""
    thread = comment.thread
    answered = [comment.parent.author_id] if comment.parent else []
    earlier = Comment.objects.filter(thread=thread).exclude(pk=comment.pk).order_by()
    involved = [*answered, thread.author_id, *earlier.values_list("author", flat=True).distinct()]
    tell(
        "talk",
        comment,
        comment.author,
        {"mention": [user.pk for user in named(comment.html)], "reply": involved},
    )


def named_anew(comment: Comment, before: str) -> None:
    """Tell those whom a changed comment names and its earlier HTML did not; nobody else."""
    known = {user.pk for user in named(before)}
    fresh = [user.pk for user in named(comment.html) if user.pk not in known]
    if fresh:
        tell("talk", comment, comment.author, {"mention": fresh}, minor=True)


def settled(thread: Thread, user: User) -> None:
    """Tell that somebody marked a thread as resolved."""
    last = thread.comments.order_by("-pk").first()
    if last:
        tell("resolve", last, user, {"resolve": [thread.author_id]})


def retold(thread: Thread) -> None:
    """Let all that was told of a thread name it as it is shown now."""
    events = list(Event.objects.filter(subject_kind=KIND, subject_pk=thread.pk))
    for event in events:
        event.words = event.words | {"thread": str(thread)}
    Event.objects.bulk_update(events, ["words"], batch_size=500)


def tell(kind: str, comment: Comment, actor: User, to: dict[str, list[int]], *, minor: bool = False) -> None:
    """Tell what happened in a thread, with the lasting address of a comment."""
    for thread, about in described([comment.thread]):
        actions.tell(
            kind,
            actor=actor,
            subject=(KIND, thread.pk),
            url=f"{about.talk_url}comments/{comment.pk}/",
            words={"thread": str(thread), "comment": comment.pk},
            to=to,
            minor=minor,
        )


def connect() -> None:
    """Let notices be about threads."""
    subjects.register(Threads())
    wording.register("talk", _("%(who)s wrote in the thread “%(thread)s”"))
    wording.register("reply", _("%(who)s answered in the thread “%(thread)s”"), direct=True)
    wording.register("resolve", _("%(who)s marked the thread “%(thread)s” as resolved"))
