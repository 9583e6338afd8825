"""When rules remind, with a preview; and what has gone out, or did not arrive."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import page
from fagbrev.dates import date_words
from fagbrev.duties.actions import change_rule
from fagbrev.duties.forms import RuleForm
from fagbrev.duties.models import RuleTerms
from fagbrev.duties.plan import plan, with_rule
from fagbrev.duties.queries import mail_counts, rule_changes, rule_terms_of
from fagbrev.duties.registry import rules, terms_on
from fagbrev.duties.rules import Rule, Told, moment_words
from fagbrev.duties.scan import last_scan
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from fagbrev.mail.actions import failed_mails, is_given_up, try_again
from fagbrev.people.roles import COORDINATOR, ROLE_NAMES
from programmes.settings_in_force import KNOWN

ON_A_PAGE = 50


def source_words(source: str) -> str:
    """Gives a rule's source as people know it: «V8 rad 3» is row 3 of the guide's chapter 8."""
    return re.sub(r"\bV(\d)\b,?", r"veilederen kap. \1,", source)


def _told_words(told: Told) -> str:
    words = [moment_words(code) for code in told.moments]
    if told.weekly:
        words.append(_("så hver uke, høyst fire ganger"))
    return ", ".join(words) or _("varsles ikke")


SHIFT_WORDS = dict(RuleTerms._meta.get_field("shift").choices or [])


@page(roles={COORDINATOR}, methods=("GET", "HEAD"))
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule: what is due, whose it is, when, and when one is told."""
    terms = terms_on(timezone.localdate())
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
                "source": source_words(rule.source),
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
    rule, today = _rule(key), timezone.localdate()
    terms = terms_on(today)
    told = terms.told_of(rule)
    ahead = rule_terms_of(key).filter(valid_from__gte=today).first()
    row = ahead or RuleTerms(
        rule=key, moments=list(told.moments), weekly=told.weekly, shift=told.shift, created_by=cast(Any, request.user)
    )
    form = RuleForm(posted(request), instance=row, request=request, rule=rule, today=today)
    preview = None
    if form.is_bound and form.is_valid():
        if "preview" in request.POST:
            now, then = plan(today, only=key), plan(today, terms=with_rule(terms, key, form.told), only=key)
            preview = {"now": now.total, "then": then.total, "days": _days(then.by_day)}
        else:

            def save() -> str:
                change_rule(form=form, by=cast(Any, request.user))
                messages.success(request, _("Endringen er lagret, og fristene er regnet ut på nytt."))
                return reverse("rule_detail", args=[key])

            return save_once(request, form, save)
    context = {
        "rule": rule,
        "lead": source_words(rule.source),
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
    today = timezone.localdate()
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
