"""Offices and posts: who is there, who was, what they know and keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.core.paginator import Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people import ilr, speakers, spoken
from people.heads import by_rank, heads, rank
from people.holdings import wiki
from people.limits import glance, within_limits
from people.models import Assignment, LanguageSkill, Office, Post, Profile, User
from people.models.facts import AssignmentQuerySet
from people.models.profiles import available_now
from people.names import fold
from people.presenting import zone_of
from people.requests import reader_of
from people.views.directory import Pages

PAGE_SIZE = 50
FORMER_SHOWN = 20
FORMER_READ = 100  # to find those who led
HEADS_SHOWN = 5
TO_ASK = 5
LANGUAGES_SHOWN = 12
POSTS_SHOWN = 12
WHOLE_TREE = 250  # offices; of more, those near the top are shown
NEAR_THE_TOP = 1
GOOD = ilr.rank("3")


@dataclass(frozen=True)
class Branch:
    """An office in the tree: how deep, and how many people with those under it."""

    office: Office
    depth: int
    people: int


@dataclass(frozen=True)
class Former:
    """One page of who was somewhere before, who led it, and the numbers of the pages around, if there are any."""

    jobs: Sequence[Assignment]
    heads: Sequence[Assignment] = ()
    previous: int | None = None
    next: int | None = None


@dataclass(frozen=True)
class SpokenHere:
    """A language of some people: how many of them have it, and how many speak it well."""

    code: str
    number: int
    well: int

    def __str__(self) -> str:
        """The name in the language of whoever reads."""
        return spoken.name_of(self.code)


def branches(offices: Iterable[Office], own: Counter[int] | None = None, top: int = 0) -> list[Branch]:
    """Offices as a tree, those under one office by name, each with the number of people at and under it.

    `own`: how many are in each office itself, where that was asked before.
    """
    listed = {office.pk: office for office in offices}
    called = {pk: (fold(office.name), pk) for pk, office in listed.items()}
    rows = sorted(listed.values(), key=lambda row: [called[pk] for pk in row.lineage if pk in called])
    if own is None:
        people = Profile.objects.directory_whole().filter(office__in=listed).order_by()
        own = Counter(dict(people.values_list("office").annotate(n=Count("pk"))))
    under: Counter[int] = Counter()
    for row in rows:
        for pk in row.lineage:
            under[pk] += own[row.pk]
    return [Branch(row, len(row.lineage) - 1 - top, under[row.pk]) for row in rows]


def _at_a_glance(tree: list[Branch]) -> list[Branch]:
    """The tree, or of a large one its upper part: the pages of these offices have the rest."""
    return tree if len(tree) <= WHOLE_TREE else [one for one in tree if one.depth <= NEAR_THE_TOP]


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The tree of bureaux and offices."""
    tree = branches(Office.objects.all())
    return render(request, "people/offices.html", {"branches": _at_a_glance(tree)})


