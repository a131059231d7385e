"""What an account that the administration closes or opens says on the profile: that somebody left, or came back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from people.models import Profile

# Whose profile says otherwise than the account.
OUT_OF_STEP = Q(user__is_active=False, left_at=None) | Q(user__is_active=True, left_at__isnull=False)


@transaction.atomic
def follow(accounts: Iterable[int]) -> None:
    """Say since today that those of these accounts that are closed have left, and no longer of those that are open.

    Authors brought along from elsewhere never had an account, and a profile that went into another has not left.
    """
    theirs = Profile.objects.filter(OUT_OF_STEP, user__in=list(accounts), historical=False, merged_into=None)
    for profile in theirs.exclude(user__email="").locked():
        profile.left_at = None if profile.user.is_active else timezone.localdate()
        profile.save_only(["left_at"])
