"""Rows about what colleagues know and did. What somebody wrote on their profile themselves stays as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from diplopedia.importing.lines import Line
from diplopedia.importing.readings import READERS, availability
from diplopedia.importing.values import ImportProblem, text
from people.merging import SAME
from people.models import Assignment, Profile
from people.models.audience import Audience
from people.models.facts import Fact
from people.models.profiles import AVAILABLE_FOR
from people.names import fold

if TYPE_CHECKING:
    from diplopedia.importing.runs import Run

Values = dict[str, Any]
AVAILABILITY = (
    *(f"available_{what}" for what in AVAILABLE_FOR),
    *(f"{what}_{end}" for what in AVAILABLE_FOR for end in ("from", "until")),
    "available_note",
)
# What a row may change of a fact that is there; who sees it is for the person to say from then on.
OWN: dict[str, tuple[str, ...]] = {
    "skill": ("level", "ask", "mentor", "learn"),
    "expertise": ("depth", "years", "note"),
    "spoken": ("speaking", "reading", "tested_on", "source"),
    "education": ("subject", "ended"),
    "assignment": ("title", "started", "ended"),
    "availability": AVAILABILITY,
}
# Fields whose column is called otherwise.
COLUMNS = {"started": "from", "ended": "until", "tested_on": "tested", "available_note": "note"} | {
    f"available_{what}": what for what in AVAILABLE_FOR
}


def save_fact(run: Run, line: Line) -> tuple[Model, bool | None]:
    """Add a fact to a profile, or bring up to date what stands there as the import left it."""
    profile = run.naming.profile(line.record)
    model, read = READERS[line.kind]
    values = read(run, line)
    audience = audience_of(line)
    new = model(profile=profile, audience=audience or Audience.ALL, **values)
    check(new, values)
    there = next((one for one in candidates(new, values) if alike(one, new)), None)
    if there is not None:
        if audience not in ("", there.audience):
            run.report.note(line.where, "audience: who sees it stays as it is on the profile.")
        return profile.user, update(run, line, profile, there, values, ours=is_ours(run, line, there))
    if run.ledger.get(line.kind, line.source_id) is None:
        new.save()
        remember(run, line, profile, stand(line, new))
        return profile.user, True
    run.report.note(line.where, "it was taken off the profile since it was imported: it stays off.")
    remember(run, line, profile, "")
    return profile.user, None


def save_availability(run: Run, line: Line) -> tuple[Model, bool | None]:
    """Say what a colleague is available for, unless they said something else."""
    values = availability(line.record)
    profile = Profile.objects.locked().get(pk=run.naming.profile(line.record).pk)
    check(Profile(**values), values)
    is_new = run.ledger.get(line.kind, line.source_id) is None
    silent = is_new and not any(getattr(profile, name) for name in AVAILABILITY)
    ours = silent or is_ours(run, line, profile)
    return profile.user, update(run, line, profile, profile, values, ours=ours)


def update(run: Run, line: Line, profile: Profile, there: Any, values: Values, *, ours: bool) -> bool | None:
    """Write what a row changes of what is there. Returns what the report calls updated (False) or unchanged (None)."""
    changed = changes(run, line, there, values, ours=ours)
    for name, value in changed.items():
        setattr(there, name, value)
    if changed:
        save(there, changed)
    remember(run, line, profile, stand(line, there) if ours else "")
    return False if changed else None


def save(row: Fact | Profile, fields: Iterable[str]) -> None:
    """Save these fields of a fact or profile."""
    if isinstance(row, Profile):
        row.save_only(fields)
    else:
        row.save(update_fields=[*fields])


def changes(run: Run, line: Line, there: Any, values: Values, *, ours: bool) -> Values:
    """Return what a row changes: all that differs where it is ours; else what is empty, if nothing contradicts."""
    own = OWN[line.kind]
    said = {name: value for name, value in values.items() if name in own and getattr(there, name) != value}
    kept = [] if ours else [name for name in said if getattr(there, name) not in (None, "")]
    if kept == ["source"] and "tested_on" in said:  # nobody tested it, now somebody did
        kept = []
    if kept:
        named = ", ".join(COLUMNS.get(name, name) for name in kept)
        run.report.note(
            line.where, f"{named}: what stands on the profile was not written by this import, and stays."
        )
        return {}
    return said


def candidates(new: Any, values: Values) -> QuerySet[Any]:
    """Return the person's facts of this sort that name the same things, locked."""
    named = {name: value for name, value in values.items() if new._meta.get_field(name).is_relation}
    rows = type(new)._default_manager.select_for_update()
    return rows.filter(profile=new.profile, **named).order_by("pk")


def alike(one: Any, other: Any) -> bool:
    """Whether two facts of one sort and person are about the same."""
    if isinstance(one, Assignment):
        return same_job(one, other)
    return bool(SAME[type(one)](one) == SAME[type(one)](other))


def same_job(one: Assignment, other: Assignment) -> bool:
    """Whether two jobs are the same: at one place, and neither title nor year of the beginning says otherwise."""
    places = [(job.post_id, job.office_id, job.country_id) for job in (one, other)]
    titles = {fold(job.title) for job in (one, other) if job.title}
    years = {job.started.year for job in (one, other) if job.started}
    return places[0] == places[1] and len(titles) < 2 and len(years) < 2


def stand(line: Line, row: Any) -> str:
    """Return what tells a fact as the import left it from one that somebody changed; nobody can read it back."""
    values = [str(getattr(row, name)) for name in OWN[line.kind]]
    return hashlib.sha256(json.dumps([line.source_id, *values]).encode()).hexdigest()


def is_ours(run: Run, line: Line, row: Any) -> bool:
    """Whether the same row of an earlier import wrote what stands there, and nobody changed it since."""
    known = run.ledger.get(line.kind, line.source_id)
    return known is not None and known.detail.get("stand") == stand(line, row)


def remember(run: Run, line: Line, profile: Profile, stands: str) -> None:
    """Note that a row was read, and how the fact stands if it is the import's."""
    run.ledger.keep(line, profile.user, {"stand": stands} if stands else {})


def audience_of(line: Line) -> str:
    """Return who a row says may see the fact, empty where it does not. Raises ImportProblem."""
    value = text(line.record, "audience").lower()
    if value and value not in Audience.values:
        raise ImportProblem(f"audience: “{value}” is none of {', '.join(Audience.values)}.")
    return value


def check(row: Model, values: Values) -> None:
    """Raise ImportProblem, by column, for what the form of the profile would refuse."""
    plain = {field.name for field in row._meta.fields if not field.is_relation and field.name in values}
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - plain)
        row.clean()
    except ValidationError as error:
        told = (f"{COLUMNS.get(name, name)}: {' '.join(said)}" for name, said in error.message_dict.items())
        raise ImportProblem(" ".join(told)) from error
