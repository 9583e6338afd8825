"""The confidentiality statement of the day (V6): its version, its text per role, and who must accept it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fagbrev.people.models import PeopleEvent, User
from fagbrev.people.roles import DELTAKER, FADDER, LEDER

# Raise this when the text changes: everyone is then asked anew.
CONFIDENTIALITY_VERSION = "2026-1"
AT_WORKPLACE = {FADDER, LEDER}


def must_accept(user: Any, roles: Collection[str]) -> bool:
    """Tells whether the user must accept the statement of the day; one who only is deltaker need not."""
    if user.confidentiality_version == CONFIDENTIALITY_VERSION:
        return False
    return bool(set(roles) - {DELTAKER}) or user.is_superuser


def statement_for(roles: Collection[str]) -> list[str]:
    """Gives the statement's paragraphs for those at a workplace, or for the municipality's own."""
    if roles and set(roles) <= AT_WORKPLACE | {DELTAKER}:
        return [
            _("I Fagbrev ser du opplysninger om deltakere du følger opp på arbeidsstedet. Du har taushetsplikt om det du leser."),
            _("Ikke fortell det videre til kolleger, familie eller andre som ikke følger opp deltakeren."),
            _("Slå bare opp det du trenger for å følge opp deltakeren. Det blir logget hvem som ser på hva."),
            _("Taushetsplikten gjelder også etter at du har sluttet som fadder eller leder, eller deltakeren er ferdig."),
        ]
    return [
        _("I Fagbrev behandler du personopplysninger om deltakere. Du har taushetsplikt etter forvaltningsloven § 13."),
        _("Slå bare opp det du trenger i arbeidet ditt. Det blir logget hvem som ser på hva, og deltakeren kan få se loggen."),
        _("Del bare opplysninger med dem som trenger dem i oppfølgingen, og bare slik samtykket og loven tillater."),
        _("Taushetsplikten gjelder også etter at du har sluttet. Brudd kan være straffbart etter straffeloven § 209."),
    ]


def accept_statement(*, user: User, at: datetime) -> None:
    """Writes down that the user accepted the statement of the day."""
    user.confidentiality_version = CONFIDENTIALITY_VERSION
    user.confidentiality_accepted_at = at
    user.save(update_fields=["confidentiality_version", "confidentiality_accepted_at"])
    PeopleEvent.objects.create(by=user, user=user, verb="accepted_confidentiality", detail=CONFIDENTIALITY_VERSION)
