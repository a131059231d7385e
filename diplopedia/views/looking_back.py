"""Looking back: the page as it stood on a day, and who wrote each of its paragraphs."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from diplopedia.blame import MOST_EDITS, Run, blame
from diplopedia.models import Article, Edit
from diplopedia.views.asking import day_asked
from diplopedia.views.reading import edit_of, page_head, readable, show_revision


def at(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the page as it stood at the end of a day."""
    page = readable(request, slug, head=True)
    day = day_asked(request, "date")
    if day is None:
        why = _("Give a day that the calendar has, such as 2026-08-15.")
        return not_then(request, page, why, status=400)
    today = timezone.localdate()
    edit = last_of(page, min(day, today))
    if edit is None:
        first = edit_of(page, 1)
        why = _("On that day this page was not there yet.")
        return not_then(request, page, why, first=first, day=first.created, author=first.author.profile)
    return show_revision(request, page, edit, as_of=min(day, today))


def last_of(page: Article, day: datetime.date) -> Edit | None:
    """Return the newest edit made by the end of a day."""
    end = datetime.datetime.combine(day, datetime.time.max, timezone.get_current_timezone())
    edits = page.edits.filter(created__lte=end).select_related("revision", "author__profile")
    return edits.order_by("-number").first()


def not_then(
    request: HttpRequest, page: Article, why: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Say why no text can be shown for a day, and ask for another."""
    asked = request.GET.get("date", "")[:10]
    context = page_head(request, page) | {"why": why, "asked": asked, "today": timezone.localdate()} | context
    return render(request, "diplopedia/not_then.html", context, status=status)


class Passage(NamedTuple):
    """Neighbouring paragraphs of one origin, with the edits that they began with and got their words from."""

    run: Run
    began: Edit
    worded: Edit


def paragraphs(request: HttpRequest, slug: str) -> HttpResponse:
    """Show for each paragraph of the text who wrote it, when and why."""
    page = readable(request, slug, head=True)
    latest = edit_of(page, page.latest_edit.number) if page.latest_edit else None
    found = blame(page, latest) if latest else None
    numbers = {number for run in found.runs for number in run.origin} if found else set()
    edits = {
        edit.number: edit for edit in page.edits.filter(number__in=numbers).select_related("author__profile")
    }
    until = found.until if found else 1
    context = page_head(request, page) | {
        "passages": [Passage(run, *(edits[number] for number in run.origin)) for run in found.runs]
        if found
        else [],
        "since": found.since if found else 1,
        "until": until,
        "newest": latest.number if latest else 1,
        "most": MOST_EDITS,
        "authors": len({edit.author_id for edit in edits.values() if edit.number <= until}),
    }
    return render(request, "diplopedia/paragraphs.html", context)
