"""Start-up of the directory."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(AppConfig):
    """Connects the signals, and tells search about people."""

    name = "people"
    verbose_name = _("people")
    default = True

    def ready(self) -> None:
        import_module("people.signals")
        import_module("people.searchables").connect()
        import_module("people.judging").connect()


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's user administration with our handle and e-mail rules. Stands in for "wagtail.users"."""

    user_viewset = "people.viewsets.UserViewSet"
