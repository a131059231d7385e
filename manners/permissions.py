"""Who moderates and who adjudicates: two groups, which the administrator fills."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from manners.models import ADJUDICATORS, MODERATORS, Report
from manners.reportables import reportable
from people.models import User
from people.permissions import group_principal, principals

if TYPE_CHECKING:
    from manners.reportables import Matter


def moderates(user: User) -> bool:
    """Whether this user is a moderator. Administrators are not, unless they join the group."""
    return user.is_active and user.groups.filter(name=MODERATORS).exists()


@lru_cache(maxsize=1)
def moderators_group() -> int:
    """Return the key of the moderators' group, 0 without any. A process asks once: by it a link is shown, no more."""
    return Group.objects.filter(name=MODERATORS).values_list("pk", flat=True).first() or 0


def in_moderators_group(user: User) -> bool:
    """Whether this user is a moderator, as far as is known without asking the database."""
    return group_principal(moderators_group()) in principals(user)


def moderators() -> QuerySet[User]:
    """All moderators with an open account."""
    return User.objects.filter(groups__name=MODERATORS, is_active=True).order_by("pk")


def adjudicators() -> QuerySet[User]:
    """All adjudicators with an open account."""
    return User.objects.filter(groups__name=ADJUDICATORS, is_active=True).order_by(
        "last_name", "first_name", "pk"
    )


def who_may_read(users: QuerySet[User], found: Matter, kind: str) -> list[User]:
    """Return those of a few users who may read a thing."""
    known = reportable(kind)
    rows = users.select_related("profile__office")
    return [user for user in rows if known and known.readable_by(user).filter(pk=found.pk).exists()]


def writer_of(found: Matter) -> int | None:
    """Return the account by which who wrote a thing comes today: theirs, or the one it went into."""
    profile = found.author.profile if found.author else None
    return (profile.merged_into or profile).user_id if profile else None


def part_of(user: User, report: Report, found: Matter) -> str:
    """Return as what this user meets a report about something they may read; "" where they have no part in it."""
    if writer_of(found) == user.pk:
        return "author"
    if moderates(user):
        return "moderator"
    if report.adjudicators.filter(pk=user.pk).exists():
        return "adjudicator"
    return "reporter" if report.reporter_id == user.pk else ""
