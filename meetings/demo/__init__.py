"""The demo's meetings and reports."""

from datetime import date
from importlib import import_module

from fagbrev.audit.acting import acting
from participants.demo_scene import Staff

# In the order they build on each other.
SLICES: tuple[str, ...] = ("meetings", "minutes", "reports")


@acting()
def seed(*, today: date, staff: Staff) -> None:
    """Adds everything, dated relative to the day."""
    for name in SLICES:
        import_module(f"meetings.demo.{name}").seed(today=today, staff=staff)
