"""The list of an information meeting: the koordinator's alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR
from meetings.access import Seen, meeting, sign_ups_seen
from meetings.actions.signups import refer, remove_sign_up, save_sign_up, tick_came
from meetings.days import sign_ups_wiped_on
from meetings.forms.signups import SignUpForm, proposed_referral
from meetings.meetings_shown import sign_ups_counted, sign_ups_named, title_of
from meetings.models import SignUp
from meetings.models.meetings import INFORMATION
from participants.forms.referrals import NewReferralForm
from programmes.settings_in_force import setting

ONLY_COORDINATOR = frozenset({COORDINATOR})
PER_PAGE = 50
ALREADY_REFERRED = "Personen er allerede henvist. Opplysningene står i mappa til deltakeren."


def _is_information(seen: Seen) -> None:
    if seen.meeting.kind != INFORMATION:
        raise Http404


def _row(seen: Seen, row_id: str) -> SignUp:
    _is_information(seen)
    row = (
        sign_ups_seen(seen.user, seen.today)
        .filter(meeting=seen.meeting, public_id=row_id)
        .select_related("meeting__enrolment")
        .first()
    )
    if row is None:
        raise Http404
    return row


def _list_url(seen: Seen) -> str:
    return reverse("sign_up_list", args=[seen.meeting.public_id])


@meeting(roles=ONLY_COORDINATOR)
def sign_up_list(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Who signed up, who came, and who was referred."""
    _is_information(seen)
    rows = sign_ups_seen(seen.user, seen.today).filter(meeting=seen.meeting)
    page = Paginator(
        sign_ups_named(rows).select_related("referral__enrolment__participant"), PER_PAGE
    ).get_page(request.GET.get("side"))  # fmt: skip
    if request.method == "POST":
        came, before = set(request.POST.getlist("kom")), set(request.POST.getlist("var"))
        seen_ids = set(request.POST.getlist("vist"))  # not who has come onto the page since it was opened
        shown = [row for row in rows if row.public_id in seen_ids]
        tick_came(meeting=seen.meeting, rows=shown, came=came, before=before, by=seen.user)
        messages.success(request, "Lagret.")
        return redirect(request.get_full_path())
    context = {
        "seen": seen, "meeting": seen.meeting, "title": title_of(seen.meeting), "page": page,
        "words": sign_ups_counted(rows, seen), "has_begun": seen.meeting.starts_at <= timezone.now(),
        "keep_days": int(setting("sign_up_keep_days", seen.today)), "query": request.GET.urlencode(),
        "wiped_on": date_words(sign_ups_wiped_on(seen.meeting, seen.today)),
    }  # fmt: skip
    return render(request, "meetings/sign_up_list.html", context)


@meeting(roles=ONLY_COORDINATOR)
def sign_up_new(request: HttpRequest, seen: Seen) -> HttpResponse:
    """One more on the list."""
    _is_information(seen)
    return _form(request, seen, SignUp(meeting=seen.meeting))


@meeting(roles=ONLY_COORDINATOR)
def sign_up_edit(request: HttpRequest, seen: Seen, row_id: str) -> HttpResponse:
    """Changes one on the list; of one who is referred there is nothing left to change here."""
    row = _row(seen, row_id)
    if row.referral_id is not None and sent_before(request) is None:
        messages.warning(request, ALREADY_REFERRED)
        return redirect(_list_url(seen))
    return _form(request, seen, row)


def _form(request: HttpRequest, seen: Seen, row: SignUp) -> HttpResponse:
    if (sent := sent_before(request)) is not None:
        return sent
    form, is_new = SignUpForm(posted(request), instance=row, request=request), row._state.adding
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_sign_up(form=form, by=seen.user)
            messages.success(request, "Lagret.")
            return _list_url(seen)

        return save_once(request, form, save)
    context = {
        "form": form, "title": "Ny påmelding" if is_new else "Endre påmeldingen", "back_url": _list_url(seen), "verb": "Lagre",
        "lead": "Bare koordinator ser lista.",
    }  # fmt: skip
    return render(request, "meetings/meeting_form.html", context, status=422 if form.is_bound else 200)


@meeting(roles=ONLY_COORDINATOR, methods=("POST",))
def sign_up_remove(request: HttpRequest, seen: Seen, row_id: str) -> HttpResponse:
    """Takes one off the list."""
    if remove_sign_up(row=_row(seen, row_id), by=seen.user):
        messages.success(request, "Påmeldingen er slettet.")
    else:
        messages.error(request, "Personen er henvist. Da blir påmeldingen stående.")
    return redirect(_list_url(seen))


@meeting(roles=ONLY_COORDINATOR)
def sign_up_refer(request: HttpRequest, seen: Seen, row_id: str) -> HttpResponse:
    """Registers a referral, filled in from the sign-up, and links the two."""
    row = _row(seen, row_id)
    if (sent := sent_before(request)) is not None:
        return sent
    if row.referral_id is not None:
        messages.warning(request, ALREADY_REFERRED)
        return redirect(_list_url(seen))
    form = NewReferralForm(posted(request), request=request, today=seen.today, initial=proposed_referral(row))
    if form.is_bound and form.is_valid():

        def save() -> str:
            if refer(row=row, given=form.cleaned_data, by=seen.user, today=seen.today) is None:
                messages.error(request, "En annen slettet påmeldingen akkurat nå. Ingen henvisning er registrert.")
            else:
                messages.success(request, "Henvisningen er registrert.")
            return _list_url(seen)

        try:
            return save_once(request, form, save)
        except IntegrityError:  # another koordinator was quicker
            form.add_error(None, "Personen har allerede et åpent løp i dette faget. Åpne det i stedet.")
    return render(request, "participants/referral_new.html", {"form": form}, status=422 if form.is_bound else 200)
