"""The acts of an enrolment: its steps, the correction, and what makes life wider than the straight way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.fields import DayField
from fagbrev.forms.saving import save_once
from fagbrev.web.asking import back_or
from participants.access import Record, record
from participants.actions.admission import give_voice, save_eligibility
from participants.actions.life import answer_consent, change_trade, change_workplace
from participants.actions.steps import StepRefused, correct_step, fill_in, take_step
from participants.facts import facts_of
from participants.forms.agreements import ConsentForm
from participants.forms.intake import EligibilityForm, VoiceForm
from participants.forms.placement import ChangeTradeForm, ChangeWorkplaceForm
from participants.queries import voice_of
from participants.views.rows import page_url
from participants.workflow import END_CODES, STATUS_NAMES, STEPS, Checked, Step, check, target_of


class StepForm(SentForm):
    """When it happened, why, and a written reason for each condition that is waived."""

    happened_on = DayField(label="Når skjedde det?")
    reason_code = forms.ChoiceField(label="Grunn", required=False)
    reason = forms.CharField(label="Hvorfor", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, step: Step, checked: list[Checked], found: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].initial = found.today
        if not step.reason_codes:
            del self.fields["reason_code"]
        else:
            self.fields["reason_code"].choices = [("", "Velg"), *step.reason_codes]
        if not step.needs_reason:
            del self.fields["reason"]
        else:
            self.fields["reason"].seen_by = seen_by_words("status_reasons")  # type: ignore[attr-defined]
        self.waivable = [item.condition for item in checked if item.missing and item.condition.waivable]
        for condition in self.waivable:
            self.fields[f"waive_{condition.key}"] = forms.CharField(
                label=f"Gå videre uten «{condition.title}»: hvorfor?", required=False, max_length=500,
                help_text="Skriv bare her hvis steget må tas likevel. Begrunnelsen står i historikken.",
            )  # fmt: skip

    def waived(self) -> dict[str, str]:
        """Gives the written reasons by condition key."""
        return {condition.key: self.cleaned_data.get(f"waive_{condition.key}", "") for condition in self.waivable}


@record("steg", write=True)
def step(request: HttpRequest, found: Record, key: str) -> HttpResponse:
    """One step: what is missing with links to where it is put right, and the act when it can be done."""
    arrow = STEPS.get(key.replace("-", "_"))
    if arrow is None:
        raise Http404
    facts = facts_of(found.enrolment, today=found.today)
    checked = check(arrow, facts)
    fits = found.enrolment.status in arrow.sources
    form = StepForm(posted(request), step=arrow, checked=checked, found=found, request=request)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def save() -> str:
            take_step(
                enrolment=found.enrolment, step=arrow.key, by=found.user, today=found.today, happened_on=data["happened_on"],
                reason_code=data.get("reason_code", ""), reason=data.get("reason", ""), waived=form.waived(),
            )  # fmt: skip
            messages.success(request, f"{found.participant.first_name} er nå i fasen «{STATUS_NAMES[found.enrolment.status]}».")
            return detail_url(found)

        try:
            return save_once(request, form, save)
        except StepRefused as refused:
            form.add_error(None, str(refused))
    blocking = [item for item in checked if item.missing and not item.condition.waivable]
    context = {
        "record": found,
        "step": arrow,
        "target": STATUS_NAMES[target_of(arrow, facts)],
        "fits": fits,
        "status_name": STATUS_NAMES[found.enrolment.status],
        "form": form,
        "conditions": shown_conditions(found, checked),
        "can_try": fits and not blocking,
        "back_url": detail_url(found),
    }
    return render(request, "participants/step.html", context, status=422 if form.is_bound else 200)


def shown_conditions(found: Record, checked: list[Checked]) -> list[dict[str, Any]]:
    """Gives conditions as the component draws them, each missing one with a link to where it is put right."""
    return [
        {
            "label": item.condition.title,
            "note": item.detail,
            "met": item.is_met,
            "url": page_url(found, item.condition.page),
            "act": ACTS.get(item.condition.key, "Rett opp"),
        }
        for item in checked
    ]


ACTS = {
    "trade_chosen": "Velg fag",
    "interview_held": "Fyll ut intervjuet",
    "coordinator_voice": "Gi din stemme",
    "faglaerer_voice": "Se stemmene",
    "criteria_answered": "Vurder kravene",
    "criteria_met": "Se kravene",
    "queue_place": "Sett plass",
    "conversation_held": "Registrer samtalen",
    "contract_signed": "Registrer underskrift",
    "consent_asked": "Registrer svar",
    "workplace_chosen": "Velg arbeidssted",
    "workplace_approved_or_applied": "Se arbeidsstedet",
    "workplace_interview": "Registrer samtalen",
    "leder_named": "Velg leder",
    "fadder_named": "Velg fadder",
    "start_date": "Sett dato",
    "agreement_signed": "Registrer underskrift",
    "police_certificate": "Registrer politiattest",
    "enclosures": "Se vedleggene",
    "work_basis": "Se vedleggene",
    "application_sent": "Registrer sending",
    "county_contract": "Registrer kontrakten",
    "workplace_approved": "Se arbeidsstedet",
    "leave_from": "Registrer permisjonen",
    "recommended": "Se vurderingene",
    "contract_lasts": "Se kontrakten",
    "exam_passed_or_pending": "Se eksamen",
    "exam_passed": "Se eksamen",
    "test_failed": "Registrer resultat",
    "next_attempt": "Planlegg nytt forsøk",
    "test_passed": "Registrer resultat",
    "certificate_issued": "Utsted deltakerbevis",
    "ending_done": "Gå til sjekklista",
    "placement_begun": "Se arbeidssted",
    "placement_not_begun": "Se arbeidssted",
}


def detail_url(found: Record) -> str:
    """Gives the address of the record's front page, for the same enrolment."""
    return f"{reverse('participant_detail', args=[found.participant.public_id])}?lop={found.enrolment.public_id}"


