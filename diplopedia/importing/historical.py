"""Lines about historical people: records without an account that could be used, and nothing added to what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model

from diplopedia.importing.accounts import new_account
from diplopedia.importing.ledger import origin
from diplopedia.importing.lines import Line
from diplopedia.importing.values import Record, day, records, required, text, texts, whole
from people.models import Assignment, Profile
from people.names import sort_name

if TYPE_CHECKING:
    from diplopedia.importing.runs import Run


def save_person(run: Run, line: Line) -> tuple[Model, bool]:
    """Make or update the record of a historical person."""
    record, pk = line.record, run.ledger.pk("person", line.source_id)
    name = required(record, "name", 160)
    family = text(record, "surname", 150)
    profile = Profile.objects.select_related("user").filter(user=pk).first()
    created = profile is None
    if profile is None:
        names = {"first_name": text(record, "forenames", 150), "last_name": family}
        user = new_account(name, is_active=False, origin=origin(line)[:120], **names)
        profile = user.profile
    profile.historical = True
    profile.preferred_name, profile.sort_name = name, sort_name(name, family)[:160]
    profile.other_names = texts(record, "other_names")
    profile.born, profile.died = whole(record, "born"), whole(record, "died")
    profile.save()
    if not created:
        profile.assignments.all().delete()
    Assignment.objects.bulk_create(
        appointment(run, line, profile, job) for job in records(record, "appointments")
    )
    run.remember(profile.user, line, {"source": record.get("source")})
    return profile.user, created


def appointment(run: Run, line: Line, profile: Profile, job: Record) -> Assignment:
    """Return one recorded appointment, to a country that is here; any other is named in its title."""
    title, country = text(job, "role"), text(job, "country")
    place = text(job, "country_id") or country
    region = run.gazetteer.find(place) if place else None
    called = text(job, "then_called") or ("" if region else country)
    if called and called != (region.name if region else ""):
        title = f"{title}, {called}" if title else called
    return Assignment(
        profile=profile,
        title=title[:160],
        country=region,
        started=day(job, "started") or day(job, "appointed"),
        ended=day(job, "ended"),
        note=text(job, "note", 600),
    )
