"""Form fields in which one types a name: works with a browser's suggestions and without any script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from people import ilr, lookup
from people.models import Language, Office, Post, Region, SkillTag


class NameField(forms.CharField):
    """A row of a table, typed by any of its names. `suggestions` is the id of the page's list of names."""

    def __init__(
        self,
        model: type[Model],
        find: Callable[[str], Model | None],
        write: Callable[[Any], str],
        suggestions: str,
        unknown: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(max_length=160, **kwargs)
        self.model, self.find, self.write, self.unknown = model, find, write, unknown
        self.widget.attrs |= {"list": suggestions, "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """The name of a stored row; what somebody typed stays as typed."""
        if isinstance(value, self.model):
            return self.write(value)
        if value and not isinstance(value, str):
            row = self.model._default_manager.filter(pk=value).first()
            return self.write(row) if row else ""
        return value

    def clean(self, value: Any) -> Any:
        """The row that was named, or None. Raises ValidationError for a name that nothing has."""
        text = super().clean(value)
        if not text:
            return None
        row = self.find(text)
        if row is None:
            raise ValidationError(self.unknown, params={"text": text}, code="unknown")
        return row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class LanguageField(NameField):
    """A language. Its code is a string, so stored values are told apart by their length in the table."""

    def __init__(self, **kwargs: Any) -> None:
        unknown = _("We know no language called “%(text)s”. Choose one from the list.")
        super().__init__(Language, lookup.language, str, "language-names", unknown, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) == Language._meta.get_field("code").max_length:
            row = Language.objects.filter(code=value).first()
            return row.name if row else value
        return super().prepare_value(value)


def region_field(*kinds: str, **kwargs: Any) -> NameField:
    """A country or region, or only regions of these kinds."""
    unknown = _("We know no country or region called “%(text)s”. Choose one from the list.")
    return NameField(Region, lambda text: lookup.region(text, *kinds), str, "region-names", unknown, **kwargs)


def post_field(**kwargs: Any) -> NameField:
    """An embassy, consulate or mission, by its city."""
    unknown = _("We know no post in “%(text)s”. Choose one from the list.")
    return NameField(
        Post, lookup.post, lambda post: lookup.post_names(post)[0], "post-names", unknown, **kwargs
    )


def office_field(**kwargs: Any) -> NameField:
    """A bureau or office."""
    unknown = _("We know no office called “%(text)s”. Choose one from the list.")
    return NameField(Office, lookup.office, str, "office-names", unknown, **kwargs)


class SkillField(forms.CharField):
    """A skill in one's own words; the one that is there already, whatever its capitals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)
        self.widget.attrs |= {"list": "skill-names", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """The words of a stored skill."""
        if isinstance(value, int):
            return SkillTag.objects.filter(pk=value).values_list("name", flat=True).first() or ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class LevelField(forms.TypedChoiceField):
    """An ILR level, shown as people write it and kept as a rank."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", "—"), *ilr.CHOICES]
        super().__init__(choices=choices, coerce=int, empty_value=None, **kwargs)


class NamesField(forms.CharField):
    """Several names, one a line or separated by semicolons, kept as a list."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=800, **kwargs)
        self.widget.attrs["rows"] = 3

    def prepare_value(self, value: Any) -> Any:
        """One name a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        lines = (line.strip() for line in text.replace(";", "\n").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(self.prepare_value(initial)) != self.to_python(data)
