"""For whom somebody tells something about themselves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who sees a fact besides the person."""

    ALL = "all", _("All colleagues")
    OFFICE = "office", _("My office")
    ME = "me", _("Only me")
