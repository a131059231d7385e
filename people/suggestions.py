"""Names to choose from while somebody types: languages, places, offices, skills and time zones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar
from zoneinfo import available_timezones

from django.core.cache import cache
from django.db.models import Count

from people import called, lookup, regions
from people.models import Language, LanguageSkill, Office, Post, ProfileSkill, SkillTag, User
from people.models.audience import Audience
from people.names import fold

Row = TypeVar("Row")
MOST = 8
SKILLS = "skills"  # each editor has those they may read; all other names are everybody's
LONGEST = 80
NEAR = 3  # names that may have been meant
HOUR = 3600  # seconds


@dataclass(frozen=True)
class Named:
    """Something to choose: the name that the field understands, its other names, and what tells it from others.

    `weight`: whichever is chosen more often has more of it, and comes first of those that fit alike.
    """

    title: str
    names: tuple[str, ...] = ()
    detail: str = ""
    weight: tuple[int, ...] = ()


def suggest(of: str, text: str, editor: User) -> list[Named]:
    """The first few whose names begin with a text, then those of which a later word does. Empty for unknown sorts."""
    wanted = fold(text[:LONGEST]).strip()
    names = _skills(editor) if of == SKILLS else OPEN.get(of, lambda: iter(()))()
    ranked = ((_rank(one, wanted), one) for one in names) if wanted else ()
    heaviest = sorted(
        (pair for pair in ranked if pair[0] is not None), key=lambda p: p[1].weight, reverse=True
    )
    return [one for _rank, one in sorted(heaviest, key=lambda pair: pair[0] or ())[:MOST]]


def like(of: str, text: str) -> list[str]:
    """The names of this sort that may have been meant by a mistyped one; only of what everybody may know."""
    titles = {fold(name): one.title for one in OPEN[of]() for name in (*one.names, one.title)}
    near = get_close_matches(fold(text[:LONGEST]), titles, NEAR)
    return list(dict.fromkeys(titles[name] for name in near))


def _rank(one: Named, wanted: str) -> tuple[int, int] | None:
    """How well a name fits: the title before other names, beginnings before later words; None if none does."""
    fits = (_fit(fold(name), wanted) for name in (one.title, *one.names))
    return min(((fit, place > 0) for place, fit in enumerate(fits) if fit is not None), default=None)


def _fit(name: str, wanted: str) -> int | None:
    if name.startswith(wanted):
        return 0 if name == wanted else 1
    return 2 if f" {wanted}" in name or f"/{wanted}" in name or f"({wanted}" in name else None


def _told_apart(rows: Iterable[Row], ways: Callable[[Row], tuple[str, ...]]) -> Iterator[tuple[Row, str]]:
    """Each row with the first of its ways to be written that no other row shares; the last of them is its own."""
    every = [(row, ways(row)) for row in rows]
    times = Counter(fold(way) for _row, written in every for way in set(written))
    for row, written in every:
        yield row, next((way for way in written if times[fold(way)] == 1), written[-1])


def _times(facts: type[LanguageSkill | ProfileSkill], field: str) -> dict[str, int]:
    """How many say each language or skill of themselves to everybody, as counted within the hour."""

    def count() -> dict[str, int]:
        said = facts.objects.filter(audience=Audience.ALL).order_by()
        return dict(said.values_list(field).annotate(number=Count("pk")))

    return cache.get_or_set(f"people.suggestions.{field}", count, HOUR) or {}


def _languages() -> Iterator[Named]:
    """Those that many speak here come first, then those of many countries."""
    rows, spoken = Language.objects.order_by("name"), _times(LanguageSkill, "language")
    for one, title in _told_apart(rows, lambda one: lookup.language_names(one.code, one.tag, one.name)):
        own = one.native_name
        names = (one.name, own, *one.other_names, *called.language(one.code, one.tag), one.code)
        detail = own if own != title else ""
        yield Named(title, names, detail, (spoken.get(one.code, 0), len(one.countries)))


def _regions() -> Iterator[Named]:
    rows = sorted(regions.atlas().by_pk.values(), key=lambda region: region.name)
    for one, title in _told_apart(rows, lookup.region_names):
        names = (one.name, *one.other_names, one.demonym, *called.region(one), one.code)
        yield Named(title, names, "" if one.kind == one.Kind.COUNTRY else str(one.get_kind_display()))


def _posts(posts: Iterable[Post]) -> Iterator[Named]:
    for one in posts:
        title, *names = lookup.post_names(one)
        yield Named(title, (*names, *called.post(one)), f"–{one.closed}" if one.closed else "")


def _every_post() -> Iterator[Named]:
    return _posts(Post.objects.select_related("country"))


def _open_posts() -> Iterator[Named]:
    return _posts(Post.objects.select_related("country").filter(closed__isnull=True))


def _offices() -> Iterator[Named]:
    rows = Office.objects.order_by("path").select_related("parent")
    for one, title in _told_apart(rows, lookup.office_names):
        yield Named(title, (one.acronym,) if one.acronym else (), one.acronym)


def _zones() -> Iterator[Named]:
    return (Named(zone, (zone.replace("_", " "),)) for zone in sorted(available_timezones()) if "/" in zone)


def _skills(editor: User) -> Iterator[Named]:
    times = _times(ProfileSkill, "tag__name")
    names = SkillTag.objects.readable_by(editor).values_list("name", flat=True)
    return (Named(name, weight=(times.get(name, 0),)) for name in names)


OPEN: dict[str, Callable[[], Iterator[Named]]] = {
    "languages": _languages,
    "regions": _regions,
    "posts": _every_post,
    "open_posts": _open_posts,
    "offices": _offices,
    "zones": _zones,
}
