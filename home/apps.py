"""The front page."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The signed-in front page. It reads the other apps and owns nothing else."""

    name = "home"
    verbose_name = "Front page"
