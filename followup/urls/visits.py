"""The addresses of visits."""

from django.urls import URLPattern, path

from followup.views import visits

RECORD = "deltakere/<slug:participant_id>/besok/"

urlpatterns: list[URLPattern] = [
    path("besok/", visits.visit_list, name="besok_list"),
    path("besok/nytt/", visits.visit_log, name="besok_log"),
    path(RECORD, visits.visit_page, name="participant_besok"),
    path(f"{RECORD}avtale/", visits.plan_new, name="besok_plan"),
    path(f"{RECORD}<slug:row_id>/endre/", visits.visit_edit, name="besok_edit"),
    path(f"{RECORD}<slug:row_id>/ny-tid/", visits.plan_move, name="besokstid_move"),
    path(f"{RECORD}<slug:row_id>/passer/", visits.plan_accept, name="besokstid_accept"),
    path(f"{RECORD}<slug:row_id>/avlys/", visits.plan_cancel, name="besokstid_cancel"),
]
