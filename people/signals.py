"""What follows from saving: every account has a profile, and the graph of regions is read again."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from people import regions
from people.models import Profile, Region, User


@receiver(post_save, sender=User, dispatch_uid="people.profile_of_new_user")
def give_profile(instance: User, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A new account gets its profile; fixtures bring their own."""
    if created and not raw:
        Profile.objects.create(user=instance)


@receiver([post_save, post_delete], sender=Region, dispatch_uid="people.regions_changed")
@receiver(m2m_changed, sender=Region.parents.through, dispatch_uid="people.region_parents_changed")
def read_regions_again(**kwargs: Any) -> None:
    """Somebody edited a region: the next question about what lies where asks the database."""
    regions.forget()
