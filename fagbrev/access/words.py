"""The access table in words, for the page "Hvem ser hva": what each section is called and holds."""

from django.utils.translation import gettext_lazy as _

from fagbrev.access.table import sections
from fagbrev.people.roles import ROLE_CHOICES

SECTION_WORDS = {
    "identity": (_("Navn og fag"), _("Navn, fag og gruppe.")),
    "contact": (_("Telefon og e-post"), _("Telefon og e-post. Aldri adressen som brukes til innlogging.")),
    "person_details": (
        _("Om personen"),
        _("Fødselsdato, kjønn, landbakgrunn, morsmål, andre språk og om det trengs tolk."),
    ),
    "home_address": (_("Adresse og pårørende"), _("Hjemmeadresse og nærmeste pårørende.")),
    "national_id": (_("Fødselsnummer"), _("Er skjult. Å vise det er en egen handling, og den blir logget.")),
    "referral": (_("Henvisning"), _("Hvem som henviste, når og hvorfor.")),
    "intake_background": (
        _("Bakgrunn fra intervjuet"),
        _("Norskopplæring, tid i Norge, utdanning, erfaring, digitale ferdigheter og rett til videregående opplæring."),
    ),
    "life_situation": (_("Livssituasjon"), _("Livssituasjon og det som kan hindre 80 prosent deltakelse.")),
    "admission": (
        _("Inntak"),
        _(
            "Motivasjon, egnethet, vurderinger og vedtak. Deltakeren ser vedtaket, begrunnelsen og hvordan man klager. "
            "Faglæreren skriver bare sin egen vurdering."
        ),
    ),
    "income_funding": (_("Inntekt og finansiering"), _("Hva deltakeren lever av, program, hvem som betaler, og perioder.")),
    "consents": (_("Samtykker"), _("Hvem opplysninger kan deles med, ja eller nei, og når samtykket ble trukket.")),
    "agreements": (
        _("Avtaler"),
        _("Kontrakt med regler for fravær og deltakeravtale. Leder og deltaker signerer sin egen del."),
    ),
    "police_certificate": (
        _("Politiattest"),
        _("Om attest kreves, og når den er vist. Verken filen eller innholdet blir lagret."),
    ),
    "progress": (_("Fase og fremdrift"), _("Fase, datoer og neste milepæler. Årsakene står et annet sted.")),
    "status_reasons": (_("Årsaker til endringer"), _("Hvorfor noen fikk permisjon, sluttet, fikk avslag eller ble flyttet.")),
    "placement": (
        _("Praksisplass"),
        _("Arbeidssted, perioder, prosent og dager. Leder skriver bare hvem som er fadder."),
    ),
    "training_contract": (_("Opplæringskontrakt"), _("Kontrakten med fylkeskommunen, datoer og endringer.")),
    "application_pack": (
        _("Søknaden til fylket"),
        _("Vedlegg: CV, attester, utdanning, arbeidskontrakt, kompetansevurdering og intern plan."),
    ),
    "readiness": (
        _("Klar for prøve"),
        _("Klar for skriftlig eksamen, anbefalt til fagprøve, klar for norskprøve."),
    ),
    "exams": (
        _("Prøver og eksamener"),
        _("Påmelding, gebyr, forsøk og resultat. Deltakeren skriver at hen har meldt seg på. Norsklæreren skriver norskprøver."),
    ),
    "exam_dates": (_("Datoer for prøver"), _("Datoer for eksamen, fagprøve og norskprøve, så deltakeren får fri.")),
    "training_plan": (_("Opplæringsplan"), _("Hva deltakeren skal lære, når og hvor.")),
    "competence": (
        _("Kompetansemål"),
        _("Hvert mål slik deltakeren, fadderen og faglæreren ser det. Hver skriver bare sitt eget syn."),
    ),
    "accommodations": (_("Tilrettelegging"), _("Tiltak som hjelper, som mer tid eller opplesning. Aldri en diagnose.")),
    "visit_plan": (_("Planlagte besøk"), _("Foreslåtte og avtalte tider.")),
    "visits": (_("Besøk"), _("Den delte delen av besøksnotatet.")),
    "visit_internal_note": (_("Internt notat fra besøk"), _("Den delen av besøksnotatet som ikke er delt.")),
    "assignments": (_("Oppgaver"), _("Oppgaver, innleveringer og tilbakemeldinger.")),
    "weekly_plan": (_("Ukeplan"), _("Planen for uka på arbeidsstedet.")),
    "language": (_("Norsk"), _("Nivå, mål og fremgang i norsk.")),
    "absence": (
        _("Fravær"),
        _("Dager og timer, gyldig eller ikke. Lærere ser undervisningen, fadder og leder ser praksisen."),
    ),
    "absence_reasons": (_("Årsak til fravær"), _("Hvorfor noen var borte. Den som skrev en årsak, ser den raden.")),
    "reviews": (_("Vurderingssamtaler"), _("Egen del er privat til den deles. Så ser alle fire delene.")),
    "actions": (_("Avtalte gjøremål"), _("Hva som er åpent, og hvem som skal gjøre det. Hver krysser av sine egne.")),
    "meeting_items": (_("Fra møter"), _("Det et referat sier om deltakeren, i møter man var invitert til.")),
    "concerns": (
        _("Bekymringer"),
        _("Alle kan si fra. Hver ser sine egne og svarene. Koordinatoren ser alle. Deltakeren kan få innsyn."),
    ),
    "guidance_notes": (_("Notater fra veiledning"), _("Bare koordinatoren som skrev dem, ser dem.")),
    "contact_log": (_("Kontakt med andre"), _("Kontakt med fylket, NAV og hjelpetjenester: dato, tema og referanse.")),
    "equipment": (_("Utlån"), _("Utstyr og bøker som er lånt ut.")),
    "work_status": (_("Arbeid etterpå"), _("Arbeid eller utdanning 3, 6 og 12 måneder etter.")),
    "access_log": (_("Innsynslogg"), _("Hvem som har sett på hva, og når.")),
}
RIGHT_WORDS = {"none": _("ser ikke"), "read": _("ser"), "write": _("ser og skriver")}


def table_in_words() -> list[dict[str, object]]:
    """Gives every section of the table in its order: label, what it holds, and a cell per role in words."""
    return [
        {
            "key": key,
            "label": SECTION_WORDS[key][0],
            "holds": SECTION_WORDS[key][1],
            "cells": [
                {"role": label, "right": section.cells[role], "words": RIGHT_WORDS[section.cells[role]]}
                for role, label in ROLE_CHOICES
            ],
        }
        for key, section in sections().items()
    ]
