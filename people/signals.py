"""What follows from saving: every account has a profile."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from people.models import Profile, User


@receiver(post_save, sender=User, dispatch_uid="people.profile_of_new_user")
def give_profile(instance: User, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A new account gets its profile; fixtures bring their own."""
    if created and not raw:
        Profile.objects.create(user=instance)
