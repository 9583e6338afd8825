"""The caseload's addresses."""

from django.urls import path

from participants.views import caseload

urlpatterns = [
    path("deltakere/", caseload.participant_list, name="participant_list"),
    path("deltakere/sok/", caseload.participant_search, name="participant_search"),
    path("deltakere/eksport.xlsx", caseload.caseload_export, name="caseload_export"),
    path("deltakere/utvalg/", caseload.saved_filter_add, name="saved_filter_add"),
    path("deltakere/utvalg/<slug:filter_id>/slett/", caseload.saved_filter_delete, name="saved_filter_delete"),
]
