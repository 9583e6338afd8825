"""The addresses of the list of an information meeting."""

from django.urls import URLPattern, path

from meetings.views import signups

LIST = "moter/<slug:meeting_id>/pameldte/"

urlpatterns: list[URLPattern] = [
    path(LIST, signups.sign_up_list, name="sign_up_list"),
    path(f"{LIST}ny/", signups.sign_up_new, name="sign_up_new"),
    path(f"{LIST}<slug:row_id>/", signups.sign_up_edit, name="sign_up_edit"),
    path(f"{LIST}<slug:row_id>/slett/", signups.sign_up_remove, name="sign_up_remove"),
    path(f"{LIST}<slug:row_id>/henvis/", signups.sign_up_refer, name="sign_up_refer"),
]
