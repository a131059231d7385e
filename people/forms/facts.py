"""The lines of facts on a profile: languages, regions, skills, posts and education."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _

from people import proficiency
from people.fields import (
    LanguageField,
    LevelField,
    LineField,
    SkillField,
    SourceField,
    office_field,
    post_field,
    region_field,
)
from people.forms.inputs import DateInput, show_rows
from people.models import Assignment, Education, Expertise, LanguageSkill, Profile, ProfileSkill, SkillTag

BLANK_LINES = 1
MOST_LINES = 150
MOST_TAKEN = 500  # also of who has more, by an import


class FactForm(forms.ModelForm):
    """One line of facts; who sees it stands at its end.

    `once` is what no two lines of a profile share, and `leaving` has it of those that go in the same save.
    """

    once: ClassVar[str] = "pk"
    leaving: Collection[Any] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_rows(self)

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
            if getattr(self.instance, self.once) not in self.leaving:
                self.add_error(None, error)


class LanguageForm(FactForm):
    """A language, its levels, and how we know."""

    once = "language_id"

    language = LanguageField(label=_("Language"))
    speaking = LevelField(proficiency.SPEAKING, label=_("Speaks"))
    reading = LevelField(proficiency.READING, label=_("Reads"))
    source = SourceField(label=_("How we know"))

    class Meta:
        model = LanguageSkill
        fields = ["language", "speaking", "reading", "source", "tested_on", "audience"]
        widgets = {"tested_on": DateInput()}
        help_texts = {"tested_on": ""}

    def clean(self) -> dict[str, Any]:
        """The day is that of a test, and makes it a tested level."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tested_on") and cleaned.get("source") == LanguageSkill.Source.MANAGER:
            self.add_error(
                "tested_on", _("This is the day of a test. Choose “Tested”, or leave the day empty.")
            )
        elif cleaned.get("tested_on"):
            self.instance.source = cleaned["source"] = LanguageSkill.Source.TESTED.value
        return cleaned


class ExpertiseForm(FactForm):
    """A country or region somebody knows."""

    once = "region_id"

    region = region_field(label=_("Country or region"))

    class Meta:
        model = Expertise
        fields = ["region", "depth", "years", "note", "audience"]
        field_classes = {"note": LineField}


class SkillForm(FactForm):
    """A skill in one's own words."""

    once = "tag_id"
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
        name = str(self.cleaned_data["skill"])
        tag = SkillTag.objects.filter(name__iexact=name).first()
        return tag or SkillTag(name=name)

    def clean(self) -> dict[str, Any]:
        """Refuse a skill that another line of the profile has already."""
        cleaned = super().clean() or self.cleaned_data
        tag = cleaned.get("skill")
        if tag is not None and tag.pk and tag.pk not in self.leaving:
            twin = ProfileSkill.objects.filter(profile=self.instance.profile_id, tag=tag).exclude(
                pk=self.instance.pk
            )
            if twin.exists():
                self.add_error(None, _("This skill is on the profile already. Change that line instead."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the line, and its skill with it when it is new."""
        tag = self.cleaned_data.get("skill")
        if tag is not None:
            self.instance.tag = _kept(tag)
        return super().save(commit)


def _kept(tag: SkillTag) -> SkillTag:
    """The skill of this name, saved where nobody has it yet; somebody else may save the same at this moment.

    taggit finds an address that no other has: “C” and “C++” are both “c”.
    """
    alike = SkillTag.objects.filter(name__iexact=tag.name).first()
    return alike or SkillTag.objects.get_or_create(name=tag.name)[0]


class AssignmentForm(FactForm):
    """A job at a post, in an office, or somewhere in a country."""

    post = post_field(label=_("Post"), required=False)
    office = office_field(label=_("or office"), required=False)

    class Meta:
        model = Assignment
        fields = ["title", "post", "office", "started", "ended", "audience"]
        field_classes = {"title": LineField}
        widgets = {"started": DateInput(), "ended": DateInput()}

    def clean(self) -> dict[str, Any]:
        """A job is somewhere."""
        cleaned = super().clean() or self.cleaned_data
        named = cleaned.get("post") or cleaned.get("office") or self.instance.country_id
        if not named and "post" not in self.errors and not cleaned.get("DELETE"):
            self.add_error("post", _("Say where: a post or an office."))
        return cleaned


class EducationForm(FactForm):
    """A school or university, what one learnt there, and until when."""

    class Meta:
        model = Education
        fields = ["subject", "institution", "ended", "audience"]
        field_classes = {"subject": LineField, "institution": LineField}


TWICE = _("Two lines are about the same. Keep one of them and remove the other.")


class FactFormSet(forms.BaseInlineFormSet):
    """The lines of one sort of fact that the editor may read, then blank ones."""

    forms: list[Any]
    initial_forms: list[Any]

    def get_unique_error_message(self, _unique_check: Any) -> str:
        """Two lines say the same."""
        return str(TWICE)

    @property
    def full(self) -> str:
        """What is said where no more lines can be added."""
        return _("There is room for %(most)s lines. Remove one to add another.") % {"most": MOST_LINES}

    @property
    def is_full(self) -> bool:
        """Whether there is no blank line to add another one."""
        return bool(self.total_form_count() >= MOST_LINES and not self.extra_forms)

    def full_clean(self) -> None:
        """What a line has that goes is free for another one."""
        rows = (
            [form for form in self.initial_forms if form[DELETION_FIELD_NAME].data] if self.is_bound else []
        )
        leaving = {getattr(form.instance, form.once) for form in rows}
        for form in self.forms:
            form.leaving = leaving
        super().full_clean()

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        """Lines go before others take what they had."""
        for form in self.initial_forms:
            if form in self.deleted_forms and form.instance.pk:
                self.delete_existing(form.instance, commit)
        return super().save_existing_objects(commit)

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
        absolute_max=MOST_TAKEN,
    )
