"""What ends with an account: the addresses of its feeds, which whoever comes back makes anew."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from notices.models import Preference
from people.models import User


def end_feeds(instance: User, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """End the feeds of a closed account."""
    if not (created or raw or instance.is_active):
        Preference.objects.filter(user=instance.pk).exclude(feed_word="").update(feed_word="")


def connect() -> None:
    """Hear of closed accounts."""
    post_save.connect(end_feeds, sender=User, dispatch_uid="notices.account_closed")
