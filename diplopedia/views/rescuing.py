"""Words that arrive when nobody may take them: after the end of a session, with a form that grew too old, too late."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.csrf import csrf_failure

UNSEEN = {"body", "csrfmiddlewaretoken"}
WORDS = {"title", "quote"}  # that somebody wrote or chose, beside the text


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
        "refused": refused,
    }
    return render(request, "diplopedia/rescued.html", context, status=status)


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form without the right token, and give its text back: one signed in again since it was opened."""
    if holds_words(request):
        return show_words(request, status=403)
    return csrf_failure(request, reason=reason)
