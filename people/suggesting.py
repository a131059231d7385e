"""The forms by which a correction is suggested, and answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Correction


class CorrectionForm(forms.ModelForm):
    """What is not right on somebody's profile, and where."""

    class Meta:
        model = Correction
        fields = ["section", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"text": _("Only your colleague reads this.")}


class AnswerForm(forms.ModelForm):
    """Accept a suggestion, or decline it and say why."""

    class Meta:
        model = Correction
        fields = ["accepted", "answer"]

    accepted = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )

    def clean(self) -> dict[str, Any]:
        """A colleague who took the trouble to write is told why not."""
        said = super().clean() or {}
        if said.get("accepted") is False and not said.get("answer"):
            self.add_error("answer", _("Say in a few words why it stays as it is."))
        return said
