"""Offices and posts: who is there, who was, what lies under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.models import Assignment, Office, Post, Profile
from people.presenting import zone_of
from people.requests import reader_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class Branch:
    """An office in the tree: how deep, and how many people with those under it."""

    office: Office
    depth: int
    people: int


def branches(offices: Iterable[Office], top: int = 0) -> list[Branch]:
    """Offices in the order of the tree, each with the number of people at and under it."""
    rows = sorted(offices, key=lambda office: office.path)
    own = dict(
        Profile.objects.directory()
        .filter(office__in=[office.pk for office in rows])
        .values_list("office")
        .annotate(n=Count("pk"))
    )
    people: Counter[int] = Counter()
    for office in rows:
        for pk in office.lineage:
            people[pk] += own.get(office.pk, 0)
    return [Branch(office, len(office.lineage) - 1 - top, people[office.pk]) for office in rows]


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The tree of bureaux and offices."""
    return render(request, "people/offices.html", {"branches": branches(Office.objects.all())})


@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office: its people, and what lies under it."""
    here = get_object_or_404(Office.objects.select_related("parent"), slug=slug)
    people = Profile.objects.directory().with_place().filter(office__path__startswith=here.path)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    below = Office.objects.subtree(here).exclude(pk=here.pk)
    context = {
        "office": here,
        "above": here.ancestors_and_self().exclude(pk=here.pk),
        "branches": branches(below, top=len(here.lineage)),
        "page": page,
    }
    return render(request, "people/office.html", context)


@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Open posts by city, with how many colleagues are there; closed ones when asked."""
    closed = request.GET.get("closed") == "1"
    rows = Post.objects.filter(closed__isnull=not closed).select_related("country")
    here = Count(
        "people", filter=Q(people__user__is_active=True, people__left_at=None, people__historical=False)
    )
    page = Paginator(rows.annotate(number=here).order_by("city", "pk"), PAGE_SIZE * 2).get_page(
        request.GET.get("page")
    )
    return render(request, "people/posts.html", {"page": page, "closed": closed})


@require_safe
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """One post: who is there now, and who was before, as far as this reader may know."""
    reader = reader_of(request)
    here = get_object_or_404(Post.objects.select_related("country"), slug=slug)
    jobs = Assignment.objects.readable_by(reader).filter(post=here)
    serving = jobs.current().filter(profile=OuterRef("pk"))
    people = Profile.objects.directory().with_place().filter(Q(post=here) | Exists(serving))
    former = jobs.filter(Q(ended__lt=timezone.localdate()) | Q(started=None)).select_related("profile__user")
    page = Paginator(former, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "people/post.html", {"post": here, "people": people, "page": page, "zone": zone_of(here)}
    )
