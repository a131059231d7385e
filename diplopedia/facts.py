"""The facts an article states: as rows of the fact box, and as a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

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


def fact_rows(article: Article, facts: Mapping[str, str] | None = None, *, box: bool = False) -> list[Fact]:
    """Return an article's facts (or those of an earlier revision) in the order of its kind.

    Facts the kind does not know, as imports bring, come last under their own key. With `box`, those that the
    kind keeps out of the fact box, because the text says them, are left out.
    """
    values = dict(article.facts if facts is None else facts)
    fields = list(article.template.fields.all()) if article.template and values else []
    stated = [(field, values.pop(field.key)) for field in fields if values.get(field.key)]
    known = [fact(field, value) for field, value in stated if field.in_box or not box]
    return known + [
        Fact(key, label_of(key), value, long=len(value) > 120) for key, value in values.items() if value
    ]


def label_of(key: str) -> str:
    """Turn a key into a label: `long_form` becomes “Long form”."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def fact(field: FactField, value: str) -> Fact:
    """Return one fact as readers see it: names for codes, dates in words, links where there is a page."""
    text, url = value, ""
    if field.type == FactField.Type.COUNTRY and (place := regions.atlas().by_code.get(value)):
        text, url = place.name, reverse("region", args=[place.slug])
    elif field.type == FactField.Type.DATE and (when := parse_day(value)):
        text = date_format(when)
    elif field.type == FactField.Type.LINK:
        url = value if value.startswith(("https://", "http://", "/")) else ""
    elif field.type == FactField.Type.PERSON:
        url = "" if "/" in value else reverse("people:profile", args=[value])  # no handle has a slash
    elif field.type == FactField.Type.LANGUAGE:
        url = f"{reverse('people:directory')}?{urlencode({'lang': value})}"
    return Fact(field.key, field.label, text, url, long=field.type == FactField.Type.LONG_TEXT)


def parse_day(value: str) -> date | None:
    """Return the date an ISO text means, or None."""
    try:
        return parse_date(value)
    except ValueError:
        return None


def form_field(field: FactField) -> forms.Field:
    """Return the form field for a fact. None is ever required: a fact may be filled in later."""
    made = FORM_FIELDS.get(FactField.Type(field.type), short_text)(field)
    made.label, made.help_text, made.required = field.label, field.help_text, False
    made.widget.is_required = False
    return made


def short_text(_field: FactField) -> forms.Field:
    """Return a line."""
    return forms.CharField(max_length=LONGEST)


def long_text(_field: FactField) -> forms.Field:
    """Return a box of some lines."""
    return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


def day(_field: FactField) -> forms.Field:
    """Return a day."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def choice(field: FactField) -> forms.Field:
    """Return the kind's own choices."""
    options = [line.strip() for line in field.choices.splitlines() if line.strip()]
    return forms.ChoiceField(choices=[("", "—"), *((option, option) for option in options)])


def country(_field: FactField) -> forms.Field:
    """Return the countries, by name."""
    known = [(r.code, r.name) for r in regions.atlas().by_code.values() if r.kind == Region.Kind.COUNTRY]
    return forms.ChoiceField(choices=[("", _("No country")), *sorted(known, key=lambda row: row[1])])


FORM_FIELDS: dict[str, Callable[[FactField], forms.Field]] = {
    FactField.Type.LONG_TEXT: long_text,
    FactField.Type.DATE: day,
    FactField.Type.NUMBER: lambda _field: forms.DecimalField(),
    FactField.Type.CHOICE: choice,
    FactField.Type.COUNTRY: country,
    FactField.Type.LINK: lambda _field: forms.URLField(max_length=LONGEST, assume_scheme="https"),
}
