"""Addresses of referrals: the koordinator's form, the open form and the inbox."""

from django.urls import path

from participants.views import referrals

urlpatterns = [
    path("deltakere/ny/", referrals.referral_new, name="referral_new"),
    path("deltakere/ny/", referrals.referral_new, name="participant_new"),
    path("henvis/", referrals.referral_public, name="referral_public"),
    path("henvis/takk/", referrals.referral_thanks, name="referral_thanks"),
    path("henvisninger/", referrals.referral_inbox, name="referral_inbox"),
    path("henvisninger/<slug:item_id>/", referrals.referral_item, name="referral_item"),
]
