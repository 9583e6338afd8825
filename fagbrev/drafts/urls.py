"""Addresses of drafts, the outbox and the installable app."""

from django.urls import path

from fagbrev.drafts import shell_views, views

urlpatterns = [
    path("kladd/", views.draft_save, name="draft_save"),
    path("kladd/kast/", views.draft_discard, name="draft_discard"),
    path("kladd/nokkel/", views.draft_token, name="draft_token"),
    path("utboks/", views.outbox, name="outbox"),
    path("uten-nett/", shell_views.offline, name="offline"),
    path("manifest.webmanifest", shell_views.manifest, name="manifest"),
    path("sw.js", shell_views.service_worker, name="service_worker"),
]
