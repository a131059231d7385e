"""What one may ask of places: where somebody is or was, what they know, which office they work in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import regions
from people.conditions.asked import BEST, Cell, Condition, having
from people.evidence import Subject
from people.facts import known
from people.heads import NOT_ONE, title_rank
from people.models import Assignment, Expertise, Office, Post, Profile, Region, User

MERIT_OF_BEING_THERE = 10
MERIT_OF_KNOWING = 5


def on_region(pk: int | None) -> Subject | None:
    """A region as what pages are about. The world is none: all pages are about it."""
    region = regions.atlas().by_pk.get(pk) if pk else None
    if region is None or region.kind == Region.Kind.WORLD:
        return None
    return Subject(region.said, regions=(region.slug,))


@dataclass(frozen=True)
class Served(Condition):
    """A post, or a country or region: ever, only now, or (`here`) now and before, those who are there first.

    `since` and `until` are years; who was there in any part of them counts.
    """

    place: Post | Region
    now: bool = False
    here: bool = False
    since: int | None = None
    until: int | None = None

    @property
    def name(self) -> str:
        """The city or the region."""
        return self.place.town if isinstance(self.place, Post) else str(self.place)

    @property
    def said(self) -> str:
        """The same as it stands in a sentence."""
        return self.name if isinstance(self.place, Post) else self.place.said

    @property
    def header(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return f"{self.name}, {self.years}" if self.years else self.name

    @property
    def subject(self) -> Subject | None:
        """The region, or the country of the post: pages are filed under countries."""
        return on_region(self.place.pk if isinstance(self.place, Region) else self.place.country_id)

    @property
    def years(self) -> str:
        """The years asked for, "2015–2019" or "since 2015"; empty for any."""
        if self.since and self.until:
            return str(self.since) if self.since == self.until else f"{self.since}–{self.until}"
        if self.since:
            return _("since %(year)s") % {"year": self.since}
        return _("until %(year)s") % {"year": self.until} if self.until else ""

    @property
    def chip(self) -> str:
        if self.now:
            words = _("Now in %(place)s")
        elif self.here:
            words = _("In %(place)s, or was there")
        elif self.years:
            return _("Served in %(place)s, %(years)s") % {"place": self.said, "years": self.years}
        else:
            words = _("Served in %(place)s, now or ever")
        return words % {"place": self.said}

    def clause(self, number: int) -> str:
        if self.now:
            return ngettext("is in %(place)s now", "are in %(place)s now", number) % {"place": self.said}
        if self.here:
            return ngettext("is or was in %(place)s", "are or were in %(place)s", number) % {
                "place": self.said
            }
        served = _("served in %(place)s") % {"place": self.said}
        return f"{served} ({self.years})" if self.years else served

    def denial(self, number: int) -> str:
        if self.now:
            return ngettext("is not in %(place)s now", "are not in %(place)s now", number) % {
                "place": self.said
            }
        never = _("never served in %(place)s") % {"place": self.said}
        return f"{never} ({self.years})" if self.years else never

    def _places(self) -> Q:
        if isinstance(self.place, Post):
            return Q(post=self.place)
        around = regions.with_descendants(self.place.pk)
        return Q(post__in=Post.objects.filter(country__in=around).values("pk")) | Q(country__in=around)

    def _jobs(self, reader: User) -> QuerySet[Assignment]:
        jobs = Assignment.objects.readable_by(reader).filter(self._places())
        if self.since:
            # Of a record whose end nobody wrote down only the beginning is known.
            lasting = Q(ended__isnull=True, profile__historical=False)
            known_then = Q(started__year__gte=self.since) | Q(ended__year__gte=self.since)
            jobs = jobs.filter(lasting | known_then, started__isnull=False)
        if self.until:
            jobs = jobs.filter(started__year__lte=self.until)
        return jobs

    def _is_said(self) -> Q:
        """Whose profile says that they are there, which the directory's file fills: no job need tell of it."""
        if isinstance(self.place, Post):
            return Q(post=self.place)
        around = Post.objects.filter(country__in=regions.with_descendants(self.place.pk))
        return Q(post__in=around.values("pk"))

    def _there(self, reader: User) -> Q:
        jobs = Assignment.objects.readable_by(reader).filter(self._places()).current()
        return (having(jobs) | self._is_said()) & Q(historical=False)

    def test(self, reader: User, /) -> Q:
        if self.now:
            return self._there(reader)
        served = having(self._jobs(reader))
        return served if self.years else served | self._is_said()

    def nearly(self, reader: User, /) -> Q:
        """Those who were there, when it was asked who is, or at another time."""
        if self.now or self.years:
            return Served((), self.place).test(reader)
        return Q()

    def looser(self) -> Condition | None:
        """There at any time."""
        if not (self.now or self.years):
            return None
        address = self.params[0][1].split()[0] if self.params else ""
        return Served((("served", address),), self.place)

    def grade(self, reader: User, /) -> Combinable | None:
        if not self.here:
            return None
        return Case(When(self._there(reader), then=Value(BEST)), default=Value(1))

    def merit(self, reader: User, /) -> Combinable | None:
        return Case(When(self._there(reader), then=Value(MERIT_OF_BEING_THERE)), default=Value(0))

    def _here(self, job: Assignment) -> bool:
        if isinstance(self.place, Post):
            return job.post_id == self.place.pk
        country = job.post.country_id if job.post else job.country_id
        return country in regions.with_descendants(self.place.pk)

    def _then(self, job: Assignment) -> bool:
        """Whether a job fell in the years asked for."""
        if job.started is None:
            return not (self.since or self.until)
        early_enough = self.until is None or job.started.year <= self.until
        last = job.ended or (job.started if job.profile.historical else None)
        return early_enough and (self.since is None or last is None or last.year >= self.since)

    def _jobs_of(self, profile: Profile) -> list[Assignment]:
        """This person's jobs there: those that were asked for first."""
        jobs = [job for job in known(profile).jobs if self._here(job)]
        return sorted(jobs, key=lambda job: not self._then(job))

    def _says_so(self, profile: Profile) -> bool:
        """The same as `_is_said`, of one person."""
        if profile.post is None or isinstance(self.place, Post):
            return profile.post == self.place
        return profile.post.country_id in regions.with_descendants(self.place.pk)

    def cell(self, profile: Profile, /) -> Cell:
        jobs = self._jobs_of(profile)
        if not self.years and self._says_so(profile) and not any(job.is_current for job in jobs):
            return Cell(
                _("now there"), profile.post.town if profile.post and isinstance(self.place, Region) else ""
            )
        if not jobs:
            return Cell()
        job = jobs[0]
        if job.is_current:
            there = _("now there")
        elif self.here and not any(one.is_current for one in jobs):
            there = _("was there, is no longer")
        else:
            there = f"{job.title}. {job.note}" if job.note and not job.ended else job.title
        city = f"{job.place}, " if isinstance(self.place, Region) and job.place != self.name else ""
        return Cell(job.years or _("once"), f"{city}{there}".strip(", "))

    def lack(self, profile: Profile, /) -> str:
        jobs = self._jobs_of(profile)
        if self.now and jobs:
            return _("no longer in %(place)s") % {"place": self.said}
        if jobs:
            return _("in %(place)s at another time: %(years)s") % {"place": self.said, "years": jobs[0].years}
        if self._says_so(profile):
            return _("in %(place)s now, nobody said since when") % {"place": self.said}
        return _("never posted to %(place)s") % {"place": self.said}


