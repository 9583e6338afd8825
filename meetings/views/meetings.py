"""Meetings: the list, one meeting's page, a new one, changes, the call, calling off, and who came."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.gate import page
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR, DELTAKER, ROLES, roles_of
from fagbrev.web.asking import back_or
from meetings.access import Seen, meeting, note_meeting_look
from meetings.actions.meetings import call_meeting, cancel_meeting, change_meeting, hold_meeting, plan_meeting
from meetings.agenda_shown import agenda_part
from meetings.forms.invitations import AnswerForm, CameForm
from meetings.forms.meetings import CancelForm, MeetingForm
from meetings.invited_shown import NO_MAIL, invited_shown, may_hold, name_of
from meetings.invitees import (
    COLLEAGUES,
    Proposed,
    candidates,
    invitees_seen,
    proposed_for,
    stand_ins,
    standing_in,
    still_to_ask,
    without_sign_in,
)
from meetings.meetings_choices import about_choices, enrolment_chosen, new_meeting
from meetings.meetings_shown import (
    KIND_NAMES,
    WHAT_KINDS_ARE,
    Asked,
    about_link,
    answer_said,
    break_said,
    facts_of,
    is_mailed,
    meetings_listed,
    programme_lines,
    rows_of,
    sign_ups_said,
    state_said,
    title_of,
)
from meetings.models import Meeting
from meetings.models.meetings import (
    ABOUT_ONE,
    CALLED,
    CANCELLED,
    DECLINED,
    HELD,
    MEETING_STATES,
    NETWORK_GATHERING,
    OF_TRADE,
    PLANNED,
)
from meetings.protection import protection_said
from meetings.views.invitations import save_own_answer
from programmes.queries import all_trades, break_by, trades_open

READ = ("GET", "HEAD")
PER_PAGE = 25
WITHOUT_FILTERS = 8  # as many meetings are read faster than chosen among
TOO_LATE = "Noen andre endret møtet før deg. Se hva som gjelder nå."


@page(roles=ROLES, methods=READ)
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The user's meetings: those that come, or those that were."""
    now, get = timezone.now(), request.GET
    roles = _roles(request)
    within = break_by(get.get("ferie", "")) if COORDINATOR in roles else None
    asked = Asked(get.get("vis") == "tidligere", get.get("type", ""), get.get("fag", "")[:20], get.get("status", ""), within)
    found = Paginator(meetings_listed(request.user, asked, now=now), PER_PAGE).get_page(get.get("side"))
    context = {
        "page": found, "rows": rows_of(found.object_list, request.user, now=now), "asked": asked,
        "kinds": [(code, label.capitalize()) for code, label in KIND_NAMES.items()],
        "states": [(code, label.capitalize()) for code, label in MEETING_STATES], "trades": all_trades(),
        "is_coordinator": COORDINATOR in roles, "query": get.urlencode(),
        "has_filters": asked.is_filtered or found.paginator.count > WITHOUT_FILTERS,
    }  # fmt: skip
    return render(request, "meetings/meeting_list.html", context)


def _roles(request: HttpRequest) -> frozenset[str]:
    return roles_of(request.user, timezone.localdate())


@meeting()
def meeting_detail(request: HttpRequest, seen: Seen) -> HttpResponse:
    """One meeting; POST is the answer of one who is invited."""
    said = seen.invitation.answer_words if seen.invitation else ""
    form = AnswerForm(posted(request), request=request, meeting=seen.meeting, said=said)
    if form.is_bound:
        if seen.invitation is None:
            raise PermissionDenied
        if form.is_valid():
            return save_own_answer(request, seen, seen.invitation, form)
    now, row = timezone.now(), seen.meeting
    words, tone = state_said(row, now)
    context = {
        "seen": seen, "meeting": row, "title": title_of(row), "kind": KIND_NAMES[row.kind].capitalize(), "state": words.capitalize(),
        "tone": tone, "about": about_link(seen), "facts": facts_of(seen), "invited": invited_shown(seen, now, request.GET.get("side")),
        "programme": programme_lines(row), "agenda": agenda_part(seen), "acts": _acts(seen, now),
        "by_series": _by_series(seen), "lies_in": break_said(seen, now), "protection": protection_said(seen),
        "answer": _own_answer(seen, form, now), "sign_ups": sign_ups_said(seen), "not_asked": _not_asked(seen),
    }  # fmt: skip
    if request.method != "HEAD":
        note_meeting_look(seen)
    return render(request, "meetings/meeting_detail.html", context, status=422 if form.is_bound else 200)


