"""What is done in talk: threads are begun, answered, resolved and opened again; comments changed, withdrawn, hidden.

Whoever calls these has asked whether the person may read what is talked about.
"""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from discussion import telling, wording
from discussion.models import MOST_COMMENTS, TALK, Comment, EarlierText, Thread
from people.models import User
from people.posting import key_of
from search import outbox

MOST_NAMED = 200  # of those who take part


class ThreadFull(ValueError):
    """A thread has as many comments as it may have."""


def open_thread(
    author: User,
    kind: str,
    pk: int,
    title: str,
    body: str,
    *,
    quote: str = "",
    quoted: int = 0,
    key: str = "",
) -> Comment:
    """Begin a thread about a thing with a first comment, and return that. The same form twice begins one thread."""
    title, quote = wording.clean(title), wording.clean(quote)
    key = key_of(key, author.pk, kind, pk, title, body, quote)
    thread = Thread(subject_kind=kind, subject_pk=pk, title=title, quote=quote, quoted=quoted, author=author)
    try:
        with transaction.atomic():
            return earlier_post(key) or begin(thread, body, key)
    except IntegrityError:  # the same form, at the same moment
        if done := earlier_post(key):
            return done
        raise


def begin(thread: Thread, body: str, key: str) -> Comment:
    """Save a new thread with its first comment, inside a transaction."""
    thread.save()
    return say(thread, thread.author, body, key=key)


@transaction.atomic
def reply(
    author: User, thread: Thread, body: str, *, parent: Comment | None = None, key: str = ""
) -> Comment:
    """Answer in a thread, which is open again if it was resolved. Raises ThreadFull; the same form twice is one."""
    thread = locked(thread)
    key = key_of(key, author.pk, thread.pk, body, parent.pk if parent else None)
    if done := earlier_post(key):
        return done
    if thread.comments.count() >= MOST_COMMENTS:
        raise ThreadFull(
            _(
                "This thread has %(most)d comments, as many as a thread may have. Begin a new one that links here."
            )
            % {"most": MOST_COMMENTS}
        )
    if thread.resolved_at:
        mark(thread, None)
    return say(thread, author, body, parent=parent, key=key)


@transaction.atomic
def rule(author: User, thread: Thread, body: str) -> Comment:
    """Record a decision of the adjudicators in a thread, marked as such."""
    return say(locked(thread), author, body, kind=Comment.Kind.RULING)


@transaction.atomic
def rule_anew(author: User, kind: str, pk: int, title: str, body: str, *, quote: str = "") -> Comment:
    """Record a decision of the adjudicators in a thread of its own."""
    thread = Thread.objects.create(subject_kind=kind, subject_pk=pk, title=title, quote=quote, author=author)
    return say(thread, author, body, kind=Comment.Kind.RULING)


def say(
    thread: Thread,
    author: User,
    body: str,
    *,
    parent: Comment | None = None,
    key: str | None = None,
    kind: str = Comment.Kind.COMMENT,
) -> Comment:
    """Write a comment, inside a transaction."""
    body = wording.clean(body)
    comment = Comment.objects.create(
        thread=thread,
        author=author,
        parent=parent,
        kind=kind,
        body=body,
        html=wording.stored(body),
        key=key or None,
    )
    touch(thread, active=comment.created)
    telling.said(comment)
    return comment


@transaction.atomic
def edit(comment: Comment, author: User, body: str) -> Comment:
    """Change one's own comment; what it said is kept. Raises PermissionDenied."""
    comment = own(comment, author)
    body = wording.clean(body)
    if body == comment.body:
        return comment
    EarlierText.objects.create(comment=comment, body=comment.body)
    before = comment.html
    comment.body, comment.html, comment.edited_at = body, wording.stored(body), timezone.now()
    comment.save(update_fields=["body", "html", "edited_at"])
    touch(comment.thread)
    telling.named_anew(comment, before)
    return comment


@transaction.atomic
def withdraw(comment: Comment, author: User) -> None:
    """Take back one's own comment: its place stays, its words are shown to nobody. Raises PermissionDenied."""
    comment = own(comment, author)
    comment.withdrawn_at = timezone.now()
    comment.save(update_fields=["withdrawn_at"])
    touch(comment.thread)


