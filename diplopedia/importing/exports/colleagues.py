"""People from an export: accounts as they were but for passwords, profiles, and facts with their readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db.models import Model

from diplopedia.importing import accounts
from diplopedia.importing.colleagues import audience
from diplopedia.importing.exports.manners import accept
from diplopedia.importing.exports.values import needed, needed_number, word, words
from diplopedia.importing.exports.watching import save_preference
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, day, flag, mapping, moment, records
from people import ilr, photos, reference
from people.models import (
    Assignment,
    Disclosure,
    Education,
    Expertise,
    LanguageSkill,
    Office,
    Post,
    Profile,
    ProfileSkill,
    User,
)
from people.models.profiles import AVAILABLE_FOR

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring


def save_person(run: Restoring, line: Line) -> tuple[Model, bool]:
    """Make or update a person. An account that is here keeps its password and its rights."""
    record = line.record
    user = account_here(run, line)
    made = user is None
    user = user or accounts.new_account(line.source_id)
    if user.username != line.source_id:
        run.report.note(line.where, f"somebody here is “{line.source_id}”: this person is “{user.username}”.")
    fill_account(run, user, record)
    fill_profile(run, user.profile, mapping(record, "profile"))
    accept(run, user, records(record, "accepted"))
    save_preference(user, mapping(record, "notices"))
    replace_facts(run, user.profile, record)
    add_disclosures(user, record)
    if "photo" in record:  # last: its files are not part of the transaction
        give_photo(run, user.profile, mapping(record, "photo"))
    if made and user.is_superuser:
        run.report.note(line.where, f"“{user.username}” is an administrator, as in the export.")
    run.ledger.keep(line, user, {})
    run.handles[user.pk] = user.username
    return user, made


def account_here(run: Restoring, line: Line) -> User | None:
    """Return the account of a person, if it is here. Raises ImportProblem where another one has the e-mail."""
    known = accounts.with_place(run.ledger.pk("person", line.source_id))
    email = word(line.record, "email").lower()
    holder = User.objects.filter(email__iexact=email).first() if email else None
    if known is None and holder and holder.username == line.source_id:
        return accounts.with_place(holder.pk)
    if holder and holder != known:
        raise ImportProblem(
            f"Somebody here signs in with {email} already, under another handle: change one of them."
        )
    return known


def fill_account(run: Restoring, user: User, record: Record) -> None:
    """Set what the export says of an account. Rights that it has here stay."""
    user.first_name, user.last_name = word(record, "given_name"), word(record, "family_name")
    user.email, user.is_active = word(record, "email"), flag(record, "active")
    user.is_staff = user.is_staff or flag(record, "staff")
    user.is_superuser = user.is_superuser or flag(record, "administrator")
    user.origin = word(record, "origin")
    user.directory_id = user.directory_id or number_of(user, record)
    # Version 1 of older exports has it among the notices.
    user.language = word(record, "language") or word(mapping(record, "notices"), "language")
    user.date_joined = moment(record, "joined") or user.date_joined
    user.save()
    user.groups.add(*(run.group(name) for name in words(record, "groups")))
    for one in records(record, "addresses"):
        EmailAddress.objects.update_or_create(
            user=user,
            email=needed(one, "email"),
            defaults={"primary": flag(one, "primary"), "verified": flag(one, "verified")},
        )


def number_of(user: User, record: Record) -> str | None:
    """Return by which number the directory knows a person. Raises ImportProblem where it is another one's here."""
    number = word(record, "directory_id") or None
    if number and (holder := User.objects.filter(directory_id=number).exclude(pk=user.pk).first()):
        raise ImportProblem(
            f"“{holder.username}” here has the number {number} in the directory: change one of them."
        )
    return number


def fill_profile(run: Restoring, profile: Profile, record: Record) -> None:
    """Set what somebody says of themselves."""
    profile.preferred_name, profile.sort_name = word(record, "name"), word(record, "sort_name")
    profile.other_names = words(record, "other_names")
    profile.title, profile.phone = word(record, "title"), word(record, "phone")
    profile.office = run.row(Office, "office", word(record, "office"))
    profile.post = run.row(Post, "post", word(record, "post"))
    profile.timezone, profile.about = word(record, "timezone"), word(record, "about")
    profile.work_week = word(record, "work_week") or Profile.WorkWeek.MON_FRI
    profile.works_from = hour(record, "works_from", profile.works_from)
    profile.works_until = hour(record, "works_until", profile.works_until)
    profile.born, profile.died = record.get("born"), record.get("died")
    profile.historical = flag(record, "historical")
    profile.confirmed_at, profile.left_at = moment(record, "confirmed"), day(record, "left")
    for name in ("phone_audience", "about_audience"):
        if name in record:  # an older export does not know of it: what somebody closed here stays closed
            setattr(profile, name, audience(record, name))
    fill_availability(profile, record)
    profile.save()