@require_safe
@within_limits
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office with those under it: its people, who was there before, what they speak, and the pages it keeps."""
    reader = reader_of(request)
    here, above, below = _around(slug)
    offices = Office.objects.subtree(here).order_by().values("pk")
    people = Profile.objects.directory().filter(office__in=offices)
    own, there = _where(people)
    page = Pages(_leading_first(people, here), PAGE_SIZE, own.total()).get_page(request.GET.get("page"))
    glance(request, len(page))
    leading = heads([one for one in page if one.office_id == here.pk]) if page.number == 1 else []
    jobs = Assignment.objects.readable_by(reader).filter(office__in=offices)
    context = {
        "office": here,
        "above": above,
        "branches": _at_a_glance(branches(below, own, top=len(here.lineage))),
        "page": page,
        "heads": leading,
        "former": _former(jobs, request.GET.get("before", ""), rank(leading)),
        "languages": _languages(people, reader),
        "posts": there[:POSTS_SHOWN],
        "held": wiki().of_office(here, reader),
    }
    return render(request, "people/office.html", context)


def _around(slug: str) -> tuple[Office, list[Office], list[Office]]:
    """The office at an address, those it is part of from the top, and those under it. Raises Http404. One query."""
    other = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    named = Office.objects.filter(slug=slug).alias(other=other)
    line = named.filter(Q(path__startswith=OuterRef("path")) | Q(other__startswith=F("path")))
    rows = list(Office.objects.filter(Exists(line)).order_by("path"))
    here = next((one for one in rows if one.slug == slug), None)
    if here is None:
        raise Http404
    above = [one for one in rows if one.path < here.path]
    return here, above, rows[len(above) + 1 :]


def _where(people: QuerySet[Profile]) -> tuple[Counter[int], list[tuple[Post, int]]]:
    """How many of some people are in each office, and how many at each post, most first. One query."""
    own: Counter[int] = Counter()
    there: Counter[int] = Counter()
    posts: dict[int, Post] = {}
    fields = ("office", "post", "post__city", "post__kind", "post__slug", "post__closed")
    for pk, post, city, kind, slug, closed, number in (
        people.order_by().values_list(*fields).annotate(number=Count("pk"))
    ):
        own[pk] += number
        if post:
            there[post] += number
            posts[post] = Post(pk=post, city=city, kind=kind, slug=slug, closed=closed)
    return own, [(posts[pk], number) for pk, number in there.most_common()]


def _leading_first(people: QuerySet[Profile], here: Office) -> QuerySet[Profile]:
    """Those who lead this office itself, then all by name."""
    ranked = by_rank(people.select_related("user", "office", "post__country"), among=Q(office=here))
    return ranked.order_by(F("rank"), "sort_key", "pk")


def _former(jobs: AssignmentQuerySet, page: str, least: int) -> Former:
    """Who was there before, the latest first; on the first page also who led, of the rank `least` or higher.

    Titles are looked at of those jobs alone that are read, not of each that is sorted.
    """
    left = Q(profile__historical=True) | Q(profile__left_at__isnull=False) | Q(profile__user__is_active=False)
    over = jobs.filter(Q(ended__lt=timezone.localdate()) | Q(started=None) | left).values("pk")
    number = max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    first = (number - 1) * FORMER_SHOWN
    latest = over[first : first + (FORMER_READ if number == 1 else FORMER_SHOWN + 1)]
    rows = list(by_rank(Assignment.objects.filter(pk__in=latest).select_related("profile__user", "office")))
    return Former(
        rows[:FORMER_SHOWN],
        heads=heads(rows, least)[:HEADS_SHOWN] if number == 1 else (),
        previous=number - 1 if number > 1 else None,
        next=number + 1 if len(rows) > FORMER_SHOWN else None,
    )


def _languages(people: QuerySet[Profile], reader: User) -> list[SpokenHere]:
    """The languages of some people, as far as the reader may know: those that most speak well first."""
    skills = LanguageSkill.objects.readable_by(reader).filter(profile__in=people.order_by().values("pk"))
    apart, together = speakers.numbers(skills, {"number": Q(), "well": Q(speaking__gte=GOOD)})
    heard = [SpokenHere(code, **together.get(code, apart[code])) for code in apart]
    return sorted(heard, key=lambda one: (-one.well, -one.number, fold(str(one))))[:LANGUAGES_SHOWN]


@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Open posts by city, with how many colleagues are there; closed ones when asked."""
    closed = request.GET.get("closed") == "1"
    listed = Post.objects.filter(closed__isnull=not closed).select_related("country")
    rows = sorted(listed, key=attrgetter("sort_key", "pk"))
    page = Paginator(rows, PAGE_SIZE * 2).get_page(request.GET.get("page"))
    numbers = _numbers_there(list(page), reader_of(request))
    return render(
        request,
        "people/posts.html",
        {"page": page, "posts": [(one, numbers[one.pk]) for one in page], "closed": closed},
    )


def _numbers_there(posts: Collection[Post], reader: User) -> Counter[int]:
    """How many are at each of some posts: whose profile says so, or else a job of today. One query."""
    people, jobs = (
        Profile.objects.directory_whole().order_by(),
        Assignment.objects.readable_by(reader).order_by(),
    )
    said = people.filter(post__in=posts).values_list("post").annotate(number=Count("pk"))
    elsewhere = people.filter(pk=OuterRef("profile")).exclude(post=OuterRef("post"))
    held = jobs.current().filter(Exists(elsewhere), post__in=posts).values_list("post")
    numbers: Counter[int] = Counter()
    for post, number in said.union(held.annotate(number=Count("profile", distinct=True)), all=True):
        numbers[post] += number
    return numbers


@require_safe
@within_limits
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """One post: who is there now and was before, whom to ask, and the pages about it, as far as the reader may know."""
    reader = reader_of(request)
    here = get_object_or_404(Post.objects.select_related("country"), slug=slug)
    jobs = Assignment.objects.readable_by(reader).filter(post=here)
    there = Q(post=here) | Q(pk__in=jobs.current().order_by().values("profile"))
    people = Profile.objects.directory().with_place().filter(there)
    page = Paginator(by_rank(people).order_by(F("rank"), "sort_key", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    glance(request, len(page))
    leading = heads(list(page)) if page.number == 1 else []
    about, of_country = wiki().about_post(here, reader)
    context = {
        "post": here,
        "page": page,
        "heads": leading,
        "former": _former(jobs, request.GET.get("before", ""), rank(leading)),
        "to_ask": _to_ask(jobs, there),
        "languages": _languages(people, reader),
        "others": _others(here),
        "about": about,
        "of_country": of_country,
        "zone": zone_of(here),
    }
    return render(request, "people/post.html", context)


def _to_ask(jobs: AssignmentQuerySet, there: Q) -> QuerySet[Profile]:
    """A few who are ready for questions: those who are there first, then those who were."""
    was = Q(pk__in=jobs.order_by().values("profile"))
    ready = Profile.objects.directory().with_place().filter(available_now("questions")).filter(there | was)
    now = Case(When(there, then=Value(0)), default=Value(1))
    return ready.order_by(now, "sort_key", "pk")[:TO_ASK]


def _others(here: Post) -> QuerySet[Post]:
    """Other posts in the country, open ones first."""
    if here.country_id is None:
        return Post.objects.none()
    others = Post.objects.filter(country=here.country_id).exclude(pk=here.pk)
    is_closed = Case(When(closed=None, then=Value(0)), default=Value(1))
    return others.order_by(is_closed, "city")[:POSTS_SHOWN]
