"""Editing one's profile: a form for each part of the profile itself, a set of lines for each sort of fact."""

from people.forms.facts import (
    AssignmentForm,
    EducationForm,
    ExpertiseForm,
    LanguageForm,
    SkillForm,
    formset_of,
)
from people.forms.oneself import AboutForm, AvailabilityForm, ContactForm, SelfForm

__all__ = [
    "AboutForm",
    "AssignmentForm",
    "AvailabilityForm",
    "ContactForm",
    "EducationForm",
    "ExpertiseForm",
    "LanguageForm",
    "SelfForm",
    "SkillForm",
    "formset_of",
]
