"""A colleague in short, for the card that opens over a link to them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.facts import known, with_facts
from people.limits import counted
from people.models import Profile
from people.presenting import clock, offer
from people.requests import reader_of

LANGUAGES = 3


@require_safe
@counted
def card(request: HttpRequest, handle: str) -> HttpResponse:
    """Name, place, local time, best languages and what one may ask: as far as this reader may know it."""
    people = Profile.objects.with_place().filter(user__username=handle.lower())
    person = with_facts(people, reader_of(request), places=False).first()
    if person is None:
        raise Http404(_("Nobody here has this address. Look for the name instead."))
    if person.merged_into:
        return redirect("people:card", person.merged_into.user.username)
    return render(
        request,
        "people/card.html",
        {
            "person": person,
            "languages": known(person).languages[:LANGUAGES] if person.is_colleague else [],
            "clock": clock(person) if person.is_colleague else None,
            "offers": [offer(person, what) for what in person.availability],
        },
    )
