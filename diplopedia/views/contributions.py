"""All that a colleague contributed, as far as the reader may know of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from diplopedia.models import Article
from diplopedia.views.changes import PER_PAGE, Recent, by_day, edits_of
from people.models import Profile
from people.requests import reader_of


def contributions(request: HttpRequest, handle: str) -> HttpResponse:
    """List the edits of one author, newest first, by day and page."""
    person = get_object_or_404(
        Profile.objects.select_related("user", "merged_into__user"), user__username=handle
    )
    if person.merged_into:
        return redirect("contributions", person.merged_into.user.username)
    begun, hide_minor = bool(request.GET.get("begun")), bool(request.GET.get("hide_minor"))
    accounts = Profile.objects.accounts_of(person)
    edits = edits_of(Article.objects.readable_by(reader_of(request))).filter(author__in=accounts)
    edits = edits.filter(number=1) if begun else edits
    page = Recent(edits.filter(minor=False) if hide_minor else edits, PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "author": person.user, "page": page, "days": by_day(page.object_list), "begun": begun, "hide_minor": hide_minor,
    }  # fmt: skip
    return render(request, "diplopedia/contributions.html", context)
