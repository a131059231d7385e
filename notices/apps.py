"""Start-up of watching and notices."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Tells what it knows of colleagues to itself: they are subjects of notices, too."""

    name = "notices"
    verbose_name = _("notices")

    def ready(self) -> None:
        """Register colleagues; articles and talk are registered by their own apps."""
        # They need loaded models.
        for registrar in ("colleagues", "reminding", "watchables", "merged_people", "closing"):
            import_module(f"notices.{registrar}").connect()
