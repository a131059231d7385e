"""What one may ask of the directory: each thing asked is a condition.

A condition narrows the people, stands as a column in the answer, says itself in the sentence above it,
and explains what somebody lacks who nearly fits. Only facts that the reader may read count.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import ilr, regions
from people.facts import known
from people.models import (
    Assignment,
    Expertise,
    Language,
    LanguageSkill,
    Office,
    Post,
    Profile,
    ProfileSkill,
    Region,
    SkillTag,
    User,
)
from people.names import fold


@dataclass(frozen=True)
class Cell:
    """What somebody has of one condition: in bold, in small, and whether the test is old."""

    strong: str = ""
    small: str = ""
    old: bool = False
    level: bool = False


@dataclass(frozen=True)
class Condition:
    """One thing asked. `params` are the (name, value) pairs of the address that ask it."""

    params: tuple[tuple[str, str], ...]

    @property
    def header(self) -> str:
        """The heading of its column in the answer; empty for what shows elsewhere."""
        return ""

    @property
    def chip(self) -> str:
        """The condition in words, for one who would remove it."""
        raise NotImplementedError

    def clause(self, number: int) -> str:
        """How the sentence goes on: "5 colleagues" "speak Pashto"."""
        raise NotImplementedError

    def test(self, reader: User, /) -> Q | Exists:
        """What the database checks for each profile."""
        raise NotImplementedError

    def nearly(self, _reader: User, /) -> Q | Exists:
        """Who comes near without meeting it; everybody, unless there are degrees."""
        return Q()

    def cell(self, _profile: Profile, /) -> Cell:
        """What this person has of it, from the facts that `with_facts` fetched."""
        return Cell()

    def lack(self, _profile: Profile, /) -> str:
        """What somebody lacks who nearly fits."""
        return _("not: %(condition)s") % {"condition": self.chip}


@dataclass(frozen=True)
class Speaks(Condition):
    """A language, or one that is part of it, at a level or better."""

    language: Language
    speaking: int = 0
    reading: int = 0

    @property
    def header(self) -> str:
        return self.language.name

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The language and its varieties: asking for Chinese includes Mandarin."""
        return (self.language.code, *self.language.varieties.values_list("code", flat=True))

    @property
    def levels(self) -> str:
        """The least levels asked, in words; empty when any will do."""
        words = []
        if self.speaking:
            words.append(_("%(level)s or better") % {"level": ilr.label(self.speaking)})
        if self.reading:
            words.append(_("reading %(level)s or better") % {"level": ilr.label(self.reading)})
        return ", ".join(words)

    @property
    def chip(self) -> str:
        return _("Speaks %(language)s") % {"language": self.language} + (
            f", {self.levels}" if self.levels else ""
        )

    def clause(self, number: int) -> str:
        says = ngettext("speaks %(language)s", "speak %(language)s", number) % {"language": self.language}
        return f"{says} ({self.levels})" if self.levels else says

    def test(self, reader: User, /) -> Exists:
        skills = LanguageSkill.objects.readable_by(reader)
        return Exists(
            skills.filter(
                profile=OuterRef("pk"),
                language__in=self.codes,
                speaking__gte=self.speaking,
                reading__gte=self.reading,
            )
        )

    def nearly(self, reader: User, /) -> Q | Exists:
        """Those who have the language at a lower level."""
        return Speaks((), self.language).test(reader)

    def skill(self, profile: Profile) -> LanguageSkill | None:
        """The best this person has of it."""
        skills = [skill for skill in known(profile).languages if skill.language_id in self.codes]
        return max(skills, key=lambda skill: (skill.speaking, skill.reading), default=None)

    def cell(self, profile: Profile, /) -> Cell:
        skill = self.skill(profile)
        if skill is None:
            return Cell()
        named = "" if skill.language_id == self.language.code else f"{skill.language} "
        tested = (
            _("tested %(year)s") % {"year": skill.tested_on.year} if skill.tested_on else _("self-declared")
        )
        return Cell(skill.levels, f"{named}{tested}", old=skill.test_is_old, level=True)

    def lack(self, profile: Profile, /) -> str:
        skill = self.skill(profile)
        if skill is None:
            return _("no %(language)s on the profile") % {"language": self.language}
        return _("%(language)s %(levels)s only") % {"language": skill.language, "levels": skill.levels}


