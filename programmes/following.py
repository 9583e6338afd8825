"""What higher floors do when a break is entered: an app may bring `breaks.py` with `follow(row, by, today)`, and is asked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from fagbrev.people.models import User
from programmes.models import CalendarBreak


@dataclass(frozen=True)
class Followed:
    """What an app has to say of a break: sentences, and the page where what it concerns is mended ("" for none)."""

    words: tuple[str, ...] = ()
    url: str = ""


def follow_break(*, row: CalendarBreak, by: User, today: date) -> list[Followed]:
    """Lets each app follow a break that was saved, as part of the same act; gives what they have to say to the one who saved it."""
    names = [f"{config.name}.breaks" for config in apps.get_app_configs() if "." not in config.name]
    return [import_module(name).follow(row=row, by=by, today=today) for name in names if find_spec(name)]
