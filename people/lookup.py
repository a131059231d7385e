"""What somebody typed, as the row it names: any of its names, in any case, with or without accents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import F

from people import called, regions, translated
from people.data import city_names
from people.models import Language, Office, Post, Region
from people.names import fold

Key = TypeVar("Key")


def best(text: str, named: Iterable[tuple[Key, Iterable[str], Iterable[str]]]) -> Key | None:
    """The key whose first names include the text, else whose other names do; the first of several."""
    wanted, second = fold(text), None
    if not wanted:
        return None
    for key, first_names, other_names in named:
        if any(fold(name) == wanted for name in first_names):
            return key
        if second is None and any(fold(name) == wanted for name in other_names):
            second = key
    return second


def language(text: str) -> Language | None:
    """A language by code or any name: "pus", "Pashto", "پښتو", "Pushto".

    Of several with the same other name the larger one is meant: "Farsi" is Persian, not a variety of it.
    """
    larger_first = Language.objects.order_by(F("macrolanguage").asc(nulls_first=True), "name")
    rows = larger_first.values_list("code", "tag", "name", "native_name", "other_names")
    named = (
        (code, (code, name), (own, *others, *called.language(code, tag)))
        for code, tag, name, own, others in rows
    )
    code = best(text, named)
    return Language.objects.filter(code=code).first() if code else None


def region(text: str, *kinds: str) -> Region | None:
    """A country or region by address, code or any name, demonyms included; only of these kinds if any are given.

    A country comes before a bureau of the same name, and a bureau before other regions.
    """
    known = [region for region in regions.atlas().by_pk.values() if not kinds or region.kind in kinds]
    known.sort(key=lambda region: (region.kind != Region.Kind.COUNTRY, region.kind != Region.Kind.BUREAU))
    named = (
        (row, (row.slug, row.code, row.name), (*row.other_names, row.demonym, *called.region(row)))
        for row in known
    )
    return best(text, named)


def post(text: str) -> Post | None:
    """A post by address, city, or as it is called ("Embassy Kabul"); open posts before closed ones."""
    rows = Post.objects.order_by("closed", "pk").select_related("country")
    posts = sorted(rows, key=lambda post: post.closed is not None)
    named = (
        (post, post_names(post), (*post.other_names, *city_names(post.city), *translated.city(post.city)))
        for post in posts
    )
    return best(text, named)


def office(text: str) -> Office | None:
    """An office by address, name or acronym."""
    offices = Office.objects.order_by("path")
    return best(text, ((one, (one.slug, one.name), (one.acronym,)) for one in offices))


def post_names(post: Post) -> tuple[str, ...]:
    """The ways to write one post; the first is unambiguous."""
    country = f", {post.country}" if post.country else ""
    return (
        f"{post.city}{country} ({post.kind_name})",
        f"{post.city}{country}",
        post.name,
        post.slug,
        post.city,
    )
