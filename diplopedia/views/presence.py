"""Who else is writing here: told by the editor every half minute, shown in it and on the article."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplopedia.models import Article, Presence
from diplopedia.models.presence import LASTS
from diplopedia.permissions import check_edit
from diplopedia.views.drafts import heading_of, posted_number
from diplopedia.views.reading import readable
from people.models import User
from people.requests import reader_of


@require_POST
def editing(request: HttpRequest, slug: str) -> HttpResponse:
    """Note that this reader is writing, or stops; answer with a line about those who write as well."""
    page, reader = readable(request, slug), reader_of(request)
    check_edit(reader, page)
    if "leaving" in request.POST:
        Presence.objects.filter(article=page, user=reader).delete()
        return HttpResponse(status=204)
    base, section = posted_number(request, "base"), posted_number(request, "section")
    show_up(page, reader, heading_of(page, base or 0, section))
    others = Presence.objects.others_at(page.wiki_slug, reader)
    return render(request, "diplopedia/writing.html", {"writing": others})


def show_up(page: Article, reader: User, section: str) -> None:
    """Write down a sign of life, and clear away those that are long over."""
    now = timezone.now()
    there = Presence.objects.filter(article=page, user=reader).update(seen=now, section=section[:120])
    if not there:
        Presence.objects.filter(seen__lt=now - 5 * LASTS).delete()
        row = Presence(article=page, user=reader, section=section[:120], seen=now)
        Presence.objects.bulk_create(
            [row], ignore_conflicts=True
        )  # another window of theirs may have been faster
