"""The ground: settings, people who sign in, access, audit and what every app stands on."""

from fagbrev.celery import app as celery_app

__all__ = ["celery_app"]
