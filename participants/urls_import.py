"""Addresses of the import of a spreadsheet."""

from django.urls import path

from participants.views import imports

urlpatterns = [
    path("deltakere/import/", imports.import_upload, name="participant_import"),
    path("deltakere/import/<slug:batch_id>/", imports.import_preview, name="participant_import_preview"),
    path("deltakere/import/<slug:batch_id>/kolonner/", imports.import_columns, name="participant_import_columns"),
    path("deltakere/import/<slug:batch_id>/slett/", imports.import_discard, name="participant_import_discard"),
    path("deltakere/import/<slug:batch_id>/feil.xlsx", imports.import_errors, name="participant_import_errors"),
]
