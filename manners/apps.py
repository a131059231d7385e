"""Start-up of the code of conduct, reports and decisions."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MannersConfig(AppConfig):
    """Lets comments be reported, and notices be about reports. Apps above register what else can be reported."""

    name = "manners"
    verbose_name = _("manners")

    def ready(self) -> None:
        """Register comments and reports, and look when somebody signs in."""
        for registrar in (
            "manners.comments",
            "manners.telling",
            "manners.sessions",
        ):  # they need loaded models
            import_module(registrar).connect()
