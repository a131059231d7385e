"""What happens around every page: nothing private is kept by caches, and a busy database is said kindly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from diplopedia import outages
from diplopedia.views.rescuing import holds_words, show_words
from people.signing_in import second_factor_first

Respond = Callable[[HttpRequest], HttpResponse]


def no_store(respond: Respond) -> Respond:
    """Keep pages out of shared and browser caches, unless a view says otherwise; static files are not pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


class SignIn(LoginRequiredMiddleware):
    """Lets only colleagues through, and hands words that arrive after the end of a session back to who wrote them."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to the sign-in page, or to setting up a second factor; a posted text is shown again instead."""
        elsewhere = super().process_view(request, view_func, view_args, view_kwargs)
        elsewhere = elsewhere or second_factor_first(request)
        return show_words(request, status=401) if elsewhere and holds_words(request) else elsewhere


class KindErrors:
    """Answers what would be a server error although the request or the moment is to blame."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse NUL characters, which no database keeps; pass everything else on."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(_("The address holds a NUL character. Remove it and try again."))
        return self.respond(request)

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say that the database is busy or away, with a status that tells programs to try again."""
        return outages.answer(error)
