"""Accounts that an import makes: of colleagues, of historical people, and of authors known by a name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group

from people.models import User

if TYPE_CHECKING:
    from diplopedia.importing.ledger import Ledger


def new_account(handle: str, **fields: object) -> User:
    """Make an account nobody can sign in to yet, with a free handle like the one given, and its profile."""
    user = User(username=User.objects.free_handle(handle), **fields)
    user.set_unusable_password()
    user.save()
    return user


def with_place(pk: int | None) -> User | None:
    """Return a user with what saving an edit asks of its author, or None."""
    if pk is None:
        return None
    return User.objects.select_related("profile__office", "profile__post").filter(pk=pk).first()


def placeholder(ledger: Ledger, label: str) -> User:
    """Return the inactive user who stands for an author known only by this label, such as a repository."""
    label = label[:120]
    if user := with_place(ledger.pk("author", label)):
        return user
    user = new_account(label, first_name=label, is_active=False, origin=label)
    user.profile.preferred_name = label
    user.profile.save()
    ledger.enter("author", label, user)
    return user


def group(ledger: Ledger, name: str) -> Group:
    """Return the group of this name, made if need be."""
    found, made = Group.objects.get_or_create(name=name[:150])
    if made:
        ledger.enter("group", found.name, found)
    return found
