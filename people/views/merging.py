"""Where an administrator makes two profiles of one person one: choose the other, look at what happens, do it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people import merging
from people.conditions import Called
from people.models import Merger, Profile, User
from people.requests import reader_of
from people.views.profiles import find
from people.ways_in import WaysIn

MOST_OFFERED = 12


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, handle: str) -> HttpResponse:
    """Let another profile go into this one. Superusers alone; they see what they may read, and all of it moves."""
    administrator = reader_of(request)
    if not administrator.is_superuser:
        raise PermissionDenied(_("Only an administrator makes two profiles one. Write to one of them."))
    kept = find(handle)
    asked = (request.POST if request.method == "POST" else request.GET).get("other", "")
    asked = asked.replace("\x00", "").strip().lstrip("@")
    gone = Profile.objects.with_place().filter(user__username=asked.lower()).first()
    meant = [] if gone or request.method == "POST" else candidates(kept, asked)
    if asked and len(meant) == 1:
        gone = meant.pop()
    if request.method == "POST" and gone is not None:
        try:
            merger = merging.merge(kept, gone, administrator)
        except merging.NotMerged as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _what_happened(merger, administrator))
            return redirect(kept)
    about = _preview(kept, gone, administrator) if gone else {"unknown": bool(asked) and not meant}
    return render(
        request,
        "people/merge.html",
        {
            "person": kept,
            "asked": asked,
            "other": gone,
            "candidates": meant,
            "mergers": [
                (merger, merging.moved_facts(merger, administrator))
                for merger in kept.mergers.select_related("gone__user", "by__profile")
            ],
        }
        | about,
    )


def candidates(kept: Profile, text: str) -> list[Profile]:
    """Which other profiles may be meant by a name; without one, those of the very same name."""
    others = Profile.objects.with_place().filter(merged_into=None).exclude(pk=kept.pk)
    named = others.filter(Called((), text).names) if text else others.filter(name_key=kept.name_key)
    return list(named.order_by("sort_key", "user__username")[:MOST_OFFERED])


def _what_happened(merger: Merger, administrator: User) -> str:
    said = _("%(gone)s is part of this profile now.") % {"gone": merger.gone.name}
    facts = "; ".join(map(str, merging.moved_facts(merger, administrator)))
    return " ".join([said, _("Moved over: %(facts)s.") % {"facts": facts}]) if facts else said


def _preview(kept: Profile, gone: Profile, administrator: User) -> dict[str, Any]:
    groups = Group.objects.filter(user=gone.user).exclude(user=kept.user)
    return {
        "refusal": merging.refusal(kept, gone, administrator),
        "planned": merging.planned(kept, gone, lambda model: model.objects.readable_by(administrator)),
        "names": merging.with_names(kept, [gone.name, *gone.other_names])[len(kept.other_names) :],
        "groups": list(groups.order_by("name").values_list("name", flat=True)),
        "ways": WaysIn.of(gone.user),
    }
