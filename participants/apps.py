"""Configuration of the app."""

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    """Deltakere."""

    name = "participants"
    verbose_name = "Deltakere"
