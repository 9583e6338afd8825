"""Addresses of the printed papers."""

from django.urls import path

from participants.views import papers

RECORD = "deltakere/<slug:participant_id>"

urlpatterns = [
    path(f"{RECORD}/avtaler/kontrakt.pdf", papers.paper_contract, name="paper_contract"),
    path(f"{RECORD}/avtaler/avtale-om-deltakelse.pdf", papers.paper_agreement, name="paper_agreement"),
    path(f"{RECORD}/avslutning/deltakerbevis.pdf", papers.paper_certificate, name="paper_certificate"),
    path(f"{RECORD}/politiattest/formalsskjema.pdf", papers.paper_purpose_form, name="paper_purpose_form"),
]
