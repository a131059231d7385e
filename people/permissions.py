"""Who somebody is, as a set of principals: the one vocabulary in which readers are named.

all          every signed-in colleague
u:<user>     one person
g:<group>    the members of a group
o:<office>   the people of an office and of the offices under it
admins       superusers
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import Profile, User

ALL = "all"
ADMINS = "admins"
NOBODY = 0  # no account has this number


def user_principal(pk: int) -> str:
    """One person."""
    return f"u:{pk}"


def group_principal(pk: int) -> str:
    """The members of a group."""
    return f"g:{pk}"


def office_principal(pk: int) -> str:
    """The people of an office, and of those under it."""
    return f"o:{pk}"


def principals(user: User | AnonymousUser) -> frozenset[str]:
    """Everything this user may read as. Nobody signed in, or an account that was closed: the empty set."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    return user.principals


def held_with_others(user: User) -> list[str]:
    """What a user may read as without being this one person: colleagues with the same list see the same.

    Part of the key of whatever is kept for several readers.
    """
    return sorted(principals(user) - {user_principal(user.pk)})


def impersonal(user: User) -> User:
    """A reader who may read what this one shares with others, and nothing that is theirs alone; never to be saved.

    Whatever leaves the site is asked and read as this one: a fact for oneself alone shows neither in what is taken
    along nor in whom a question finds.
    """
    other = copy(user)
    other.pk, other.principals = NOBODY, frozenset(held_with_others(user))
    return other


def office_ids(names: frozenset[str]) -> list[int]:
    """The offices among principals: their people, and those of offices below, may read what is for them."""
    return sorted(int(name[2:]) for name in names if name.startswith("o:"))


def may_edit(user: User, profile: Profile) -> bool:
    """Only oneself; administrators help those who cannot."""
    return user.is_active and (user.is_superuser or profile.user_id == user.pk)


def may_choose_office(user: User) -> bool:
    """An office decides what its people read: administrators give it; nobody takes it, unless a site lets them."""
    return user.is_superuser or settings.PEOPLE_CHOOSE_OFFICE
