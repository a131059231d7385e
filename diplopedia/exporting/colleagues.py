"""People as rows: account without any secret, profile, and each fact with its readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files import File

from diplopedia.exporting.batches import batches
from diplopedia.exporting.manners import acceptances, code_names
from diplopedia.exporting.sinks import Row, Sink, day, moment
from diplopedia.exporting.watching import preference
from people import ilr, photos
from people.models import Profile, User
from people.models.profiles import AVAILABLE_FOR

BESIDE = ("profile__office", "profile__post", "notice_preference")
RELATED = (
    "groups",
    "acceptances",
    "emailaddress_set",
    "profile__language_skills",
    "profile__expertise__region",
    "profile__skills__tag",
    "profile__assignments__post",
    "profile__assignments__office",
    "profile__assignments__country",
    "profile__education",
    "disclosures",
)


def person_rows(sink: Sink, tell: Callable[[str], object]) -> Iterator[Row]:
    """Return everybody who has an account or is a record, by handle; write their photos."""
    names = sorted(User.objects.values_list("username", "pk"))
    codes = code_names()
    people = User.objects.select_related(*BESIDE).prefetch_related(*RELATED)
    for pks in batches(pk for _name, pk in names):
        found = people.in_bulk(pks)
        for user in map(found.__getitem__, pks):
            more = {"accepted": acceptances(user, codes), "photo": photo(user.profile, sink, tell)}
            yield person(user) | more


def person(user: User) -> Row:
    """Return one person."""
    reverse: Any = user  # the library of the addresses tells no types
    return {
        "id": user.username,
        "given_name": user.first_name,
        "family_name": user.last_name,
        "email": user.email,
        "addresses": sorted(
            (address(one) for one in reverse.emailaddress_set.all()), key=lambda one: one["email"]
        ),
        "active": user.is_active,
        "staff": user.is_staff,
        "administrator": user.is_superuser,
        "joined": moment(user.date_joined),
        "origin": user.origin,
        "directory_id": user.directory_id,
        "groups": sorted(group.name for group in user.groups.all()),
        "language": user.language,
        "notices": preference(user),
        "profile": profile(user.profile),
        "languages": ordered(languages(user.profile)),
        "regions": ordered(expertise(user.profile)),
        "skills": ordered(skills(user.profile)),
        "assignments": ordered(assignments(user.profile)),
        "education": ordered(education(user.profile)),
        "disclosures": ordered(disclosures(user)),
    }


def address(one: EmailAddress) -> Row:
    """Return an e-mail address one may sign in with."""
    return {"email": one.email, "primary": one.primary, "verified": one.verified}


def profile(about: Profile) -> Row:
    """Return what somebody says of themselves."""
    return {
        "name": about.preferred_name,
        "sort_name": about.sort_name,
        "other_names": about.other_names,
        "title": about.title,
        "office": about.office.slug if about.office else None,
        "post": about.post.slug if about.post else None,
        "phone": about.phone,
        "phone_audience": about.phone_audience,
        "timezone": about.timezone,
        "work_week": about.work_week,
        "works_from": about.works_from.isoformat(),
        "works_until": about.works_until.isoformat(),
        "about": about.about,
        "about_audience": about.about_audience,
        "born": about.born,
        "died": about.died,
        "historical": about.historical,
        "available": about.ready_for,
        "available_days": available_days(about),
        "available_note": about.available_note,
        "confirmed": moment(about.confirmed_at),
        "left": day(about.left_at),
    }


def photo(about: Profile, sink: Sink, tell: Callable[[str], object]) -> Row | None:
    """Write somebody's photo; return where it is and who sees it. None without one, or where its file is gone."""
    if not about.photo_key:
        return None
    try:
        with photos.opened(about, photos.LARGE) as stored:
            path, digest = sink.keep(File(stored, name="photo.webp"), "photos")
    except OSError:
        tell(f"{about.user.username}: the file of the photo is gone; it is left out.")
        return None
    return {"file": path, "sha256": digest, "audience": about.photo_audience}


def available_days(about: Profile) -> Row:
    """Return from when and until when somebody is available, for what has such days."""
    days = {
        what: {"from": day(getattr(about, f"{what}_from")), "until": day(getattr(about, f"{what}_until"))}
        for what in AVAILABLE_FOR
    }
    return {what: both for what, both in days.items() if any(both.values())}


def ordered(rows: Iterable[Row]) -> list[Row]:
    """Return facts in an order that does not depend on the database."""
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, ensure_ascii=False))


def languages(about: Profile) -> Iterator[Row]:
    """Return languages with their levels, as people write them: 3+."""
    for skill in about.language_skills.all():
        yield {
            "language": skill.language_id,
            "speaking": ilr.label(skill.speaking),
            "reading": ilr.label(skill.reading),
            "source": skill.source,
            "tested": day(skill.tested_on),
            "audience": skill.audience,
        }


def expertise(about: Profile) -> Iterator[Row]:
    """Return countries and regions known."""
    for one in about.expertise.all():
        yield {
            "region": one.region.code,
            "depth": one.depth,
            "years": one.years,
            "note": one.note,
            "audience": one.audience,
        }


def skills(about: Profile) -> Iterator[Row]:
    """Return skills with their levels."""
    for one in about.skills.all():
        flags: dict[str, Any] = {"ask": one.ask, "mentor": one.mentor, "learn": one.learn}
        yield {"skill": one.tag.name, "level": one.level, "audience": one.audience, **flags}


def assignments(about: Profile) -> Iterator[Row]:
    """Return jobs, past and present."""
    for job in about.assignments.all():
        yield {
            "post": job.post.slug if job.post else None,
            "office": job.office.slug if job.office else None,
            "country": job.country.code if job.country else None,
            "title": job.title,
            "started": day(job.started),
            "ended": day(job.ended),
            "note": job.note,
            "audience": job.audience,
        }


def education(about: Profile) -> Iterator[Row]:
    """Return where somebody studied, and what."""
    for one in about.education.all():
        yield {
            "institution": one.institution,
            "subject": one.subject,
            "until": one.ended,
            "audience": one.audience,
        }


def disclosures(user: User) -> Iterator[Row]:
    """Return what is on record of whom they took along."""
    for one in user.disclosures.all():
        yield {
            "at": moment(one.at),
            "kind": one.kind,
            "what": one.what,
            "number": one.number,
            "request": one.request,
        }
