"""The addresses of action items from minutes."""

from django.urls import URLPattern, path

from meetings.views import meeting_actions

OWN = "moter/mine-punkter/"
ONE = "moter/<slug:meeting_id>/avtalt/<slug:action_id>/"

urlpatterns: list[URLPattern] = [
    path(OWN, meeting_actions.own_action_list, name="own_action_list"),
    path(f"{OWN}<slug:action_id>/gjort/", meeting_actions.own_action_done, name="own_action_done"),
    path("moter/<slug:meeting_id>/referat/<slug:item_id>/avtalt/", meeting_actions.action_new, name="minutes_action_new"),
    path(ONE, meeting_actions.action_edit, name="minutes_action_edit"),
    path(f"{ONE}gjort/", meeting_actions.action_done, name="minutes_action_done"),
    path(f"{ONE}trekk/", meeting_actions.action_withdraw, name="minutes_action_withdraw"),
]
