"""Editing a profile, section by section. A section that cannot be saved comes back as it was typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from people import forms, suggestions, trusting, windows
from people.models import (
    Assignment,
    Correction,
    Education,
    Expertise,
    LanguageSkill,
    Profile,
    ProfileSkill,
    User,
)
from people.permissions import may_edit
from people.requests import reader_of, whole_number
from people.views.profiles import find


@dataclass(frozen=True)
class Section:
    """A part of the profile that is saved by itself: `form` is that of the part, or with `facts` that of a line."""

    slug: str
    title: Any
    hint: Any
    form: Any
    facts: Any = None
    related: tuple[str, ...] = ()

    @property
    def has_lines(self) -> bool:
        """Whether it is a set of lines, to which one may add another."""
        return self.facts is not None


SECTIONS = {
    section.slug: section
    for section in (
        Section("about", gettext_lazy("About"), "", forms.AboutForm),
        Section("contact", gettext_lazy("Contact and hours"), "", forms.ContactForm),
        Section(
            "available",
            gettext_lazy("Available for"),
            gettext_lazy("What colleagues may ask of you. Days are for what begins later, or ends."),
            forms.AvailabilityForm,
        ),
        Section(
            "languages",
            gettext_lazy("Languages"),
            gettext_lazy("Levels are on the ILR scale, 0 to 5, with the nearest of the European framework."),
            forms.LanguageForm,
            LanguageSkill,
            ("language",),
        ),
        Section(
            "regions",
            gettext_lazy("Regions known"),
            gettext_lazy("Countries and regions you can be asked about."),
            forms.ExpertiseForm,
            Expertise,
            ("region",),
        ),
        Section(
            "skills",
            gettext_lazy("Skills"),
            gettext_lazy("In your own words. Tick what you would like to learn, too."),
            forms.SkillForm,
            ProfileSkill,
            ("tag",),
        ),
        Section(
            "posts",
            gettext_lazy("Posts"),
            gettext_lazy("Where you serve and have served, the latest first."),
            forms.AssignmentForm,
            Assignment,
            ("post__country", "office"),
        ),
        Section(
            "education",
            gettext_lazy("Education"),
            gettext_lazy(
                "Where you studied or trained, and what: “MA, Arabic studies”. Courses of the ministry count, too."
            ),
            forms.EducationForm,
            Education,
        ),
    )
}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, handle: str, section: str = "about") -> HttpResponse:
    """One section of a profile: only one's own; administrators help those who cannot."""
    person, editor = find(handle), reader_of(request)
    if not may_edit(editor, person):
        raise PermissionDenied(
            _("Only the person can change a profile. Write to them, or to an administrator.")
        )
    if section not in SECTIONS:
        raise Http404(_("A profile has no such section."))
    part = SECTIONS[section]
    suggested = _suggested(request, part, person)
    if request.method == "POST":
        form, saved = _posted(part, person, editor, request.POST, suggested)
    else:
        form = _form(part, person, editor)
        saved = windows.shown(form)
    if form is None:
        messages.success(request, _("Saved. Colleagues see it now."))
        return redirect(_next(part, person, more="more" in request.POST))
    context = {
        "person": person,
        "oneself": person.user_id == editor.pk,
        "section": part,
        "sections": SECTIONS.values(),
        "form": form,
        "suggested": suggested,
        "opened": json.dumps(saved),
    }
    return render(request, "people/edit.html", context, status=422 if form.is_bound else 200)


def _suggested(request: HttpRequest, part: Section, person: Profile) -> Correction | None:
    """The correction that the person follows by this change, as long as it waits for an answer."""
    asked = whole_number(request.POST.get("correction") or request.GET.get("correction", ""))
    if not asked or person.user_id != reader_of(request).pk:
        return None
    waiting = person.corrections.waiting().select_related("author__profile", "profile__user")
    return waiting.filter(pk=asked, section=part.slug).first()


def _form(part: Section, person: Profile, editor: User, data: Any = None) -> Any:
    if part.facts is None:
        return part.form(data, instance=person, editor=editor)
    rows = part.facts.objects.readable_by(editor).select_related(*part.related)
    return forms.formset_of(part.form)(data, instance=person, queryset=rows, prefix=part.slug)


@transaction.atomic
def _posted(
    part: Section, person: Profile, editor: User, data: Any, suggested: Correction | None
) -> tuple[Any, dict[str, Any]]:
    """Save what was sent, or return the form to be shown again, and what is saved now.

    One after the other: the checks know what another window, or a second click, has just saved.
    """
    Profile.objects.locked().get(pk=person.pk)
    saved = _form(part, find(person.user.username), editor)
    sent = windows.merged(data, saved)
    form = _form(part, find(person.user.username), editor, sent.data)
    valid = form.is_valid()
    windows.refuse_overtaken(form, sent.overtaken)
    if sent.overtaken or not valid:
        return form, windows.shown(saved)
    form.save()
    if suggested is not None:
        trusting.decide(suggested, accepted=True, answer=suggested.answer)
    return None, {}


def _next(part: Section, person: Profile, *, more: bool) -> str:
    if more:
        return reverse("people:edit_section", args=[person.user.username, part.slug])
    return person.get_absolute_url()


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Names to choose from while one types: `of` languages, regions, posts, offices, skills or zones, by `q`."""
    params = request.GET
    found = suggestions.suggest(params.get("of", ""), params.get("q", ""), reader_of(request))
    return JsonResponse({"items": [{"title": one.title, "detail": one.detail} for one in found]})
