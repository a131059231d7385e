"""Accounts in Wagtail's administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

HANDLE_HELP = _("The address of the profile: small letters a–z, digits, dots and hyphens.")


class HandleForm(forms.ModelForm):
    """Says what a handle may look like, as our model checks it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Handle")
        self.fields["username"].help_text = HANDLE_HELP


class ColleagueCreationForm(HandleForm, UserCreationForm):
    """A new account; its profile is made with it."""


class ColleagueEditForm(HandleForm, UserEditForm):
    """An existing account. Closing it is unticking "active": pages keep their author."""


class UserViewSet(WagtailUserViewSet):
    """Wagtail's, with our forms."""

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return ColleagueEditForm if for_update else ColleagueCreationForm
