"""Form fields in which one types a name: with suggestions while typing, and without any script."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from people import lookup, suggestions
from people.models import Language, LanguageSkill, Office, Post, Region, SkillTag
from people.names import one_line


class NameField(forms.CharField):
    """A row of a table, typed by any of its names. `of` says which names are suggested (people.suggestions).

    `row` is the one that a form shows: what is sent as it was written for that row means it, not another so called.
    """

    row: Any = None

    def __init__(
        self,
        model: type[Model],
        find: Callable[[str], Model | None],
        write: Callable[[Any], str],
        of: str,
        unknown: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(max_length=400, **kwargs)
        self.model, self.find, self.write, self.unknown, self.of = model, find, write, unknown, of
        self.widget.attrs |= {"data-suggest-of": of, "autocomplete": "off"}

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
        if self.row is not None and text == self.write(self.row).strip():
            return self.row
        row = self.find(text)
        if row is None:
            raise ValidationError(
                [ValidationError(self.unknown, params={"text": text}), *_meant(self.of, text)]
            )
        return row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class LanguageField(NameField):
    """A language. What is a string is what somebody typed: forms give the row (show_rows), never its code."""

    def __init__(self, **kwargs: Any) -> None:
        unknown = _("We know no language called “%(text)s”.")
        super().__init__(Language, lookup.language, str, "languages", unknown, **kwargs)


def region_field(*kinds: str, **kwargs: Any) -> NameField:
    """A country or region, or only regions of these kinds."""
    unknown = _("We know no country or region called “%(text)s”.")
    return NameField(Region, lambda text: lookup.region(text, *kinds), str, "regions", unknown, **kwargs)


def post_field(**kwargs: Any) -> NameField:
    """An embassy, consulate or mission, by its city."""
    unknown = _("We know no post in “%(text)s”.")
    return NameField(Post, lookup.post, lambda post: lookup.post_names(post)[0], "posts", unknown, **kwargs)


def open_post_field(**kwargs: Any) -> NameField:
    """The same for where somebody is now: closed posts are not suggested."""
    field = post_field(**kwargs)
    field.widget.attrs["data-suggest-of"] = field.of = "open_posts"
    return field


def office_field(**kwargs: Any) -> NameField:
    """A bureau or office."""
    unknown = _("We know no office called “%(text)s”.")
    return NameField(Office, lookup.office, str, "offices", unknown, **kwargs)


class LineField(forms.CharField):
    """A line in one's own words; of signs that nobody sees nothing is kept."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class SkillField(LineField):
    """A skill in one's own words; the one that is there already, whatever its capitals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)
        self.widget.attrs |= {"data-suggest-of": "skills", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """The words of a stored skill."""
        if isinstance(value, int):
            return SkillTag.objects.filter(pk=value).values_list("name", flat=True).first() or ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _meant(of: str, text: str) -> list[ValidationError]:
    """What may have been meant by a name that nothing has."""
    meant: list[Any] = [*suggestions.like(of, text)]
    said = {"names": get_text_list(meant, _("or"))}
    return [ValidationError(_("Did you mean %(names)s?"), params=said)] if meant else []


class LevelField(forms.TypedChoiceField):
    """An ILR level, chosen by what it means and kept as a rank."""

    def __init__(self, meanings: Iterable[tuple[int, Any]], **kwargs: Any) -> None:
        super().__init__(choices=[("", "—"), *meanings], coerce=int, empty_value=None, **kwargs)


class SourceField(forms.ChoiceField):
    """How we know of a level; who says nothing says so themselves."""

    def __init__(self, **kwargs: Any) -> None:
        source = LanguageSkill.Source
        super().__init__(choices=source.choices, initial=source.SELF.value, required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """A line in which nobody chose is blank."""
        return bool(data) and super().has_changed(initial, data)


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
        lines = (one_line(line) for line in text.replace(";", "\n").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def run_validators(self, value: list[str]) -> None:
        """All names together are as long as one text may be."""
        super().run_validators(self.prepare_value(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(self.prepare_value(initial)) != self.to_python(data)
