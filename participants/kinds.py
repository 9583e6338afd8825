"""The kinds of rows a record holds: on which page, in which section, with which form, and who may write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from fagbrev.people.roles import COORDINATOR, DELTAKER, FAGLAERER, LEDER, NORSKLAERER
from participants import models as m
from participants.forms import agreements, county, exams, intake, person, placement, support
from participants.forms.base import RecordForm
from participants.queries import agreements_shown

ONLY_COORDINATOR = frozenset({COORDINATOR})
OWN = frozenset({COORDINATOR, DELTAKER})


@dataclass(frozen=True)
class Kind:
    """One kind of row. `single` rows are one per parent, and are edited where they would be made."""

    slug: str
    page: str
    section: str
    form: type[RecordForm]
    title: str
    new_title: str
    writers: frozenset[str] = ONLY_COORDINATOR
    parent: str = "enrolment"  # enrolment, participant, placement, agreement; "self" for the parent's own columns
    single: bool = False
    order: tuple[str, ...] = ("-pk",)
    empty: str = ""
    related: tuple[str, ...] = ()
    may_add: bool = True
    hidden_from: frozenset[str] = frozenset()  # roles that read the section, but not this of it

    @property
    def model(self) -> type[models.Model]:
        """The form's model."""
        return self.form._meta.model

    def rows(self, record: Any) -> models.QuerySet[Any]:
        """Gives the rows of this kind that belong to the record's person or enrolment, within the user's scope."""
        manager = self.model._default_manager
        if self.model is m.Participant:
            return manager.filter(pk=record.participant.pk)
        if self.model is m.Enrolment:
            return manager.filter(pk=record.enrolment.pk)
        if self.model is m.Placement:
            return record.placements().select_related(*self.related).order_by(*self.order)
        if self.parent == "placement":
            return manager.filter(placement__in=record.placements()).select_related(*self.related).order_by(*self.order)
        if self.model is m.Agreement:
            return agreements_shown(record).order_by(*self.order)
        if self.parent == "agreement":
            rows = manager.filter(agreement__in=agreements_shown(record).values("pk"))
            return rows.select_related(*self.related).order_by(*self.order)
        owner = {self.parent: getattr(record, self.parent)}
        return manager.filter(**owner).select_related(*self.related).order_by(*self.order)


