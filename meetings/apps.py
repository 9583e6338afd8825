"""Configuration of the app."""

from importlib import import_module

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Møter."""

    name = "meetings"
    verbose_name = "Møter"

    def ready(self) -> None:
        """Brings the app's page of a record to those who draw them, and lets meetings follow protected addresses."""
        import_module("meetings.sections")
        import_module("meetings.protection").listen()
