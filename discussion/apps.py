"""Start-up of the talk pages."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionConfig(AppConfig):
    """Tells the search about threads. What is talked about registers itself in `discussion.subjects`, before."""

    name = "discussion"
    verbose_name = _("talk")

    def ready(self) -> None:
        """Say what threads are to the search and to notices."""
        for registrar in ("discussion.searchables", "discussion.telling"):  # they need loaded models
            import_module(registrar).connect()
