"""Deleted pages, for those who could read and edit them: what they said, who took them away, and the way back."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from diplopedia import actions
from diplopedia.forms import RenameForm
from diplopedia.models import Article
from diplopedia.titles import TitleTaken, TitleUnusable
from diplopedia.views.asking import number, posted_key
from diplopedia.views.editing import shown
from diplopedia.views.keeping import change_of
from diplopedia.views.reading import edit_of, readable
from people.models import User
from people.requests import reader_of

PER_PAGE = 60
REFUSALS = (TitleTaken, TitleUnusable, actions.Outdated)


def gone_from(slug: str, reader: User) -> Article | None:
    """Return the deleted article that was at an address, if this reader might have edited it."""
    gone = Article.objects.deleted_for(reader).filter(wiki_slug=slug)
    return gone.select_related("template", "latest_edit__author__profile").first()


def deleted(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a deleted page said, in any of its versions, and bring it back if that is asked for."""
    page = gone_from(slug, reader_of(request))
    if page is None:  # never deleted, or back already
        return redirect(readable(request, slug))
    form = RenameForm(request.POST or None, initial={"title": page.title, "key": posted_key(request)})
    if request.method == "POST" and form.is_valid():
        try:
            edit = actions.bring_back(page, change_of(request, form), title=form.cleaned_data["title"])
            return redirect(edit.article)
        except REFUSALS as error:
            form.add_error(None, str(error))
    newest = page.latest_edit.number if page.latest_edit else 1
    edit = edit_of(page, number(request, "revision", newest, high=newest))
    edits = Paginator(page.edits.select_related("author__profile"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "article": page, "form": form, "edit": edit, "page": edits,
        "text": shown(request, edit.body, page.language),
    }  # fmt: skip
    return render(request, "diplopedia/deleted.html", context)


def deleted_pages(request: HttpRequest) -> HttpResponse:
    """List the deleted pages that this reader can bring back, the last deleted first."""
    gone = Article.objects.deleted_for(reader_of(request)).for_lists().order_by("-deleted_at", "-pk")
    page = Paginator(gone, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "diplopedia/deleted_pages.html", {"page": page})
