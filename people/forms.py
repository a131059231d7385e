"""Editing one's profile: one form for what stands on the profile itself, one set of lines for each sort of fact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.fields import (
    LanguageField,
    LevelField,
    NameField,
    NamesField,
    SkillField,
    office_field,
    post_field,
    region_field,
)
from people.models import Assignment, Expertise, LanguageSkill, Office, Profile, ProfileSkill, SkillTag
from people.names import sort_name

BLANK_LINES = 3
MOST_LINES = 60


class DateInput(forms.DateInput):
    """The browser's own date field; it wants ISO dates."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


def _show_rows(form: forms.ModelForm) -> None:
    """Give name fields the rows that were fetched with the instance, so that they need not ask again."""
    for name, field in form.fields.items():
        if isinstance(field, NameField) and form.instance.pk:
            form.initial[name] = getattr(form.instance, name)


class AboutForm(forms.ModelForm):
    """Name, place, contact, hours, availability and a few words. `about` is Markdown."""

    other_names = NamesField(
        label=_("Other names"),
        required=False,
        help_text=_("Other spellings and former names, one a line. Colleagues find you by them."),
    )
    post = post_field(label=_("Post"), required=False, help_text=_("The city, when you serve abroad."))

    class Meta:
        model = Profile
        fields = [
            "preferred_name",
            "sort_name",
            "other_names",
            "title",
            "office",
            "post",
            "phone",
            "timezone",
            "work_week",
            "works_from",
            "works_until",
            "about",
            "available_questions",
            "available_mentoring",
            "available_interpreting",
            "available_tdy",
        ]
        widgets = {
            "about": forms.Textarea(attrs={"rows": 8}),
            "works_from": TimeInput(),
            "works_until": TimeInput(),
            "timezone": forms.TextInput(attrs={"list": "zone-names", "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {
            "about": _("What colleagues should know of you. **Bold**, lists and [[links to pages]] work."),
            "timezone": _("Such as “Africa/Nairobi”. Leave it empty for that of your post."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_rows(self)
        self.fields["office"].queryset = Office.objects.order_by("path")  # type: ignore[attr-defined]
        self.fields["office"].label_from_instance = _indented  # type: ignore[attr-defined]

    def clean_sort_name(self) -> str:
        """A new name sorts anew, unless how it sorts was changed, too."""
        typed = str(self.cleaned_data["sort_name"])
        renamed = "preferred_name" in self.changed_data and "sort_name" not in self.changed_data
        return sort_name(self.cleaned_data.get("preferred_name", "")) if renamed else typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("works_from"), cleaned.get("works_until")
        if begins and ends and ends <= begins:
            self.add_error("works_until", _("This is before work begins. Check both times."))
        return cleaned


def _indented(office: Office) -> str:
    return "\u2003" * (len(office.lineage) - 1) + office.name


class FactForm(forms.ModelForm):
    """One line of facts; who sees it stands at its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_rows(self)

    def validate_unique(self) -> None:
        """Refuse what another line of the profile says, also one that another window has just saved.

        Django asks constraints only whose fields are all typed, and nobody types whose profile it is.
        """
        super().validate_unique()
        typed = set(self.fields) - set(self.errors)
        try:
            self.instance.validate_constraints(
                exclude={field.name for field in self.instance._meta.fields} - typed
            )
        except forms.ValidationError as error:
            self.add_error(None, error)


class LanguageForm(FactForm):
    """A language, its levels, and how we know."""

    language = LanguageField(label=_("Language"))
    speaking = LevelField(label=_("Speaks"))
    reading = LevelField(label=_("Reads"))

    class Meta:
        model = LanguageSkill
        fields = ["language", "speaking", "reading", "tested_on", "audience"]
        widgets = {"tested_on": DateInput()}
        help_texts = {"tested_on": ""}

    def save(self, commit: bool = True) -> Any:
        """A day of a test makes it a tested level."""
        tested = self.instance.tested_on is not None
        self.instance.source = LanguageSkill.Source.TESTED if tested else LanguageSkill.Source.SELF
        return super().save(commit)


class ExpertiseForm(FactForm):
    """A country or region somebody knows."""

    region = region_field(label=_("Country or region"))

    class Meta:
        model = Expertise
        fields = ["region", "depth", "years", "note", "audience"]


class SkillForm(FactForm):
    """A skill in one's own words."""

    skill = SkillField(label=_("Skill"))

    class Meta:
        model = ProfileSkill
        fields = ["level", "ask", "mentor", "learn", "audience"]

    field_order = ["skill"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["skill"].initial = self.instance.tag.name

    def clean_skill(self) -> SkillTag:
        """The skill of these words, made when nobody has it yet (and saved only with the line)."""
        name = " ".join(str(self.cleaned_data["skill"]).split())
        tag = SkillTag.objects.filter(name__iexact=name).first()
        return tag or SkillTag(name=name)

    def clean(self) -> dict[str, Any]:
        """Refuse a skill that another line of the profile has already."""
        cleaned = super().clean() or self.cleaned_data
        tag = cleaned.get("skill")
        if tag is not None and tag.pk:
            twin = ProfileSkill.objects.filter(profile=self.instance.profile_id, tag=tag).exclude(
                pk=self.instance.pk
            )
            if twin.exists():
                self.add_error("skill", _("This skill is on the profile already. Change that line instead."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the line, and its skill with it when it is new."""
        tag = self.cleaned_data.get("skill")
        if tag is not None:
            self.instance.tag = SkillTag.objects.filter(name__iexact=tag.name).first() or _kept(tag)
        return super().save(commit)


def _kept(tag: SkillTag) -> SkillTag:
    """Save a new skill; taggit finds an address that no other has: “C” and “C++” are both “c”."""
    tag.save()
    return tag


class AssignmentForm(FactForm):
    """A job at a post, in an office, or somewhere in a country."""

    post = post_field(label=_("Post"), required=False)
    office = office_field(label=_("or office"), required=False)

    class Meta:
        model = Assignment
        fields = ["title", "post", "office", "started", "ended", "audience"]
        widgets = {"started": DateInput(), "ended": DateInput()}

    def clean(self) -> dict[str, Any]:
        """A job is somewhere."""
        cleaned = super().clean() or self.cleaned_data
        named = cleaned.get("post") or cleaned.get("office") or self.instance.country_id
        if not named and "post" not in self.errors and not cleaned.get("DELETE"):
            self.add_error("post", _("Say where: a post or an office."))
        return cleaned


TWICE = _("Two lines are about the same. Keep one of them and remove the other.")


class FactFormSet(forms.BaseInlineFormSet):
    """The lines of one sort of fact that the editor may read, then blank ones."""

    def get_unique_error_message(self, _unique_check: Any) -> str:
        """Two lines say the same."""
        return str(TWICE)

    def add_fields(self, form: Any, index: int | None) -> None:
        """Deleting a line is called removing it."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")


class SkillFormSet(FactFormSet):
    """Skills are typed in one's own words, so the database cannot tell beforehand that two are the same."""

    def clean(self) -> None:
        """Refuse the same skill twice, whatever its capitals."""
        super().clean()
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        tags = [form.cleaned_data.get("skill") for form in kept]
        names = [tag.name.casefold() for tag in tags if tag is not None]
        if len(names) != len(set(names)):
            raise forms.ValidationError(TWICE)


def formset_of(form: type[forms.ModelForm]) -> type[forms.BaseInlineFormSet]:
    """A set of lines of this form on one profile."""
    return forms.inlineformset_factory(
        Profile,
        form._meta.model,
        form=form,
        formset=SkillFormSet if form is SkillForm else FactFormSet,
        fk_name="profile",
        extra=BLANK_LINES,
        max_num=MOST_LINES,
        absolute_max=MOST_LINES + BLANK_LINES,
    )
