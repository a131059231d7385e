"""The parts of a profile that are no facts of their own: who somebody is, how to reach them, and for what."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from people.fields import LineField, NamesField, office_field, open_post_field
from people.forms.inputs import DateInput, TimeInput, show_rows
from people.models import Profile, User
from people.models.profiles import AVAILABLE_FOR
from people.names import sort_name
from people.permissions import may_choose_office


class SelfForm(forms.ModelForm):
    """A part of a profile. What its editor may not see is no field; what has an audience of its own is in `private`."""

    private: ClassVar[str] = ""

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_rows(self)
        if self.private and not self.instance.shows(self.private, editor):
            del self.fields[self.private], self.fields[f"{self.private}_audience"]


class AboutForm(SelfForm):
    """Name, place, and a few words. `about` is Markdown."""

    private = "about"
    other_names = NamesField(
        label=_("Other names"),
        required=False,
        help_text=_("Other spellings and former names, one a line. Colleagues find you by them."),
    )
    office = office_field(label=_("Office"), required=False)  # to be chosen by whom permissions let
    post = open_post_field(label=_("Post"), required=False, help_text=_("The city, when you serve abroad."))

    class Meta:
        model = Profile
        fields = [
            "preferred_name",
            "sort_name",
            "other_names",
            "title",
            "office",
            "post",
            "about",
            "about_audience",
        ]
        field_classes = {"preferred_name": LineField, "sort_name": LineField, "title": LineField}
        widgets = {"about": forms.Textarea(attrs={"rows": 8})}
        labels = {"about": _("About you"), "about_audience": _("Who sees this text")}
        help_texts = {
            "about": _("What colleagues should know of you. **Bold**, lists and [[links to pages]] work."),
        }

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, editor=editor, **kwargs)
        if not may_choose_office(editor):
            del self.fields["office"]

    def clean_sort_name(self) -> str:
        """A new name sorts anew, unless how it sorts was changed, too."""
        typed = str(self.cleaned_data["sort_name"])
        renamed = "preferred_name" in self.changed_data and "sort_name" not in self.changed_data
        return sort_name(self.cleaned_data.get("preferred_name", "")) if renamed else typed


class ContactForm(SelfForm):
    """How to reach somebody, and when."""

    private = "phone"

    class Meta:
        model = Profile
        fields = ["phone", "phone_audience", "timezone", "work_week", "works_from", "works_until"]
        field_classes = {"phone": LineField}
        widgets = {
            "works_from": TimeInput(),
            "works_until": TimeInput(),
            "timezone": forms.TextInput(attrs={"data-suggest-of": "zones", "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        labels = {"phone_audience": _("Who sees it")}
        help_texts = {
            "timezone": _("Such as “Africa/Nairobi”. Leave it empty for that of your post."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("works_from"), cleaned.get("works_until")
        if begins and ends and ends <= begins:
            self.add_error("works_until", _("This is before work begins. Check both times."))
        return cleaned


class AvailabilityForm(SelfForm):
    """What somebody is ready for, from when and until when."""

    class Meta:
        model = Profile
        fields = [
            *(
                name
                for what in AVAILABLE_FOR
                for name in (f"available_{what}", f"{what}_from", f"{what}_until")
            ),
            "available_note",
        ]
        field_classes = {"available_note": LineField}
        widgets = {f"{what}_{end}": DateInput() for what in AVAILABLE_FOR for end in ("from", "until")}
        labels = {
            "available_questions": _("Questions"),
            "available_mentoring": _("Mentoring"),
            "available_interpreting": _("Interpreting"),
            "available_tdy": _("Temporary duty"),
            **{f"{what}_from": _("Not before") for what in AVAILABLE_FOR},
            **{f"{what}_until": _("Until") for what in AVAILABLE_FOR},
            "available_note": _("Note"),
        }
        help_texts = {"available_note": _("Such as “best in the mornings”. All colleagues see it.")}

    @property
    def kinds(self) -> list[list[forms.BoundField]]:
        """For each thing one may be ready for: the box to tick, and its two days."""
        return [
            [self[f"available_{what}"], self[f"{what}_from"], self[f"{what}_until"]] for what in AVAILABLE_FOR
        ]

    def clean(self) -> dict[str, Any]:
        """Days are in order, and belong to something that is ticked."""
        cleaned = super().clean() or self.cleaned_data
        for what in AVAILABLE_FOR:
            begins, ends = cleaned.get(f"{what}_from"), cleaned.get(f"{what}_until")
            if begins and ends and ends < begins:
                said = _("%(what)s: this is before the first day. Check both dates.")
                self.add_error(f"{what}_until", said % {"what": self[f"available_{what}"].label})
            if (begins or ends) and not cleaned.get(f"available_{what}"):
                self.add_error(f"available_{what}", _("Tick this, too, or empty its days."))
        return cleaned
