"""The standing points that meetings ship with, by stable code: inserted where they are missing, never written over (V7, V8)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from meetings.models import StandingItem
from meetings.models.meetings import (
    CLOSING,
    COOPERATION,
    INFORMATION,
    MENTOR_GATHERING,
    NETWORK_GATHERING,
    PROJECT_GROUP,
    STEERING_GROUP,
)


class Shipped(NamedTuple):
    """A standing point as shipped: its code, title, what it is about, and what the product fills in below it."""

    code: str
    title: str
    words: str = ""
    fills: str = ""


APPROVAL = Shipped("forrige-referat", "Godkjenning av forrige referat", "", "last_minutes")
AGREED = Shipped("avtalt", "Oppfølging av det som er avtalt", "Hva er gjort, og hva gjenstår?", "open_actions")
ANY_OTHER = Shipped("eventuelt", "Eventuelt")

STANDING: dict[str, tuple[Shipped, ...]] = {
    PROJECT_GROUP: (
        APPROVAL,
        AGREED,
        Shipped("deltakerne", "Deltakerne: faglig og språklig framgang", "", "participants"),
        Shipped("arbeidsstedene", "Status fra arbeidsstedene", "Fadder, veiledning og oppgaver på arbeidsstedet."),
        Shipped("ressurser", "Ressurser", "Plasser, faddere, utstyr og tid.", "resources"),
        Shipped("utfordringer", "Utfordringer", "Det vi ikke får løst alene, og hvem vi tar det med."),
        ANY_OTHER,
    ),
    STEERING_GROUP: (
        APPROVAL,
        AGREED,
        Shipped("situasjonen", "Dagens situasjon", "Hvor mange er med, og hva har endret seg siden sist?"),
        Shipped("ressurser", "Ressurser", "Økonomi, stillinger og plasser."),
        Shipped("framgang", "Framgang og resultater", "Tallene står i framdriftsrapporten.", "figures"),
        Shipped("planer", "Planer", "Det vi vil gjøre det neste halvåret, og det vi trenger hjelp til."),
        ANY_OTHER,
    ),
    COOPERATION: (
        AGREED,
        Shipped("hvordan-gar-det", "Hvordan går det?", "Deltakelse, oppgaver, språk og trivsel."),
        Shipped("neste-mal", "Hva jobber vi med fram til neste gang?", "Ett eller to mål, og hvem som hjelper."),
        Shipped("arbeidsstedet", "Det arbeidsstedet trenger", "Tid til veiledning, utstyr og informasjon."),
        ANY_OTHER,
    ),
    CLOSING: (
        Shipped("bakgrunn", "Hvorfor opplæringen avbrytes", "Det dere er enige om, kort sagt."),
        Shipped("attest", "Attest med referanse fra arbeidsstedet", "Hvem skriver den, og når?"),
        Shipped("deltakerbevis", "Deltakerbevis", "Koordinator skriver det ut."),
        Shipped("skjema", "Skjema til fylkeskommunen", "Koordinator sender det innen fristen."),
        Shipped("utstyr", "Utstyr som skal leveres tilbake", "iPad, bøker, arbeidsklær og nøkler."),
        Shipped("videre", "Veien videre", "Hva vil deltakeren gjøre nå, og hvem kan hjelpe?"),
    ),
    MENTOR_GATHERING: (
        Shipped("erfaringer", "Erfaringer fra arbeidsstedene"),
        Shipped("tema", "Dagens tema"),
        Shipped("manedstemaet", "Månedstemaet: hva klassen lærer, og hva dere kan prøve"),
        ANY_OTHER,
    ),
    NETWORK_GATHERING: (
        Shipped("erfaringer", "Erfaringer siden sist"),
        Shipped("tema", "Dagens tema"),
        ANY_OTHER,
    ),
    INFORMATION: (
        Shipped("ordningen", "Fagbrevordningen: hvem den er for, og hvordan den virker"),
        Shipped("kravene", "Kravene for å bli med"),
        Shipped("sporsmal", "Spørsmål"),
        Shipped("videre", "Slik melder du deg på"),
    ),
}


def load(*, today: date) -> dict[str, int]:
    """Inserts what is missing; gives how many were added. What a municipality has changed or put out of use stays as it is."""
    held = set(StandingItem.objects.values_list("kind", "code"))
    missing = [
        StandingItem(kind=kind, code=one.code, title=one.title, words=one.words, fills=one.fills, order=10 * place)
        for kind, items in STANDING.items()
        for place, one in enumerate(items, 1)
        if (kind, one.code) not in held
    ]
    return {"faste punkter": len(StandingItem.objects.bulk_create(missing))}