@dataclass(frozen=True)
class Knows(Condition):
    """A country or region as expertise, with all that lies in it; with `or_served`, also who served there."""

    region: Region
    depth: int = 0
    or_served: bool = False

    @property
    def header(self) -> str:
        return str(self.region)

    @property
    def label(self) -> str:
        return f"{self.region}{self._at_depth}"

    @property
    def subject(self) -> Subject | None:
        return on_region(self.region.pk)

    @property
    def chip(self) -> str:
        words = _("Knows or served in %(region)s") if self.or_served else _("Knows %(region)s")
        return words % {"region": self.region.said} + self._at_depth

    def clause(self, number: int) -> str:
        if self.or_served:
            says = ngettext("knows or served in %(region)s", "know or served in %(region)s", number)
        else:
            says = ngettext("knows %(region)s", "know %(region)s", number)
        return says % {"region": self.region.said} + self._at_depth

    def denial(self, number: int) -> str:
        says = ngettext("does not know %(region)s", "do not know %(region)s", number)
        return says % {"region": self.region.said} + self._at_depth

    @property
    def _at_depth(self) -> str:
        if self.depth < Expertise.Depth.WORKING:
            return ""
        return " " + _("(%(depth)s or better)") % {"depth": str(Expertise.Depth(self.depth).label).lower()}

    @property
    def _served(self) -> Served:
        return Served((), self.region)

    @property
    def _around(self) -> frozenset[int]:
        """The region and all in it; where less will do, also what it lies in: the Great Lakes for Tanzania."""
        inside = regions.with_descendants(self.region.pk)
        return inside | regions.surroundings(self.region.pk) if self.or_served else inside

    def _facts(self, reader: User) -> QuerySet[Expertise]:
        return Expertise.objects.readable_by(reader).filter(region__in=self._around, depth__gte=self.depth)

    def test(self, reader: User, /) -> Q:
        facts = having(self._facts(reader))
        return facts | self._served.test(reader) if self.or_served else facts

    def nearly(self, reader: User, /) -> Q:
        """Those who know it less well, or served there."""
        return Knows((), self.region).test(reader) | self._served.test(reader)

    def looser(self) -> Condition | None:
        """Known ever so little, or served there."""
        if self.or_served and not self.depth:
            return None
        return Knows((("knows", self.region.slug),), self.region, or_served=True)

    def grade(self, reader: User, /) -> Combinable | None:
        """How deep the knowledge is; of a part, or of what it is part of, one less; having served there is least."""
        facts = self._facts(reader)
        here = facts.filter(region=self.region)
        deep = having(here.filter(depth=Expertise.Depth.DEEP))
        good = having(here.filter(depth=Expertise.Depth.WORKING)) | having(
            facts.filter(depth=Expertise.Depth.DEEP)
        )
        return Case(When(deep, then=Value(BEST)), When(good, then=Value(BEST - 1)), default=Value(1))

    def merit(self, reader: User, /) -> Combinable | None:
        """Any knowledge before having served there."""
        if not self.or_served:
            return None
        return Case(When(having(self._facts(reader)), then=Value(MERIT_OF_KNOWING)), default=Value(0))

    def cell(self, profile: Profile, /) -> Cell:
        facts = [fact for fact in known(profile).regions if fact.region_id in self._around]
        if not facts:
            return self._served.cell(profile) if self.or_served else Cell()
        years = (
            ngettext("%(n)d year", "%(n)d years", facts[0].years) % {"n": facts[0].years}
            if facts[0].years
            else ""
        )
        named = str(facts[0].region) if facts[0].region_id != self.region.pk else ""
        return Cell(facts[0].get_depth_display(), ", ".join(filter(None, [named, years])))

    def lack(self, profile: Profile, /) -> str:
        has = Knows((), self.region, or_served=True).cell(profile)
        if not has.strong:
            return _("%(region)s is not on the profile") % {"region": self.region}
        said = ", ".join(filter(None, [has.strong, has.small]))
        return _("%(region)s: %(fact)s only") % {"region": self.region, "fact": said}


@dataclass(frozen=True)
class WorksIn(Condition):
    """An office, with those under it; where it is asked who leads it (`led`), they come first."""

    office: Office
    led: bool = False

    @property
    def label(self) -> str:
        return self.office.name

    @property
    def chip(self) -> str:
        return _("Works in %(office)s") % {"office": self.office}

    def clause(self, number: int) -> str:
        return ngettext("works in %(office)s", "work in %(office)s", number) % {"office": self.office}

    def denial(self, number: int) -> str:
        return ngettext("does not work in %(office)s", "do not work in %(office)s", number) % {
            "office": self.office
        }

    def test(self, _reader: User, /) -> Q:
        return Q(office__in=Office.objects.subtree(self.office).order_by().values("pk"))

    def merit(self, _reader: User, /) -> Combinable | None:
        """Who leads the office itself first. Those at a post lead that."""
        if not self.led:
            return None
        here = Q(office=self.office, post__isnull=True)
        return Case(When(here, then=Value(NOT_ONE) - title_rank()), default=Value(0))
