"""The search app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SearchConfig(AppConfig):
    """Registers the outbox and the commands; sources register themselves from their own apps."""

    name = "search"
    verbose_name = pgettext_lazy("the thing", "Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Notice changed synonyms."""
        import_module("search.synonyms").connect()
