"""Notices, what one watches, how one wants to hear of it, and the links in e-mails that stop them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices import actions, holding, looking, stopping, watchables
from notices.forms import PreferenceForm
from notices.models import LONGEST_KEY, Notice, Preference, Watch
from notices.showing import by_day
from notices.subjects import Shown
from people.requests import back, reader_of

PER_PAGE = 50
WATCHES_PER_PAGE = 200
HEADINGS = {
    Watch.Kind.ARTICLE: gettext_lazy("Pages"),
    Watch.Kind.TAG: gettext_lazy("Topics"),
    Watch.Kind.REGION: gettext_lazy("Places"),
    Watch.Kind.OFFICE: gettext_lazy("Offices"),
    Watch.Kind.PERSON: gettext_lazy("Colleagues"),
    Watch.Kind.SEARCH: gettext_lazy("Searches"),
    Watch.Kind.QUESTION: gettext_lazy("Questions to the directory"),
}


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List what somebody was told and may still know of, the newest first."""
    reader = reader_of(request)
    kinds = Notice.objects.filter(user=reader).subject_kinds()
    found = Notice.objects.readable_by(reader, kinds).with_all().order_by("-created", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown, held_back = holding.sayable(list(page.object_list), reader)
    context = {
        "page": page,
        "days": list(by_day(shown)),
        "unseen": any(notice.seen_at is None for notice in shown),
        "newest": max((notice.pk for notice in shown), default=0),
        "held_back": held_back,
        "tab": "notices",
    }
    return render(request, "notices/list.html", context)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark notices as seen: those named, or all up to the newest that the page showed, but what it held back."""
    mine = Notice.objects.filter(user=reader_of(request).pk)
    named = watchables.numbers(request.POST.getlist("notice")[:PER_PAGE])
    newest = watchables.numbers([request.POST.get("newest", "")])
    if named:
        mine.filter(pk__in=named).see()
    elif newest:
        meant = holding.certain(mine) if request.POST.get("held_back") else mine
        meant.filter(pk__lte=newest[0]).see()
    return redirect(back(request, reverse("notices:list")))


@require_safe
def watching(request: HttpRequest) -> HttpResponse:
    """List what somebody watches, by kind, each with a button to stop."""
    reader = reader_of(request)
    watches = Watch.objects.kept().filter(user=reader).order_by("kind", "-created", "-pk")
    page = Paginator(watches, WATCHES_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = watchables.named([(watch.kind, watch.key) for watch in shown], reader)
    kinds: dict[str, list[tuple[Shown, Watch]]] = {}
    for watch in shown:
        if name := names.get((watch.kind, watch.key)):
            kinds.setdefault(str(HEADINGS[Watch.Kind(watch.kind)]), []).append((name, watch))
    wide = looking.too_wide(watch.pk for watch in shown if watch.kind in looking.ASKED)
    context = {"kinds": kinds, "wide": wide, "page": page, "tab": "watching"}
    return render(request, "notices/watching.html", context)


@require_POST
def watch(request: HttpRequest) -> HttpResponse:
    """Begin or stop watching something that the reader may know of."""
    reader = reader_of(request)
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "").strip()
    if request.POST.get("on") != "1":
        actions.unwatch(reader, kind, key)
    elif (kind, key) in watchables.named([(kind, key)], reader):
        looking.begin(actions.watch(reader, kind, key))
    else:
        raise Http404(_("There is nothing here to watch."))
    return redirect(back(request, reverse("notices:watching")))


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How somebody wants to hear of things, and the addresses of their feeds."""
    reader = reader_of(request)
    chosen = Preference.of(reader)
    initial = {"language": reader.language}
    form = PreferenceForm(request.POST or None, instance=chosen, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save()
        reader.language = form.cleaned_data["language"]
        reader.save(update_fields=["language"])
        return redirect(f"{request.path}?saved=1")
    context: dict[str, Any] = {
        "form": form,
        "chosen": chosen,
        "tab": "preferences",
        "user_email": reader.email,
        "feeds": feed_addresses(request, chosen),
        "follow": follow_of(request),
    }
    return render(request, "notices/preferences.html", context)


def follow_of(request: HttpRequest) -> str:
    """Which feed somebody came for, such as `tags/ports`; empty without one."""
    wanted = request.GET.get("follow", "")[:LONGEST_KEY]
    return wanted if re.fullmatch(r"(tags|regions|people)/[^/?#]+", wanted) else ""


def feed_addresses(request: HttpRequest, chosen: Preference) -> list[tuple[str, str]]:
    """The names and addresses of somebody's feeds, the one they came for first; none where they have no token."""
    if not chosen.feed_token:
        return []
    found = [(_("Recent changes"), ["changes"]), (_("What I watch"), ["watched"])]
    if follow := follow_of(request):
        found.insert(0, (follow.partition("/")[2], follow.split("/")))
    base = settings.WAGTAILADMIN_BASE_URL
    return [(name, f"{base}{reverse('feed', args=[chosen.feed_token, *way])}") for name, way in found]


@require_POST
def feeds(request: HttpRequest) -> HttpResponse:
    """Make new addresses of one's feeds, or have none."""
    chosen = Preference.of(reader_of(request))
    if request.POST.get("end"):
        chosen.end_feed()
    else:
        chosen.renew_feed()
    follow = f"?{urlencode({'follow': wanted})}" if (wanted := request.POST.get("follow", "")) else ""
    return redirect(f"{reverse('notices:preferences')}{follow}#feeds")


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop what a link in an e-mail stops: asks first, and is answered by a form or by the mail program itself.

    Needs no session, as mail programs have none; the token is signed and says whose it is and what it stops.
    """
    order = stopping.read(token)
    if order is None:
        raise Http404
    if request.method == "POST":
        order.carry_out()
    context = {"order": order, "done": request.method == "POST"}
    return render(request, "notices/stop.html", context)
