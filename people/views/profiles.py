"""One person's page, and what can be taken along from it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from people import confirming, evidence, prose, similar
from people.careers import career, strip
from people.completeness import completeness
from people.facts import fetch, known, studies
from people.limits import counted
from people.models import Profile, User
from people.permissions import impersonal, may_edit
from people.presenting import clock, offer
from people.requests import reader_of
from people.trusting import trust, with_namesakes
from people.vcards import vcard as vcard_text

NOBODY = gettext_lazy("Nobody here has this address. Look for the name instead.")


def find(handle: str) -> Profile:
    """The profile of a handle, whatever its capitals. Raises Http404 when nobody has it."""
    profile = Profile.objects.with_place().filter(user__username=handle.lower()).first()
    if profile is None:
        raise Http404(NOBODY)
    return profile


@require_safe
@counted
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    """Who somebody is and what they know, as far as this reader may know it."""
    reader = reader_of(request)
    person, *namesakes = _with_namesakes(handle, reader)
    if person.merged_into:
        return redirect(person.merged_into)
    fetch([person], reader)
    facts = known(person)
    oneself = person.user_id == reader.pk
    return render(
        request,
        "people/profile.html",
        {
            "person": person,
            "facts": facts,
            "skills": [skill for skill in facts.skills if not skill.learn],
            "learns": [skill for skill in facts.skills if skill.learn],
            "career": career(person, facts.jobs, reader),
            "strip": strip(facts.jobs),
            "about": prose.resolve(person.about_html, reader) if person.shows("about", reader) else "",
            "education": studies(person),
            "clock": clock(person) if person.is_colleague else None,
            "evidence": list(evidence.gather(person, reader)),
            "email": person.user.email.partition("@"),
            "offers": [offer(person, what) for what in person.ready_for],
            "phone": person.phone if person.shows("phone", reader) else "",
            "similar": [] if person.historical else similar.colleagues(person, facts, reader),
            "trust": trust(person, namesakes, facts, reader),
            "oneself": oneself,
            "may_edit": may_edit(reader, person),
            "completeness": completeness(person, facts) if oneself else None,
        },
    )


def _with_namesakes(handle: str, reader: User) -> list[Profile]:
    people = with_namesakes(handle.lower(), reader)
    if not people:
        raise Http404(NOBODY)
    return people


@require_safe
@counted
def vcard(request: HttpRequest, handle: str) -> HttpResponse:
    """A colleague for one's address book. Historical people have none."""
    person = find(handle)
    if not person.is_colleague:
        raise Http404(_("Only colleagues can be saved as a contact."))
    reader = impersonal(reader_of(request))
    fetch([person], reader, places=False)
    text = vcard_text(person, request.build_absolute_uri(person.get_absolute_url()), reader)
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{person.user.username}.vcf"'
    return response


@require_POST
def confirm(request: HttpRequest, handle: str) -> HttpResponse:
    """The person says that everything on the profile still holds."""
    person = find(handle)
    if person.user_id != reader_of(request).pk:
        raise PermissionDenied(_("Only the person can say that these facts still hold."))
    confirming.confirm(person)
    messages.success(request, _("Thank you. Your facts count as confirmed today."))
    return redirect(person)
