"""A name that may mean several pages: the choice between them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify

from diplopedia import resolving
from diplopedia.markdown import LinkKey, title_key
from diplopedia.models import Article
from diplopedia.views.reading import Missing
from people.requests import reader_of


def pages_named(request: HttpRequest, title: str, language: str) -> list[Article]:
    """Return the pages that a link with this title may mean for this reader, in alphabetical order."""
    key = LinkKey(f"{language}:{title_key(title)}", title).key
    names = resolving.candidates([key], resolving.names([key], reader_of(request))).get(key, [])
    readable = Article.objects.readable_by(reader_of(request))
    return list(readable.filter(pk__in={name.of for name in names}).for_lists().order_by("title_key", "pk"))


def name(request: HttpRequest) -> HttpResponse:
    """Lead a name to its page, or show a choice where several have it. Raises Missing."""
    title = " ".join(request.GET.get("title", "").replace("\x00", "").split())[:255]
    found = pages_named(request, title, request.GET.get("language", "en")[:10])
    if not found:
        raise Missing(slugify(title, allow_unicode=True) or "page")
    if len(found) == 1:
        return redirect(found[0])
    return render(request, "diplopedia/choice.html", {"title": title, "articles": found})