def fill_availability(profile: Profile, record: Record) -> None:
    """Set what somebody is available for, from when and until when; older exports know no days and no note."""
    available, days = words(record, "available"), mapping(record, "available_days")
    for what in AVAILABLE_FOR:
        both = mapping(days, what)
        setattr(profile, f"available_{what}", what in available)
        if "available_days" in record:
            setattr(profile, f"{what}_from", day(both, "from"))
            setattr(profile, f"{what}_until", day(both, "until"))
    if "available_note" in record:
        profile.available_note = word(record, "available_note")


def give_photo(run: Restoring, profile: Profile, record: Record) -> None:
    """Put the photo of the export in the place of the one that is here, if it is another. Raises ImportProblem."""
    content = run.stored.read(needed(record, "file"), needed(record, "sha256")) if record else b""
    try:
        made = photos.as_before(content) if content else {}
    except photos.PhotoRefused as refused:
        raise ImportProblem(f"The photo cannot be taken: {refused}") from refused
    if run.stored.dry:
        return
    profile.photo_audience = audience(record)
    if made and photos.is_same(profile, made):
        profile.save(update_fields=["photo_audience"])
    elif made or profile.photo_key:
        photos.replace(profile, made)


def hour(record: Record, name: str, usual: dt.time) -> dt.time:
    """Return a time of day."""
    return dt.time.fromisoformat(word(record, name)) if word(record, name) else usual


def replace_facts(run: Restoring, profile: Profile, record: Record) -> None:
    """Put the facts of the export in the place of those that are here."""
    for old in (profile.language_skills, profile.expertise, profile.skills, profile.assignments):
        old.all().delete()
    if "education" in record:  # an older export does not know of it: what is here stays
        profile.education.all().delete()
    if run.ledger.get("trust", handle := needed(record, "id")):
        run.ledger.enter("trust", handle, profile.user)  # who confirmed them comes again with their line
    LanguageSkill.objects.bulk_create(languages(profile, record))
    Expertise.objects.bulk_create(expertise(run, profile, record))
    ProfileSkill.objects.bulk_create(skills(run, profile, record))
    Assignment.objects.bulk_create(jobs(run, profile, record))
    Education.objects.bulk_create(education(profile, record))


def languages(profile: Profile, record: Record) -> Iterator[LanguageSkill]:
    """Return languages with their levels. Raises ImportProblem for one that ISO 639-3 does not know."""
    for row in records(record, "languages"):
        code = needed(row, "language")
        language = reference.find_language(code)
        if language is None:
            raise ImportProblem(f"Language “{code}” is not known here: is this site older than the export?")
        yield LanguageSkill(
            profile=profile,
            language=language,
            speaking=ilr.rank(needed(row, "speaking")),
            reading=ilr.rank(needed(row, "reading")),
            source=needed(row, "source"),
            tested_on=day(row, "tested"),
            audience=audience(row),
        )


def expertise(run: Restoring, profile: Profile, record: Record) -> Iterator[Expertise]:
    """Return countries and regions known."""
    for row in records(record, "regions"):
        yield Expertise(
            profile=profile,
            region=run.region_of(needed(row, "region")),
            depth=needed_number(row, "depth", 1, 3),
            years=row.get("years"),
            note=word(row, "note"),
            audience=audience(row),
        )


def skills(run: Restoring, profile: Profile, record: Record) -> Iterator[ProfileSkill]:
    """Return skills with their levels."""
    for row in records(record, "skills"):
        yield ProfileSkill(
            profile=profile,
            tag=run.skill(needed(row, "skill")),
            level=needed_number(row, "level", 1, 3),
            ask=flag(row, "ask"),
            mentor=flag(row, "mentor"),
            learn=flag(row, "learn"),
            audience=audience(row),
        )


def jobs(run: Restoring, profile: Profile, record: Record) -> Iterator[Assignment]:
    """Return jobs, past and present."""
    for row in records(record, "assignments"):
        yield Assignment(
            profile=profile,
            post=run.row(Post, "post", word(row, "post")),
            office=run.row(Office, "office", word(row, "office")),
            country=run.region_of(word(row, "country")),
            title=word(row, "title"),
            started=day(row, "started"),
            ended=day(row, "ended"),
            note=word(row, "note"),
            audience=audience(row),
        )


def education(profile: Profile, record: Record) -> Iterator[Education]:
    """Return where somebody studied, and what."""
    for row in records(record, "education"):
        yield Education(
            profile=profile,
            institution=needed(row, "institution"),
            subject=word(row, "subject"),
            ended=row.get("until"),
            audience=audience(row),
        )


def add_disclosures(user: User, record: Record) -> None:
    """Put on record what is not there yet of whom somebody took along."""
    here = {(one.at, one.kind, one.request) for one in user.disclosures.all()}
    rows = [disclosure(user, row) for row in records(record, "disclosures")]
    Disclosure.objects.bulk_create(row for row in rows if (row.at, row.kind, row.request) not in here)


def disclosure(user: User, row: Record) -> Disclosure:
    """Return one row of the record. Raises ImportProblem where it says no time."""
    at = moment(row, "at")
    if at is None:
        raise ImportProblem("A disclosure says no time: “at” is missing.")
    return Disclosure(
        user=user,
        at=at,
        kind=needed(row, "kind"),
        what=word(row, "what"),
        number=needed_number(row, "number"),
        request=word(row, "request"),
    )
