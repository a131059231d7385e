"""What one may ask of languages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import ilr, spoken
from people.conditions.asked import BEST, Cell, Condition, having
from people.facts import known
from people.models import Language, LanguageSkill, Profile, User

LEAST = 1  # "0+": the least that is any at all; 0 asks for nothing
LIMITED = ilr.rank("2")
STEP = 10  # a level asked for counts ten times one that was not


def how_known(skill: LanguageSkill) -> str:
    """How we know of the levels, in a few words: tested and when, a manager's word, or the person's own."""
    if skill.tested_on:
        return _("tested %(year)s") % {"year": skill.tested_on.year}
    return {
        LanguageSkill.Source.SELF: _("self-assessed"),
        LanguageSkill.Source.TESTED: _("tested"),
        LanguageSkill.Source.MANAGER: _("a manager’s word"),
    }[LanguageSkill.Source(skill.source)]


@dataclass(frozen=True)
class Speaks(Condition):
    """A language, or one that is part of it, at a level or better."""

    language: Language
    speaking: int = 0
    reading: int = 0
    varieties: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        return capfirst(str(self.language))

    @property
    def codes(self) -> tuple[str, ...]:
        """The language and its varieties: asking for Chinese includes Mandarin."""
        return (self.language.code, *self.varieties)

    @property
    def only_reads(self) -> bool:
        """Whether nothing was asked but reading."""
        return self.reading > 0 and self.speaking == 0

    @property
    def levels(self) -> str:
        """The least levels asked, in words; empty when any will do."""
        if self.speaking > LEAST and self.reading > LEAST:
            both = f"{ilr.label(self.speaking)}/{ilr.label(self.reading)}"
            return _("%(level)s or better") % {"level": both}
        asked = max(self.speaking, self.reading)
        if asked <= LEAST:
            return ""
        if self.reading > LEAST and not self.only_reads:
            return _("reading %(level)s or better") % {"level": ilr.label(self.reading)}
        return _("%(level)s or better") % {"level": ilr.label(asked)}

    @property
    def chip(self) -> str:
        words = _("Reads %(language)s") if self.only_reads else _("Speaks %(language)s")
        return words % {"language": self.language} + (f", {self.levels}" if self.levels else "")

    def clause(self, number: int) -> str:
        if self.only_reads:
            says = ngettext("reads %(language)s", "read %(language)s", number)
        else:
            says = ngettext("speaks %(language)s", "speak %(language)s", number)
        return self._with_levels(says)

    def denial(self, number: int) -> str:
        if self.only_reads:
            says = ngettext("does not read %(language)s", "do not read %(language)s", number)
        else:
            says = ngettext("does not speak %(language)s", "do not speak %(language)s", number)
        return self._with_levels(says)

    def _with_levels(self, says: str) -> str:
        named = says % {"language": self.language}
        return f"{named} ({self.levels})" if self.levels else named

    def _skills(self, reader: User, speaking: int, reading: int) -> QuerySet[LanguageSkill]:
        return LanguageSkill.objects.readable_by(reader).filter(
            language__in=self.codes, speaking__gte=speaking, reading__gte=reading
        )

    def test(self, reader: User, /) -> Q:
        return having(self._skills(reader, self.speaking, self.reading))

    def _near(self, reader: User) -> QuerySet[LanguageSkill]:
        """The language at any level; what it is part of at the level asked: who speaks Persian may speak Dari."""
        larger = Q(
            language=self.language.macrolanguage_id, speaking__gte=self.speaking, reading__gte=self.reading
        )
        return LanguageSkill.objects.readable_by(reader).filter(Q(language__in=self.codes) | larger)

    def nearness(self, reader: User, /) -> Combinable | None:
        """The best level, where it is part of a larger language."""
        return self._best(self._near(reader)) if self.language.macrolanguage_id else None

    def nearly(self, reader: User, /) -> Q:
        """Those who have the language at a lower level, or no more than the larger one that it is part of."""
        return having(self._near(reader))

    def looser(self) -> Condition | None:
        """The language at any level, else the larger one that it is part of."""
        if max(self.speaking, self.reading) > LEAST:
            return replace(self, params=(("lang", self.language.code),), speaking=0, reading=0)
        larger = self.language.macrolanguage
        if larger is None:
            return None
        return Speaks((("lang", larger.code),), larger, varieties=spoken.parts_of(larger.code))

    def grade(self, reader: User, /) -> Combinable | None:
        """3 and better before 2 and 2+, and these before less, when no level was asked for."""
        if max(self.speaking, self.reading) > LEAST:
            return None
        at_least = [(ilr.PROFESSIONAL, BEST), (LIMITED, BEST - 1)]
        return Case(
            *(
                When(
                    having(self._skills(reader, *((0, level) if self.only_reads else (level, 0)))),
                    then=Value(grade),
                )
                for level, grade in at_least
            ),
            default=Value(1),
        )

    def merit(self, reader: User, /) -> Combinable | None:
        """The best level of what was asked for, then of what was not."""
        return self._best(self._skills(reader, self.speaking, self.reading))

    def _best(self, skills: QuerySet[LanguageSkill]) -> Coalesce:
        reading = STEP if self.reading > 0 else 1
        speaking = 1 if self.only_reads else STEP
        mine = skills.filter(profile=OuterRef("pk"))
        best = mine.annotate(best=F("speaking") * speaking + F("reading") * reading)
        worth = Subquery(best.order_by("-best").values("best")[:1], output_field=IntegerField())
        return Coalesce(worth, Value(0))

    def skill(self, profile: Profile) -> LanguageSkill | None:
        """The best this person has of it."""
        skills = [skill for skill in known(profile).languages if skill.language_id in self.codes]
        return max(
            skills,
            key=lambda skill: (self._reached(skill), skill.speaking, skill.reading),
            default=None,
        )

    def _reached(self, skill: LanguageSkill) -> bool:
        return skill.speaking >= self.speaking and skill.reading >= self.reading

    def met(self, profile: Profile, /) -> bool:
        skill = self.skill(profile)
        return skill is not None and self._reached(skill)

    def cell(self, profile: Profile, /) -> Cell:
        skill = self.skill(profile)
        if skill is None:
            return Cell()
        named = "" if skill.language_id == self.language.code else f"{skill.language} "
        return Cell(skill.levels, f"{named}{how_known(skill)}", old=skill.test_is_old, level=True)

    def lack(self, profile: Profile, /) -> str:
        if skill := self.skill(profile):
            return _("%(language)s %(levels)s only") % {"language": skill.language, "levels": skill.levels}
        for skill in known(profile).languages:
            if skill.language_id == self.language.macrolanguage_id:
                said = _("%(larger)s %(levels)s, not said whether %(language)s")
                return said % {"larger": skill.language, "levels": skill.levels, "language": self.language}
        return _("no %(language)s on the profile") % {"language": self.language}
