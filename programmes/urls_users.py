"""Addresses of /brukere/."""

from django.urls import path

from programmes.views import users

urlpatterns = [
    path("brukere/", users.user_list, name="user_list"),
    path("brukere/ny/", users.user_invite, name="user_invite"),
    path("brukere/<slug:public_id>/", users.user_detail, name="user_detail"),
    path("brukere/<slug:public_id>/endre/", users.user_edit, name="user_edit"),
    path("brukere/<slug:public_id>/rolle/", users.user_role_add, name="user_role_add"),
    path("brukere/<slug:public_id>/rolle/<slug:grant_id>/avslutt/", users.user_role_end, name="user_role_end"),
    path("brukere/<slug:public_id>/oppdrag/<slug:assignment_id>/avslutt/", users.user_assignment_end, name="user_assignment_end"),
    path("brukere/<slug:public_id>/deaktiver/", users.user_deactivate, name="user_deactivate"),
    path("brukere/<slug:public_id>/aktiver/", users.user_reactivate, name="user_reactivate"),
    path("brukere/<slug:public_id>/inviter/", users.user_invite_again, name="user_invite_again"),
    path("brukere/<slug:public_id>/nullstill/", users.user_reset_factors, name="user_reset_factors"),
]