def _by_series(seen: Seen) -> list[str]:
    """Whom the call of a meeting of a series reaches beside those on its list, for those who may call."""
    if seen.meeting.state != PLANNED or not seen.may_call:
        return []
    return [one.words for one in still_to_ask(seen.meeting, by=seen.user, today=seen.today)]


def _not_asked(seen: Seen) -> int:
    """How many in practice a network gathering that is still ahead does not reach."""
    row = seen.meeting
    if row.kind != NETWORK_GATHERING or not seen.is_coordinator or not row.is_open:
        return 0
    return without_sign_in(seen.user, seen.today, row.trade)


def _own_answer(seen: Seen, form: AnswerForm, now: Any) -> dict[str, Any]:
    """The form for one's own answer, with what one has said; empty when there is nothing to answer."""
    own = seen.invitation
    if own is None or seen.meeting.state != CALLED or seen.meeting.starts_at <= now:
        return {}
    substitute = standing_in().filter(substitutes=own).select_related("user").first()
    said = f"Du sender en vara: {name_of(substitute)}." if substitute else answer_said(own)
    may_send = own.role != DELTAKER and substitute is None
    has_one = may_send and (seen.may_call or bool(stand_ins(own, by=seen.user, today=seen.today)))
    return {"form": form, "said": said, "row_id": own.public_id if has_one else "", "asks_for_one": may_send and not has_one}


def _acts(seen: Seen, now: Any) -> dict[str, bool]:
    """What the reader may do with the meeting now."""
    row = seen.meeting
    has_begun = row.starts_at <= now
    return {
        "call": seen.may_call and row.state == PLANNED and not has_begun,
        "edit": seen.may_call and row.is_open and not has_begun,
        "cancel": seen.may_call and row.is_open,
        "invite": seen.may_call and row.is_open and not has_begun,
        "hold": may_hold(seen) and row.state != CANCELLED and has_begun,
    }


# --- A new one -------------------------------------------------------------------------------------------


@page(roles={COORDINATOR})
def meeting_new(request: HttpRequest) -> HttpResponse:
    """A new meeting: its kind first, then for some kinds whom it is about, then when and where."""
    kind, today = request.GET.get("type", ""), timezone.localdate()
    if kind not in KIND_NAMES:
        kinds = [(code, KIND_NAMES[code].capitalize(), what) for code, what in WHAT_KINDS_ARE.items()]
        return _asked_again(request, "meetings/meeting_kinds.html", {"kinds": kinds})
    about, code = None, request.GET.get("fag", "")
    if kind in OF_TRADE and not any(trade.code == code for trade in trades_open(today)):
        return _asked_again(request, "meetings/meeting_trade.html", {"kind": kind, "trades": trades_open(today)})
    if kind in ABOUT_ONE:
        wanted = request.GET.get("deltaker", "")
        about = enrolment_chosen(request.user, wanted, request.GET.get("lop", ""), today=today) if wanted else None
        if about is None:
            if wanted:
                raise Http404
            choices = about_choices(request.user, request.GET.get("q", ""), today=today)
            asked = {"kind": kind, "kind_name": KIND_NAMES[kind], "text": request.GET.get("q", "")[:80], "choices": choices}
            return _asked_again(request, "meetings/meeting_about.html", asked)
    if (sent := sent_before(request)) is not None:
        return sent
    row = new_meeting(kind, code, about, today=today)
    form = MeetingForm(posted(request), instance=row, request=request, today=today)
    if form.is_bound and form.is_valid():
        return save_once(request, form, lambda: _plan(request, form))
    name = about.participant.full_name if about else ""
    context = {
        "form": form, "title": f"Nytt {KIND_NAMES[kind]}" if not kind.endswith("gathering") else f"Ny {KIND_NAMES[kind]}", "about": name,
        "lead": f"Møtet gjelder {name}." if name else row.trade.name if row.trade else "",
        "back_url": back_or(request, reverse("meeting_list")), "verb": "Lagre møtet",
    }  # fmt: skip
    return render(request, "meetings/meeting_form.html", context, status=422 if form.is_bound else 200)