_ALL = [
    Kind("navn", "person", "identity", person.NameForm, "Navn", "Endre navn", parent="self", single=True),
    Kind("kontakt", "person", "contact", person.ContactForm, "Kontakt", "Endre kontakt", OWN, "self", True),
    Kind("detaljer", "person", "person_details", person.PersonDetailsForm, "Om personen", "Endre opplysninger", parent="self",
         single=True),
    Kind("adresse", "person", "home_address", person.AddressForm, "Adresse og pårørende", "Endre adresse", OWN, "self", True),
    Kind("fodselsnummer", "person", "national_id", person.NationalIdForm, "Fødselsnummer", "Registrer fødselsnummer",
         parent="self", single=True),
    Kind("henvisning", "inntak", "referral", intake.ReferralForm, "Henvisning", "Registrer henvisning", single=True,
         related=("partner",)),
    Kind("intervju", "inntak", "intake_background", intake.InterviewForm, "Intervju og kartlegging", "Fyll ut intervjuet",
         single=True),
    Kind("livssituasjon", "inntak", "life_situation", person.LifeSituationForm, "Livssituasjon og hindringer",
         "Skriv om livssituasjon", parent="self", single=True),
    Kind("ko", "opptak", "admission", intake.QueueForm, "Plass i køen", "Sett plass i køen", parent="self", single=True),
    Kind("fag", "fag", "identity", intake.TradeForm, "Fag", "Velg fag", parent="self", single=True),
    Kind("gruppe", "fag", "identity", intake.CohortForm, "Grupper", "Legg til i gruppe", related=("cohort",),
         empty="Deltakeren er ikke i noen gruppe."),
    Kind("samtale", "avtaler", "agreements", intake.ConversationForm, "Inntakssamtale", "Registrer inntakssamtalen", single=True,
         hidden_from=frozenset({LEDER})),
    Kind("avtale", "avtaler", "agreements", agreements.AgreementForm, "Avtaler", "Lag ny avtale", order=("kind", "-number"),
         empty="Det er ikke laget noen avtaler."),
    Kind("underskrift", "avtaler", "agreements", agreements.SignatureForm, "Underskrifter", "Registrer underskrift",
         parent="agreement", related=("agreement", "scan"), may_add=False, empty="Ingen har skrevet under ennå."),
    Kind("attest", "politiattest", "police_certificate", agreements.PoliceCertificateForm, "Politiattest",
         "Registrer politiattest", single=True),
    Kind("plass", "arbeidssted", "placement", placement.PlacementForm, "Praksisplasser", "Registrer praksisplass",
         order=("-is_main", "-starts_on", "-pk"), related=("workplace", "leder"), empty="Det er ikke funnet noe arbeidssted."),
    Kind("fadder", "arbeidssted", "placement", placement.FadderForm, "Faddere", "Velg fadder", frozenset({COORDINATOR, LEDER}),
         "placement", related=("person", "placement__workplace"), may_add=False, order=("is_substitute", "-starts_on"),
         empty="Det er ikke valgt noen fadder."),
    Kind("forslag", "arbeidssted", "placement", placement.ProposalForm, "Forslag til fadder", "Foreslå en ny fadder",
         frozenset({LEDER}), "placement", related=("placement__workplace",), may_add=False),
    Kind("vedlegg", "soknad", "application_pack", county.EnclosureForm, "Vedlegg", "Registrer vedlegg", may_add=False,
         related=("document",)),
    Kind("sending", "soknad", "application_pack", county.ApplicationForm, "Søknaden", "Registrer at søknaden er sendt",
         order=("-sent_on",), empty="Søknaden er ikke sendt."),
    Kind("kontrakt", "kontrakt", "training_contract", county.ContractForm, "Opplæringskontrakt", "Registrer kontrakt",
         order=("-order",), empty="Fylkeskommunens kontrakt er ikke registrert."),
    Kind("permisjon", "permisjon", "progress", county.LeaveForm, "Permisjoner", "Registrer permisjon", order=("-starts_on",),
         empty="Deltakeren har ikke hatt permisjon."),
    Kind("klar", "klar", "readiness", exams.ReadinessForm, "Klar for prøve", "Si at deltakeren er klar",
         frozenset({FAGLAERER, NORSKLAERER}), order=("-given_on",), related=("by",),
         empty="Ingen har sagt at deltakeren er klar."),
    Kind("skriftlig", "eksamen", "exams", exams.WrittenExamForm, "Skriftlig eksamen", "Registrer skriftlig eksamen",
         parent="participant", order=("-exam_on", "-pk"), related=("window",), empty="Skriftlig eksamen er ikke registrert."),
    Kind("fagprove", "eksamen", "exams", exams.TradeTestForm, "Fagprøve", "Registrer fagprøve", order=("-attempt",),
         empty="Fagprøven er ikke registrert."),
    Kind("norskprove", "eksamen", "exams", exams.NorwegianTestForm, "Norskprøver", "Registrer norskprøve",
         frozenset({COORDINATOR, NORSKLAERER}), "participant", order=("part", "-taken_on", "-pk"), related=("window",),
         empty="Ingen norskprøver er registrert."),
    Kind("bankid", "eksamen", "exams", person.BankIdForm, "BankID", "Registrer BankID", OWN, "self", True),
    Kind("inntekt", "okonomi", "income_funding", support.IncomeForm, "Inntekt", "Legg til inntekt", order=("-starts_on", "-pk"),
         empty="Inntekt er ikke registrert."),
    Kind("betaling", "okonomi", "income_funding", support.FundingForm, "Hvem betaler", "Legg til hvem som betaler",
         order=("-starts_on", "-pk"), empty="Hvem som betaler, er ikke registrert."),
    Kind("tiltak", "tilrettelegging", "accommodations", support.AccommodationForm, "Tilrettelegging", "Legg til tiltak",
         order=("-starts_on", "-pk"), empty="Ingen tiltak er registrert."),
    Kind("lan", "utlan", "equipment", support.LoanForm, "Utlån", "Registrer utlån", parent="participant",
         order=("state", "-lent_on"), empty="Ingenting er lånt ut."),
    Kind("notat", "kontaktlogg", "contact_log", support.ContactNoteForm, "Kontaktlogg", "Skriv i kontaktloggen",
         order=("-happened_on", "-pk"), empty="Ingen kontakt er skrevet ned."),
    Kind("punkt", "avslutning", "progress", support.EndingTaskForm, "Sjekkliste", "Registrer punkt", may_add=False),
    Kind("bevis", "avslutning", "progress", support.CertificateForm, "Deltakerbevis", "Utsted deltakerbevis", single=True),
    Kind("jobb", "etterpa", "work_status", support.WorkStatusForm, "Arbeid etter fagbrevet", "Registrer status", OWN,
         order=("months",), empty="Status etter fagbrevet er ikke registrert."),
]  # fmt: skip
KINDS: dict[str, Kind] = {kind.slug: kind for kind in _ALL}


def kinds_on(page: str) -> list[Kind]:
    """Gives the kinds shown on a page, in order."""
    return [kind for kind in _ALL if kind.page == page]
