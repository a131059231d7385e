"""Who knows much of what somebody knows: whom else to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from people import ilr
from people.facts import Known
from people.models import Expertise, LanguageSkill, Profile, ProfileSkill, User

SHOWN = 5
SIFTED = 200  # some of them have left
MOST = 6  # facts of a sort that are compared: the best of each
WIDESPREAD = 12  # languages of more countries are nobody's mark
LANGUAGE, REGION, SKILL, PLACE = 3, 2, 2, 1  # what it counts to have one in common
LEAST = min(LANGUAGE, REGION, SKILL)  # the place alone makes nobody similar
FIRST_POINT = 1 << 20  # above the bits that say which facts are shared
AT_PLACE = Value(PLACE * FIRST_POINT, output_field=BigIntegerField())


class Mark(NamedTuple):
    """A fact that others may share: what tells it from others of its sort, in words, and what it counts."""

    code: Any
    words: str
    points: int
    bit: int

    @property
    def value(self) -> int:
        """Its points, and below them the bit that is its own."""
        return self.points * FIRST_POINT + self.bit


@dataclass(frozen=True)
class Sort:
    """The marks of one sort, and the rows of colleagues that have any of them."""

    field: str
    marks: Sequence[Mark]
    rows: QuerySet[Any]

    @property
    def value(self) -> Case:
        """That of the mark which a row is about."""
        whens = (When(**{self.field: mark.code}, then=Value(mark.value)) for mark in self.marks)
        return Case(*whens, default=Value(0), output_field=BigIntegerField())

    def valued(self) -> QuerySet[Any]:
        """Whose each row is, and its value."""
        rows = self.rows.order_by().annotate(person=F("profile"), value=self.value)
        return rows.values_list("person", "value")

    def shared(self) -> Coalesce:
        """Which marks a colleague has, as the sum of their values: nobody has a fact twice."""
        rows = self.rows.filter(profile=OuterRef("pk")).order_by().values("profile")
        return Coalesce(Subquery(rows.annotate(total=Sum(self.value)).values("total")), Value(0))


class Reason(NamedTuple):
    """Something that both know, or that they are at the same place."""

    text: str
    matched: bool = False


@dataclass(frozen=True)
class Similar:
    """A colleague, and what they share; as templates/components/knows.html wants it."""

    person: Profile
    reasons: list[Reason]

    @property
    def where(self) -> str:
        """Their job and place now."""
        place = self.person.post or self.person.office
        return ", ".join(str(part) for part in (self.person.title, place) if part)


def colleagues(person: Profile, facts: Known, reader: User) -> list[Similar]:
    """Those who share most of what the reader may know of somebody, with what it is. One query, or none.

    `facts`: those of the person. Of the others only what is shared with this reader counts. Languages, regions and
    skills in common count, languages most; to work at the same place decides between those alike.
    """
    sorts = [sort for sort in _sorts(facts, reader) if sort.marks]
    if not sorts:
        return []
    here = Case(When(_here(person), then=AT_PLACE), default=0, output_field=BigIntegerField())
    likeness = sum((sort.shared() for sort in sorts), here)
    found = (
        Profile.objects.directory()
        .with_place()
        .filter(pk__in=_closest(person, sorts))
        .exclude(pk=person.pk)
        .exclude(user=reader)
        .annotate(is_here=here, likeness=likeness)
        .filter(likeness__gte=LEAST * FIRST_POINT)
        .order_by("-likeness", "sort_key", "pk")
    )
    marks = [mark for sort in sorts for mark in sort.marks]
    return [Similar(other, _reasons(other, marks)) for other in found[:SHOWN]]


def _closest(person: Profile, sorts: Sequence[Sort]) -> RawSQL:
    """The keys of SIFTED who share most, found before anybody's profile is looked at.

    Half the ministry may share the most frequent skill. The database adds up rows of facts, and the rest is asked
    of these few alone.
    """
    here = Profile.objects.filter(_here(person)).order_by().annotate(person=F("pk"), value=AT_PLACE)
    every = here.values_list("person", "value").union(*(sort.valued() for sort in sorts), all=True)
    rows, given = every.query.sql_with_params()
    most = "GROUP BY person ORDER BY SUM(value) DESC, person LIMIT %s"
    return RawSQL(f"SELECT person FROM ({rows}) AS shared {most}", (*given, SIFTED))  # noqa: S608, S611


def _sorts(facts: Known, reader: User) -> Iterator[Sort]:
    bits = (1 << n for n in range(3 * MOST))
    spoken = [skill for skill in facts.languages if _tells(skill)]
    languages = [Mark(s.language_id, str(s.language), LANGUAGE, next(bits)) for s in spoken[:MOST]]
    rows = LanguageSkill.objects.shared_with(reader).filter(speaking__gte=ilr.PROFESSIONAL)
    yield _sort("language", languages, rows)
    known = [fact for fact in facts.regions if fact.depth >= Expertise.Depth.WORKING]
    regions = [Mark(f.region_id, str(f.region), REGION, next(bits)) for f in known[:MOST]]
    deep = Expertise.objects.shared_with(reader).filter(depth__gte=Expertise.Depth.WORKING)
    yield _sort("region", regions, deep)
    able = [skill for skill in facts.skills if not skill.learn]
    skills = [Mark(skill.tag_id, str(skill), SKILL, next(bits)) for skill in able[:MOST]]
    yield _sort("tag", skills, ProfileSkill.objects.shared_with(reader).filter(learn=False))


def _sort(field: str, marks: list[Mark], rows: QuerySet[Any]) -> Sort:
    return Sort(field, marks, rows.filter(**{f"{field}__in": [mark.code for mark in marks]}))


def _tells(skill: LanguageSkill) -> bool:
    """Spoken well, and not by half the ministry."""
    return skill.speaking >= ilr.PROFESSIONAL and len(skill.language.countries) <= WIDESPREAD


def _here(person: Profile) -> Q:
    """Those at the same post, or in the same office."""
    if person.post_id:
        return Q(post=person.post_id)
    return Q(office=person.office_id) if person.office_id else Q(pk__in=())


def _reasons(other: Any, marks: list[Mark]) -> list[Reason]:
    """What both know, most telling first; then whether they are at the same place."""
    said = [Reason(mark.words) for mark in marks if other.likeness & mark.bit]
    if other.is_here:
        said.append(Reason(_("at the same place")))
    return said
