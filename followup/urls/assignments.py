"""The addresses of assignments."""

from django.urls import URLPattern, path

from followup.views import assignments as views

RECORD = "deltakere/<slug:participant_id>/oppgaver/"

urlpatterns: list[URLPattern] = [
    path("oppgaver/", views.oppgave_list, name="oppgave_list"),
    path("oppgaver/ny/", views.oppgave_give, name="oppgave_give"),
    path(RECORD, views.participant_oppgaver, name="participant_oppgaver"),
    path(RECORD + "<slug:row_id>/", views.oppgave_detail, name="oppgave_detail"),
    path(RECORD + "<slug:row_id>/svar/", views.oppgave_svar, name="oppgave_svar"),
    path(RECORD + "<slug:row_id>/fil/", views.oppgave_fil, name="oppgave_fil"),
    path(RECORD + "<slug:row_id>/tilbakemelding/", views.oppgave_feedback, name="oppgave_feedback"),
    path(RECORD + "<slug:row_id>/endre/", views.oppgave_edit, name="oppgave_edit"),
    path(RECORD + "<slug:row_id>/trekk/", views.oppgave_withdraw, name="oppgave_withdraw"),
]
