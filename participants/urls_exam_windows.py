"""Addresses of exam windows, and of what is said and confirmed in them."""

from django.urls import path

from participants.views import exam_windows

RECORD = "deltakere/<slug:participant_id>/eksamen"

urlpatterns = [
    path("eksamen/", exam_windows.exam_window_list, name="exam_window_list"),
    path("eksamen/<slug:window_id>/", exam_windows.exam_window, name="exam_window"),
    path(f"{RECORD}/meldt-pa/", exam_windows.exam_said, name="exam_said"),
    path(f"{RECORD}/meldt-pa-norskprove/", exam_windows.norwegian_said, name="norwegian_said"),
    path(f"{RECORD}/tok-feil/", exam_windows.exam_unsaid, name="exam_unsaid"),
    path(f"{RECORD}/bekreft/", exam_windows.exam_confirm, name="exam_confirm"),
    path(f"{RECORD}/bekreft-norskprove/", exam_windows.norwegian_confirm, name="norwegian_confirm"),
    path(f"{RECORD}/avgift/", exam_windows.exam_fee_paid, name="exam_fee_paid"),
]
