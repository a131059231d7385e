"""The facts an article states, as readers see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diplopedia.models import FactField
from people import regions
from people.models import Profile

if TYPE_CHECKING:
    from diplopedia.models import Article, ArticleTemplate
    from diplopedia.narrowing import Values
    from diplopedia.querysets import ArticleQuerySet

FACT = "fact_"  # before the key of a fact: its name in forms and addresses
NARROWING = {
    FactField.Type.CHOICE, FactField.Type.YES_NO, FactField.Type.COUNTRY, FactField.Type.LANGUAGE,
    FactField.Type.PERSON, FactField.Type.OFFICE, FactField.Type.DATE,
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One row of the fact box."""

    key: str
    label: str
    value: str
    url: str = ""
    long: bool = False


def fact_rows(article: Article, facts: Mapping[str, str] | None = None, *, box: bool = False) -> list[Fact]:
    """Return an article's facts (or those of an earlier revision) in the order of its kind.

    Facts the kind does not know, as imports bring, come last under their own key. With `box`, those that the
    kind keeps out of the fact box, because the text says them, are left out.
    """
    values = dict(article.facts if facts is None else facts)
    fields = list(article.template.fields.all()) if article.template and values else []
    stated = [(field, values.pop(field.key)) for field in fields if values.get(field.key)]
    called = names_in(stated)
    known = [fact(field, value, called) for field, value in stated if field.in_box or not box]
    return known + [
        Fact(key, label_of(key), value, long=len(value) > 120) for key, value in values.items() if value
    ]


def facts_in_words(template: ArticleTemplate | None, facts: Mapping[str, str]) -> dict[str, str]:
    """Return facts by key as readers see them."""
    fields = {field.key: field for field in template.fields.all()} if template else {}
    called = names_in((fields[key], value) for key, value in facts.items() if key in fields)
    return {
        key: fact(fields[key], value, called).value if key in fields else value
        for key, value in facts.items()
    }


def fact_labels(template: ArticleTemplate | None, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return (key, label) of what the kind asks for, in its order, then of the other keys."""
    known = {field.key: field.called for field in template.fields.all()} if template else {}
    return [*known.items(), *((key, label_of(key)) for key in sorted(set(keys) - known.keys()))]


def names_in(stated: Iterable[tuple[FactField, str]]) -> dict[str, str]:
    """Return the names of the colleagues whom facts state, by handle."""
    handles = {value for field, value in stated if field.type == FactField.Type.PERSON}
    people = Profile.objects.filter(user__username__in=handles).select_related("user") if handles else []
    return {profile.user.username: profile.name for profile in people}


def label_of(key: str) -> str:
    """Turn a key into a label: `long_form` becomes “Long form”."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def fact(field: FactField, value: str, called: Mapping[str, str]) -> Fact:
    """Return one fact as readers see it: names for codes, dates in words, links where there is a page.

    `called`: the names of colleagues by handle.
    """
    text, url = value, ""
    if field.type == FactField.Type.COUNTRY and (place := regions.atlas().by_code.get(value)):
        text, url = str(place), reverse("region", args=[place.slug])
    elif field.type == FactField.Type.DATE and (when := parse_day(value)):
        text = date_format(when, "j F Y")
    elif field.type == FactField.Type.LINK:
        url = value if value.startswith(("https://", "http://", "/")) else ""
    elif field.type == FactField.Type.PERSON and value in called:
        text, url = called[value], reverse("people:profile", args=[value])
    elif field.type == FactField.Type.YES_NO:
        text = yes_or_no(value)
    elif field.type == FactField.Type.LANGUAGE:
        url = f"{reverse('people:directory')}?{urlencode({'lang': value})}"
    return Fact(field.key, field.label, text, url, long=field.type == FactField.Type.LONG_TEXT)


def narrowing_fields(template: ArticleTemplate) -> list[FactField]:
    """Return the facts of a kind that many pages may have in common."""
    return [field for field in template.fields.all() if field.type in NARROWING]


def facet_legends(template: ArticleTemplate) -> dict[str, str]:
    """Return the facets by which pages of a kind are narrowed, each with its words."""
    return {f"{FACT}{field.key}": field.called for field in narrowing_fields(template)}


def facet_values(template: ArticleTemplate, articles: ArticleQuerySet) -> dict[int, Values]:
    """Return for each of these articles of a kind what it has of each facet, in two queries."""
    fields = {field.key: field for field in narrowing_fields(template)}
    rows = list(articles.order_by().values_list("pk", "facts"))
    called = names_in(
        (fields[key], facts[key]) for _pk, facts in rows for key in fields.keys() & facts.keys()
    )

    @cache  # many pages have few values, and words for one take longer than all else
    def value_of(key: str, value: str) -> dict[str, str]:
        return facet_value(fields[key], value, called)

    return {
        pk: {f"{FACT}{key}": value_of(key, facts[key]) for key in fields.keys() & facts.keys()}
        for pk, facts in rows
    }


def facet_value(field: FactField, value: str, called: Mapping[str, str]) -> dict[str, str]:
    """Return what a fact counts as: a date as its year, and nothing where it is none."""
    if field.type == FactField.Type.DATE:
        when = parse_day(value)
        return {str(when.year): str(when.year)} if when else {}
    return {value: fact(field, value, called).value}


def parse_day(value: str) -> date | None:
    """Return the date an ISO text means, or None."""
    try:
        return parse_date(value)
    except ValueError:
        return None


def yes_or_no(value: str) -> str:
    """Return “yes” and “no” in words; anything else as it is."""
    return {"yes": _("Yes"), "no": _("No")}.get(value, value)
