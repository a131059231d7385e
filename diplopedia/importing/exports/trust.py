"""What colleagues say of each other's profiles, from an export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from diplopedia.importing.exports.values import needed, word
from diplopedia.importing.lines import Line
from diplopedia.importing.values import Record, flag, moment, records
from people.models import Correction, Endorsement, Fact, Profile, Reminder, User
from people.models.trust import RELATIONS

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring


def save_trust(run: Restoring, line: Line) -> tuple[User, bool]:
    """Let a person have what was said of them. Whoever said it and was not imported is named, and left out."""
    user = run.person(line.source_id)
    person, missing = user.profile, missing_in(run, line)
    for who in missing:
        run.report.note(line.where, f"“{who}” said something of “{user.username}” and was not imported.")
    for row in records(line.record, "endorsements"):
        if needed(row, "by") not in missing:
            save_endorsement(run, line, person, row)
    for row in records(line.record, "corrections"):
        if needed(row, "by") not in missing:
            save_correction(run, person, row)
    if asked := moment(line.record, "asked"):
        Reminder.objects.update_or_create(profile=person, defaults={"sent_at": asked})
    names = [run.ledger.name("person", who) for who in missing]
    run.ledger.keep(line, user, {"missing": names} if names else {})
    return user, True


def missing_in(run: Restoring, line: Line) -> list[str]:
    """Return the handles of those who said something and are not here."""
    said = [*records(line.record, "endorsements"), *records(line.record, "corrections")]
    return sorted({who for row in said if run.ledger.pk("person", who := needed(row, "by")) is None})


def save_endorsement(run: Restoring, line: Line, person: Profile, row: Record) -> None:
    """Let a fact be confirmed again; one that is not on the profile any more is named."""
    fact = next(facts(person, row), None)
    if fact is None:
        run.report.note(line.where, f"what {needed(row, 'by')} confirmed is not on the profile: left out.")
        return
    about: dict[str, Any] = {"author": run.person(needed(row, "by")), RELATIONS[type(fact)]: fact}
    Endorsement.objects.update_or_create(
        **about,
        defaults={"claim": needed(row, "claim"), "created": moment(row, "at") or timezone.now()},
    )


def facts(person: Profile, row: Record) -> Iterator[Fact]:
    """Return the fact that a row is about, if it is there."""
    if language := word(row, "language"):
        yield from person.language_skills.filter(language=language)
    elif region := word(row, "region"):
        yield from person.expertise.filter(region__code=region)
    else:
        yield from person.skills.filter(tag__name=needed(row, "skill"))


def save_correction(run: Restoring, person: Profile, row: Record) -> None:
    """Keep a correction that was suggested, with its answer."""
    decided = moment(row, "decided")
    Correction.objects.update_or_create(
        profile=person,
        author=run.person(needed(row, "by")),
        created=moment(row, "at") or timezone.now(),
        text=needed(row, "text"),
        defaults={
            "section": needed(row, "section"),
            "decided_at": decided,
            "accepted": flag(row, "accepted") if decided else None,
            "answer": word(row, "answer"),
        },
    )
