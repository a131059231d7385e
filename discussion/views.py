"""Talk pages. Each view is given the place it is about: whoever gives it has asked whether this reader may be there."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from discussion import actions, wording
from discussion.forms import CommentForm, ThreadForm
from discussion.models import Comment, Thread
from discussion.subjects import Place
from notices.heads import standing
from people import prose
from people.requests import reader_of, whole_number

THREADS = 10
COMMENTS = 50
LAST = 4
RESOLVED = 10
BUSY = gettext_lazy("The database is busy. Your text is here, unsent: send it again in a moment.")


class Said(NamedTuple):
    """A comment as this reader sees it: its words, and whether they are the reader's own."""

    comment: Comment
    html: str
    mine: bool


class Passage(NamedTuple):
    """A quoted passage: where it stands, or that it is gone; `number` is the revision it is from, 0 if unknown."""

    quote: str
    number: int
    gone: bool
    url: str


class Talk(NamedTuple):
    """A thread with what is shown of it: the first comment, unless a later page is shown, and others."""

    thread: Thread
    url: str
    first: Said | None
    replies: list[Said]
    left_out: int
    passage: Passage | None


# -- reading ------------------------------------------------------------------------------------------------


def threads(request: HttpRequest, place: Place) -> HttpResponse:
    """List the threads about a thing: the open ones with their newest comments, the resolved ones folded."""
    standing(request, place.kind, place.pk)
    about = Thread.objects.on(place.kind, place.pk)
    only_resolved = request.GET.get("show") == "resolved"
    chosen = about.resolved() if only_resolved else about.open()
    counts = about.order_by().aggregate(
        open=Count("pk", filter=Q(resolved_at=None)), resolved=Count("pk", filter=~Q(resolved_at=None))
    )
    pages = Paginator(chosen.for_lists(), THREADS)
    pages.count = counts["resolved" if only_resolved else "open"]
    page = pages.get_page(request.GET.get("page"))
    rows = list(page)
    comments: dict[int, list[Comment]] = defaultdict(list)
    for comment in Comment.objects.ends_of([row.pk for row in rows], LAST).for_reading():
        comments[comment.thread_id].append(comment)
    said = spoken(request, [comment for own in comments.values() for comment in own])
    context = {
        "page": page,
        "talks": [talk_of(place, row, [said[one.pk] for one in comments[row.pk]], row.size) for row in rows],
        "only_resolved": only_resolved,
        "resolved": []
        if only_resolved or not counts["resolved"]
        else about.resolved().for_lists()[:RESOLVED],
        "resolved_count": counts["resolved"],
        "open_count": counts["open"],
        "people": actions.taking_part(about) if any(counts.values()) else [],
    }
    return answer(request, place, "discussion/threads.html", context)


def spoken(request: HttpRequest, comments: Iterable[Comment]) -> dict[int, Said]:
    """Return comments as this reader sees them."""
    rows, reader = list(comments), reader_of(request)
    html = wording.shown(rows, reader)
    return {row.pk: Said(row, html.get(row.pk, ""), row.author_id == reader.pk) for row in rows}


def talk_of(place: Place, thread: Thread, said: list[Said], size: int, *, begins: bool = True) -> Talk:
    """Return a thread with these of its comments; `begins` says that the first of them is its first."""
    first = said[0] if said and begins else None
    replies = said[1:] if begins else said
    return Talk(
        thread, thread_url(place, thread), first, replies, size - len(said), passage_of(place, thread)
    )


def passage_of(place: Place, thread: Thread) -> Passage | None:
    """Return the passage a thread is about, looked for in the text of now."""
    if not thread.quote or thread.hidden_at:
        return None
    section = place.sections.holding(thread.quote)
    if section is None:
        there = place.revision_url(thread.quoted) if thread.quoted else ""
        return Passage(thread.quote, thread.quoted, True, there)
    return Passage(thread.quote, thread.quoted, False, place.url + (f"#{section}" if section else ""))


def thread(
    request: HttpRequest, place: Place, thread: int, form: CommentForm | None = None, **context: Any
) -> HttpResponse:
    """Show one thread; take a reply to it."""
    row = thread_at(place, thread)
    if request.method == "POST" and form is None:
        return posted_reply(request, place, row)
    page = Paginator(row.comments.for_reading(), COMMENTS).get_page(request.GET.get("page"))
    said = list(spoken(request, page).values())
    if form is None:
        parent = comment_in(row, request.GET.get("reply", ""))
        form = CommentForm(
            initial={"key": secrets.token_urlsafe(18), "parent": parent.pk if parent else None}
        )
    context = {
        "talk": talk_of(place, row, said, len(said), begins=page.number == 1),
        "page": page,
        "form": form,
        "parent": comment_in(row, form["parent"].value()),
        "saved": next((one.comment.form_key for one in reversed(said) if one.mine), ""),
        **context,
    }
    return answer(request, place, "discussion/thread.html", context, status=context.pop("status", 200))


def permalink(request: HttpRequest, place: Place, comment: int) -> HttpResponse:
    """Lead to where a comment stands in its thread."""
    return redirect(where(place, comment_at(place, comment)))


def earlier(request: HttpRequest, place: Place, comment: int) -> HttpResponse:
    """Show what a comment said before it was changed."""
    row = comment_at(place, comment)
    if not row.is_shown:
        raise PermissionDenied(_("The words of this comment are not shown any more."))
    context = {"comment": row, "texts": row.earlier.all()[:100], "back": where(place, row)}
    return answer(request, place, "discussion/earlier.html", context)


# -- writing ------------------------------------------------------------------------------------------------