@transaction.atomic
def resolve(thread: Thread, user: User) -> None:
    """Mark a thread as resolved; once is enough."""
    thread = locked(thread)
    if thread.resolved_at is None:
        mark(thread, user)
        telling.settled(thread, user)


@transaction.atomic
def reopen(thread: Thread, user: User) -> None:
    """Open a resolved thread again."""
    thread = locked(thread)
    if thread.resolved_at is not None:
        mark(thread, None)


@transaction.atomic
def hide(comment: Comment, why: str) -> None:
    """Hide a comment for a reason that is shown in its place; its text is kept. The first hides the title, too."""
    thread = locked(comment.thread)
    Comment.objects.filter(pk=comment.pk).update(hidden_at=timezone.now(), hidden_why=why)
    touch(thread)
    telling.retold(thread)


@transaction.atomic
def show(comment: Comment) -> None:
    """Show a hidden comment again."""
    thread = locked(comment.thread)
    Comment.objects.filter(pk=comment.pk).update(hidden_at=None, hidden_why="")
    touch(thread)
    telling.retold(thread)


def taking_part(threads: QuerySet[Thread]) -> list[User]:
    """Return who wrote what can be read in these threads, who wrote last first."""
    shown = Comment.objects.shown().filter(thread__in=threads.order_by())
    people = User.objects.filter(comments__in=shown).annotate(last=Max("comments__created"))
    return list(people.select_related("profile").order_by("-last", "pk")[:MOST_NAMED])


def mark(thread: Thread, resolved_by: User | None) -> None:
    """Set the state of a thread."""
    now = timezone.now()
    thread.resolved_by, thread.resolved_at = resolved_by, now if resolved_by else None
    thread.save(update_fields=["resolved_by", "resolved_at"])
    touch(thread, active=now)


def touch(thread: Thread, **changes: object) -> None:
    """Note in a thread, and for the search, that something in it changed."""
    if changes:
        Thread.objects.filter(pk=thread.pk).update(**changes)
    outbox.enqueue(TALK, thread.pk)


def moved(kind: str, *pks: int) -> None:
    """Let the search know that these things have other readers, another name or another state now."""
    outbox.enqueue(TALK, *Thread.objects.on(kind, *pks).values_list("pk", flat=True))


def hand_over(kind: str, goes: int, stays: int) -> None:
    """Let the talk about one thing be about another, which it was merged into."""
    threads = Thread.objects.on(kind, goes)
    pks = list(threads.values_list("pk", flat=True))
    threads.update(subject_pk=stays, came_from=Coalesce("came_from", goes))
    outbox.enqueue(TALK, *pks)


def holders(kind: str, *owners: int) -> set[int]:
    """Return the things that have talk which was handed over with one of these."""
    lent = Thread.objects.filter(subject_kind=kind, came_from__in=owners)
    return set(lent.order_by().values_list("subject_pk", flat=True).distinct())


def take_back(kind: str, pk: int, *, owners: Collection[int], at: Collection[int]) -> None:
    """Let the talk that was handed over with its owners be about a thing again, where it is about one of `at` now.

    What else was handed over with the thing itself stays for good with whatever it is about.
    """
    threads = Thread.objects.on(kind, *at).filter(came_from__in=owners)
    pks = list(threads.values_list("pk", flat=True))
    Thread.objects.filter(pk__in=pks).update(subject_pk=pk)
    Thread.objects.filter(subject_kind=kind, came_from=pk).update(came_from=None)
    outbox.enqueue(TALK, *pks)


def locked(thread: Thread) -> Thread:
    """Hold a thread's row until the transaction ends, and return it afresh."""
    return Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)


def own(comment: Comment, author: User) -> Comment:
    """Hold a comment and return it afresh. Raises PermissionDenied unless it is the author's to change.

    Its thread first, as everywhere: two that wait for each other's rows would wait in vain.
    """
    locked(comment.thread)
    comment = Comment.objects.select_for_update(of=("self",)).select_related("thread").get(pk=comment.pk)
    if comment.author_id != author.pk:
        raise PermissionDenied(_("Only who wrote a comment changes it."))
    if comment.kind == Comment.Kind.RULING or not comment.is_shown:
        raise PermissionDenied(_("This comment cannot be changed any more."))
    return comment


def earlier_post(key: str) -> Comment | None:
    """Return the comment that this very form has made already."""
    return Comment.objects.select_related("thread").filter(key=key).first() if key else None
