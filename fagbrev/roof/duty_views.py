"""/frister/: everything that waits, put off, handed over; how often to be mailed; when rules remind; and what has gone out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fagbrev.access.gate import page
from fagbrev.dates import date_words
from fagbrev.duties.actions import Refused, change_rule, choose_rhythm, snooze, wake
from fagbrev.duties.forms import RhythmForm, RuleForm, SnoozeForm
from fagbrev.duties.models import HandOver, RuleTerms
from fagbrev.duties.plan import plan, with_rule
from fagbrev.duties.queries import mail_counts, rhythm_of, rule_changes, rule_terms_of
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
from fagbrev.duties.rules import Rule, Told, moment_words
from fagbrev.duties.scan import last_scan
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.fields import DayField
from fagbrev.forms.saving import save_once
from fagbrev.mail.actions import failed_mails, is_given_up, try_again
from fagbrev.people.actions import NotAllowed
from fagbrev.people.roles import COORDINATOR, ROLE_NAMES, roles_of
from fagbrev.roof.chrome import url_of
from fagbrev.roof.today import GROUP_NAMES, is_participant_only, nothing_words, rows_of, title_of
from fagbrev.web.asking import back_or
from programmes.actions_handover import (
    HANDED_OVER,
    colleagues,
    end_hand_over,
    hand_over,
    hand_overs,
    hand_overs_of,
    lacking_assignments,
    staff,
)
from programmes.settings_in_force import KNOWN

ON_A_PAGE = 50
VIEWS = ("mine", "varslet", "andre", "utsatt")


def _today() -> date:
    return timezone.localdate()


@page(roles=None, methods=("GET", "HEAD"))
def duty_list(request: HttpRequest) -> HttpResponse:
    """All duties of the one who is signed in: own, told of, what others are to do, and what is put off."""
    user, today = request.user, _today()
    is_coordinator = COORDINATOR in roles_of(user, today)  # type: ignore[arg-type]
    shows = request.GET.get("vis", "mine")
    shows = shows if shows in VIEWS and (shows != "andre" or is_coordinator) else "mine"
    base = {"mine": duties_for, "varslet": waiting, "andre": followed_duties, "utsatt": snoozed_duties}[shows](user, today)  # type: ignore[arg-type]
    by_rule = counted_by_rule(base)
    rule = request.GET.get("frist", "")
    rows = base.filter(rule=rule) if rule in by_rule else base
    numbers = counted(rows, today)
    group = request.GET.get("gruppe", "")
    group = group if group in GROUP_NAMES else ""
    shown = rows.filter(in_group(group, today)) if group else rows
    paged = Paginator(shown.order_by("due_on", "pk"), ON_A_PAGE).get_page(request.GET.get("side"))
    here = request.get_full_path()
    own = is_participant_only(user, today)  # type: ignore[arg-type]
    found = rows_of(list(paged.object_list), today, back=_quoted(here), own=own, why=shows == "utsatt")
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
        "handed_over": [_hand_over_words(row, user) for row in hand_overs_of(user, today)],  # type: ignore[arg-type]
        "is_coordinator": is_coordinator,
        "choice_url": reverse("notice_choice"),
        "feed_url": url_of("feed_settings"),
    }
    return render(request, "roof/duty_list.html", context)


def _quoted(address: str) -> str:
    from urllib.parse import quote

    return quote(address, safe="/")


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
    user, today = request.user, _today()
    duty = any_duty_of(user, today).filter(public_id=duty_id).first()  # type: ignore[arg-type]
    if duty is None or is_participant_only(user, today):  # type: ignore[arg-type]
        raise Http404
    back = back_or(request, reverse("duty_list"))
    row = rows_of([duty], today)[0]
    form = SnoozeForm(posted(request), request=request, today=today)
    is_snoozed = bool(duty.snoozed_until and duty.snoozed_until > today)
    if request.method == "POST" and is_snoozed and request.POST.get("act") == "wake":
        wake(duty=duty, by=user)  # type: ignore[arg-type]
        messages.success(request, _("Fristen står på lista igjen."))
        return redirect(back)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def save() -> str:
            snooze(duty=duty, until=data["until"], reason=data["reason"], by=user, today=today)  # type: ignore[arg-type]
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


# --- Hand over ---------------------------------------------------------------------------------------


class HandOverForm(SentForm):
    """Who is away, as what, who takes over, and until when."""

    role = forms.ChoiceField(
        label=gettext_lazy("Som"), choices=[("", gettext_lazy("Velg rolle")), *((role, ROLE_NAMES[role]) for role in HANDED_OVER)]
    )
    from_user: Any = forms.ModelChoiceField(
        label=gettext_lazy("Den som er borte"), queryset=None, to_field_name="public_id", empty_label=gettext_lazy("Velg")
    )
    to_user: Any = forms.ModelChoiceField(
        label=gettext_lazy("Den som tar over"), queryset=None, to_field_name="public_id", empty_label=gettext_lazy("Velg"),
        help_text=gettext_lazy("Har ikke kollegaen rollen eller faget, får hen det bare i denne tiden."),
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("Fra og med"))
    ends_on = DayField(label=gettext_lazy("Til og med"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("from_user", "to_user"):
            self.fields[name].queryset = staff(today)
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """Says by the field what cannot be."""
        data = super().clean() or {}
        role, away = data.get("role"), data.get("from_user")
        if role and away and not colleagues(role, self.today).filter(pk=away.pk).exists():
            self.add_error("from_user", _("%(name)s er ikke %(role)s nå.") % {"name": away.name, "role": ROLE_NAMES[role]})
        if away and away == data.get("to_user"):
            self.add_error("to_user", _("Velg en annen enn den som er borte."))
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("Siste dag er før første dag."))
        return data


@page(roles={COORDINATOR})
def hand_over_list(request: HttpRequest) -> HttpResponse:
    """Who has taken over for whom, and a form for handing over."""
    user, today = request.user, _today()
    form = HandOverForm(posted(request), request=request, today=today)
    if form.is_bound and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("from_user", "to_user", "role", "starts_on", "ends_on")}
        lacking = lacking_assignments(**data)

        def save() -> str:
            row = hand_over(**data, by=user, today=today)  # type: ignore[arg-type]
            words = _("%(to)s tar over for %(from)s til og med %(day)s.") % {
                "to": row.to_user.name, "from": row.from_user.name, "day": date_words(row.ends_on),
            }  # fmt: skip
            if row.given:
                names = ", ".join(str(one.cohort or one.trade) for one in lacking) or str(ROLE_NAMES[row.role])
                words += " " + _("Får tidsbegrenset tilgang: %(names)s.") % {"names": names}
            messages.success(request, words)
            return reverse("hand_over_list")

        try:
            return save_once(request, form, save)
        except NotAllowed as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "rows": [
            {
                "row": row, "role": ROLE_NAMES[row.role], "starts": date_words(row.starts_on), "ends": date_words(row.ends_on),
                "is_ahead": row.starts_on > today, "end_url": reverse("hand_over_end", args=[row.public_id]),
            }
            for row in hand_overs(today)
        ],
    }  # fmt: skip
    return render(request, "roof/hand_over_list.html", context, status=422 if form.is_bound else 200)


@page(roles={COORDINATOR})
def hand_over_end(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """Asks, then ends a hand-over."""
    today = _today()
    row = get_object_or_404(hand_overs(today), public_id=hand_over_id)
    if request.method == "POST":
        try:
            end_hand_over(row=row, by=request.user, today=today)  # type: ignore[arg-type]
            messages.success(request, _("Avsluttet. Varslene går til %(name)s igjen.") % {"name": row.from_user.name})
        except NotAllowed as refused:
            messages.error(request, str(refused))
        return redirect("hand_over_list")
    context = {
        "title": _("Avslutt overtakelsen?"),
        "text": _("%(to)s har tatt over for %(from)s til og med %(day)s. Tilgang som fulgte med, blir borte.")
        % {"to": row.to_user.name, "from": row.from_user.name, "day": date_words(row.ends_on)},
        "act": _("Avslutt nå"),
        "cancel_url": reverse("hand_over_list"),
    }
    return render(request, "roof/confirm.html", context)


# --- Own choice --------------------------------------------------------------------------------------


@page(roles=None)
def notice_choice(request: HttpRequest) -> HttpResponse:
    """How often one wants mail about duties; and the way to the calendar subscription."""
    user, today = request.user, _today()
    may_be_off = bool(terms_on(today).numbers.get("mail_may_be_off", 0))
    form = RhythmForm(posted(request), request=request, may_be_off=may_be_off, initial={"rhythm": rhythm_of(user)})
    if form.is_bound and form.is_valid():

        def save() -> str:
            choose_rhythm(user=user, rhythm=form.cleaned_data["rhythm"])  # type: ignore[arg-type]
            messages.success(request, _("Valget er lagret."))
            return reverse("notice_choice")

        return save_once(request, form, save)
    context = {"form": form, "feed_url": url_of("feed_settings"), "email": user.email}  # type: ignore[union-attr]
    return render(request, "roof/notice_choice.html", context, status=422 if form.is_bound else 200)


# --- Rules -------------------------------------------------------------------------------------------


def _told_words(told: Told) -> str:
    words = [moment_words(code) for code in told.moments]
    if told.weekly:
        words.append(_("så hver uke, høyst fire ganger"))
    return ", ".join(words) or _("varsles ikke")


SHIFT_WORDS = dict(RuleTerms._meta.get_field("shift").choices or [])


@page(roles={COORDINATOR}, methods=("GET", "HEAD"))
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule: what is due, whose it is, when, and when one is told."""
    terms = terms_on(_today())
    found = []
    for rule in rules().values():
        told = terms.told_of(rule)
        days = rule.days_setting
        found.append(
            {
                "title": rule.title,
                "owner": ", ".join(str(ROLE_NAMES[role]) for role in rule.owners),
                "days": f"{terms.days(days)} dager" if days else "",
                "days_url": reverse("setting_detail", args=[days]) if days else "",
                "days_label": KNOWN[days].label if days else "",
                "told": _told_words(told),
                "shift": SHIFT_WORDS[told.shift],
                "source": rule.source,
                "is_changed": rule.key in terms.told,
                "url": reverse("rule_detail", args=[rule.key]),
            }
        )
    return render(request, "roof/rule_list.html", {"rules": found})


