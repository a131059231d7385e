"""The facts of several people at once, as far as one reader may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import (
    Aggregate,
    JSONField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject

from people.models import Assignment, Education, Expertise, LanguageSkill, Profile, ProfileSkill, User

Rows = TypeVar("Rows", bound="QuerySet[Profile]")


@dataclass(frozen=True)
class Known:
    """What a reader may know of a person: best languages first, latest jobs first."""

    languages: list[LanguageSkill]
    regions: list[Expertise]
    skills: list[ProfileSkill]
    jobs: list[Assignment]


def with_facts(profiles: Rows, reader: User, *, places: bool = True) -> Rows:
    """The same people with the facts that this reader may read: one query a sort, however many people.

    Without `places` regions and jobs are not fetched, and count as none.
    """
    return profiles.prefetch_related(*_facts(reader, places=places))


def fetch(profiles: list[Profile], reader: User, *, places: bool = True) -> None:
    """Fetch the facts of people who were read before: the same queries, for people of several lists together."""
    prefetch_related_objects(profiles, *_facts(reader, places=places))


def _facts(reader: User, *, places: bool) -> list[Prefetch[Any, Any, Any]]:
    languages = LanguageSkill.objects.readable_by(reader).select_related(*LanguageSkill.named_by)
    skills = ProfileSkill.objects.readable_by(reader).select_related(*ProfileSkill.named_by)
    facts: list[Prefetch[Any, Any, Any]] = [
        Prefetch("language_skills", languages, to_attr="readable_languages"),
        Prefetch("skills", skills, to_attr="readable_skills"),
    ]
    if places:
        expertise = Expertise.objects.readable_by(reader).select_related(*Expertise.named_by)
        jobs = Assignment.objects.readable_by(reader).select_related(*Assignment.named_by)
        facts += [
            Prefetch("expertise", expertise, to_attr="readable_regions"),
            Prefetch("assignments", jobs, to_attr="readable_jobs"),
        ]
    return facts


def known(profile: Profile) -> Known:
    """The facts of one of the people that `with_facts` gave."""
    fetched = vars(profile)
    return Known(
        languages=fetched["readable_languages"],
        regions=fetched.get("readable_regions", []),
        skills=fetched["readable_skills"],
        jobs=fetched.get("readable_jobs", []),
    )


class Listed(Aggregate):
    """The values of related rows as one list, in no order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL has another name for it."""
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def with_studies(profiles: Rows, reader: User) -> Rows:
    """The same people with the education that this reader may read, in the same query: most tell of none."""
    told = Education.objects.readable_by(reader).filter(profile=OuterRef("pk")).order_by().values("profile")
    row = JSONObject(**{name: name for name in ("id", "audience", "institution", "subject", "ended")})
    return profiles.annotate(studied=Subquery(told.values(rows=Listed(row))))


def studies(profile: Profile) -> list[Education]:
    """Where one of the people that `with_studies` gave studied, latest first."""
    told = [Education(profile=profile, **row) for row in vars(profile)["studied"] or ()]
    return sorted(told, key=lambda one: (one.ended or 0, one.pk), reverse=True)