class CorrectForm(SentForm):
    """Why the last step was wrong."""

    reason = forms.CharField(label="Hva var feil?", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


@record("steg", write=True)
def correct(request: HttpRequest, found: Record) -> HttpResponse:
    """«Rett feil»: one step back, with a reason."""
    form = CorrectForm(posted(request), request=request, seen_by=seen_by_words("status_reasons"))
    if form.is_bound and form.is_valid():

        def save() -> str:
            correct_step(enrolment=found.enrolment, by=found.user, today=found.today, reason=form.cleaned_data["reason"])
            messages.success(request, f"Rettet. Løpet er nå i fasen «{STATUS_NAMES[found.enrolment.status]}».")
            return detail_url(found)

        try:
            return save_once(request, form, save)
        except StepRefused as refused:
            form.add_error(None, str(refused))
    lead = f"Løpet er i fasen «{STATUS_NAMES[found.enrolment.status]}». Du går ett steg tilbake. Historikken viser begge."
    return _act_page(request, found, form, "Rett feil", lead, "Gå ett steg tilbake")


class FillInForm(SentForm):
    """The day of the present phase, and why it ended where it did."""

    happened_on = DayField(label="Når begynte fasen?")
    end_code = forms.ChoiceField(label="Hvorfor sluttet løpet?")

    def __init__(self, *args: Any, found: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enrolment = found.enrolment
        if not enrolment.is_open:
            self.fields["happened_on"].label = "Når sluttet løpet?"
            self.fields["happened_on"].initial = enrolment.ended_on
        codes = END_CODES.get(enrolment.status, [])
        if not codes or enrolment.end_code:
            del self.fields["end_code"]
        else:
            self.fields["end_code"].choices = [("", "Velg"), *codes]


@record("steg", write=True)
def fill_in_missing(request: HttpRequest, found: Record) -> HttpResponse:
    """Registers the unknown day of a phase that came from a spreadsheet, and why it ended."""
    form = FillInForm(posted(request), found=found, request=request)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def save() -> str:
            fill_in(
                enrolment=found.enrolment, by=found.user, today=found.today, happened_on=data["happened_on"],
                end_code=data.get("end_code", ""),
            )  # fmt: skip
            messages.success(request, "Lagret.")
            return detail_url(found)

        try:
            return save_once(request, form, save)
        except StepRefused as refused:
            form.add_error(None, str(refused))
    lead = f"Løpet er i fasen «{STATUS_NAMES[found.enrolment.status]}»."
    return _act_page(request, found, form, "Registrer det som mangler", lead, "Lagre")


def _act_page(
    request: HttpRequest, found: Record, form: Any, title: str, lead: str, verb: str, seen_by: str = ""
) -> HttpResponse:
    context = {
        "record": found, "form": form, "title": title, "lead": lead, "verb": verb, "back_url": detail_url(found),
        "seen_by": f"{seen_by}." if seen_by else "",
    }  # fmt: skip
    return render(request, "participants/act.html", context, status=422 if form.is_bound else 200)


@record("arbeidssted", write=True, writers=frozenset({"coordinator"}))
def workplace_change(request: HttpRequest, found: Record) -> HttpResponse:
    """«Bytt arbeidssted»: a new main placement, with its conditions anew."""
    form = ChangeWorkplaceForm(posted(request), record=found, request=request)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def save() -> str:
            change_workplace(
                enrolment=found.enrolment, workplace=data["workplace"], last_day=data["last_day"], first_day=data["first_day"],
                reason=data["reason"], by=found.user, today=found.today,
            )  # fmt: skip
            messages.success(request, "Nytt arbeidssted er registrert. Velg leder og fadder, og lag ny avtale om deltakelse.")
            return page_url(found, "arbeidssted")

        return save_once(request, form, save)
    lead = "Den gamle plassen avsluttes. Den nye trenger leder, fadder, samtale og ny avtale. Husk å si fra til fylkeskommunen."
    return _act_page(request, found, form, "Bytt arbeidssted", lead, "Bytt arbeidssted")


@record("steg", write=True)
def trade_change(request: HttpRequest, found: Record) -> HttpResponse:
    """«Bytt fag»: a new linked enrolment; the old one ends with the code «byttet fag»."""
    form = ChangeTradeForm(posted(request), record=found, request=request, seen_by=seen_by_words("status_reasons"))
    if form.is_bound and form.is_valid():
        made = {}

        def save() -> str:
            data = form.cleaned_data
            made["new"] = change_trade(
                enrolment=found.enrolment, trade=data["trade"], by=found.user, today=found.today, reason=data["reason"]
            )
            messages.success(request, "Nytt løp er opprettet. Intervju, henvisning og dokumenter er med over.")
            return made["new"].get_absolute_url()

        try:
            return save_once(request, form, save)
        except StepRefused as refused:
            form.add_error(None, str(refused))
    lead = "Det gamle løpet avsluttes med grunnen «byttet fag». Intervjuet og dokumentene følger med til det nye."
    return _act_page(request, found, form, "Bytt fag", lead, "Bytt fag")


@record("opptak", write=True, writers=frozenset({"coordinator"}))
def eligibility(request: HttpRequest, found: Record) -> HttpResponse:
    """Every criterion, one by one (V3)."""
    form = EligibilityForm(posted(request), record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_eligibility(enrolment=found.enrolment, answers=form.answers(), by=found.user)
            messages.success(request, "Lagret.")
            return page_url(found, "opptak")

        return save_once(request, form, save)
    return _act_page(request, found, form, "Opptakskrav", "", "Lagre", seen_by_words("admission"))


@record("opptak", write=True, writers=frozenset({"coordinator", "faglaerer"}))
def voice(request: HttpRequest, found: Record) -> HttpResponse:
    """One's own voice on admission: a koordinator's or a faglærer's."""
    whose = "coordinator" if found.is_coordinator else "faglaerer"
    held = voice_of(found.enrolment, whose)
    if held.by_id not in {None, found.user.pk}:
        messages.error(request, f"{held.by} har gitt denne stemmen. Bare den som ga den, kan endre den.")
        return redirect(page_url(found, "opptak"))
    form = VoiceForm(posted(request), instance=held, record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            give_voice(form=form, by=found.user)
            messages.success(request, "Stemmen din er lagret.")
            return back_or(request, page_url(found, "opptak"))

        return save_once(request, form, save)
    return _act_page(request, found, form, "Din stemme om opptak", "", "Lagre", seen_by_words("admission"))


@record("samtykker", write=True, writers=frozenset({"coordinator", "deltaker"}))
def consent(request: HttpRequest, found: Record) -> HttpResponse:
    """A yes or no per named party."""
    form = ConsentForm(posted(request), record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            for party, workplace, answer in form.new_answers():
                answer_consent(
                    enrolment=found.enrolment, party=party, workplace=workplace, answer=answer,
                    answered_on=form.cleaned_data["answered_on"], by=found.user,
                )  # fmt: skip
            messages.success(request, "Svarene er lagret.")
            return page_url(found, "samtykker")

        return save_once(request, form, save)
    lead = "Et nei endrer hvem som ser hva, aldri om du får være med. Svarene kan endres når som helst."
    return _act_page(request, found, form, "Samtykke til å dele", lead, "Lagre svarene", seen_by_words("consents"))
