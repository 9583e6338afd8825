"""The addresses of the weekly plan."""

from django.urls import URLPattern, path

from followup.views import weekly as views

RECORD = "deltakere/<slug:participant_id>/ukeplan/"

urlpatterns: list[URLPattern] = [
    path(RECORD, views.participant_ukeplan, name="participant_ukeplan"),
    path(RECORD + "skriv/", views.ukeplan_edit, name="ukeplan_edit"),
    path(RECORD + "kopier/", views.ukeplan_copy, name="ukeplan_copy"),
    path(RECORD + "gjort/", views.ukeplan_tick, name="ukeplan_tick"),
    path(RECORD + "<slug:row_id>/", views.ukeplan_print, name="ukeplan_print"),
]
