"""When somebody's notices are due: at once, in the morning, or on Monday morning, where they are."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone

from notices.models import Preference

if TYPE_CHECKING:
    from people.models import User

MORNING = time(7)
# So long edits that follow one another may still become one notice before it is sent.
REST = timedelta(minutes=5)


def due_before(
    pace: str, user: User, now: datetime | None = None, *, direct: bool = False
) -> datetime | None:
    """Notices of somebody made before this moment are due now; None where none ever is.

    It depends on the clock alone, so a run that comes late or not at all loses nothing: the next one sends it.
    """
    now = now or timezone.now()
    if pace == Preference.Pace.NEVER:
        return None
    if pace == Preference.Pace.AT_ONCE:
        return now if direct else now - REST
    here = now.astimezone(zone_of(user))
    morning = datetime.combine(here.date(), MORNING, tzinfo=here.tzinfo)
    if morning > here:
        morning -= timedelta(days=1)
    if pace == Preference.Pace.WEEKLY:
        morning -= timedelta(days=morning.weekday())
    return morning


def zone_of(user: User) -> ZoneInfo:
    """The time zone that somebody gave, else the site's; `ZoneInfo` keeps those it has read."""
    try:
        return ZoneInfo(user.profile.timezone)
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ):  # what is no file of a zone: a folder, a path, no name
        return ZoneInfo(settings.TIME_ZONE)
