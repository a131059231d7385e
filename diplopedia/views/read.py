"""The note that a page was read, which the browser sends once somebody has looked at it for a while."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from diplopedia import readings
from diplopedia.views.reading import readable
from people.requests import reader_of


@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Note up to which revision this reader knows the page; nothing is answered."""
    page = readable(request, slug, only=("pk", "latest_edit__number"))
    text = request.POST.get("number", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    latest = page.latest_edit.number if page.latest_edit else 0
    if 0 < number <= latest:
        readings.notes.add(reader_of(request).pk, page.pk, number)
    return HttpResponse(status=204)
