"""What somebody typed, as the row it names: any of its names, in any case, with or without accents."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import TypeVar

from django.db.models import F

from people import called, regions
from people.display_names import language_name
from people.models import Language, Office, Post, Region
from people.names import fold

Key = TypeVar("Key")
Named = Iterable[tuple[Key, Iterable[Iterable[str]]]]


def best(text: str, named: Named[Key]) -> Key | None:
    """The key among whose names the text is."""
    return by_name(named).get(fold(text))


def by_name(named: Named[Key]) -> dict[str, Key]:
    """What each name means, by the folded name. Each key has several sorts of names, and an earlier sort comes first.

    What somebody chose from a list is that: its own name comes before the code of another, and that before the other
    names by which others are known. Of several of one sort the first is meant.
    """
    known: dict[str, Key] = {}
    for sort in zip_longest(*([(key, names) for names in sorts] for key, sorts in named)):
        for key, names in filter(None, sort):
            for name in names:
                known.setdefault(fold(name), key)
    known.pop("", None)
    return known


def language(text: str) -> Language | None:
    """A language by code or any name: "pus", "Pashto", "پښتو", "Pushto"."""
    code = best(text, languages())
    return Language.objects.filter(code=code).first() if code else None


def languages() -> Named[str]:
    """The codes of all languages with their names.

    Of several with the same other name the larger one is meant: "Farsi" is Persian, not a variety of it.
    """
    larger_first = Language.objects.order_by(F("macrolanguage").asc(nulls_first=True), "name")
    rows = larger_first.values_list("code", "tag", "name", "native_name", "other_names")
    return (
        (
            code,
            (language_names(code, tag, name), (name,), (code,), (own, *others, *called.language(code, tag))),
        )
        for code, tag, name, own, others in rows
    )


def region(text: str, *kinds: str) -> Region | None:
    """A country or region by address, code or any name, demonyms included; only of these kinds if any are given."""
    addressed = regions.atlas().by_slug.get(text)
    if addressed is not None and (not kinds or addressed.kind in kinds):
        return addressed
    return best(text, places(*kinds))


def places(*kinds: str) -> Named[Region]:
    """Countries and regions with their names: a country before a bureau, and a bureau before other regions."""
    known = [region for region in regions.atlas().by_pk.values() if not kinds or region.kind in kinds]
    known.sort(key=lambda region: (region.kind != Region.Kind.COUNTRY, region.kind != Region.Kind.BUREAU))
    return (
        (
            row,
            (
                region_names(row),
                (row.name,),
                (row.slug, row.code),
                (*row.other_names, row.demonym, *called.region(row)),
            ),
        )
        for row in known
    )


def post(text: str) -> Post | None:
    """A post by address, city, or as it is called ("Embassy Kabul"); open posts before closed ones."""
    rows = Post.objects.order_by("closed", "pk").select_related("country")
    posts = sorted(rows, key=lambda post: post.closed is not None)
    return best(text, ((post, (post_names(post), called.post(post))) for post in posts))


def office(text: str) -> Office | None:
    """An office by address, name or acronym."""
    offices = Office.objects.order_by("path").select_related("parent")
    addressed = next((one for one in offices if one.slug == text), None)
    return addressed or best(
        text, ((one, (office_names(one), (one.slug,), (one.acronym,))) for one in offices)
    )


def language_names(code: str, tag: str, name: str) -> tuple[str, str]:
    """What a reader calls a language, then the same so that no other is called so."""
    known = language_name(tag, name)
    return known, f"{known} ({code})"


def region_names(region: Region) -> tuple[str, str]:
    """What a reader calls a country or region, then the same with what it is: a bureau is called like a continent."""
    return str(region), f"{region} ({region.get_kind_display()})"


def office_names(office: Office) -> tuple[str, str, str]:
    """What an office is called, then with that above it, then so that no other is called so."""
    above = office.parent.acronym or office.parent.name if office.parent else office.acronym
    return office.name, f"{office.name} ({above or office.slug})", f"{office.name} ({office.slug})"


def post_names(post: Post) -> tuple[str, ...]:
    """The ways to write one post; the first is unambiguous."""
    country = f", {post.country}" if post.country else ""
    until = f", –{post.closed}" if post.closed else ""
    return (
        f"{post.town}{country} ({post.kind_name}{until})",
        f"{post.town}{country} ({post.kind_name})",
        f"{post.town}{country}",
        post.name,
        post.slug,
        post.town,
        post.city,
    )
