"""How somebody wants to hear of things."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notices.models import Preference


class PreferenceForm(forms.ModelForm):
    """Pace of the e-mails, their language, and whether one's own pages are watched."""

    class Meta:
        model = Preference
        fields = ["direct", "watched", "language", "watch_mine"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the e-mails"), choices=settings.LANGUAGES, required=False
        )
