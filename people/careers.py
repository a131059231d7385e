"""Somebody's posts as a line of time, and who held the job before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils import timezone

from people.models import Assignment, Profile, User
from people.names import fold

HANDOVER = dt.timedelta(days=120)  # how far apart two holders of one job may be
MOST_NEIGHBOURS = 200
MOST_JOBS = 100  # whose neighbours are asked for: SQLite joins no more than 500 questions
NAMED = 2
# Of hundreds of neighbours: what tells which of them are named, and how.
SHOWN = (
    "post", "office", "country", "title", "started", "ended", "profile__user__username",
    "profile__preferred_name", "profile__sort_key", "profile__historical", "profile__left_at",
    "profile__user__first_name", "profile__user__last_name", "profile__user__is_active",
)  # fmt: skip
WIDEST = 5  # css classes y1 … y5


@dataclass
class Step:
    """One job, with those around it."""

    job: Assignment
    before: Assignment | None = None
    after: Assignment | None = None
    beside: list[Profile] = field(default_factory=list)

    @property
    def named(self) -> list[Profile]:
        """The colleagues to name who are at the same post now."""
        return self.beside[:NAMED]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.beside) - len(self.named)


def career(profile: Profile, jobs: Sequence[Assignment], reader: User) -> list[Step]:
    """The jobs, latest first, each with predecessor, successor and (today's) colleagues at the post. One query."""
    around = _neighbours(profile, jobs, reader) if jobs else []
    return [_step(job, [other for other in around if _same_place(job, other)]) for job in jobs]


def _neighbours(profile: Profile, jobs: Iterable[Assignment], reader: User) -> list[Assignment]:
    none = Assignment.objects.none().values("pk")
    placed = [job for job in jobs if job.place][:MOST_JOBS]
    around = (Assignment.objects.order_by().filter(at).values("pk") for job in placed for at in _around(job))
    others = (
        Assignment.objects.readable_by(reader).filter(pk__in=none.union(*around)).exclude(profile=profile)
    )
    latest = others.select_related("profile__user").order_by(F("started").desc(nulls_last=True))
    return list(latest.only(*SHOWN)[:MOST_NEIGHBOURS])


def _around(job: Assignment) -> Iterator[Q]:
    """Jobs at the same place that ended when this one began, began when it ended, or are held beside a present one.

    Each is a question that an index answers: a large post has had thousands of people.
    """
    place = (
        Q(post=job.post_id)
        if job.post_id
        else Q(office=job.office_id, country=job.country_id, title=job.title)
    )
    if job.started:
        yield place & Q(ended__range=(job.started - HANDOVER, job.started + HANDOVER))
    if job.ended:
        yield place & Q(started__range=(job.ended - HANDOVER, job.ended + HANDOVER))
    if job.is_current and job.post_id:
        yield place & Q(ended=None)
        yield place & Q(ended__gte=timezone.localdate())


def _same_place(job: Assignment, other: Assignment) -> bool:
    if job.post_id:
        return job.post_id == other.post_id
    return (job.office_id, job.country_id) == (other.office_id, other.country_id)


def _same_job(job: Assignment, other: Assignment) -> bool:
    return bool(job.title) and fold(job.title) == fold(other.title)


def _predecessor(job: Assignment, holders: list[Assignment]) -> Assignment | None:
    """Who held the job until it was taken over, give or take the time of a handover."""
    if job.started is None:
        return None
    earlier = [
        (other.ended, other)
        for other in holders
        if other.ended
        and other.started
        and other.started < job.started
        and abs(other.ended - job.started) <= HANDOVER
    ]
    return max(earlier, key=lambda pair: pair[0])[1] if earlier else None


def _successor(job: Assignment, holders: list[Assignment]) -> Assignment | None:
    """Who took the job over, give or take the time of a handover."""
    if job.ended is None or job.is_current:
        return None
    later = [
        (other.started, other)
        for other in holders
        if other.started and abs(other.started - job.ended) <= HANDOVER and _came(other)
    ]
    return min(later, key=lambda pair: pair[0])[1] if later else None


def _came(job: Assignment) -> bool:
    """Whether somebody took the job up, as far as is known: of a record without an end only the appointment is."""
    return job.ended is not None or not job.profile.historical


def _step(job: Assignment, around: list[Assignment]) -> Step:
    holders = [other for other in around if _same_job(job, other)]
    step = Step(job, before=_predecessor(job, holders), after=_successor(job, holders))
    if job.is_current and job.post_id:
        present = {o.profile_id: o.profile for o in around if o.is_current and o.profile.is_colleague}
        step.beside = sorted(present.values(), key=lambda other: other.sort_key)
    return step


@dataclass(frozen=True)
class Stretch:
    """A part of the strip: a post or a gap, as wide as its years (1–5)."""

    label: str
    width: int
    kind: str  # "now", "past" or "none"


def strip(jobs: Sequence[Assignment]) -> list[Stretch]:
    """The career from left to right, gaps shown; overlapping jobs follow each other. Decoration only."""
    dated = sorted(((job.started, job) for job in jobs if job.started), key=lambda pair: pair[0])
    stretches: list[Stretch] = []
    reached: int | None = None
    for start, job in dated:
        last = timezone.localdate() if job.is_current else job.profile.left_at or start
        begun, end = start.year, (job.ended or last).year
        if reached is not None and begun > reached:
            stretches.append(Stretch("", _width(begun - reached), "none"))
        stretches.append(Stretch(job.place, _width(end - begun), "now" if job.is_current else "past"))
        reached = max(end, reached or end)
    return stretches


def _width(years: int) -> int:
    return min(max(years, 1), WIDEST)
