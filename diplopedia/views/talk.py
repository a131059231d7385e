"""Talk about articles: the wiki's side of the pages of `discussion`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from diplopedia.models import Alias, Article
from diplopedia.talk import KIND
from diplopedia.views.reading import Missing, page_head, readable
from discussion.subjects import Place
from people.requests import reader_of

View = Callable[..., HttpResponse]


def about_article(view: View) -> View:
    """Give a view of talk the article it is about. Who may not read the article meets no talk about it.

    Addresses of threads and comments stay: those below a former title lead to where the page is now.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        try:
            page = readable(request, slug, head=True)
        except Missing:
            address = now_at(slug, request)
            if address is None:
                raise
            match = request.resolver_match
            return redirect(f"{reverse(match.view_name, args=[address, *kwargs.values()])}" if match else "/")
        return view(request, place_of(request, page), **kwargs)

    return wrapped


def now_at(slug: str, request: HttpRequest) -> str | None:
    """Return where the talk of the one page is now that had this address, before it was renamed or merged."""
    former = Alias.objects.filter(slug=slug, kind__in=[Alias.Kind.FORMER, Alias.Kind.JOINED])
    living = former.filter(article__in=Article.objects.readable_by(reader_of(request)).values("pk"))
    found = living.values_list("article__wiki_slug", flat=True).distinct()[:2]
    return found[0] if len(found) == 1 else None


def place_of(request: HttpRequest, page: Article) -> Place:
    """Return an article as a place of talk."""
    return Place(
        kind=KIND,
        pk=page.pk,
        title=page.title,
        language=page.language,
        url=page.get_absolute_url(),
        talk_url=reverse("talk", args=[page.wiki_slug]),
        number=page.latest_edit.number if page.latest_edit else 0,
        html=page.html,
        head="components/article_head.html",
        context=page_head(request, page),
        revision_url=lambda number: reverse("revision", args=[page.wiki_slug, number]),
    )
