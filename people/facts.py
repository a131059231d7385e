"""The facts of several people at once, as far as one reader may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Prefetch, QuerySet

from people.models import Assignment, Expertise, LanguageSkill, Profile, ProfileSkill, User

Rows = TypeVar("Rows", bound="QuerySet[Profile]")


@dataclass(frozen=True)
class Known:
    """What a reader may know of a person: best languages first, latest jobs first."""

    languages: list[LanguageSkill]
    regions: list[Expertise]
    skills: list[ProfileSkill]
    jobs: list[Assignment]


def with_facts(profiles: Rows, reader: User) -> Rows:
    """The same people with the facts that this reader may read: one query a sort, however many people."""
    languages = LanguageSkill.objects.readable_by(reader).select_related("language")
    expertise = Expertise.objects.readable_by(reader).select_related("region")
    skills = ProfileSkill.objects.readable_by(reader).select_related("tag")
    jobs = Assignment.objects.readable_by(reader).select_related("post__country", "office", "country")
    return profiles.prefetch_related(
        Prefetch("language_skills", languages, to_attr="readable_languages"),
        Prefetch("expertise", expertise, to_attr="readable_regions"),
        Prefetch("skills", skills, to_attr="readable_skills"),
        Prefetch("assignments", jobs, to_attr="readable_jobs"),
    )


def known(profile: Profile) -> Known:
    """The facts of one of the people that `with_facts` gave."""
    fetched = vars(profile)
    return Known(
        languages=fetched["readable_languages"],
        regions=fetched["readable_regions"],
        skills=fetched["readable_skills"],
        jobs=fetched["readable_jobs"],
    )
