"""The facts of a page as a form: each by the type that its kind gives it, and none dropped for not fitting it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diplopedia.facts import label_of, yes_or_no
from diplopedia.markdown import normalise
from diplopedia.models import ArticleTemplate, FactField
from people import lookup, regions
from people.models import Language, Office, Profile, Region
from people.names import fold

LONGEST = 2000
MOST_DIGITS = 30
MOST_OTHERS = 200
LONG = 120
SOME = 10  # handles that are named where several colleagues have a name
BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[ \u2009\u00a0\u202f](?=\d{3}(?!\d))")  # also narrow and no-break
KEY = re.compile(r"[\w.-]{1,60}")
Type = FactField.Type


class StatedField(forms.Field):
    """One fact in a form. None is ever required: a fact may be filled in later.

    `checked` is the field of its type, `held` what the form shows. What the page states already stays as it is, though
    its kind may have changed so that nobody could enter it today; it is shown in a control that can hold it.
    """

    def __init__(self, checked: forms.Field, held: str, stated: Collection[str]) -> None:
        self.checked, self.stated = checked, {fact.strip() for fact in stated if fact}
        self.stays = held.strip() in self.stated and not self.takes(held)
        super().__init__(required=False, widget=self.control(held), label=checked.label)
        self.help_text = checked.help_text

    def control(self, held: str) -> forms.Widget:
        """Return the widget of the type where it can hold the value, else a line or a box."""
        widget = self.checked.widget
        if isinstance(widget, forms.Select):
            if held.strip() and held not in {value for value, _label in widget.choices}:
                shown = Truncator(held).chars(LONG)
                called = _("%(fact)s (not offered any more)") % {"fact": shown} if self.stays else shown
                widget.choices = [*widget.choices, (held, called)]
            return widget
        if isinstance(widget, forms.Textarea) or (self.takes(held) and "\n" not in held):
            return widget
        box = len(held) > LONG or "\n" in held
        return forms.Textarea(attrs={"rows": 3}) if box else forms.TextInput()

    def takes(self, held: str) -> bool:
        """Whether this could be entered, and would be kept as it is."""
        try:
            kept = self.written(held)
        except ValidationError:
            return False
        return kept == held.strip() or isinstance(self.checked, NamedField)

    def written(self, text: str) -> str:
        """Return what is kept of a text. Raises ValidationError for what does not fit."""
        value = self.checked.clean(text)
        return format(value, "f") if isinstance(value, Decimal) else "" if value is None else str(value)

    def clean(self, value: Any) -> str:
        """Return the fact, as text."""
        text = normalise(value or "").strip()
        return text if text in self.stated else self.written(text)


class NumberField(forms.DecimalField):
    """A number as the reader's language writes it: "1 234,5" where a comma is the point. Kept as 1234.5."""

    def clean(self, value: Any) -> Any:
        """Return the number, or None. Raises ValidationError for what is no number, or could be two."""
        text = BETWEEN_THOUSANDS.sub("", value or "")
        if get_format("DECIMAL_SEPARATOR") == "," and "." not in text and text.count(",") == 1:
            text = text.replace(",", ".")
        return super().clean(text)


