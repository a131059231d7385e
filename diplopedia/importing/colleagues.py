"""Lines about colleagues: account, profile, and one row for each thing they know or did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db.models import Model

from diplopedia.importing import accounts
from diplopedia.importing.ledger import origin
from diplopedia.importing.lines import Line
from diplopedia.importing.places import office_named
from diplopedia.importing.values import (
    ImportProblem,
    Record,
    day,
    flag,
    items,
    mapping,
    moment,
    records,
    required,
    text,
    texts,
    whole,
)
from people import ilr, reference
from people.models import (
    Assignment,
    Education,
    Expertise,
    LanguageSkill,
    Office,
    Post,
    Profile,
    ProfileSkill,
    User,
)
from people.models.audience import Audience
from people.models.profiles import AVAILABLE_FOR

if TYPE_CHECKING:
    from diplopedia.importing.runs import Run


def save_staff(run: Run, line: Line) -> tuple[Model, bool]:
    """Make or update a colleague. What they added to their profile here themselves stays."""
    record = line.record
    user = accounts.with_place(run.ledger.pk("staff", line.source_id))
    created = user is None
    user = save_account(run, line, user)
    profile = user.profile
    fill_profile(run, line, profile)
    profile.save()
    save_facts(run, line, profile)
    for name in texts(record, "groups"):
        user.groups.add(accounts.group(run.ledger, name))
    run.remember(user, line, {})
    return user, created


def save_account(run: Run, line: Line, user: User | None) -> User:
    """Make or update the account. Raises ImportProblem where somebody else has its address."""
    record = line.record
    email = text(record, "email").lower()
    holder = User.objects.filter(email__iexact=email).first() if email else None
    if holder and holder != user:
        raise ImportProblem(
            f"Somebody here signs in with {email} already: change the address, or leave the line out."
        )
    name = full_name(record)
    user = user or accounts.new_account(
        text(record, "username") or name, email=email, origin=origin(line)[:120]
    )
    user.first_name, user.last_name = text(record, "given_name", 150), text(record, "family_name", 150)
    user.email, user.is_active = email, not text(record, "left")
    if flag(record, "admin"):
        user.is_superuser = user.is_staff = True
    user.save()
    if email:
        EmailAddress.objects.update_or_create(
            user=user, primary=True, defaults={"email": email, "verified": True}
        )
    return user


def full_name(record: Record) -> str:
    """Return a colleague's name as it is shown."""
    parts = f"{text(record, 'given_name')} {text(record, 'family_name')}".strip()
    return text(record, "display_name", 160) or parts or required(record, "username")


def fill_profile(run: Run, line: Line, profile: Profile) -> None:
    """Take over what the line says about a colleague, and where they work now."""
    record = line.record
    current = mapping(record, "current")
    profile.preferred_name, profile.sort_name = full_name(record), text(record, "sort_name", 160)
    profile.other_names = texts(record, "other_names")
    profile.title, profile.phone = text(record, "job_title", 160), text(record, "phone", 60)
    profile.timezone, profile.about = text(record, "timezone", 64), text(record, "bio", 20_000)
    profile.confirmed_at, profile.left_at = moment(record, "confirmed"), day(record, "left")
    post, office = place_of(run, line, current)
    profile.post = None if profile.left_at else post
    profile.office = run.office(text(record, "office")) or office
    available = mapping(record, "available")
    for what in AVAILABLE_FOR:
        setattr(profile, f"available_{what}", flag(available, what))
    profile.available_questions |= flag(record, "available_for_questions")


def place_of(run: Run, line: Line, job: Record) -> tuple[Post | None, Office | None]:
    """Return the post of a job abroad, or the office of one at headquarters."""
    if named := text(job, "post_id"):
        post = run.post(named)
        if post is None:
            run.report.note(line.where, f"post “{named}” is not here: the job is kept without it.")
        return post, None
    if office := run.office(text(job, "office")):
        return None, office
    unit = text(job, "unit")
    return None, office_named(run, unit) if unit else None


# --- facts -------------------------------------------------------------------------------------------------------


def save_facts(run: Run, line: Line, profile: Profile) -> None:
    """Add or update languages, regions known and skills; add the jobs and studies that are not there yet."""
    put(languages(run, line, profile), "language", ["speaking", "reading", "source", "tested_on", "audience"])
    put(expertise(run, line, profile), "region", ["depth", "years", "note", "audience"])
    put(skills(run, line, profile), "tag", ["level", "ask", "mentor", "learn", "audience"])
    there = {job_key(job) for job in profile.assignments.all()}
    Assignment.objects.bulk_create(job for job in jobs(run, line, profile) if job_key(job) not in there)
    studied = {study_key(one) for one in profile.education.all()}
    Education.objects.bulk_create(one for one in education(line, profile) if study_key(one) not in studied)


