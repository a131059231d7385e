"""The wiki: articles, their revisions and links, and who may read them."""

from importlib import import_module

from django.apps import AppConfig

from diplopedia.words.catalogues import compile_all


class DiplopediaConfig(AppConfig):
    """Registers what articles tell the apps below them."""

    name = "diplopedia"
    verbose_name = "Wiki"

    def ready(self) -> None:
        """Compile what was said anew in other languages; tell search and the profiles what the wiki knows."""
        compile_all()
        for registrar in (
            "diplopedia.searchables",
            "diplopedia.talk",
            "diplopedia.manners",
            "diplopedia.evidence",
            "diplopedia.holdings",
            "diplopedia.prose",
            "diplopedia.telling",
            "diplopedia.source_ids",
            "diplopedia.merged_people",
        ):  # they need loaded models
            import_module(registrar).connect()