class NamedField(forms.CharField):
    """Something that has a name: `find` returns how it is kept, or nothing."""

    def __init__(self, find: Callable[[str], str | None], unknown: Any, suggestions: str = "") -> None:
        super().__init__(required=False, max_length=LONGEST)
        self.find, self.unknown = cache(find), unknown  # a form asks more than once
        if suggestions:
            self.widget.attrs |= {"list": suggestions, "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        """Return how it is kept. Raises ValidationError for a name that nothing has."""
        text = super().clean(value)
        found = self.find(text) if text else ""
        if found is None:
            raise ValidationError(self.unknown, params={"text": Truncator(text).chars(60)})
        return found


def fact_fields(
    template: ArticleTemplate | None, held: Mapping[str, str], stated: Iterable[Mapping[str, str]]
) -> dict[str, StatedField]:
    """Return a field for each fact that the kind asks for, and for each other fact that the form holds.

    `stated`: the facts of the page, in each version that the form may have been made from.
    """
    versions = list(stated)
    asked = list(template.fields.all()) if template else []
    fields = {field.key: stated_field(field, held.get(field.key, ""), versions) for field in asked}
    others = [key for key in held if key not in fields and KEY.fullmatch(key)]
    for key in others[:MOST_OTHERS]:
        box = long_text if len(held[key]) > LONG or "\n" in held[key] else short_text
        fields[key] = StatedField(box(), held[key], stated_under(key, versions))
        fields[key].label = label_of(key)
    return fields


def stated_field(field: FactField, held: str, versions: list[Mapping[str, str]]) -> StatedField:
    """Return the field of a fact that the kind asks for."""
    made = StatedField(FIELDS[Type(field.type)](field), held, stated_under(field.key, versions))
    made.label = field.called
    notes = []
    if made.stays and not isinstance(made.widget, forms.Select):  # a menu says it beside the choice
        shown = {"fact": Truncator(held).chars(60)}
        notes += [_("“%(fact)s” does not fit here any more. It stays until you change it.") % shown]
    made.help_text = " ".join([field.explained, *notes]).strip()
    return made


def stated_under(key: str, versions: Iterable[Mapping[str, str]]) -> set[str]:
    """Return what versions of a page state under a key."""
    return {str(facts.get(key, "")).replace("\r\n", "\n") for facts in versions}


def suggestions(template: ArticleTemplate | None) -> dict[str, list[str]]:
    """Return the names that a browser suggests for the facts of this kind, by the id of their list."""
    types = {field.type for field in template.fields.all()} if template else set()
    found = {}
    if Type.LANGUAGE in types:
        found["language-names"] = list(Language.objects.order_by("name").values_list("name", flat=True))
    if Type.OFFICE in types:
        found["office-names"] = list(Office.objects.order_by("name").values_list("name", flat=True))
    return found


def short_text(_field: FactField | None = None) -> forms.Field:
    """Return a line."""
    return forms.CharField(required=False, max_length=LONGEST)


def long_text(_field: FactField | None = None) -> forms.Field:
    """Return a box of some lines."""
    return forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


def day(_field: FactField) -> forms.Field:
    """Return a day."""
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def number(_field: FactField) -> forms.Field:
    """Return a number. A browser's own control would send nothing instead of what it takes for none."""
    return NumberField(required=False, max_digits=MOST_DIGITS, widget=line("decimal"))


def link(_field: FactField) -> forms.Field:
    """Return an address. A browser's own control would ask for the scheme, which is added here."""
    return forms.URLField(required=False, max_length=LONGEST, assume_scheme="https", widget=line("url"))


def line(keyboard: str) -> forms.Widget:
    """Return a line, with the keys of a telephone that fit."""
    return forms.TextInput(attrs={"inputmode": keyboard})


def choice(field: FactField) -> forms.Field:
    """Return the kind's own choices."""
    return chosen((option, option) for option in field.options)


def yes_no(_field: FactField) -> forms.Field:
    """Return yes and no; neither is chosen for anybody."""
    return chosen((value, yes_or_no(value)) for value in ("yes", "no"))


def country(_field: FactField) -> forms.Field:
    """Return the countries, by name."""
    known = [(r.code, r.name) for r in regions.atlas().by_code.values() if r.kind == Region.Kind.COUNTRY]
    return chosen(sorted(known, key=lambda row: row[1]), _("No country"))


def chosen(options: Iterable[tuple[str, str]], none: str = "—") -> forms.Field:
    """Return a choice, or none."""
    return forms.ChoiceField(required=False, choices=[("", none), *options])


def language_named(text: str) -> str | None:
    """Return the name of a language with this code or name."""
    found = lookup.language(text)
    return found.name if found else None


def office_named(text: str) -> str | None:
    """Return the name of an office with this name or acronym."""
    found = lookup.office(text)
    return found.name if found else None


def person_named(text: str) -> str | None:
    """Return the handle of a colleague with this handle or name; who is here comes before who has left.

    Raises ValidationError with their handles where several have the name: one of them would be taken for another.
    """
    wanted = text.strip().lstrip("@")
    every = Profile.objects.all()
    named = every.filter(name_key=fold(wanted)[:160])
    handles_like = every.filter(user__username=wanted), every.filter(user__username__iexact=wanted)
    for found in (*handles_like, named.directory(), named):
        handles = list(found.order_by("user__username").values_list("user__username", flat=True)[: SOME + 1])
        if len(handles) > 1:
            raise ValidationError(
                _("Several colleagues are called “%(text)s”: %(handles)s. Write the handle of one."),
                params={
                    "text": Truncator(wanted).chars(60),
                    "handles": ", ".join(handles[:SOME]) + (" …" if len(handles) > SOME else ""),
                },
            )
        if handles:
            return handles[0]
    return None


FIELDS: dict[FactField.Type, Callable[[FactField], forms.Field]] = {
    Type.TEXT: short_text,
    Type.LONG_TEXT: long_text,
    Type.DATE: day,
    Type.NUMBER: number,
    Type.CHOICE: choice,
    Type.YES_NO: yes_no,
    Type.COUNTRY: country,
    Type.LINK: link,
    Type.LANGUAGE: lambda _field: NamedField(
        language_named,
        gettext_lazy("We know no language called “%(text)s”. Choose one from the list."),
        "language-names",
    ),
    Type.OFFICE: lambda _field: NamedField(
        office_named,
        gettext_lazy("We know no office called “%(text)s”. Choose one from the list."),
        "office-names",
    ),
    Type.PERSON: lambda _field: NamedField(
        person_named,
        gettext_lazy("We know no colleague called “%(text)s”. Write a name or a handle."),
    ),
}
