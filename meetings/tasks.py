"""Jobs about meetings: three lines each, the work is in the actions."""

from celery import shared_task
from django.utils import timezone

from meetings.actions.series import plan_all_ahead
from meetings.actions.signups import wipe_sign_ups


@shared_task(name="meetings.daily")
def daily_task() -> None:
    """Plans the next meetings of every series, and wipes old sign-ups; run more often it does nothing more."""
    today = timezone.localdate()
    plan_all_ahead(today=today)
    wipe_sign_ups(today=today)
