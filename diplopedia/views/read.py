"""The note that a page was read, which the browser sends once somebody has looked at it for a while."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from diplopedia import readings
from diplopedia.telling import KIND
from diplopedia.views.reading import readable
from notices.actions import see
from people.requests import reader_of, whole_number


@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Note up to which revision this reader knows the page, and mark its notices as seen; nothing is answered."""
    page = readable(request, slug, only=("pk", "latest_edit__number"))
    number = whole_number(request.POST.get("number", "")) or 0
    latest = page.latest_edit.number if page.latest_edit else 0
    if 0 < number <= latest:
        readings.notes.add(reader_of(request).pk, page.pk, number)
    if number == latest:
        see(reader_of(request), KIND, page.pk)
    return HttpResponse(status=204)
