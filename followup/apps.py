"""Configuration of the app."""

from importlib import import_module

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """Oppfølging."""

    name = "followup"
    verbose_name = "Oppfølging"

    def ready(self) -> None:
        """Brings the app's pages of a record to those who draw them."""
        import_module("followup.sections")
