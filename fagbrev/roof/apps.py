"""Configuration of the roof."""

from django.apps import AppConfig


class RoofConfig(AppConfig):
    """What ties the apps together; it has no models and nobody imports it."""

    name = "fagbrev.roof"
    label = "roof"
    verbose_name = "Fagbrev"
