"""How somebody wants to hear of things."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notices.models import Preference


class PreferenceForm(forms.ModelForm):
    """Pace of the e-mails, whether one's own pages are watched, and the language, which the account keeps."""

    language = forms.ChoiceField(
        label=_("Language of pages, e-mails and feeds"),
        choices=[("", _("As my browser asks")), *settings.LANGUAGES],
        required=False,
    )

    class Meta:
        model = Preference
        fields = ["direct", "watched", "watch_mine"]
