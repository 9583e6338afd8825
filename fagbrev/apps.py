"""Configuration of the ground."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class FagbrevConfig(AppConfig):
    """The project package as an app: its models live in the small packages below it."""

    name = "fagbrev"
    verbose_name = "Fagbrev"

    def ready(self) -> None:
        """Registers checks, the SQLite function the append-only triggers ask, and what follows acts and mails."""
        from fagbrev import checks  # noqa: F401
        from fagbrev.audit.triggers import register_may_destroy
        from fagbrev.duties import engine, mails

        connection_created.connect(register_may_destroy, dispatch_uid="fagbrev.may_destroy")
        engine.listen()
        mails.register()
