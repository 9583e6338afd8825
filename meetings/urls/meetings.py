"""The addresses of meetings."""

from django.urls import URLPattern, path

from meetings.views import meetings

ONE = "moter/<slug:meeting_id>/"

urlpatterns: list[URLPattern] = [
    path("moter/", meetings.meeting_list, name="meeting_list"),
    path("moter/nytt/", meetings.meeting_new, name="meeting_new"),
    path(ONE, meetings.meeting_detail, name="meeting_detail"),
    path(f"{ONE}endre/", meetings.meeting_edit, name="meeting_edit"),
    path(f"{ONE}kall-inn/", meetings.meeting_call, name="meeting_call"),
    path(f"{ONE}avlys/", meetings.meeting_cancel, name="meeting_cancel"),
    path(f"{ONE}oppmote/", meetings.meeting_attendance, name="meeting_attendance"),
]
