"""Configuration of the app."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Fag og rammer."""

    name = "programmes"
    verbose_name = "Fag og rammer"
