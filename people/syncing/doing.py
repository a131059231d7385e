"""Doing what was planned, some people in each transaction, so that nobody waits long for the database."""

from __future__ import annotations

import logging
from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from people.filling import apply
from people.models import LanguageSkill, Profile, User
from people.syncing.planning import Plan, Step
from people.syncing.rows import Problem, Row
from search import outbox
from search.engines import SearchUnavailable

log = logging.getLogger(__name__)
AT_ONCE = 100
LEVELS = ("speaking", "reading", "source", "tested_on")  # what the directory says of a language


def carry_out(plan: Plan, tell: Callable[[str], object]) -> int:
    """Do what is planned and make it searchable; returns for how many people it was done."""
    done = 0
    with outbox.held():
        for start in range(0, len(plan.steps), AT_ONCE):
            with transaction.atomic():
                done += sum(do_safely(step, plan) for step in plan.steps[start : start + AT_ONCE])
    if done and settings.SEARCH_DRAIN == outbox.COMMIT:
        try:
            outbox.drain(wait=30.0)
        except SearchUnavailable as error:
            tell(
                f"Search is behind: {error}. The changes wait; `manage.py rebuild_search` brings it up to date."
            )
    return done


def do_safely(step: Step, plan: Plan) -> bool:
    """Do one step; where somebody else took a handle or an address meanwhile, say so and leave it out."""
    try:
        with transaction.atomic():
            do(step)
    except IntegrityError:
        step.failed = True
        text = "somebody else changed this person meanwhile: run it again"
        plan.problems.append(Problem(step.row.line, "row" if step.row.line else str(step.user), text))
        return False
    return True


def do(step: Step) -> None:
    """Do one step, on the person as they are now: what they changed since the plan was made stays theirs."""
    if step.user is None:
        profile = new_account(step.row).profile
    else:
        profile = Profile.objects.locked().get(user=step.user.pk)
        change_account(profile, step)
    apply(profile, [change for change in step.profile if getattr(profile, change.field) == change.before])
    if step.account or step.opens or step.closes:
        profile.save_only(["left_at"])  # it sorts by the name of the account, and says whether somebody left
    for skill in step.languages:
        keep_language(profile, skill)


def keep_language(profile: Profile, skill: LanguageSkill) -> None:
    """Save a language with its levels; who sees it, and whether it is on the profile, its owner says meanwhile."""
    if skill.pk is None:
        if not profile.language_skills.filter(language=skill.language_id).exists():
            skill.profile = profile
            skill.save()
        return
    now = profile.language_skills.select_for_update().filter(pk=skill.pk).order_by("pk").first()
    if now is not None:
        for name in LEVELS:
            setattr(now, name, getattr(skill, name))
        now.save(update_fields=LEVELS)


def new_account(row: Row) -> User:
    """Make an account without a password: people come through the identity provider, or ask for one by e-mail."""
    wanted = row.handle or (f"{row.given_name}.{row.family_name}".strip(".") or row.email.partition("@")[0])
    user = User(
        username=row.handle or User.objects.free_handle(wanted),
        email=row.email,
        first_name=row.given_name,
        last_name=row.family_name,
        directory_id=row.id or None,
    )
    user.set_unusable_password()
    user.save()
    set_address(user, "")
    log.info("Directory: account %s opened", user)
    return user


def change_account(profile: Profile, step: Step) -> None:
    """Change, open or close an account; the profile, which says since when it is closed, is not saved yet."""
    user = profile.user
    before, numbered = user.email, user.directory_id
    changed = {change.field for change in step.account}
    for change in step.account:
        setattr(user, change.field, change.after)
    if step.opens or step.closes:
        changed |= {"is_active", "password"}  # who comes back gets in by a new password alone
        user.is_active = step.opens
        profile.left_at = None if step.opens else profile.left_at or timezone.localdate()
        log.info("Directory: account %s %s", user, "opened again" if step.opens else "closed")
    moved = user.email != before
    strange = (moved or step.confirms or user.directory_id != numbered) and not is_theirs(user, before)
    if strange:
        shut_out(user)
        changed.add("password")
    user.save(update_fields=changed)
    if moved or strange:
        set_address(user, before if moved else "")


def is_theirs(user: User, before: str) -> bool:
    """Whether whoever uses an account showed that its address, or the one before it, is theirs."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return not {user.email.lower(), before.lower()}.isdisjoint(map(str.lower, addresses))


def shut_out(user: User) -> None:
    """Leave no way into an account but by the address of the directory; the account is not saved yet.

    Nobody showed that the address is theirs, so a stranger may have signed up with it, and wait. The new password,
    which nobody has, ends every session and every link to another one.
    """
    user.set_unusable_password()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    log.warning("Directory: nobody had confirmed the address of %s: its password is taken away", user)


def set_address(user: User, before: str) -> None:
    """Let somebody sign in with the address of the directory, and no longer with the one before it.

    That one may be given to somebody else, who would get the letter with the link to a new password.
    """
    mine = EmailAddress.objects.filter(user=user)
    if before:
        mine.filter(email__iexact=before).delete()
    mine.update(primary=False)
    if user.email:
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"primary": True, "verified": True}
        )
