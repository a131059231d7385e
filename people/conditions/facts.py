"""What one may ask of skills, and of what colleagues are ready for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.conditions.asked import BEST, Cell, Condition, having
from people.evidence import Subject
from people.facts import known
from people.models import Profile, ProfileSkill, SkillTag, User
from people.models.profiles import AVAILABLE_FOR, available_now
from people.presenting import offer

ASK, MENTOR = "ask", "mentor"


@dataclass(frozen=True)
class HasSkill(Condition):
    """A skill or topic, at a level or better; wanting to learn it does not count.

    `ready` asks for those who may be asked about it, or who can mentor.
    """

    tag: SkillTag
    level: int = 0
    ready: str = ""

    @property
    def header(self) -> str:
        return self.tag.name

    @property
    def label(self) -> str:
        return f"{self.tag}{self._at_level}"

    @property
    def subject(self) -> Subject | None:
        return Subject(self.tag.name, topics=(self.tag.name,))

    @property
    def _at_level(self) -> str:
        if self.level < ProfileSkill.Level.GOOD:
            return ""
        return " " + _("(%(level)s or better)") % {"level": str(ProfileSkill.Level(self.level).label).lower()}

    @property
    def chip(self) -> str:
        words = {
            "": _("Knows about %(skill)s"),
            ASK: _("May be asked about %(skill)s"),
            MENTOR: _("Can mentor in %(skill)s"),
        }[self.ready]
        return words % {"skill": self.tag} + self._at_level

    def clause(self, number: int) -> str:
        if self.ready == ASK:
            says = _("may be asked about %(skill)s")
        elif self.ready == MENTOR:
            says = _("can mentor in %(skill)s")
        else:
            says = ngettext("knows about %(skill)s", "know about %(skill)s", number)
        return says % {"skill": self.tag} + self._at_level

    def denial(self, number: int) -> str:
        says = ngettext("does not know about %(skill)s", "do not know about %(skill)s", number)
        return says % {"skill": self.tag} + self._at_level

    def _skills(self, reader: User, level: int, ready: str) -> QuerySet[ProfileSkill]:
        skills = ProfileSkill.objects.readable_by(reader).filter(tag=self.tag, learn=False, level__gte=level)
        return skills.filter(**{ready: True}) if ready else skills

    def test(self, reader: User, /) -> Q:
        return having(self._skills(reader, self.level, self.ready))

    def nearly(self, reader: User, /) -> Q:
        """Those who know less of it."""
        return having(self._skills(reader, 0, "")) if self.level or self.ready else Q()

    def looser(self) -> Condition | None:
        """The skill at any level, whatever they are ready for."""
        return HasSkill((("skill", self.tag.slug),), self.tag) if self.level or self.ready else None

    def grade(self, reader: User, /) -> Combinable | None:
        skills = self._skills(reader, self.level, self.ready)
        levels = (ProfileSkill.Level.EXPERT, BEST), (ProfileSkill.Level.GOOD, BEST - 1)
        steps = [When(having(skills.filter(level=level)), then=Value(grade)) for level, grade in levels]
        return Case(*steps, default=Value(1))

    def cell(self, profile: Profile, /) -> Cell:
        for skill in known(profile).skills:
            if skill.tag_id == self.tag.pk and not skill.learn:
                ready = [_("ask me about it")] if skill.ask else []
                ready += [_("can mentor")] if skill.mentor else []
                return Cell(skill.get_level_display(), ", ".join(ready))
        return Cell()

    def lack(self, profile: Profile, /) -> str:
        has = self.cell(profile)
        if not has.strong:
            return _("%(skill)s is not on the profile") % {"skill": self.tag}
        return _("%(skill)s: %(fact)s only") % {"skill": self.tag, "fact": has.strong.lower()}


@dataclass(frozen=True)
class Available(Condition):
    """Ready for questions, mentoring, interpreting or temporary duty, today."""

    what: str

    @property
    def words(self) -> str:
        """What it is, in words."""
        return str(AVAILABLE_FOR[self.what])

    @property
    def header(self) -> str:
        return capfirst(self.words)

    @property
    def chip(self) -> str:
        return _("Available for %(what)s") % {"what": self.words}

    def clause(self, number: int) -> str:
        return ngettext("is available for %(what)s", "are available for %(what)s", number) % {
            "what": self.words
        }

    def denial(self, number: int) -> str:
        return ngettext("is not available for %(what)s", "are not available for %(what)s", number) % {
            "what": self.words
        }

    def test(self, _reader: User, /) -> Q:
        return available_now(self.what)

    def nearly(self, _reader: User, /) -> Q:
        """Those who are ready on other days."""
        return Q(**{f"available_{self.what}": True})

    def cell(self, profile: Profile, /) -> Cell:
        if self.what not in profile.availability:
            return Cell()
        return Cell(
            _("Yes"), "; ".join(filter(None, [offer(profile, self.what).days, profile.available_note]))
        )

    def lack(self, profile: Profile, /) -> str:
        if self.what not in profile.ready_for:
            return super().lack(profile)
        found = offer(profile, self.what)
        return _("%(what)s: %(days)s") % {"what": found.words, "days": found.days}
