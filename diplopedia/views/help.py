"""How to write articles: the guide of docs/editing, as a page of the site."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from diplopedia.markdown import Rendered, resolve
from diplopedia.markdown import render as markdown_of

PAGES = {
    "markdown": "editing/markdown.md",
    "editor": "editing/editor.md",
    "history": "editing/history.md",
    "talk": "editing/talk.md",
    "languages": "editing/languages.md",
    "notices": "editing/notices.md",
    "gardening": "editing/gardening.md",
    "about": "about.md",
    "accessibility": "accessibility.md",
}


class Guide(NamedTuple):
    """A page of the guide: its first line, and the rest as HTML."""

    title: str
    text: Rendered


@cache
def guide(page: str) -> Guide:
    """Return a page of the guide; it changes only with the release."""
    title, _line, text = (settings.BASE_DIR / "docs" / PAGES[page]).read_text().partition("\n")
    return Guide(title.lstrip("# "), markdown_of(text))


def show_help(request: HttpRequest, page: str = "markdown") -> HttpResponse:
    """Show a page of the guide."""
    if page not in PAGES:
        raise Http404
    title, text = guide(page)
    return render(
        request,
        "diplopedia/help.html",
        {
            "title": title,
            "html": resolve(text.html, {}),
            "contents": text.contents,
            "others": [(name, guide(name).title) for name in PAGES if name != page],
        },
    )
