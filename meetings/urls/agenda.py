"""The addresses of the agenda and of its template."""

from django.urls import URLPattern, path

from meetings.views import agenda

STANDING = "moter/faste-punkter/"
AGENDA = "moter/<slug:meeting_id>/saksliste/"

urlpatterns: list[URLPattern] = [
    path(STANDING, agenda.standing_list, name="standing_list"),
    path(f"{STANDING}nytt/", agenda.standing_new, name="standing_new"),
    path(f"{STANDING}<slug:row_id>/", agenda.standing_edit, name="standing_edit"),
    path(f"{STANDING}<slug:row_id>/flytt/", agenda.standing_move, name="standing_move"),
    path("moter/<slug:meeting_id>/saksliste.pdf", agenda.agenda_pdf, name="agenda_pdf"),
    path(AGENDA, agenda.agenda_page, name="agenda_page"),
    path(f"{AGENDA}deltakere/", agenda.agenda_pick, name="agenda_pick"),
    path(f"{AGENDA}nytt/", agenda.agenda_item_new, name="agenda_item_new"),
    path(f"{AGENDA}<slug:item_id>/", agenda.agenda_item_edit, name="agenda_item_edit"),
    path(f"{AGENDA}<slug:item_id>/trekk/", agenda.agenda_item_withdraw, name="agenda_item_withdraw"),
    path(f"{AGENDA}<slug:item_id>/flytt/", agenda.agenda_item_move, name="agenda_item_move"),
]
