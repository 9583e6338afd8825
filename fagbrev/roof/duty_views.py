"""/frister/: everything that waits, what is put off, and how often one is mailed."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import page
from fagbrev.dates import date_words
from fagbrev.duties.actions import Refused, choose_rhythm, snooze, wake
from fagbrev.duties.forms import RhythmForm, SnoozeForm
from fagbrev.duties.models import HandOver
from fagbrev.duties.queries import rhythm_of
from fagbrev.duties.reading import (
    any_duty_of,
    counted,
    counted_by_rule,
    duties_for,
    followed_duties,
    in_group,
    snoozed_duties,
    waiting,
)
from fagbrev.duties.registry import rules, terms_on
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR, ROLE_NAMES, roles_of
from fagbrev.roof.chrome import url_of
from fagbrev.roof.today import GROUP_NAMES, is_participant_only, note_shown, nothing_words, rows_of, title_of
from fagbrev.web.asking import back_or
from programmes.actions_handover import (
    hand_overs_of,
)

ON_A_PAGE = 50


VIEWS = ("mine", "varslet", "andre", "utsatt")


@page(roles=None, methods=("GET", "HEAD"))
def duty_list(request: HttpRequest) -> HttpResponse:
    """All duties of the one who is signed in: own, told of, what others are to do, and what is put off."""
    today = timezone.localdate()
    user: Any = request.user
    is_coordinator = COORDINATOR in roles_of(user, today)
    shows = request.GET.get("vis", "mine")
    shows = shows if shows in VIEWS and (shows != "andre" or is_coordinator) else "mine"
    base = {"mine": duties_for, "varslet": waiting, "andre": followed_duties, "utsatt": snoozed_duties}[shows](user, today)
    by_rule = counted_by_rule(base)
    rule = request.GET.get("frist", "")
    rows = base.filter(rule=rule) if rule in by_rule else base
    numbers = counted(rows, today)
    group = request.GET.get("gruppe", "")
    group = group if group in GROUP_NAMES else ""
    shown = rows.filter(in_group(group, today)) if group else rows
    paged = Paginator(shown.order_by("due_on", "pk"), ON_A_PAGE).get_page(request.GET.get("side"))
    here = request.get_full_path()
    own = is_participant_only(user, today)
    duties = list(paged.object_list)
    found = rows_of(duties, today, back=quote(here, safe="/"), own=own, follows=shows == "andre", why=shows == "utsatt")
    if not own:
        note_shown(user, duties, today)
    parts: list[dict[str, Any]] = []
    for row in found:
        key = next(key for key in GROUP_NAMES if _is_in(row.day, key, today))
        if not parts or parts[-1]["key"] != key:
            parts.append({"key": key, "title": title_of(key, today), "count": getattr(numbers, key), "rows": []})
        parts[-1]["rows"].append(row)
    tabs = [("mine", _("Mine")), ("varslet", _("Du er varslet om"))]
    tabs += [("andre", _("Venter på andre"))] if is_coordinator else []
    tabs += [("utsatt", _("Utsatt"))]
    context = {
        "title": _("Frister"),
        "tabs": [
            {"label": label, "url": reverse("duty_list") + (f"?vis={key}" if key != "mine" else ""), "current": key == shows}
            for key, label in tabs
        ],
        "shows": shows,
        "parts": parts,
        "page": paged,
        "kept": _kept(request),
        "groups": [
            {
                "label": title_of(key, today),
                "count": getattr(numbers, key),
                "url": _with(request, gruppe=key),
                "active": group == key,
            }
            for key in GROUP_NAMES
        ],
        "all_url": _with(request, gruppe=""),
        "has_group": bool(group),
        "kinds": [
            {"key": key, "title": rules()[key].title, "count": count, "is_chosen": key == rule}
            for key, count in sorted(by_rule.items(), key=lambda pair: rules()[pair[0]].title)
        ],
        "rule": rule if rule in by_rule else "",
        "group": group,
        "shows_owner": shows == "andre",
        "may_snooze": shows in {"mine", "varslet"} and not own,
        "is_snoozed": shows == "utsatt",
        "nothing": nothing_words(counted(base, today)) if shows == "mine" else _("Ingenting her nå."),
        "handed_over": [_hand_over_words(row, user) for row in hand_overs_of(user, today)],
        "is_coordinator": is_coordinator,
        "choice_url": reverse("notice_choice"),
        "feed_url": url_of("feed_settings"),
    }
    return render(request, "roof/duty_list.html", context)


def _is_in(day: date, group: str, today: date) -> bool:
    from fagbrev.duties.reading import SOON, week_end

    sunday, horizon = week_end(today), today + SOON
    return {
        "overdue": day < today, "week": today <= day <= sunday, "month": sunday < day <= horizon, "later": day > horizon,
    }[group]  # fmt: skip


def _kept(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("side", None)
    return query.urlencode()


def _with(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("side", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value:
            query[key] = value
    return reverse("duty_list") + (f"?{query.urlencode()}" if query else "")


def _hand_over_words(row: HandOver, user: Any) -> str:
    until = date_words(row.ends_on)
    if row.to_user_id == user.pk:
        return _("Du har tatt over for %(name)s til og med %(day)s.") % {"name": row.from_user.name, "day": until}
    return _("%(name)s har tatt over for deg til og med %(day)s. Varslene går dit så lenge.") % {
        "name": row.to_user.name, "day": until,
    }  # fmt: skip


@page(roles=None)
def duty_snooze(request: HttpRequest, duty_id: str) -> HttpResponse:
    """Puts one duty off to a day, with a reason; one that is put off can be taken up again."""
    today = timezone.localdate()
    user: Any = request.user
    duty = any_duty_of(user, today).filter(public_id=duty_id).first()
    if duty is None or is_participant_only(user, today):
        raise Http404
    back = back_or(request, reverse("duty_list"))
    row = rows_of([duty], today)[0]
    form = SnoozeForm(posted(request), request=request, today=today)
    is_snoozed = bool(duty.snoozed_until and duty.snoozed_until > today)
    if request.method == "POST" and is_snoozed and request.POST.get("act") == "wake":
        wake(duty=duty, by=user)
        messages.success(request, _("Fristen står på lista igjen."))
        return redirect(back)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def save() -> str:
            snooze(duty=duty, until=data["until"], reason=data["reason"], by=user, today=today)
            messages.success(request, _("Utsatt til %(day)s. Da står den på lista igjen.") % {"day": date_words(data["until"])})
            return back

        try:
            return save_once(request, form, save)
        except Refused as refused:
            form.add_error("until", str(refused))
    section = rules()[duty.rule].section
    context = {
        "row": row, "form": form, "back_url": back, "is_snoozed": is_snoozed,
        "until": date_words(duty.snoozed_until) if duty.snoozed_until else "",
        "due": date_words(duty.due_on),
        "seen_by": _snooze_readers(duty.owner_role, section),
    }  # fmt: skip
    return render(request, "roof/duty_snooze.html", context, status=422 if form.is_bound and form.errors else 200)


def _snooze_readers(owner: str, section: str) -> str:
    """Who reads why a duty was put off: those whose it is, and the koordinator who keeps an eye on it."""
    names = [str(ROLE_NAMES[COORDINATOR])] + ([str(ROLE_NAMES[owner])] if owner != COORDINATOR else [])
    return " og ".join(names) + "."


# --- Own choice --------------------------------------------------------------------------------------


@page(roles=None)
def notice_choice(request: HttpRequest) -> HttpResponse:
    """How often one wants mail about duties; and the way to the calendar subscription."""
    today = timezone.localdate()
    user: Any = request.user
    may_be_off = bool(terms_on(today).numbers.get("mail_may_be_off", 0))
    form = RhythmForm(posted(request), request=request, may_be_off=may_be_off, initial={"rhythm": rhythm_of(user)})
    if form.is_bound and form.is_valid():

        def save() -> str:
            choose_rhythm(user=user, rhythm=form.cleaned_data["rhythm"])
            messages.success(request, _("Valget er lagret."))
            return reverse("notice_choice")

        return save_once(request, form, save)
    context = {"form": form, "feed_url": url_of("feed_settings"), "email": user.email}
    return render(request, "roof/notice_choice.html", context, status=422 if form.is_bound else 200)