def _asked_again(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _plan(request: HttpRequest, form: MeetingForm) -> str:
    row = form.instance
    invitees = proposed_for(
        kind=row.kind, by=request.user, today=form.today, trade=row.trade, enrolment=row.enrolment
    )  # fmt: skip
    saved = plan_meeting(form=form, invitees=invitees, by=request.user)
    _say_day_off(request, form)
    if saved.starts_at <= timezone.now():
        messages.warning(request, "Møtet er lagret, og har vært. Ingen innkallinger sendes. Før oppmøtet, så står det som holdt.")
    else:
        messages.success(request, "Møtet er lagret. Ingen har fått beskjed ennå. Se hvem som skal være med, og kall inn.")
    return saved.get_absolute_url()


def _say_day_off(request: HttpRequest, form: MeetingForm) -> None:
    if words := form.day_off_words():
        messages.warning(request, words)


# --- Changes ---------------------------------------------------------------------------------------------


def _may_call(seen: Seen) -> bool:
    return seen.may_call


def _page_of(seen: Seen) -> str:
    return seen.meeting.get_absolute_url()


def _too_late(request: HttpRequest, seen: Seen, words: str = TOO_LATE) -> HttpResponse:
    messages.error(request, words)
    return redirect(_page_of(seen))


@meeting(may=_may_call)
def meeting_edit(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Changes time, place or programme; those invited are told of another time or place."""
    row, now = seen.meeting, timezone.now()
    if (sent := sent_before(request)) is not None:
        return sent
    if not row.is_open or row.starts_at <= now:
        return _too_late(request, seen, "Møtet har vært, eller er avlyst. Det kan ikke endres.")
    form = MeetingForm(posted(request), instance=row, request=request, today=seen.today)
    if form.is_bound and form.is_valid():

        def save() -> str:
            tells = change_meeting(form=form, by=seen.user, at=now)
            _say_day_off(request, form)
            if tells and not is_mailed(row):
                messages.warning(request, f"Lagret, men {NO_MAIL}")
            else:
                messages.success(request, "Lagret. De som er innkalt, får beskjed om endringen." if tells else "Lagret.")
            return _page_of(seen)

        return save_once(request, form, save)
    note_meeting_look(seen)
    tells = row.state == CALLED and is_mailed(row)
    lead = "De som er innkalt, får beskjed når du endrer tid, sted eller lenke." if tells else ""
    context = {
        "form": form, "title": "Endre møtet", "lead": lead, "back_url": _page_of(seen), "verb": "Lagre",
        "about": row.enrolment.participant.full_name if row.enrolment else "",
    }  # fmt: skip
    return render(request, "meetings/meeting_form.html", context, status=422 if form.is_bound else 200)


@meeting(may=_may_call, methods=("POST",))
def meeting_call(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Calls the meeting: everyone invited gets an invitation of their own."""
    now = timezone.now()
    if seen.meeting.starts_at <= now:
        return _too_late(request, seen, "Møtet har begynt, eller det har vært. Da kan du ikke kalle inn.")
    if call_meeting(meeting=seen.meeting, version=_version(request), by=seen.user, at=now):
        _say_called(request, seen)
    else:
        messages.warning(request, "Møtet var kalt inn fra før, eller noen endret det før deg. Se hva som gjelder nå.")
    return redirect(_page_of(seen))


def _say_called(request: HttpRequest, seen: Seen) -> None:
    if not is_mailed(seen.meeting):
        messages.warning(request, f"Møtet er kalt inn, men {NO_MAIL}")
    else:
        messages.success(request, "Møtet er kalt inn. Alle som er innkalt, får en innkalling i e-post.")
        if not seen.meeting.place and not seen.meeting.video_link:
            messages.warning(request, "Innkallingen sier ikke hvor møtet er. Skriv stedet under «Endre», så får alle beskjed.")


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@meeting(may=_may_call)
def meeting_cancel(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Asks before a meeting is called off."""
    row = seen.meeting
    if (sent := sent_before(request)) is not None:
        return sent
    if not row.is_open:
        return _too_late(request, seen, "Møtet er allerede avlyst, eller det har vært.")
    tells = row.state == CALLED and row.ends_at > timezone.now()
    form = CancelForm(posted(request), instance=row, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            cancel_meeting(form=form, by=seen.user, at=timezone.now())
            if tells and not is_mailed(row):
                messages.warning(request, f"Møtet er avlyst, men {NO_MAIL}")
            else:
                messages.success(request, f"Møtet er avlyst.{' De som var innkalt, får beskjed.' if tells else ''}")
            return _page_of(seen)

        return save_once(request, form, save)
    context = {
        "form": form,
        "title": "Avlyse møtet?",
        "lead": _when_called_off(row, tells),
        "back_url": _page_of(seen),
        "verb": "Avlys møtet",
        "danger": True,
    }
    return render(request, "meetings/meeting_form.html", context, status=422 if form.is_bound else 200)


def _when_called_off(row: Meeting, tells: bool) -> str:
    if row.state != CALLED:
        return "Ingen er kalt inn ennå."
    if not tells:
        return "Møtet er over. Ingen e-post blir sendt."
    if not is_mailed(row):
        return "Ingen får e-post, fordi adressen er strengt fortrolig. Gi beskjed selv."
    return "De som er innkalt, får beskjed, og møtet går ut av kalenderen deres."


@meeting(may=may_hold)
def meeting_attendance(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Who came, also without being invited: all in one save."""
    row = seen.meeting
    if row.state == CANCELLED or row.starts_at > timezone.now():
        return _too_late(request, seen, "Oppmøtet føres når møtet har begynt.")
    if (sent := sent_before(request)) is not None:
        return sent
    rows: list[Any] = list(invitees_seen(row, seen.user, seen.today))
    came = set(request.POST.getlist("kom"))
    form = CameForm(posted(request), request=request, candidates=_may_have_come(seen))
    if form.is_bound and form.is_valid():

        def save() -> str:
            version, guest = _version(request), form.proposed()
            if hold_meeting(meeting=row, version=version, shown=rows, came=came, by=seen.user, guest=guest):
                messages.success(request, "Oppmøtet er lagret, og møtet er ført som holdt.")
                return _page_of(seen)
            messages.error(request, TOO_LATE)
            return request.path

        return save_once(request, form, save)
    for one in rows:  # a new list has everyone ticked who did not say no
        ticked = one.attended if row.state == HELD else one.answer != DECLINED
        one.ticked = one.public_id in came if form.is_bound else ticked
        said = (one.get_role_display(), "svarte nei" if one.answer == DECLINED else "")
        one.said = " · ".join(str(words) for words in said if words)
    note_meeting_look(seen)
    context = {"seen": seen, "meeting": row, "rows": rows, "title": title_of(row), "form": form}
    return render(request, "meetings/meeting_attendance.html", context, status=422 if form.is_bound else 200)


def _may_have_come(seen: Seen) -> list[Proposed]:
    """The users who may be put among those who came: whom the koordinator may invite. To the others of these, who is fadder or leder
    elsewhere is nothing to choose among."""
    found = candidates(seen.meeting, by=seen.user, today=seen.today)
    if seen.may_call or seen.meeting.kind in ABOUT_ONE:
        return found
    return [one for one in found if one.role in {*COLLEAGUES, DELTAKER}]
