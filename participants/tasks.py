"""Jobs about participants: three lines each, the work is in the actions."""

from celery import shared_task
from django.utils import timezone

from participants.importing.batches import sweep


@shared_task(name="participants.sweep_imports")
def sweep_imports_task() -> int:
    """Deletes uploaded spreadsheets and error files older than 24 hours."""
    return sweep(now=timezone.now())
