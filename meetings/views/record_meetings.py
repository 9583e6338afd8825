"""The page of a record that shows what meetings have said about the participant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from meetings.record_shown import from_meetings_shown
from participants.access import Record, record
from participants.views.sections import head_of

READ = ("GET", "HEAD")


@record("moter", methods=READ)
def from_meetings(request: HttpRequest, found: Record) -> HttpResponse:
    """What minutes say of the participant: all for the koordinator, for the others from meetings they were invited to."""
    context = head_of(found, "moter", request) | from_meetings_shown(found, request.GET.get("side"))
    return render(request, "meetings/record_meetings.html", context)
