"""Jobs about meetings: three lines each, the work is in the actions."""

from celery import shared_task
from django.utils import timezone

from meetings.actions.series import plan_all_ahead
from meetings.actions.signups import wipe_sign_ups


@shared_task(name="meetings.daily")
def daily_task() -> None:
    """Wipes old sign-ups, and plans the next meetings of every series; run more often it does nothing more.

    The wiping comes first: a fault in a series must not keep what is to be forgotten.
    """
    today = timezone.localdate()
    wipe_sign_ups(today=today)
    plan_all_ahead(today=today)