def _rule(key: str) -> Rule:
    if key not in rules():
        raise Http404
    return rules()[key]


@page(roles={COORDINATOR})
def rule_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One rule: when it reminds now and from which day otherwise; a preview before anything is saved."""
    rule, today = _rule(key), _today()
    terms = terms_on(today)
    told = terms.told_of(rule)
    ahead = rule_terms_of(key).filter(valid_from__gte=today).first()
    row = ahead or RuleTerms(rule=key, moments=list(told.moments), weekly=told.weekly, shift=told.shift, created_by=request.user)  # type: ignore[misc]
    form = RuleForm(posted(request), instance=row, request=request, rule=rule, today=today)
    preview = None
    if form.is_bound and form.is_valid():
        if "preview" in request.POST:
            now, then = plan(today, terms=terms, only=key), plan(today, terms=with_rule(terms, key, form.told), only=key)
            preview = {"now": now.total, "then": then.total, "days": _days(then.by_day)}
        else:

            def save() -> str:
                change_rule(form=form, by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("Endringen er lagret, og fristene er regnet ut på nytt."))
                return reverse("rule_detail", args=[key])

            return save_once(request, form, save)
    context = {
        "rule": rule,
        "lead": _("Kilde: %(source)s") % {"source": rule.source},
        "form": form,
        "owner": ", ".join(str(ROLE_NAMES[role]) for role in rule.owners),
        "told": _told_words(told),
        "shift": SHIFT_WORDS[told.shift],
        "shipped": _told_words(rule.shipped),
        "days_url": reverse("setting_detail", args=[rule.days_setting]) if rule.days_setting else "",
        "days_label": KNOWN[rule.days_setting].label if rule.days_setting else "",
        "days": terms.days(rule.days_setting) if rule.days_setting else "",
        "preview": preview,
        "history": [
            {
                "from": date_words(one.valid_from),
                "words": _told_words(Told(tuple(one.moments), one.weekly, rule.shift)),
                "why": one.source,
            }
            for one in rule_changes(key)
        ],
    }
    return render(request, "roof/rule_detail.html", context, status=422 if form.is_bound and not preview else 200)


def _days(by_day: list[tuple[date, int]]) -> list[dict[str, Any]]:
    return [{"day": date_words(day), "count": count} for day, count in by_day]


# --- What has gone out -------------------------------------------------------------------------------


@page(roles={COORDINATOR}, superuser=True, methods=("GET", "HEAD"))
def dispatch(request: HttpRequest) -> HttpResponse:
    """When duties were last gone through, what goes out the next 30 days, and mails that did not arrive."""
    today = _today()
    paged = Paginator(failed_mails(), ON_A_PAGE).get_page(request.GET.get("side"))
    ahead = plan(today)
    scanned = last_scan()
    context = {
        "scan": scanned,
        "is_late": scanned is None or (scanned.last_day is not None and scanned.last_day < today),
        "scan_day": date_words(scanned.last_day) if scanned and scanned.last_day else "",
        "plan_total": ahead.total,
        "plan_days": _days(ahead.by_day),
        "plan_rules": [
            {"title": rules()[key].title, "owner": ", ".join(str(ROLE_NAMES[role]) for role in rules()[key].owners), "count": count}
            for key, count in sorted(ahead.by_rule.items(), key=lambda pair: -pair[1])
            if count
        ],
        "counts": mail_counts(timezone.now()),
        "page": paged,
        "mails": [
            {
                "to": mail.user.name if mail.user else mail.recipient, "address": mail.recipient,
                "kind": _("Frister") if mail.kind else mail.subject, "attempts": mail.attempts, "error": error_words(mail.error),
                "is_given_up": is_given_up(mail), "next": mail.next_try_at, "again_url": reverse("mail_again", args=[mail.public_id]),
            }
            for mail in paged.object_list
        ],
    }  # fmt: skip
    return render(request, "roof/dispatch.html", context)


def error_words(error: str) -> str:
    """Gives a mail's error as people read it, with the technical name behind."""
    known = {
        "ConnectionRefusedError": _("E-postserveren svarer ikke"),
        "TimeoutError": _("E-postserveren svarer ikke"),
        "SMTPServerDisconnected": _("E-postserveren brøt forbindelsen"),
        "SMTPRecipientsRefused": _("Adressen ble avvist"),
        "SMTPAuthenticationError": _("Fagbrev fikk ikke logge inn på e-postserveren"),
        "gaierror": _("E-postserveren finnes ikke"),
        "Interrupted": _("Avbrutt underveis"),
    }
    words = next((words for name, words in known.items() if error.startswith(name)), "")
    return f"{words} ({error})" if words and error else words or error or _("Avbrutt underveis")


@page(roles={COORDINATOR}, superuser=True, methods=("POST",))
def mail_again(request: HttpRequest, mail_id: str) -> HttpResponse:
    """Lets a failed mail be tried again from the beginning."""
    mail = get_object_or_404(failed_mails(), public_id=mail_id)
    if try_again(mail=mail):
        messages.success(request, _("E-posten prøves på nytt nå."))
    return redirect("dispatch")
