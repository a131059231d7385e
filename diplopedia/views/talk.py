"""Talk about articles: the wiki's side of the pages of `discussion`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from diplopedia.models import Alias, Article
from diplopedia.talk import KIND
from diplopedia.views.reading import Missing, page_head, readable
from diplopedia.views.rescuing import holds_words, show_words
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
            return view(request, place_of(request, talked_about(request, slug)), **kwargs)
        except Moved as found:
            match = request.resolver_match
            return redirect(f"{reverse(match.view_name, args=[found, *kwargs.values()])}" if match else "/")
        except (Http404, PermissionDenied) as error:
            if not holds_words(request):
                raise
            return show_words(request, status=404 if isinstance(error, Http404) else 403, refused=True)

    return wrapped


class Moved(Exception):
    """The talk is at another address now, which is what this says."""


def talked_about(request: HttpRequest, slug: str) -> Article:
    """Return the article whose talk is at this address. Raises Moved where one opens a former one, and Missing.

    What is sent to a former one is taken: its form was open when the page was renamed or merged.
    """
    try:
        return readable(request, slug, head=True)
    except Missing:
        address = now_at(slug, request)
        if address is None:
            raise
        if request.method != "POST":
            raise Moved(address) from None
        return readable(request, address, head=True)


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
