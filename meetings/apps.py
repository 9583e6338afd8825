"""Configuration of the app."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Møter."""

    name = "meetings"
    verbose_name = "Møter"
