"""The addresses of absence."""

from django.urls import URLPattern, path

from followup.views import absence, classes

BASE = "deltakere/<slug:participant_id>/fravar/"

urlpatterns: list[URLPattern] = [
    path(BASE, absence.absence, name="participant_fravar"),
    path(f"{BASE}kort/", absence.absence_line, name="fravar_line"),
    path(f"{BASE}ny/", absence.absence_new, name="fravar_new"),
    path(f"{BASE}borte-i-dag/", absence.absence_report, name="fravar_report"),
    path(f"{BASE}<slug:row_id>/endre/", absence.absence_edit, name="fravar_edit"),
    path(f"{BASE}<slug:row_id>/bekreft/", absence.absence_confirm, name="fravar_confirm"),
    path(f"{BASE}<slug:row_id>/ta-bort/", absence.absence_remove, name="fravar_remove"),
    path(f"{BASE}sykmelding/ny/", absence.sick_leave_new, name="sykmelding_new"),
    path(f"{BASE}sykmelding/<slug:row_id>/", absence.sick_leave_edit, name="sykmelding_edit"),
    path("klassen/<slug:public_id>/oppmote/", classes.class_register, name="class_register"),
]
