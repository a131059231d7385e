"""What a file of people would change here. Everything is read, nothing written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.conf import settings

from people import lookup
from people.filling import Change, Places, changes
from people.models import Language, LanguageSkill, Profile, User
from people.syncing.rows import Problem, Row, Spoken, parse

CURES = {"office": "write its acronym, name or address", "post": "write the city"}


@dataclass
class Step:
    """What happens to one person: a new account (without `user`), changes of one that is here, or its end.

    Whom the file does not name any more has the row 0.
    """

    row: Row
    user: User | None = None
    account: list[Change] = field(default_factory=list)
    profile: list[Change] = field(default_factory=list)
    languages: list[LanguageSkill] = field(default_factory=list)
    opens: bool = False
    closes: bool = False
    confirms: bool = False  # the address, which the account has and nobody showed to be theirs
    failed: bool = False

    @property
    def changes_something(self) -> bool:
        about = self.account or self.profile or self.languages
        return bool(self.user is None or about or self.opens or self.closes or self.confirms)

    def __str__(self) -> str:
        if self.user is None:
            row = self.row
            return " ".join(
                filter(None, (f"line {row.line}: new:", row.given_name, row.family_name, row.email))
            )
        where = f"line {self.row.line}" if self.row.line else "not in the file"
        did = [str(change) for change in (*self.account, *self.profile)]
        did += [f"language: {skill.language_id} {skill.levels}" for skill in self.languages]
        did += ["opened again"] * self.opens + ["closed"] * self.closes
        if self.confirms:
            did.append("the directory confirms the address, and what was there to sign in ends")
        return f"{where}: {self.user}: {'; '.join(did)}"


@dataclass
class Plan:
    """All that would happen, and what is wrong in the file."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    same: int = 0
    open_before: int = 0  # of those whom the directory knows

    @property
    def closing(self) -> list[Step]:
        return [step for step in self.steps if step.closes]

    @property
    def done(self) -> list[Step]:
        """What is done, or would be: all but what failed."""
        return [step for step in self.steps if not step.failed]

    @property
    def skipped(self) -> int:
        """How many people were left out; who is not in the file has no line."""
        left_out = [problem.line for problem in self.problems if problem.whole_row]
        return len(set(left_out) - {0}) + left_out.count(0)

    def too_many(self, percent: int) -> bool:
        """Whether more accounts would be closed than a directory that is whole ever closes; one may always be."""
        return len(self.closing) > max(1, self.open_before * percent // 100)


class Planner:
    """Plans row after row. People are known by their number, else by their address; by a name never."""

    def __init__(self, overwritten: Collection[str] | None = None) -> None:
        self.overwritten = settings.SSO_OVERWRITES if overwritten is None else overwritten
        self.places = Places()
        self.tongues: dict[str, Language | None] = {}
        people = User.objects.select_related("profile__office", "profile__post")
        people = people.defer("profile__about", "profile__about_html")
        by_pk = {user.pk: user for user in people.prefetch_related("profile__language_skills")}
        everybody = by_pk.values()
        self.by_number = {user.directory_id: user for user in everybody if user.directory_id}
        self.written = {user.email.lower(): user for user in everybody if user.email}
        # An address is whose who showed that it is theirs, before whose who only wrote it into their account.
        verified = EmailAddress.objects.filter(verified=True).values_list("user", "email")
        self.verified = {email.lower(): by_pk[pk] for pk, email in verified}
        self.by_email = self.written | self.verified
        self.handles = {user.username for user in everybody}
        self.administrators = {user.pk for user in everybody if user.is_superuser and user.is_active}
        self.seen: dict[tuple[str, str], int] = {}
        self.met: set[int] = set()
        self.elsewhere: set[int] = set()  # who is here by the number of another profile of theirs
        self.nameless = 0  # rows that are left out, and may be anybody's
        self.plan = Plan()

    def take(self, records: Iterable[dict[str, str]]) -> Plan:
        """Plan what all rows say."""
        for record in records:
            row = parse(record, self.plan.problems)
            if row is None:
                self.spare(record)
            elif problem := self.doubt(row):
                self.plan.problems.append(problem)
                self.spare(record)
            else:
                self.follow(row)
        self.keep_open()
        directory = {user.pk: user for user in self.by_number.values()}
        directory |= {user.pk: user for user in self.by_email.values() if user.pk in self.met}
        self.plan.open_before = sum(user.is_active for user in directory.values())
        return self.plan

    def keep_open(self) -> None:
        """Close nobody whose other number is in use."""
        self.met |= self.elsewhere
        for step in self.plan.steps:
            step.closes = step.closes and step.user is not None and step.user.pk not in self.elsewhere
        self.plan.steps = [step for step in self.plan.steps if step.changes_something]

    def spare(self, record: dict[str, str]) -> None:
        """Count whom a row that is left out may be about as present: its mistakes close nobody's account."""
        number, email = record.get("id", "").strip(), record.get("email", "").strip().lower()
        found = {now(user) for user in (self.by_number.get(number), self.by_email.get(email)) if user}
        self.met |= found
        self.nameless += not found and (not number or "cells" in record)

    def whose(self, row: Row) -> User | None:
        """Return the account of a row."""
        return (
            self.by_number.get(row.id)
            if row.id and row.id in self.by_number
            else self.by_email.get(row.email)
        )

    def doubt(self, row: Row) -> Problem | None:
        """Return why a row cannot be followed: it may be about two people, or make one of two."""
        for column, value in (("id", row.id), ("email", row.email), ("handle", row.handle)):
            if value and (before := self.seen.setdefault((column, value), row.line)) != row.line:
                return Problem(row.line, column, f"line {before} has “{value}” already: is one of them old?")
        user, holders = self.whose(row), {self.by_email.get(row.email), self.written.get(row.email)}
        if user is None or user.profile.merged_into_id:  # of that one nothing is followed
            return self.doubt_new(row) if user is None else None
        if row.id and user.directory_id not in (None, row.id):
            return Problem(
                row.line,
                "email",
                f"{user} has this address, and the number {user.directory_id}: was it given to a second person? "
                "Change it in the administration first",
            )
        if holder := next(iter(holders - {None, user}), None):
            return Problem(row.line, "email", f"{holder} signs in with it already: change one of the two")
        if not user.is_active and row.active and user.directory_id != row.id:
            return Problem(
                row.line,
                "email",
                f"the account of {user} with this address was closed: open it in the administration, if it is the same "
                "person",
            )
        return None

    def doubt_new(self, row: Row) -> Problem | None:
        """Return why no account can be made."""
        if row.handle in self.handles:
            return Problem(
                row.line, "handle", f"somebody here is “{row.handle}”: leave it empty, or choose another"
            )
        if row.active and not row.email:
            return Problem(row.line, "email", "a new person needs an address, to sign in and to be told")
        if row.active and not (row.given_name or row.family_name):
            return Problem(row.line, "family_name", "a new person needs a name")
        return None

    def follow(self, row: Row) -> None:
        """Plan what a row says."""
        user = self.whose(row)
        if user is not None and user.profile.merged_into_id:  # the person's other row is the one that counts
            self.elsewhere |= {now(user)} if row.active else set()
            self.plan.same += 1
            return
        if user is None:
            step = Step(row)
            if not row.active:  # somebody who left, and never was here
                self.plan.same += 1
                return
        else:
            self.met.add(user.pk)
            step = Step(row, user, account=account_changes(user, row))
            step.opens = row.active and not user.is_active and user.profile.left_at is not None
            step.confirms = (
                row.active
                and (user.is_active or step.opens)
                and "" != row.email == user.email.lower()
                and row.email not in self.verified
            )
            step.closes = not row.active and user.is_active and self.may_close(user, row.line)
        profile = user.profile if user else Profile()
        step.profile = changes(profile, self.values(row), self.overwritten)
        step.languages = list(self.languages(row, user.profile if user else None))
        self.note(step)

    def values(self, row: Row) -> dict[str, object]:
        """Return what a row says of the profile, as it is kept there."""
        found = {}
        for column, said in row.about.items():
            try:
                found[column] = self.places.read(column, said)
            except ValueError as error:
                cure = CURES.get(column, "shorten it")
                self.plan.problems.append(Problem(row.line, column, f"{error}: {cure}", whole_row=False))
        return found

    def languages(self, row: Row, profile: Profile | None) -> Iterable[LanguageSkill]:
        """Yield languages that are new, or known better by the directory."""
        there = {skill.language_id: skill for skill in profile.language_skills.all()} if profile else {}
        for language, said in self.tongues_of(row).items():
            if skill := skill_of(language, said, there.get(language.code), "languages" in self.overwritten):
                yield skill

    def tongues_of(self, row: Row) -> dict[Language, Spoken]:
        """Return the languages of a row that we know, each once."""
        found: dict[Language, Spoken] = {}
        for said in row.languages:
            if said.name not in self.tongues:
                self.tongues[said.name] = lookup.language(said.name)
            language = self.tongues[said.name]
            if language is None:
                text = f"“{said.name}” is no language we know: write its ISO 639-3 code, such as pus"
                self.plan.problems.append(Problem(row.line, "languages", text, whole_row=False))
                continue
            if language in found:
                text = f"{language} comes twice: the better level counts"
                self.plan.problems.append(Problem(row.line, "languages", text, whole_row=False))
            found[language] = max(found.get(language, said), said, key=goodness)
        return found

    def note(self, step: Step) -> None:
        """Keep a step that changes something."""
        if step.changes_something:
            self.plan.steps.append(step)
        else:
            self.plan.same += 1

    def close_missing(self) -> None:
        """Plan to close whom the directory knew once and does not name any more."""
        if self.nameless:
            text = f"{self.nameless} rows may be anybody’s: whoever is missing in the file stays until they are mended"
            self.plan.problems.append(Problem(0, "id", text, whole_row=False))
            return
        for user in self.by_number.values():
            if user.is_active and user.pk not in self.met and self.may_close(user, 0):
                self.plan.steps.append(Step(Row(line=0), user, closes=True))

    def may_close(self, user: User, line: int) -> bool:
        """Whether an account may be closed: not the last that can open others."""
        if self.administrators == {user.pk}:
            text = f"{user} is the only administrator: make another one before this account is closed"
            self.plan.problems.append(Problem(line, "active", text, whole_row=False))
            return False
        self.administrators.discard(user.pk)
        return True


def now(user: User) -> int:
    """Return the key of the account that counts: of one that went into another of the same person, that other."""
    return (user.profile.merged_into or user.profile).user_id


def account_changes(user: User, row: Row) -> list[Change]:
    """Return what the directory knows of an account: its number, address and name are the directory's."""
    said = {
        "directory_id": row.id,
        "email": row.email,
        "first_name": row.given_name,
        "last_name": row.family_name,
    }
    return [
        Change(name, before, after)
        for name, after in said.items()
        if after
        and (before := getattr(user, name)) != after
        and not (name == "email" and before.lower() == after)
    ]


def goodness(said: Spoken) -> tuple[int, int, dt.date]:
    """Return what the better of two levels of a language has more of; of two alike the test that was later counts."""
    return said.speaking, said.reading, said.tested_on or dt.date.min


def skill_of(
    language: Language, said: Spoken, there: LanguageSkill | None, better: bool
) -> LanguageSkill | None:
    """Return a language to be saved, or None where what is on the profile stays."""
    source = LanguageSkill.Source.TESTED if said.tested_on else LanguageSkill.Source.SELF
    values = {
        "speaking": said.speaking,
        "reading": said.reading,
        "source": source,
        "tested_on": said.tested_on,
    }
    if there is None:
        return LanguageSkill(language=language, **values)
    if not better or all(getattr(there, name) == value for name, value in values.items()):
        return None
    for name, value in values.items():
        setattr(there, name, value)
    return there
