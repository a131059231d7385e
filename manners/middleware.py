"""Who has not accepted the code of conduct in force is asked to, before any page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from manners.actions import code_in_force, has_accepted
from manners.sessions import known
from people.models import User

Respond = Callable[[HttpRequest], HttpResponse]
# What one needs before accepting, and what is no page of the wiki.
OPEN = (
    "/manners/conduct/", "/accounts/", "/admin/", "/django-admin/", "/_util/", "/help/", "/files/", "/static/",
    "/health/", "/ready/", "/favicon.ico", "/notices/stop/",
)  # fmt: skip


def conduct_first(respond: Respond) -> Respond:
    """Lead to the code of conduct whoever opens a page without having accepted it.

    Only opening pages waits. What is sent is taken: a form that was open when a new version came into force keeps
    its words.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_page(request) and must_accept(request):
            following = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('manners:conduct')}?{following}")
        return respond(request)

    return middleware


def is_page(request: HttpRequest) -> bool:
    """Whether somebody opens a page, rather than a script a part of one."""
    part = request.headers.get("Sec-Fetch-Dest", "document") != "document" or "HX-Request" in request.headers
    scripted = part or not request.accepts("text/html")
    return request.method in {"GET", "HEAD"} and not scripted and not request.path.startswith(OPEN)


def must_accept(request: HttpRequest) -> bool:
    """Whether a version is in force that this reader has not accepted.

    Their session knows since they signed in or accepted; the database is asked where they did so in another one.
    """
    code = code_in_force()
    if not code or not isinstance(request.user, User):
        return False
    return not known(request, code) and not has_accepted(request.user, code)
