"""The addresses of concerns and of the koordinator's own notes."""

from django.urls import URLPattern, path

from followup.views import concerns

TOLD, NOTES = "deltakere/<slug:participant_id>/meld-fra/", "deltakere/<slug:participant_id>/notater/"

urlpatterns: list[URLPattern] = [
    path("bekymringer/", concerns.concern_list, name="concern_list"),
    path(TOLD, concerns.concern_page, name="participant_meldinger"),
    path(f"{TOLD}ny/", concerns.concern_new, name="melding_new"),
    path(f"{TOLD}<slug:row_id>/svar/", concerns.concern_answer, name="melding_svar"),
    path(NOTES, concerns.note_page, name="participant_notater"),
    path(f"{NOTES}nytt/", concerns.note_new, name="veiledning_new"),
    path(f"{NOTES}<slug:row_id>/", concerns.note_edit, name="veiledning_edit"),
]
