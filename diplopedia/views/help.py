"""How to write articles: the guide of docs/editing, as a page of the site."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from diplopedia.markdown import Rendered, resolve
from diplopedia.markdown import render as markdown_of

PAGES = {"markdown": "editing/markdown.md"}


@cache
def rendered(page: str) -> Rendered:
    """Return a page of the guide as HTML; it changes only with the release."""
    return markdown_of((settings.BASE_DIR / "docs" / PAGES[page]).read_text())


def help(request: HttpRequest, page: str = "markdown") -> HttpResponse:
    """Show a page of the guide."""
    if page not in PAGES:
        raise Http404
    guide = rendered(page)
    return render(request, "diplopedia/help.html", {"html": resolve(guide.html, {}), "contents": guide.contents})