@dataclass(frozen=True)
class Served(Condition):
    """A post, or a country or region, now or ever."""

    place: Post | Region
    now: bool = False

    @property
    def name(self) -> str:
        """The city or the region."""
        return self.place.city if isinstance(self.place, Post) else self.place.name

    @property
    def header(self) -> str:
        return self.name

    @property
    def chip(self) -> str:
        words = _("Now in %(place)s") if self.now else _("Served in %(place)s, now or ever")
        return words % {"place": self.name}

    def clause(self, number: int) -> str:
        if self.now:
            return ngettext("is in %(place)s now", "are in %(place)s now", number) % {"place": self.name}
        return _("served in %(place)s") % {"place": self.name}

    def _jobs(self) -> Q:
        if isinstance(self.place, Post):
            return Q(post=self.place)
        around = regions.with_descendants(self.place.pk)
        return Q(post__country__in=around) | Q(country__in=around)

    def test(self, reader: User, /) -> Exists:
        jobs = Assignment.objects.readable_by(reader).filter(self._jobs(), profile=OuterRef("pk"))
        return Exists(jobs.current() if self.now else jobs)

    def nearly(self, reader: User, /) -> Q | Exists:
        """Those who were there, when it was asked who is."""
        return Served((), self.place).test(reader) if self.now else Q()

    def _here(self, job: Assignment) -> bool:
        if isinstance(self.place, Post):
            return job.post_id == self.place.pk
        country = job.post.country_id if job.post else job.country_id
        return country in regions.with_descendants(self.place.pk)

    def cell(self, profile: Profile, /) -> Cell:
        jobs = [job for job in known(profile).jobs if self._here(job)]
        if not jobs:
            return Cell()
        job = jobs[0]
        there = _("now there") if job.is_current else job.title
        city = f"{job.place}, " if isinstance(self.place, Region) else ""
        return Cell(job.years, f"{city}{there}".strip(", "))

    def lack(self, profile: Profile, /) -> str:
        if self.now and any(self._here(job) for job in known(profile).jobs):
            return _("no longer in %(place)s") % {"place": self.name}
        return _("never posted to %(place)s") % {"place": self.name}


@dataclass(frozen=True)
class Knows(Condition):
    """A country or region as expertise, with all that lies in it."""

    region: Region

    @property
    def header(self) -> str:
        return self.region.name

    @property
    def chip(self) -> str:
        return _("Knows %(region)s") % {"region": self.region}

    def clause(self, number: int) -> str:
        return ngettext("knows %(region)s", "know %(region)s", number) % {"region": self.region}

    def test(self, reader: User, /) -> Exists:
        facts = Expertise.objects.readable_by(reader)
        return Exists(
            facts.filter(profile=OuterRef("pk"), region__in=regions.with_descendants(self.region.pk))
        )

    def cell(self, profile: Profile, /) -> Cell:
        around = regions.with_descendants(self.region.pk)
        facts = [fact for fact in known(profile).regions if fact.region_id in around]
        if not facts:
            return Cell()
        years = (
            ngettext("%(n)d year", "%(n)d years", facts[0].years) % {"n": facts[0].years}
            if facts[0].years
            else ""
        )
        named = facts[0].region.name if facts[0].region_id != self.region.pk else ""
        return Cell(facts[0].get_depth_display(), ", ".join(filter(None, [named, years])))


@dataclass(frozen=True)
class HasSkill(Condition):
    """A skill or topic, at any level; wanting to learn it does not count."""

    tag: SkillTag

    @property
    def chip(self) -> str:
        return _("Knows about %(skill)s") % {"skill": self.tag}

    def clause(self, number: int) -> str:
        return ngettext("knows about %(skill)s", "know about %(skill)s", number) % {"skill": self.tag}

    def test(self, reader: User, /) -> Exists:
        skills = ProfileSkill.objects.readable_by(reader)
        return Exists(skills.filter(profile=OuterRef("pk"), tag=self.tag, learn=False))


@dataclass(frozen=True)
class WorksIn(Condition):
    """An office, with those under it."""

    office: Office

    @property
    def chip(self) -> str:
        return _("Works in %(office)s") % {"office": self.office}

    def clause(self, number: int) -> str:
        return ngettext("works in %(office)s", "work in %(office)s", number) % {"office": self.office}

    def test(self, _reader: User, /) -> Q:
        return Q(office__path__startswith=self.office.path)


@dataclass(frozen=True)
class Available(Condition):
    """Ready for questions, mentoring, interpreting or temporary duty."""

    what: str

    @property
    def words(self) -> str:
        """What it is, in words."""
        return {
            "questions": _("questions"),
            "mentoring": _("mentoring"),
            "interpreting": _("interpreting"),
            "tdy": _("temporary duty"),
        }[self.what]

    @property
    def chip(self) -> str:
        return _("Available for %(what)s") % {"what": self.words}

    def clause(self, number: int) -> str:
        return ngettext("is available for %(what)s", "are available for %(what)s", number) % {
            "what": self.words
        }

    def test(self, _reader: User, /) -> Q:
        return Q(**{f"available_{self.what}": True})


@dataclass(frozen=True)
class Called(Condition):
    """Part of a name, in any spelling the profile gives."""

    name: str

    @property
    def chip(self) -> str:
        return _("Name has “%(name)s”") % {"name": self.name}

    def clause(self, number: int) -> str:
        return ngettext("has “%(name)s” in the name", "have “%(name)s” in the name", number) % {
            "name": self.name
        }

    def test(self, _reader: User, /) -> Q:
        test = Q()
        for word in fold(self.name).split():
            test &= Q(sort_key__contains=word) | Q(other_names__icontains=word)
        return test


@dataclass(frozen=True)
class StartsWith(Condition):
    """A letter of the list."""

    letter: str

    @property
    def chip(self) -> str:
        return _("Under %(letter)s") % {"letter": self.letter.upper()}

    def clause(self, number: int) -> str:
        return ngettext("stands under %(letter)s", "stand under %(letter)s", number) % {
            "letter": self.letter.upper()
        }

    def test(self, _reader: User, /) -> Q:
        return Q(sort_key__startswith=self.letter)
