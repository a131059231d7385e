"""What is sent about manners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discussion.forms import Words
from manners.models import LONGEST_PASSAGE, LONGEST_REASON, Decision, Report
from people.models import User


class ReportForm(forms.Form):
    """What is wrong with a thing."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    passage = Words(
        label=_("Passage"),
        longest=LONGEST_PASSAGE,
        rows=3,
        required=False,
        help_text=_("Copy it here, if it is about one passage. At most 2,000 characters."),
    )
    words = Words(
        label=_("What should the moderators know?"),
        longest=LONGEST_REASON,
        rows=4,
        required=False,
        help_text=_("At most 1,000 characters."),
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """What a moderator decides, and why."""

    verb = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    adjudicators = forms.ModelMultipleChoiceField(
        label=_("Adjudicators"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only if you hand it to them: those who may read the page."),
    )
    reason = Words(
        label=_("Why?"),
        longest=LONGEST_REASON,
        rows=4,
        help_text=_("Who reported and who wrote it read this. A hidden comment shows it in its place."),
        error_messages={"required": _("Give a reason: those concerned will read it.")},
    )

    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, verbs: Sequence[str], people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "hide": _("Hide the comment"),
            "show": _("Show the comment again"),
            "warn": _("Warn the author"),
            "dismiss": _("Leave it as it is"),
            "refer": _("Hand it to adjudicators"),
        }
        self.fields["verb"].choices = [(verb, choices[verb]) for verb in verbs]  # type: ignore[attr-defined]
        if people:
            found = User.objects.filter(pk__in=[person.pk for person in people])
            self.fields["adjudicators"].queryset = found  # type: ignore[attr-defined]
            self.fields["adjudicators"].label_from_instance = lambda user: str(user.profile)  # type: ignore[attr-defined]
        else:
            del self.fields["adjudicators"]

    def clean(self) -> dict[str, Any]:
        """Return the decision. Raises ValidationError where adjudicators are needed and none are chosen."""
        data = super().clean() or {}
        if data.get("verb") == Decision.Verb.REFER and not data.get("adjudicators"):
            self.add_error("verb", _("Choose at least one adjudicator."))
        return data


class RulingForm(forms.Form):
    """What the adjudicators decide."""

    reason = Words(
        label=_("Decision and reasons"),
        longest=5_000,
        rows=8,
        help_text=_("It is recorded on the talk page, under your name. At most 5,000 characters."),
    )
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
