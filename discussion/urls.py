"""Addresses of talk, below those of whatever is talked about."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from discussion import views

View = Callable[..., HttpResponse]


def patterns(at: Callable[[View], View]) -> list[URLPattern]:
    """Return the addresses of talk; `at` gives each view the place that an address stands for."""
    return [
        path("", at(views.threads), name="talk"),
        path("new/", at(views.new), name="talk_new"),
        path("<int:thread>/", at(views.thread), name="talk_thread"),
        path("<int:thread>/resolve/", at(views.resolve), name="talk_resolve"),
        path("comments/<int:comment>/", at(views.permalink), name="talk_comment"),
        path("comments/<int:comment>/edit/", at(views.edit), name="talk_edit"),
        path("comments/<int:comment>/withdraw/", at(views.withdraw), name="talk_withdraw"),
        path("comments/<int:comment>/earlier/", at(views.earlier), name="talk_earlier"),
    ]
