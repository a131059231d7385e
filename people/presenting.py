"""How people are put in words and on a line of time: places, local time, neighbours at a post."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from people.models import Post, Profile
from people.models.profiles import AVAILABLE_FOR

WEEKS = {"mon-fri": range(5), "sun-thu": (6, 0, 1, 2, 3), "sat-wed": (5, 6, 0, 1, 2), "mon-sat": range(6)}


def place_of(profile: Profile) -> str:
    """Where somebody works: "Embassy Kabul", else the office; empty when neither is known."""
    return str(profile.post or profile.office or "")


DAY = "j F Y"  # as on every other page: 1 July 2027


@dataclass(frozen=True)
class Offer:
    """Something one is ready for: in words, whether today, and on which days ("not before 1 July 2027")."""

    words: str
    today: bool
    over: bool
    days: str


def offer(profile: Profile, what: str) -> Offer:
    """What a profile says of one thing that it is ready for: an item of `ready_for`."""
    begins, ends = getattr(profile, f"{what}_from"), getattr(profile, f"{what}_until")
    today = timezone.localdate()
    days = []
    if begins and begins > today:
        days.append(_("not before %(date)s") % {"date": date_format(begins, DAY)})
    if ends:
        days.append(_("until %(date)s") % {"date": date_format(ends, DAY)})
    words = str(AVAILABLE_FOR[what])
    return Offer(capfirst(words), profile.is_available(what), bool(ends and ends < today), ", ".join(days))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_of(post: Post) -> str:
    """The time zone of a post: its own, else its city's or its country's only one; empty when unknown."""
    if post.timezone:
        return post.timezone if post.timezone in _zones() else ""
    here = get_global("territory_zones").get(post.country.iso2, []) if post.country else []
    named = [zone for zone in here if zone.rsplit("/", 1)[-1] == post.city.replace(" ", "_")]
    candidates = named or (here if len(here) == 1 else [])
    return next((zone for zone in candidates if zone in _zones()), "")


@dataclass(frozen=True)
class Clock:
    """The time where somebody works, and whether they are at work."""

    now: dt.datetime
    at_work: bool
    until: dt.time
    since: dt.time
    city: str

    @property
    def offset(self) -> str:
        """Distance from Greenwich: "UTC+4:30"."""
        minutes = int((self.now.utcoffset() or dt.timedelta()).total_seconds() // 60)
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")

    @property
    def time(self) -> str:
        """Hours and minutes there."""
        return f"{self.now:%H:%M}"

    @property
    def words(self) -> str:
        """At work until when, or not at work."""
        if self.at_work:
            return _("at work until %(time)s") % {"time": f"{self.until:%H:%M}"}
        return _("not at work now")


def clock(profile: Profile, now: dt.datetime | None = None) -> Clock | None:
    """The time where this person works; None when the time zone is not known."""
    zone = profile.timezone if profile.timezone in _zones() else ""
    zone = zone or (zone_of(profile.post) if profile.post else "")
    if not zone:
        return None
    here = (now or timezone.now()).astimezone(ZoneInfo(zone))
    on_a_working_day = here.weekday() in WEEKS[profile.work_week]
    in_hours = profile.works_from <= here.time() < profile.works_until
    city = profile.post.town if profile.post else zone.rsplit("/", 1)[-1].replace("_", " ")
    return Clock(here, on_a_working_day and in_hours, profile.works_until, profile.works_from, city)
