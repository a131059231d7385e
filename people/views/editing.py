"""Editing a profile, section by section. A section that cannot be saved comes back as it was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from people import forms, lookup, regions
from people.models import (
    Assignment,
    Expertise,
    Language,
    LanguageSkill,
    Office,
    Post,
    Profile,
    ProfileSkill,
    SkillTag,
    User,
)
from people.permissions import may_edit
from people.requests import reader_of
from people.views.profiles import find


@dataclass(frozen=True)
class Section:
    """A part of the profile that is saved by itself. `lines` is the form of its lines; the first has none."""

    slug: str
    title: Any
    hint: Any
    suggestions: Callable[[User], dict[str, list[str]]]
    lines: Any = None


def _languages(_editor: User) -> dict[str, list[str]]:
    return {"language-names": list(Language.objects.values_list("name", flat=True))}


def _regions(_editor: User) -> dict[str, list[str]]:
    return {"region-names": sorted(region.name for region in regions.atlas().by_pk.values())}


def _posts(*, closed: bool = True) -> dict[str, list[str]]:
    posts = Post.objects.select_related("country")
    named = posts if closed else posts.filter(closed__isnull=True)
    return {"post-names": [lookup.post_names(post)[0] for post in named]}


def _places(_editor: User) -> dict[str, list[str]]:
    return {**_posts(), "office-names": list(Office.objects.values_list("name", flat=True))}


def _about(_editor: User) -> dict[str, list[str]]:
    return {
        **_posts(closed=False),
        "zone-names": sorted(zone for zone in available_timezones() if "/" in zone),
    }


def _skills(editor: User) -> dict[str, list[str]]:
    return {"skill-names": list(SkillTag.objects.readable_by(editor).values_list("name", flat=True))}


SECTIONS = {
    section.slug: section
    for section in (
        Section("about", gettext_lazy("About and contact"), "", _about),
        Section(
            "languages",
            gettext_lazy("Languages"),
            gettext_lazy(
                "Levels are on the ILR scale, 0 to 5. With the day of a test a level counts as tested."
            ),
            _languages,
            forms.LanguageForm,
        ),
        Section(
            "regions",
            gettext_lazy("Regions known"),
            gettext_lazy("Countries and regions you can be asked about."),
            _regions,
            forms.ExpertiseForm,
        ),
        Section(
            "skills",
            gettext_lazy("Skills"),
            gettext_lazy("In your own words. Tick what you would like to learn, too."),
            _skills,
            forms.SkillForm,
        ),
        Section(
            "posts",
            gettext_lazy("Posts"),
            gettext_lazy("Where you serve and have served, the latest first."),
            _places,
            forms.AssignmentForm,
        ),
    )
}
ROWS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "languages": (LanguageSkill, ("language",)),
    "regions": (Expertise, ("region",)),
    "skills": (ProfileSkill, ("tag",)),
    "posts": (Assignment, ("post__country", "office")),
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
    sent = request.POST if request.method == "POST" else None
    form = _form(part, person, editor, None) if sent is None else _posted(part, person, editor, sent)
    if form is None:
        messages.success(request, _("Saved. Colleagues see it now."))
        return redirect(_next(part, person, more="more" in request.POST))
    return render(
        request,
        "people/edit.html",
        _context(part, person, editor, form),
        status=422 if form.is_bound else 200,
    )


def _form(part: Section, person: Profile, editor: User, data: Any) -> Any:
    if part.lines is None:
        return forms.AboutForm(data, instance=person)
    model, related = ROWS[part.slug]
    rows = model.objects.readable_by(editor).select_related(*related)
    return forms.formset_of(part.lines)(data, instance=person, queryset=rows, prefix=part.slug)


@transaction.atomic
def _posted(part: Section, person: Profile, editor: User, data: Any) -> Any:
    """Save what was sent, or return the form to be shown again.

    One after the other: the checks know what another window, or a second click, has just saved.
    """
    Profile.objects.select_for_update().filter(pk=person.pk).order_by("pk").values_list("pk").first()
    form = _form(part, person, editor, data)
    if not form.is_valid():
        return form
    form.save()
    return None


def _next(part: Section, person: Profile, *, more: bool) -> str:
    if more:
        return reverse("people:edit_section", args=[person.user.username, part.slug])
    return person.get_absolute_url()


def _context(part: Section, person: Profile, editor: User, form: Any) -> dict[str, Any]:
    return {
        "person": person,
        "oneself": person.user_id == editor.pk,
        "section": part,
        "sections": SECTIONS.values(),
        "form": form,
        "lines": part.lines is not None,
        "suggestions": part.suggestions(editor),
    }
