"""The addresses of the minutes."""

from django.urls import URLPattern, path

from meetings.views import minutes, record_meetings

MINUTES = "moter/<slug:meeting_id>/referat/"

urlpatterns: list[URLPattern] = [
    path("deltakere/<slug:participant_id>/moter/", record_meetings.from_meetings, name="participant_moter"),
    path("moter/<slug:meeting_id>/referat.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path(MINUTES, minutes.minutes_page, name="minutes_page"),
    path(f"{MINUTES}begynn/", minutes.minutes_start, name="minutes_start"),
    path(f"{MINUTES}del/", minutes.minutes_share, name="minutes_share"),
    path(f"{MINUTES}godkjenn/", minutes.minutes_approve, name="minutes_approve"),
    path(f"{MINUTES}nytt/", minutes.minutes_item_new, name="minutes_item_new"),
    path(f"{MINUTES}andre/", minutes.minutes_others, name="minutes_others"),
    path(f"{MINUTES}versjon/<int:number>/", minutes.minutes_version, name="minutes_version"),
    path(f"{MINUTES}<slug:item_id>/", minutes.minutes_item, name="minutes_item"),
    path(f"{MINUTES}<slug:item_id>/rett/", minutes.minutes_correct, name="minutes_correct"),
    path(f"{MINUTES}<slug:item_id>/tekst/<slug:text_id>/", minutes.minutes_settle, name="minutes_settle"),
]
