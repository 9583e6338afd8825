"""Referrals: the koordinator's form, the open form at /henvis/, and the inbox between them (V8 row 2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import open_page, page
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR
from participants.actions.referrals import accept_inbox_item, decline_inbox_item, register_given
from participants.forms.referrals import AcceptReferralForm, DeclineReferralForm, NewReferralForm, PublicReferralForm
from participants.known import enrolment_made, inbox_for
from participants.models import ReferralInboxItem
from participants.rates import note_sending, too_many

PER_PAGE = 25


@page(roles={COORDINATOR})
def referral_new(request: HttpRequest) -> HttpResponse:
    """Registers a referral in under a minute."""
    today = timezone.localdate()
    form = NewReferralForm(posted(request), request=request, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            return save_once(request, form, lambda: _register(request, form))
        except IntegrityError:  # another koordinator was quicker
            form.add_error(None, _("Personen har allerede et åpent løp i dette faget. Åpne det i stedet."))
    status = 422 if form.is_bound else 200
    return render(request, "participants/referral_new.html", {"form": form}, status=status)


def _register(request: HttpRequest, form: NewReferralForm) -> str:
    enrolment = register_given(given=form.cleaned_data, by=request.user, today=form.today)  # type: ignore[arg-type]
    messages.success(request, _("Henvisningen er registrert."))
    return enrolment.get_absolute_url()


@open_page
def referral_public(request: HttpRequest) -> HttpResponse:
    """The open form for partners and for people who refer themselves. Never tells whether someone is known."""
    form = PublicReferralForm(posted(request), request=request, today=timezone.localdate())
    context = {"form": form, "municipality": settings.MUNICIPALITY, "contact_email": settings.CONTACT_EMAIL}
    if request.method != "POST":
        return render(request, "participants/referral_public.html", context)
    if form.is_trapped:
        return redirect("referral_thanks")
    if not form.is_valid():
        return render(request, "participants/referral_public.html", context, status=422)
    now = timezone.now().timestamp()
    if too_many(request, now=now):
        return render(request, "participants/referral_public.html", {**context, "too_many": True}, status=429)
    return save_once(request, form, lambda: _receive(request, form, now))


def _receive(request: HttpRequest, form: PublicReferralForm, now: float) -> str:
    form.save()
    note_sending(request, now=now)
    return reverse("referral_thanks")


@open_page
def referral_thanks(request: HttpRequest) -> HttpResponse:
    """Thanks for a referral, and what happens next."""
    return render(request, "participants/referral_thanks.html", {"contact_email": settings.CONTACT_EMAIL})


@page(roles={COORDINATOR}, methods=("GET", "HEAD"))
def referral_inbox(request: HttpRequest) -> HttpResponse:
    """Referrals from the open form, those without an answer first."""
    rows = inbox_for(request.user, today=timezone.localdate())  # type: ignore[arg-type]
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("side"))
    return render(request, "participants/inbox.html", {"page": found, "new_count": rows.filter(state="new").count()})


@page(roles={COORDINATOR})
def referral_item(request: HttpRequest, item_id: str) -> HttpResponse:
    """One referral from the open form: turned into a participant, or declined with a reason."""
    today = timezone.localdate()
    item = get_object_or_404(inbox_for(request.user, today=today), public_id=item_id)  # type: ignore[arg-type]
    declines = request.POST.get("act") == "decline"
    forms: dict[str, Any] = {
        "accept": AcceptReferralForm(
            None if declines else posted(request), request=request, item=item, today=today, auto_id="accept_%s"
        ),
        "decline": DeclineReferralForm(request.POST if declines else None, request=request, auto_id="decline_%s"),
    }
    if request.method != "POST":
        return _show_item(request, item, forms)
    if item.state != "new":
        return redirect(_already_answered(request, item))
    if not forms["decline" if declines else "accept"].is_valid():
        return _show_item(request, item, forms, status=422)
    return _decline(request, item, forms) if declines else _accept(request, item, forms)


def _accept(request: HttpRequest, item: ReferralInboxItem, forms: dict[str, Any]) -> HttpResponse:
    form = forms["accept"]

    def accept() -> str:
        known = form.cleaned_data["known"]
        person = known.participant if known else None
        made = accept_inbox_item(item=item, by=request.user, today=form.today, participant=person)  # type: ignore[arg-type]
        if made is None:
            return _already_answered(request, item)
        messages.success(request, _("Henvisningen er registrert som deltaker."))
        return made.get_absolute_url()

    try:
        return save_once(request, form, accept)
    except IntegrityError:
        form.add_error(None, _("Personen har allerede et åpent løp i dette faget. Åpne det i stedet."))
        return _show_item(request, item, forms, status=422)


def _decline(request: HttpRequest, item: ReferralInboxItem, forms: dict[str, Any]) -> HttpResponse:
    form = forms["decline"]

    def decline() -> str:
        if not decline_inbox_item(item=item, by=request.user, reason=form.cleaned_data["reason"]):  # type: ignore[arg-type]
            return _already_answered(request, item)
        messages.success(request, _("Henvisningen er avslått."))
        return reverse("referral_inbox")

    return save_once(request, form, decline)


def _already_answered(request: HttpRequest, item: ReferralInboxItem) -> str:
    """Gives where to go when the referral has its answer; the one who was second is told whose it is."""
    item.refresh_from_db()
    made = enrolment_made(request.user, item, today=timezone.localdate())  # type: ignore[arg-type]
    if item.answered_by == request.user:
        return made.get_absolute_url() if made else reverse("referral_inbox")
    messages.warning(
        request,
        _("%(who)s svarte på denne henvisningen før deg. Svaret er: %(state)s.")
        % {"who": item.answered_by or _("Noen andre"), "state": item.get_state_display()},
    )
    return reverse("referral_item", args=[item.public_id])


def _show_item(request: HttpRequest, item: ReferralInboxItem, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {"item": item, "is_new": item.state == "new", "facts": _facts(item), **forms}
    if not context["is_new"]:
        context["made"] = enrolment_made(request.user, item, today=timezone.localdate())  # type: ignore[arg-type]
    return render(request, "participants/inbox_item.html", context, status=status)


def _facts(item: ReferralInboxItem) -> list[dict[str, Any]]:
    sender = _("personen selv") if item.is_self else ", ".join(
        part for part in (item.sender_name, item.sender_organisation, item.sender_email, item.sender_phone) if part
    )  # fmt: skip
    return [
        {"label": _("Telefon"), "value": item.phone, "missing": not item.phone},
        {"label": _("E-post"), "value": item.email, "missing": not item.email},
        {"label": _("Fag"), "value": item.trade or _("ikke avklart")},
        {"label": _("Henvist av"), "value": sender},
        {"label": _("Vet om henvisningen"), "value": _("ja") if item.is_self or item.knows_of_referral else _("nei")},
        {"label": _("Hvorfor"), "value": item.words, "missing": not item.words},
    ]
