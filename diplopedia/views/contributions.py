"""All that a colleague contributed, as far as the reader may know of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from diplopedia.evidence import is_about
from diplopedia.models import Article
from diplopedia.views.changes import PER_PAGE, Recent, by_day, edits_of
from people import regions
from people.evidence import Subject
from people.models import Profile
from people.question import MOST_PARTS
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
    if subject := subject_of(request.GET):
        edits = edits.filter(is_about(subject, "article"))
    edits = edits.filter(number=1) if begun else edits
    page = Recent(edits.filter(minor=False) if hide_minor else edits, PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "author": person.user, "page": page, "days": by_day(page.object_list), "begun": begun, "hide_minor": hide_minor,
        "subject": subject, "chips": [{"label": subject.name, "url": request.path}] if subject else [],
    }  # fmt: skip
    return render(request, "diplopedia/contributions.html", context)


def subject_of(params: QueryDict) -> Subject | None:
    """What the pages listed are to be about, where an address asks for regions or topics that may be."""
    known = regions.atlas().by_slug
    places = [known[slug] for slug in params.getlist("region")[:MOST_PARTS] if slug in known]
    topics = tuple(topic[:120] for topic in params.getlist("topic")[:MOST_PARTS] if topic)
    name = ", ".join([*map(str, places), *topics])
    return Subject(name, tuple(place.slug for place in places), topics) if name else None
