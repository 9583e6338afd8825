"""The addresses of invitations, and of the link in the mail."""

from django.urls import URLPattern, path

from meetings.views import invitations

ONE = "moter/<slug:meeting_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}innkalte/ny/", invitations.invitee_add, name="invitee_add"),
    path(f"{ONE}innkalte/<slug:row_id>/ta-bort/", invitations.invitee_remove, name="invitee_remove"),
    path(f"{ONE}innkalte/<slug:row_id>/vara/", invitations.invitee_substitute, name="invitee_substitute"),
    path(f"{ONE}innkalte/<slug:row_id>/leder/", invitations.invitee_chair, name="invitee_chair"),
    path("svar/<slug:token>/", invitations.invitation_link, name="invitation_link"),
]
