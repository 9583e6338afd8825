"""The counted buckets on top of the caseload: computed from facts, each opening the list behind its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fagbrev.dates import date_words
from participants.caseload.gaps import GAP_SECTIONS, INCOMPLETE, has_gap
from participants.facts import ASKED_PARTIES, ENCLOSURE_NAMES
from participants.models import (
    Consent,
    Enclosure,
    Enrolment,
    Placement,
    PoliceCertificate,
    Readiness,
    Signature,
    TradeTest,
)
from participants.models.agreements import NEEDED_SIGNERS
from programmes.models import ExamWindow

UNDER_CONTRACT = ["training", "trade_test", "on_leave"]
BEFORE_START = ["admitted", "onboarding"]
EXAM_SETTLED = ["passed", "credited", "taken", "registered"]


@dataclass(frozen=True)
class Limits:
    """The days that buckets are drawn at, from the dated settings."""

    today: date
    contract_days: int
    window_days: int

    @property
    def contract_before(self) -> date:
        """Contracts that end on this day or before end soon."""
        return self.today + timedelta(days=self.contract_days)


@dataclass(frozen=True)
class Bucket:
    """One counted choice: `sections` are what it rests on, `sort` how its list stands when nobody has asked otherwise."""

    key: str
    label: str | Promise
    sections: tuple[str, ...]
    where: Callable[[Limits], Q]
    note: Callable[[Limits], str]
    icon: str
    sort: str = "siden"
    with_ended: bool = False


# The subqueries below are narrowed to the statuses they are asked for, so that they stay small when the caseload is large.
def _signed_by_all(kind: str, statuses: list[str]) -> Q:
    needed = NEEDED_SIGNERS[kind]
    rows = Signature.objects.filter(
        agreement__kind=kind, agreement__replaced_on__isnull=True, agreement__enrolment__status__in=statuses, party__in=needed
    )
    by_all = rows.values("agreement__enrolment").annotate(parties=Count("party", distinct=True)).filter(parties=len(needed))
    return Q(pk__in=by_all.values("agreement__enrolment"))


def _asked_about_all() -> Q:
    parties = [party for party, _name in ASKED_PARTIES]
    waiting = Enrolment.objects.filter(status__in=BEFORE_START).values("participant")
    answered = Consent.objects.filter(participant__in=waiting, party__in=parties, is_current=True).values("participant")
    by_all = answered.annotate(parties=Count("party", distinct=True)).filter(parties=len(parties))
    return Q(participant__in=by_all.values("participant"))


def _police_missing() -> Q:
    strict_places = Placement.objects.filter(is_main=True, ends_on__isnull=True, workplace__police_certificate_required=True)
    required = Q(trade__police_certificate_required=True) | Q(pk__in=strict_places.values("enrolment"))
    return required & ~Q(pk__in=PoliceCertificate.objects.filter(in_order=True).values("enrolment"))


def _papers_missing(_limits: Limits) -> Q:
    agreement = Q(status="onboarding") & ~_signed_by_all("participation", ["onboarding"])
    return Q(status__in=BEFORE_START) & (
        ~_signed_by_all("contract", BEFORE_START) | agreement | ~_asked_about_all() | _police_missing()
    )


def _ready_to_send(_limits: Limits) -> Q:
    placed = Enclosure.objects.filter(enrolment__status="placed")
    done = placed.filter(kind__in=ENCLOSURE_NAMES, state__in=["there", "not_relevant"]).values("enrolment")
    complete = done.annotate(kinds=Count("pk")).filter(kinds=len(ENCLOSURE_NAMES)).values("enrolment")
    has_contract = Q(pk__in=placed.filter(kind="work_contract", state="there").values("enrolment"))
    return Q(status="placed", pk__in=complete) & (has_contract | _signed_by_all("participation", ["placed"]))


def _exam_state(*states: str) -> Q:
    """Those in training with an exam in one of the states in their trade; asked for once, not for each row."""
    rows = Enrolment.objects.filter(
        status="training",
        participant__written_exams__state__in=states,
        participant__written_exams__exam_code=F("trade__written_exam_code"),
    )
    return Q(pk__in=rows.values("pk"))


def _ready_for_test(limits: Limits) -> Q:
    recommended = Readiness.objects.filter(kind="trade_test", withdrawn_on__isnull=True)
    tried = TradeTest.objects.exclude(result="")
    lasts = Q(contract_ends_on__gt=limits.today) | Q(pk__in=tried.values("enrolment"))
    return Q(status="training", pk__in=recommended.values("enrolment")) & lasts & _exam_state("passed", "credited")


def _exam_near(limits: Limits) -> Q:
    near = ExamWindow.objects.filter(opens_on__lte=limits.today + timedelta(days=limits.window_days), closes_on__gte=limits.today)
    has_exam = Q(trade__isnull=False) & ~Q(trade__written_exam_code="")
    return Q(Exists(near)) & Q(status="training") & has_exam & ~_exam_state(*EXAM_SETTLED)


def _contract_ends(limits: Limits) -> Q:
    return Q(status__in=UNDER_CONTRACT, contract_ends_on__lte=limits.contract_before)


def _note(words: str | Promise) -> Callable[[Limits], str]:
    return lambda limits: str(words)


# Before admission only those who read the referral read the phase; hence it stands under the first two.
BUCKETS: dict[str, Bucket] = {
    bucket.key: bucket
    for bucket in (
        Bucket(
            "intervju", _("Skal intervjues"), ("progress", "referral"), lambda limits: Q(status="referred"), _note(_("henvist")),
            "chat",
        ),
        Bucket(
            "opptak", _("Skal vurderes"), ("progress", "admission", "referral"), lambda limits: Q(status="interviewed"),
            _note(_("intervjuet")), "clipboard-checkmark",
        ),
        Bucket(
            "papirer", _("Mangler papirer"), ("progress", "agreements", "consents", "police_certificate"), _papers_missing,
            _note(_("før første dag")), "file-text",
        ),
        Bucket(
            "soknad", _("Søknad er klar"), ("progress", "application_pack", "agreements"), _ready_to_send,
            _note(_("kan sendes fylket")), "paperplane",
        ),
        Bucket(
            "fylket", _("Venter på fylket"), ("progress",), lambda limits: Q(status="contract_applied"), _note(_("kontrakt er søkt")),
            "hourglass",
        ),
        Bucket(
            "kontrakt", _("Kontrakt slutter"), ("progress", "training_contract"), _contract_ends,
            lambda limits: _now("senest %(day)s") % {"day": date_words(limits.contract_before)}, "calendar", sort="kontrakt",
        ),
        Bucket(
            "fagprove", _("Klar for fagprøve"), ("progress", "readiness", "exams", "training_contract"), _ready_for_test,
            _note(_("anbefalt av faglærer")), "seal-checkmark", sort="kontrakt",
        ),
        Bucket(
            "eksamen", _("Mangler eksamen"), ("progress", "exams"), _exam_near, _note(_("påmeldingen er nær")), "book",
            sort="kontrakt",
        ),
        Bucket("permisjon", _("I permisjon"), ("progress",), lambda limits: Q(status="on_leave"), _note(_("nå")), "pause"),
        Bucket(
            INCOMPLETE, _("Mangler opplysninger"), GAP_SECTIONS, lambda limits: has_gap(), _note(_("deltakere, også avsluttede")),
            "file-search", sort="navn", with_ended=True,
        ),
    )
}  # fmt: skip
