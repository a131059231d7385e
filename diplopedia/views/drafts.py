"""Drafts: saved on the server while one writes, listed, opened again, discarded."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from diplopedia import actions
from diplopedia.actions import DraftRefused, Writing
from diplopedia.facts import FACT
from diplopedia.forms import NewArticleForm
from diplopedia.markdown import split_sections
from diplopedia.models import Article, Draft
from diplopedia.views.adding import AddFileForm
from diplopedia.views.reading import Missing, readable, title_of
from people.requests import reader_of, whole_number

PER_PAGE = 50
OFFERED = 5
KEPT = {"body", "tags", "regions", "contacts", "summary", "minor", "title", "kind", "language", "translates"}
LARGEST = 2_000_000_000
LATEST = 10**15


class Row(NamedTuple):
    """A draft in a list, with its page as it is now for its author; None where there is none, or none any more."""

    draft: Draft
    article: Article | None
    behind: int
    section: str = ""


def drafts(request: HttpRequest) -> HttpResponse:
    """List what this reader is writing; by POST, save what a form of the editor holds."""
    if request.method == "POST":
        return save(request)
    mine = Draft.objects.of(reader_of(request)).defer("fields")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "diplopedia/drafts.html", {"page": page, "rows": rows(request, list(page))})


def rows(request: HttpRequest, found: list[Draft]) -> list[Row]:
    """Return drafts with their pages, as far as their author may still read them, in one query."""
    pks = [draft.article_id for draft in found if draft.article_id]
    pages = Article.objects.readable_by(reader_of(request)).filter(pk__in=pks).for_lists().in_bulk()
    return [
        Row(draft, page, max(0, newest(page) - draft.base))
        for draft in found
        for page in [pages.get(draft.article_id or 0)]
    ]


def newest(page: Article | None) -> int:
    """Return the number of a page's latest edit."""
    return page.latest_edit.number if page and page.latest_edit else 0


@transaction.atomic
def save(request: HttpRequest) -> HttpResponse:
    """Save a draft. Scripts get JSON; a browser without them is led back to the editor with it."""
    slug = request.GET.get("page", "").replace("\x00", "")
    writing = writing_of(request, page_at(request, slug) if slug else None, slug)
    author = reader_of(request)
    by_script = "application/json" in request.headers.get("Accept", "")
    actions.hold_drafts(author)  # or what is published now would be asked about first, and saved after
    if by_script and actions.published_meanwhile(author, writing):
        return JsonResponse({"published": True})
    if by_script and actions.is_late(author, writing):
        return JsonResponse({"late": True})
    try:
        draft = actions.save_draft(author, writing)
    except DraftRefused as refused:
        return said(request, by_script, refused, writing)
    if not by_script:
        time = timezone.localtime(draft.saved).strftime("%H:%M")
        messages.success(request, _("Draft saved on the server %s.") % time)
        return redirect(draft)
    return JsonResponse(
        {"saved": draft.saved.isoformat(), "mark": draft.mark, "url": draft.get_absolute_url()}
    )


def said(request: HttpRequest, by_script: bool, refused: DraftRefused, writing: Writing) -> HttpResponse:
    """Say why a draft was not saved, with the text kept."""
    if by_script:
        return JsonResponse({"refused": str(refused)}, status=422)
    form = NewArticleForm(initial={name: values[0] for name, values in writing.fields.items() if values})
    context = {
        "form": form, "article": None, "locked": str(refused), "send_to": reverse("new"), "base": 0,
        "adding": AddFileForm(auto_id="add-%s"),
    }  # fmt: skip
    return render(request, "diplopedia/edit.html", context, status=422)


def writing_of(request: HttpRequest, article: Article | None, slug: str = "") -> Writing:
    """Return what a form of the editor sent, for a page or for one that is to be at a slug."""
    fields = {
        name: [value.replace("\x00", "") for value in request.POST.getlist(name)]
        for name in request.POST
        if name in KEPT or name.startswith(FACT)
    }
    title = article.title if article else fields.get("title", [""])[0] or title_of(slug)
    return Writing(
        key=request.POST.get("key", "")[:64].replace("\x00", ""),
        fields=fields,
        article=article,
        title=title,
        base=posted_number(request, "base") or 0,
        section=posted_number(request, "section"),
        continues=request.POST.get("draft", "")[:40],
        turn=posted_number(request, "turn", most=LATEST) or 0,
    )


def page_at(request: HttpRequest, slug: str) -> Article | None:
    """Return the page at an address, if this reader may know of it; what is written to any other is theirs."""
    try:
        return readable(request, slug)
    except Missing:
        return None


def posted_number(request: HttpRequest, name: str, most: int = LARGEST) -> int | None:
    """Return a number that was posted, or None where there is none as small as that."""
    number = whole_number(request.POST.get(name, ""))
    return number if number is not None and number <= most else None


def own(request: HttpRequest, pk: int) -> Draft:
    """Return a draft of this reader. Raises Http404, for those of others too."""
    return get_object_or_404(Draft.objects.of(reader_of(request)), pk=pk)


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on writing: in the editor of the page; where there is none any more, in that of a new page."""
    mine = own(request, pk)
    page = Article.objects.readable_by(reader_of(request)).filter(pk=mine.article_id).first()
    if page is not None:
        return redirect(f"{reverse('edit', args=[page.wiki_slug])}?draft={mine.pk}")
    return redirect(f"{reverse('new')}?draft={mine.pk}")


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, as its author asked."""
    mine = own(request, pk)
    page = Article.objects.readable_by(reader_of(request)).filter(pk=mine.article_id).first()
    mine.delete()
    messages.info(request, _("The draft is discarded."))
    back = request.POST.get("back") == "edit" and page is not None
    return redirect("edit", page.wiki_slug) if back and page else redirect("drafts")


def resumed(request: HttpRequest, page: Article | None) -> Draft | None:
    """Return the draft of this reader that the address asks for, if it is one of this page."""
    asked = whole_number(request.GET.get("draft", ""))
    if asked is None:
        return None
    mine = Draft.objects.of(reader_of(request)).filter(pk=asked)
    return (mine.filter(article=page) if page else mine).first()


def offered(request: HttpRequest, page: Article, but: Draft | None = None) -> list[Row]:
    """Return this reader's newest drafts of a page, to go on with."""
    mine = Draft.objects.of(reader_of(request)).filter(article=page).exclude(pk=but.pk if but else 0)
    found = list(mine.defer("fields")[:OFFERED])
    return [
        Row(one, page, max(0, newest(page) - one.base), heading_of(page, one.base, one.section))
        for one in found
    ]


def begun(request: HttpRequest) -> list[Draft]:
    """Return this reader's newest drafts of pages that are not there yet."""
    return list(Draft.objects.of(reader_of(request)).filter(article=None).defer("fields")[:OFFERED])


def heading_of(page: Article, base: int, section: int | None) -> str:
    """Return the heading of a section, where the text it was counted in is still the newest; else nothing."""
    if section is None or base != newest(page):
        return ""
    parts = split_sections(page.body)
    return parts[section].heading if section < len(parts) else ""