def put(rows: Iterator[Any], name: str, fields: list[str]) -> None:
    """Write facts of one sort, at most one for each thing that is known; the last one counts."""
    unique = {getattr(row, f"{name}_id"): row for row in rows}
    if unique:
        model = type(next(iter(unique.values())))
        model.objects.bulk_create(
            unique.values(), update_conflicts=True, unique_fields=["profile", name], update_fields=fields
        )


def audience(record: Record, name: str = "audience") -> str:
    """Return who sees a fact. Raises ImportProblem for a word that is none of ours, rather than show it to all."""
    value = text(record, name) or Audience.ALL.value
    if value not in Audience.values:
        raise ImportProblem(f"“{name}” is “{value}”: it must be one of {', '.join(Audience.values)}.")
    return value


def languages(run: Run, line: Line, profile: Profile) -> Iterator[LanguageSkill]:
    """Return the languages of a line. One that ISO 639-3 does not know is reported and left out."""
    for row in records(line.record, "languages"):
        code = required(row, "code")
        language = reference.find_language(code)
        if language is None:
            run.report.note(line.where, f"language “{code}” is no ISO 639-3 code: left out.")
            continue
        tested = day(row, "tested")
        source = LanguageSkill.Source.TESTED if tested else LanguageSkill.Source.SELF
        yield LanguageSkill(
            profile=profile,
            language=language,
            speaking=ilr.rank(text(row, "speaking") or "0"),
            reading=ilr.rank(text(row, "reading") or "0"),
            source=LanguageSkill.Source(text(row, "source") or source),
            tested_on=tested,
            audience=audience(row),
        )


def expertise(run: Run, line: Line, profile: Profile) -> Iterator[Expertise]:
    """Return the countries and regions somebody knows, given as ids or as objects."""
    known = items(line.record, "country_expertise") + items(line.record, "region_expertise")
    for item in known:
        row: Record = item if isinstance(item, dict) else {"code": item}
        if region := run.region(line, required(row, "code")):
            yield Expertise(
                profile=profile,
                region=region,
                depth=whole(row, "depth", 1, 3) or Expertise.Depth.WORKING,
                years=whole(row, "years", 0, 70),
                note=text(row, "note", 200),
                audience=audience(row),
            )


def skills(run: Run, line: Line, profile: Profile) -> Iterator[ProfileSkill]:
    """Return skills with their levels; plain topics are something to be asked about, where questions are welcome."""
    asked = flag(line.record, "available_for_questions")
    rows: list[Record] = [{"name": topic, "ask": asked} for topic in texts(line.record, "topics")]
    for row in rows + records(line.record, "skills"):
        yield ProfileSkill(
            profile=profile,
            tag=run.skill(required(row, "name", 100)),
            level=whole(row, "level", 1, 3) or ProfileSkill.Level.GOOD,
            ask=flag(row, "ask"),
            mentor=flag(row, "mentor"),
            learn=flag(row, "learn"),
            audience=audience(row),
        )


def jobs(run: Run, line: Line, profile: Profile) -> Iterator[Assignment]:
    """Return the present job and those before it."""
    current = mapping(line.record, "current")
    for job in [*([current] if current else []), *records(line.record, "previous_posts")]:
        post, office = place_of(run, line, job)
        place = text(job, "iso3") or text(job, "country_id")
        yield Assignment(
            profile=profile,
            post=post,
            office=office,
            country=run.region(line, place) if place and not post else None,
            title=text(job, "role", 160) or (text(line.record, "job_title", 160) if job is current else ""),
            started=day(job, "since") or day(job, "from"),
            ended=day(job, "until") or day(job, "to"),
            audience=audience(job),
        )


def job_key(job: Assignment) -> tuple[int | None, int | None, str, dt.date | None]:
    """Return what makes two jobs the same job."""
    return job.post_id, job.office_id, job.title, job.started


def education(line: Line, profile: Profile) -> Iterator[Education]:
    """Return where somebody studied, and what."""
    for row in records(line.record, "education"):
        yield Education(
            profile=profile,
            institution=required(row, "institution", 160),
            subject=text(row, "subject", 160),
            ended=whole(row, "until", 1600, 2100),
            audience=audience(row),
        )


def study_key(one: Education) -> tuple[str, str]:
    """Return what makes two studies the same."""
    return one.institution, one.subject
