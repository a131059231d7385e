"""What an account that the administration closes or opens says on the profile: that somebody left, or came back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from people.models import Profile
from people.models.profiles import ProfileQuerySet


@transaction.atomic
def note_leavers(accounts: Iterable[int]) -> None:
    """Say since today that those of these accounts that are closed have left.

    Authors brought along from elsewhere never had an account, and a profile that went into another has not left.
    """
    for profile in _people(accounts).filter(user__is_active=False, left_at=None).locked():
        profile.left_at = timezone.localdate()
        profile.save_only(["left_at"])


@transaction.atomic
def note_returned(accounts: Iterable[int]) -> None:
    """Say no longer that those of these accounts that are open have left."""
    for profile in _people(accounts).filter(user__is_active=True, left_at__isnull=False).locked():
        profile.left_at = None
        profile.save_only(["left_at"])


def _people(accounts: Iterable[int]) -> ProfileQuerySet:
    theirs = Profile.objects.filter(user__in=list(accounts), historical=False, merged_into=None)
    return theirs.exclude(user__email="")
