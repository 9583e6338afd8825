"""Who may see this participant: the participant's own sign-in, and restrictions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fagbrev.access.gate import page
from fagbrev.access.models import RecordRestriction
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.fields import DayField
from fagbrev.forms.saving import save_once
from fagbrev.identity import check_national_id
from fagbrev.people.roles import COORDINATOR
from participants.access import Record, person_by_number, record
from participants.actions.access import AccessRefused, end_restriction, give_sign_in, restrict
from participants.queries import restrictions_of, staff_users
from participants.views.acts import detail_url


class InviteForm(SentForm):
    """The e-mail address the participant signs in with."""

    email = forms.EmailField(label="E-post til innlogging", help_text="Deltakeren får en e-post med hvordan man logger inn.")


@record("steg", write=True)
def invite(request: HttpRequest, found: Record) -> HttpResponse:
    """Gives the participant a sign-in."""
    user = found.participant.user
    form = InviteForm(posted(request), request=request, initial={"email": found.participant.email})
    if form.is_bound and form.is_valid():

        def save() -> str:
            give_sign_in(participant=found.participant, email=form.cleaned_data["email"], by=found.user, today=found.today)
            messages.success(request, "Deltakeren har fått tilgang og får en e-post.")
            return detail_url(found)

        try:
            return save_once(request, form, save)
        except AccessRefused as refused:
            form.add_error("email", str(refused))
    context = {
        "record": found, "form": form, "title": "Gi deltakeren tilgang", "verb": "Send invitasjon", "back_url": detail_url(found),
        "lead": f"Deltakeren logger inn med {user.email}." if user else "Deltakeren ser sin egen sak, og hvem som har sett på den.",
        "seen_by": "",
    }  # fmt: skip
    return render(request, "participants/act.html", context, status=422 if form.is_bound else 200)


class FindProtectedForm(SentForm):
    """The whole national identity number of someone who stands in no list."""

    number = forms.CharField(label="Fødselsnummer eller D-nummer", max_length=20)

    def clean_number(self) -> str:
        """Gives the digits. Raises a sentence about what is wrong."""
        try:
            return check_national_id(self.cleaned_data["number"], allow_synthetic=settings.ALLOW_SYNTHETIC_IDS)
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from None


@page(roles={COORDINATOR})
def find_protected(request: HttpRequest) -> HttpResponse:
    """Leads the few who are named to a participant with a strictly protected address; tells nobody else anything."""
    form = FindProtectedForm(posted(request), request=request)
    if form.is_bound and form.is_valid():
        person = person_by_number(request.user, form.cleaned_data["number"])
        if person is not None:
            return redirect("participant_detail", person.public_id)
        form.add_error("number", "Vi fant ingen du har tilgang til, med dette nummeret.")
    context = {"form": form, "title": "Finn skjermet deltaker", "verb": "Finn"}
    return render(request, "participants/find_protected.html", context, status=422 if form.is_bound else 200)


class RestrictionForm(SentForm):
    """A restriction: who, which way, why, from when."""

    kind = forms.ChoiceField(label="Hva", choices=RecordRestriction.KINDS, widget=forms.RadioSelect)
    user = forms.ModelChoiceField(label="Bruker", queryset=staff_users().none())
    reason = forms.CharField(label="Grunn", max_length=200, help_text="For eksempel: slektning.")
    starts_on = DayField(label="Fra og med")

    def __init__(self, *args: Any, found: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = staff_users()
        self.fields["starts_on"].initial = found.today


@record("sperrer", write=True)
def restrictions(request: HttpRequest, found: Record) -> HttpResponse:
    """Restrictions on this record: relatives and other conflicts of interest, and protected people."""
    form = RestrictionForm(posted(request), request=request, found=found)
    if form.is_bound and form.is_valid():

        def save() -> str:
            data = form.cleaned_data
            restrict(
                participant=found.participant, kind=data["kind"], user=data["user"], reason=data["reason"],
                starts_on=data["starts_on"], by=found.user, today=found.today,
            )  # fmt: skip
            messages.success(request, "Sperren er registrert.")
            return reverse("participant_sperrer", args=[found.participant.public_id])

        try:
            return save_once(request, form, save)
        except AccessRefused as refused:
            form.add_error("user", str(refused))
    context = {"record": found, "form": form, "rows": restrictions_of(found.participant), "back_url": detail_url(found)}
    return render(request, "participants/restrictions.html", context, status=422 if form.is_bound else 200)


@record("sperrer", write=True, methods=("POST",))
def restriction_end(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Ends a restriction today."""
    row = restrictions_of(found.participant).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    try:
        end_restriction(restriction=row, participant=found.participant, by=found.user, today=found.today)
        messages.success(request, "Sperren er slutt.")
    except AccessRefused as refused:
        messages.error(request, str(refused))
    return redirect("participant_sperrer", found.participant.public_id)
