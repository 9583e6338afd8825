"""Addresses of duties and reminders."""

from django.urls import path

from fagbrev.roof import duty_views, handover_views, reminder_views

urlpatterns = [
    path("frister/", duty_views.duty_list, name="duty_list"),
    path("frister/varsler/", duty_views.notice_choice, name="notice_choice"),
    path("frister/overlat/", handover_views.hand_over_list, name="hand_over_list"),
    path("frister/overlat/<slug:hand_over_id>/slutt/", handover_views.hand_over_end, name="hand_over_end"),
    path("frister/regler/", reminder_views.rule_list, name="rule_list"),
    path("frister/regler/<slug:key>/", reminder_views.rule_detail, name="rule_detail"),
    path("frister/utsending/", reminder_views.dispatch, name="dispatch"),
    path("frister/utsending/<slug:mail_id>/igjen/", reminder_views.mail_again, name="mail_again"),
    path("frister/<slug:duty_id>/utsett/", duty_views.duty_snooze, name="duty_snooze"),
]
