"""Words that arrive when nobody may take them: after the end of a session, with a form that grew too old, too late."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.csrf import csrf_failure

UNSEEN = {"body", "csrfmiddlewaretoken"}
WORDS = {"title", "quote"}  # that somebody wrote or chose, beside the text
# Views that take a text.
WRITING = frozenset("edit new undo join drafts talk_new talk_thread talk_edit".split())


def holds_words(request: HttpRequest) -> bool:
    """Whether a form with a text was sent."""
    return request.method == "POST" and bool(request.POST.get("body", "").strip())


def show_words(request: HttpRequest, status: int, *, refused: bool = False) -> HttpResponse:
    """Show a text that was sent to who sent it, in a form that sends it again with all that came with it.

    `refused` says that it is not for want of a session: what the text was for is gone, or not for this reader.
    """
    sent = [
        (name, value) for name in request.POST if name not in UNSEEN for value in request.POST.getlist(name)
    ]
    context = {
        "body": request.POST["body"],
        "lines": [pair for pair in sent if pair[0] in WORDS],
        "hidden": [pair for pair in sent if pair[0] not in WORDS],
        "send_to": request.get_full_path(),
        "another": request.user.is_authenticated and not refused and not made_for(request),
        "refused": refused,
    }
    return render(request, "diplopedia/rescued.html", context, status=status)


def made_for(request: HttpRequest) -> bool:
    """Whether the form was made for who is signed in now; one that does not say for whom was made for nobody."""
    return request.POST.get("me") == str(request.user.pk)


def is_ours(request: HttpRequest) -> bool:
    """Whether a page of this very site sent this, as the browser tells it. Where none is told, no page did."""
    if told := request.headers.get("Sec-Fetch-Site"):
        return told == "same-origin"
    try:
        sender = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return False
    return sender.netloc == request.get_host()


def is_writing(request: HttpRequest) -> bool:
    """Whether this goes to one of the views that take what somebody writes."""
    match = request.resolver_match
    return match is not None and match.view_name in WRITING


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form without the right token, and give its text back: one signed in again since it was opened.

    What another site sends is not given back: pressing the button here would make it a form of ours.
    """
    if holds_words(request) and is_writing(request) and is_ours(request):
        return show_words(request, status=403)
    return csrf_failure(request, reason=reason)
