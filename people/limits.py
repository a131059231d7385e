"""How many colleagues one person may take along in a day and read in an hour, and what of it goes on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Disclosure, User
from people.requests import reader_of, request_id

DAY = dt.timedelta(days=1)
HOUR = 60 * 60  # seconds
GLANCES = 5  # times as many as one may read are shown on first pages, and those of offices and posts

View = Callable[..., HttpResponseBase]


class TooMany(Exception):
    """More than one may have now. Says why, and what to do instead; `wait` are the seconds until there is more."""

    def __init__(self, words: str, wait: int) -> None:
        super().__init__(words)
        self.wait = wait


def refused(request: HttpRequest, error: TooMany) -> HttpResponse:
    """The page that says so."""
    page = render(request, "people/too_many.html", {"reason": str(error)}, status=429)
    page["Retry-After"] = str(error.wait)
    return page


def within_limits(view: View) -> View:
    """Answer with words where a view gives more than one may have."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TooMany as error:
            return refused(request, error)

    return answer


# --- taking along -------------------------------------------------------------------------------------------------


def left_today(user: User) -> int:
    """How many people somebody may still take along now."""
    taken = Disclosure.objects.taken(user, timezone.now() - DAY)
    return max(settings.PEOPLE_TAKEN_PER_DAY - taken, 0)


@transaction.atomic
def take(request: HttpRequest, kind: str, what: str, number: int) -> None:
    """Put on record that so many people are taken along. Raises TooMany, and nothing is, beyond those of a day."""
    user = reader_of(request)
    # One after the other, so that two at once do not both find room.
    User.objects.select_for_update().filter(pk=user.pk).order_by("pk").values_list("pk").first()
    left = left_today(user)
    if number > left:
        raise TooMany(_taken(number, left), HOUR)
    _record(request, kind, what, number)


def _taken(number: int, left: int) -> str:
    most = settings.PEOPLE_TAKEN_PER_DAY
    words = ngettext(
        "This is %(number)s colleague. Within a day one may take %(most)s along, and you have %(left)s left.",
        "These are %(number)s colleagues. Within a day one may take %(most)s along, and you have %(left)s left.",
        number,
    )
    cure = _("Ask for fewer: name a language, a place or an office. Or take the others tomorrow.")
    numbers = {"number": number, "most": most, "left": left}
    return f"{words % {name: number_format(value) for name, value in numbers.items()}} {cure}"


def _record(request: HttpRequest, kind: str, what: str, number: int) -> None:
    Disclosure.objects.create(
        user_id=reader_of(request).pk, kind=kind, what=what, number=number, request=request_id(request)
    )


# --- reading ------------------------------------------------------------------------------------------------------


def read(request: HttpRequest, number: int = 1) -> None:
    """Count people whose facts somebody reads. Raises TooMany beyond those of an hour; the first time is put on record.

    Counted in the cache. Where that is away nothing is counted, and reading goes on; also where the setting is 0.
    """
    _count_people(request, "read", number, settings.PEOPLE_READ_PER_HOUR)


def glance(request: HttpRequest, number: int) -> None:
    """The same for people in a list that somebody opens as everybody does: they may be more, by themselves."""
    _count_people(request, "glance", number, GLANCES * settings.PEOPLE_READ_PER_HOUR)


def turn(request: HttpRequest, number: int, page: int) -> None:
    """Count people in a list, on which page of it: whoever turns pages reads one after the other. Raises TooMany."""
    (read if page > 1 else glance)(request, number)


def _count_people(request: HttpRequest, how: str, number: int, most: int) -> None:
    if not most:
        return
    now = int(timezone.now().timestamp())
    total = _count(f"people.{how}.{reader_of(request).pk}.{now // HOUR}", number)
    if total <= most:
        return
    if total - number <= most:
        _record(request, Disclosure.Kind.READ, "", most)
    wait = HOUR - now % HOUR
    minutes = ngettext("%(n)d minute", "%(n)d minutes", -(-wait // 60)) % {"n": -(-wait // 60)}
    words = _(
        "You have read about %(most)s colleagues within an hour, which is as many as one may. Go on in %(minutes)s. "
        "Are you looking for somebody? Ask the directory in one question: its answer names them."
    )
    raise TooMany(words % {"most": number_format(most), "minutes": minutes}, wait)


def _count(key: str, number: int) -> int:
    try:
        return int(cache.incr(key, number))
    except ValueError:
        cache.set(key, number, HOUR)
        return number


def counted(view: View) -> View:
    """A view of the facts of one person: each time counts, but for one's own."""

    @within_limits
    @wraps(view)
    def answer(request: HttpRequest, handle: str) -> HttpResponseBase:
        if handle.lower() != reader_of(request).username:
            read(request)
        return view(request, handle)

    return answer
