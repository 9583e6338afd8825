"""Asking the worker by a job's name: whoever asks need not know the job, which stands on a higher floor."""

from celery import current_app


def ask_worker(job: str, *, expires: int) -> None:
    """Puts a job in the queue; raises what the broker raises. `expires` is in seconds: a job nobody took in time is dropped."""
    current_app.send_task(job, expires=expires, ignore_result=True, retry=False)
