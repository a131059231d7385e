"""The facts an article states: as rows of the fact box, and as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diplopedia.models import FactField
from people import regions
from people.models import Region

if TYPE_CHECKING:
    from diplopedia.models import Article

LONGEST = 2000


@dataclass(frozen=True)
class Fact:
    """One row of the fact box."""

    key: str
    label: str
    value: str
    url: str = ""
    long: bool = False


def fact_rows(article: Article, facts: Mapping[str, str] | None = None) -> list[Fact]:
    """Return an article's facts (or those of an earlier revision) in the order of its kind.

    Facts the kind does not know, as imports bring, come last under their own key.
    """
    values = dict(article.facts if facts is None else facts)
    fields = list(article.template.fields.all()) if article.template and values else []
    known = [fact(field, values.pop(field.key)) for field in fields if values.get(field.key)]
    return known + [
        Fact(key, label_of(key), value, long=len(value) > 120) for key, value in values.items() if value
    ]


def label_of(key: str) -> str:
    """Turn a key into a label: `long_form` becomes “Long form”."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def fact(field: FactField, value: str) -> Fact:
    """Return one fact as readers see it: names for codes, dates in words, links where there is a page."""
    text, url = value, ""
    if field.type == FactField.Type.COUNTRY and (country := regions.atlas().by_code.get(value)):
        text, url = country.name, reverse("region", args=[country.slug])
    elif field.type == FactField.Type.DATE and (date := parse_day(value)):
        text = date_format(date)
    elif field.type == FactField.Type.LINK:
        url = value if value.startswith(("https://", "http://", "/")) else ""
    elif field.type == FactField.Type.PERSON:
        url = reverse("people:profile", args=[value])
    elif field.type == FactField.Type.LANGUAGE:
        url = f"{reverse('people:directory')}?language={value}"
    return Fact(field.key, field.label, text, url, long=field.type == FactField.Type.LONG_TEXT)


def parse_day(value: str) -> object | None:
    """Return the date an ISO text means, or None."""
    try:
        return parse_date(value)
    except ValueError:
        return None


def form_field(field: FactField) -> forms.Field:
    """Return the form field for a fact. None is ever required: a fact may be filled in later."""
    common = {"label": field.label, "help_text": field.help_text, "required": False}
    kind = FactField.Type(field.type)
    if kind == FactField.Type.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, **common)
    if kind == FactField.Type.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if kind == FactField.Type.NUMBER:
        return forms.DecimalField(**common)
    if kind == FactField.Type.CHOICE:
        options = [line.strip() for line in field.choices.splitlines() if line.strip()]
        return forms.ChoiceField(choices=[("", "—"), *((option, option) for option in options)], **common)
    if kind == FactField.Type.COUNTRY:
        countries = [
            (r.code, r.name) for r in regions.atlas().by_code.values() if r.kind == Region.Kind.COUNTRY
        ]
        return forms.ChoiceField(
            choices=[("", _("No country")), *sorted(countries, key=lambda row: row[1])], **common
        )
    if kind == FactField.Type.LINK:
        return forms.URLField(max_length=LONGEST, assume_scheme="https", **common)
    return forms.CharField(max_length=LONGEST, **common)
