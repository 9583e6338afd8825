"""Follow-up's part of the demo: what has been seen, taught, planned and said around the made-up participants."""

from datetime import date
from importlib import import_module

from fagbrev.audit.acting import acting
from participants.demo_scene import Staff

# In the order they build on each other.
SLICES = ("topics", "visits", "assignments", "weekly", "competence", "language", "absence", "reviews", "concerns")


@acting()
def seed(*, today: date, staff: Staff) -> None:
    """Adds everything, dated relative to the day."""
    for name in SLICES:
        import_module(f"followup.demo.{name}").seed(today=today, staff=staff)