def new(request: HttpRequest, place: Place) -> HttpResponse:
    """Begin a thread."""
    initial = {"key": secrets.token_urlsafe(18), "quoted": place.number}
    form = ThreadForm(request.POST or None, initial=initial)
    if request.method != "POST":
        return new_form(request, place, form)
    if not form.is_valid():
        return new_form(request, place, form, status=422)
    data = form.cleaned_data
    if request.POST.get("action") == "preview":
        return new_form(request, place, form, preview=previewed(request, data["body"]))
    try:
        comment = actions.open_thread(
            reader_of(request), place.kind, place.pk, data["title"], data["body"],
            quote=data["quote"], quoted=min(data["quoted"], place.number), key=data["key"],
        )  # fmt: skip
    except OperationalError:
        form.add_error(None, BUSY)
        return new_form(request, place, form, status=503)
    return redirect(where(place, comment))


def new_form(
    request: HttpRequest, place: Place, form: ThreadForm, status: int = 200, **context: Any
) -> HttpResponse:
    """Show the form of a new thread with what was written so far."""
    return answer(request, place, "discussion/new.html", {"form": form, **context}, status=status)


def posted_reply(request: HttpRequest, place: Place, row: Thread) -> HttpResponse:
    """Preview or send a reply."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return thread(request, place, row.pk, form, status=422)
    data = form.cleaned_data
    if request.POST.get("action") == "preview":
        return thread(request, place, row.pk, form, preview=previewed(request, data["body"]))
    try:
        parent = comment_in(row, data["parent"])
        said = actions.reply(reader_of(request), row, data["body"], parent=parent, key=data["key"])
    except actions.ThreadFull as error:
        form.add_error(None, str(error))
        return thread(request, place, row.pk, form, status=422)
    except OperationalError:
        form.add_error(None, BUSY)
        return thread(request, place, row.pk, form, status=503)
    return redirect(where(place, said))


def edit(request: HttpRequest, place: Place, comment: int) -> HttpResponse:
    """Change one's own comment."""
    row = comment_at(place, comment)
    check_own(request, row)
    form = CommentForm(request.POST or None, initial={"body": row.body, "key": secrets.token_urlsafe(18)})
    context = {"form": form, "comment": row, "back": where(place, row)}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") != "preview":
            return tried(request, place, row, form, context)
        context["preview"] = previewed(request, form.cleaned_data["body"])
    status = 422 if form.errors else 200
    return answer(request, place, "discussion/edit.html", context, status=status)


def tried(
    request: HttpRequest, place: Place, row: Comment, form: forms.Form, context: dict[str, Any]
) -> HttpResponse:
    """Save a changed comment; where the database is busy, keep the text."""
    try:
        actions.edit(row, reader_of(request), form.cleaned_data["body"])
    except OperationalError:
        form.add_error(None, BUSY)
        return answer(request, place, "discussion/edit.html", context, status=503)
    return redirect(where(place, row))


def withdraw(request: HttpRequest, place: Place, comment: int) -> HttpResponse:
    """Take back one's own comment, after asking."""
    row = comment_at(place, comment)
    check_own(request, row)
    if request.method == "POST":
        actions.withdraw(row, reader_of(request))
        return redirect(where(place, row))
    return answer(
        request,
        place,
        "discussion/withdraw.html",
        {"said": spoken(request, [row])[row.pk], "back": where(place, row)},
    )


@require_POST
def resolve(request: HttpRequest, place: Place, thread: int) -> HttpResponse:
    """Mark a thread as resolved, or open it again."""
    row = thread_at(place, thread)
    if request.POST.get("state") == "open":
        actions.reopen(row, reader_of(request))
    else:
        actions.resolve(row, reader_of(request))
    return redirect(thread_url(place, row))


# -- what these need ------------------------------------------------------------------------------------------


def answer(
    request: HttpRequest, place: Place, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Show a page under the head of what it is about."""
    return render(request, template, {**place.context, "place": place, **context}, status=status)


def previewed(request: HttpRequest, body: str) -> str:
    """Return a comment as this reader would see it."""
    return wording.apart(prose.resolve(wording.stored(body), reader_of(request)), 0)


def thread_at(place: Place, pk: int) -> Thread:
    """Return a thread about this thing. Raises Http404."""
    return get_object_or_404(Thread.objects.on(place.kind, place.pk).for_lists(), pk=pk)


def comment_at(place: Place, pk: int) -> Comment:
    """Return a comment about this thing. Raises Http404."""
    threads = Thread.objects.on(place.kind, place.pk)
    return get_object_or_404(Comment.objects.for_reading().filter(thread__in=threads), pk=pk)


def comment_in(row: Thread, pk: object) -> Comment | None:
    """Return the comment of a thread that somebody answers, if it can be answered; not the first, whom all answer."""
    asked = whole_number(str(pk or ""))
    if asked is None:
        return None
    first = row.comments.order_by("pk").values("pk")[:1]
    return row.comments.for_reading().exclude(pk__in=first).filter(pk=asked).first()


def check_own(request: HttpRequest, row: Comment) -> None:
    """Raise PermissionDenied unless the comment is this reader's to change."""
    if row.author_id != reader_of(request).pk or not row.is_shown or row.kind != Comment.Kind.COMMENT:
        raise PermissionDenied(_("Only who wrote a comment changes it, and only while it is shown."))


def thread_url(place: Place, thread: Thread) -> str:
    """Return where a thread is."""
    return f"{place.talk_url}{thread.pk}/"


def where(place: Place, comment: Comment) -> str:
    """Return where a comment stands now."""
    before = Comment.objects.filter(thread=comment.thread_id, pk__lt=comment.pk).count()
    number = before // COMMENTS + 1
    page = f"?page={number}" if number > 1 else ""
    return f"{place.talk_url}{comment.thread_id}/{page}#c-{comment.pk}"
