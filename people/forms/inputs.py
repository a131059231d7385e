"""The browser's own fields for days and times."""

from __future__ import annotations

from typing import Any

from django import forms

from people.fields import NameField


class DateInput(forms.DateInput):
    """A day; the browser wants ISO dates."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    """A time of day."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


def show_rows(form: forms.ModelForm) -> None:
    """Give name fields the rows that were fetched with the instance: they need not ask again, nor take another one."""
    for name, field in form.fields.items():
        if isinstance(field, NameField) and form.instance.pk:
            form.initial[name] = field.row = getattr(form.instance, name)
