"""Addresses of the documents of a record."""

from django.urls import path

from participants.views import documents

urlpatterns = [
    path("deltakere/<slug:participant_id>/dokumenter/", documents.document_list, name="participant_dokumenter"),
    path("deltakere/<slug:participant_id>/dokumenter/nytt/", documents.document_new, name="document_new"),
    path("deltakere/<slug:participant_id>/dokumenter/<slug:document_id>/", documents.document_edit, name="document_edit"),
    path("deltakere/<slug:participant_id>/dokumenter/<slug:document_id>/fil", documents.document_file, name="document_file"),
]
