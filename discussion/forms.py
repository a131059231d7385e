"""What is sent from talk pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from discussion import wording
from discussion.models import LONGEST_COMMENT, LONGEST_QUOTE, LONGEST_TITLE


class Words(forms.CharField):
    """A text of several lines. Longer ones are refused with words, not cut off while one types or pastes."""

    def __init__(self, *, longest: int, rows: int, **kwargs: Any) -> None:
        attributes = {"rows": rows, "dir": "auto", "spellcheck": "true"}
        super().__init__(strip=False, widget=forms.Textarea(attrs=attributes), **kwargs)
        self.longest = longest

    def to_python(self, value: Any) -> str:
        """Return the text as it is kept. Raises ValidationError where it is too long."""
        text = wording.clean(super().to_python(value) or "")
        if len(text) > self.longest:
            raise forms.ValidationError(
                _("This has %(size)s characters; at most %(longest)s fit here. The text is below, unsent."),
                params={
                    "size": number_format(len(text), force_grouping=True),
                    "longest": number_format(self.longest, force_grouping=True),
                },
            )
        return text


class CommentForm(forms.Form):
    """A comment."""

    body = Words(
        label=_("Comment"),
        longest=LONGEST_COMMENT,
        rows=6,
        help_text=_(
            "At most 10,000 characters. [[Title]] links a page; [[@handle]] names a colleague, who is told."
        ),
        error_messages={"required": _("A comment needs some words.")},
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput)


class ThreadForm(CommentForm):
    """A new thread: what it is about, a passage if it is about one, and the first comment."""

    title = forms.CharField(
        label=_("What is it about?"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say in a few words what the thread is about.")},
    )
    quote = Words(
        label=_("Passage of the page"),
        longest=LONGEST_QUOTE,
        rows=3,
        required=False,
        help_text=_("Copy it from the page, if the thread is about one passage. At most 2,000 characters."),
    )
    quoted = forms.IntegerField(
        required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput
    )
    parent = None  # type: ignore[assignment]
    field_order = ["title", "quote", "body"]

    def clean_title(self) -> str:
        """Return the title on one line."""
        return " ".join(wording.clean(self.cleaned_data["title"]).split())

    def clean_quoted(self) -> int:
        """Return the revision that the passage is from; 0 where nobody said."""
        return self.cleaned_data["quoted"] or 0
