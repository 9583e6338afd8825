"""Configuration of the app."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """Oppfølging."""

    name = "followup"
    verbose_name = "Oppfølging"
