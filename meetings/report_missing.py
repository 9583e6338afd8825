"""What a report lacks: registrations that ought to be there, each with the one link where it is mended. Counted in the database.

It is not what the records of participants lack («Mangler opplysninger» on the koordinator's front page and in the list of
participants): that counts people, also for what no report asks of; this counts registrations, also of visits, exams and faddere. What
both hold has one source, participants.caseload.gaps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.audit.log import looks_today, note_looks
from fagbrev.dates import date_words, months_before
from fagbrev.people.models import User
from fagbrev.people.roles import roles_of
from fagbrev.periods import holds_on
from followup.models import LanguageLevel, WorkplaceVisit
from followup.models.visits import AGREED
from participants.access import enrolments_for
from participants.caseload.gaps import GAPS, INCOMPLETE
from participants.models import (
    Enrolment,
    FundingPeriod,
    IncomePeriod,
    NorwegianTest,
    PlacementFadder,
    TradeTest,
    WorkStatus,
    WrittenExam,
)  # fmt: skip
from participants.workflow import WITH_PLACEMENT
from programmes.models import WorkplacePerson

PER_PAGE = 25
LOOK_PAGE = "mangler"
ADMITTED = ["admitted", "onboarding", *WITH_PLACEMENT, "on_leave"]
FROM_GAPS = ("trade", "contract", "exam", "since", "end_reason", "ended_on")


@dataclass(frozen=True)
class Line:
    """One thing to mend: about whom or what, what is missing, and where."""

    name: str
    what: str
    url: str
    sign: Any = None


@dataclass(frozen=True)
class Lack:
    """One kind of what is missing: its words, the act its link is, its rows in the user's scope, and the line of a row."""

    key: str
    words: Any
    act: Any
    rows: Callable[[QuerySet[Enrolment], date], QuerySet[Any]]
    line: Callable[[Any], Line]
    of_enrolments: bool = True
    section: str = ""  # of the record that a line tells of, beside the name
    whose: Callable[[Any], tuple[int, int | None]] | None = None  # a row's participant and enrolment, where it tells of a section


def _record(name: str, query: str = "") -> Callable[[Any], Line]:
    """Gives a function from an enrolment to its line, whose link is an address of the record."""

    def line(row: Enrolment) -> Line:
        url = f"{reverse(name, args=[row.participant.public_id])}?lop={row.public_id}" + (f"&{query}" if query else "")
        return Line(row.participant.full_name, row.trade.short_name if row.trade else "", url, row.trade)

    return line


def _gap_line(page: str) -> Callable[[Any], Line]:
    return _record({"dato": "fill_in"}.get(page, f"participant_{page}"))


def _exams(mine: QuerySet[Enrolment], today: date) -> QuerySet[Any]:
    """Written exams that are over and have no result, of those in the user's scope."""
    waiting = WrittenExam.objects.filter(state__in=["planned", "registered", "taken"], exam_on__lt=today - timedelta(days=30))
    return waiting.filter(participant__in=mine.values("participant")).order_by("exam_on", "pk").select_related("participant")


def _exam_line(row: WrittenExam) -> Line:
    what = _("skriftlig eksamen %(day)s") % {"day": date_words(row.exam_on)} if row.exam_on else ""
    return Line(row.participant.full_name, what, reverse("skriftlig_edit", args=[row.participant.public_id, row.public_id]))


def _tests(mine: QuerySet[Enrolment], today: date) -> QuerySet[Any]:
    over = TradeTest.objects.filter(result="", ends_on__lt=today - timedelta(days=14), enrolment__in=mine.values("pk"))
    return over.order_by("ends_on", "pk").select_related("enrolment__participant")


def _test_line(row: TradeTest) -> Line:
    person = row.enrolment.participant
    what = _("fagprøve %(day)s") % {"day": date_words(row.ends_on)} if row.ends_on else ""
    return Line(
        person.full_name,
        what,
        reverse("fagprove_edit", args=[person.public_id, row.public_id]) + f"?lop={row.enrolment.public_id}",
    )


def _work(months: int) -> Callable[[QuerySet[Enrolment], date], QuerySet[Enrolment]]:
    def rows(mine: QuerySet[Enrolment], today: date) -> QuerySet[Enrolment]:
        asked = WorkStatus.objects.filter(enrolment=OuterRef("pk"), months=months)
        done = mine.filter(
            status="completed", ended_on__lte=months_before(today, months), ended_on__gte=months_before(today, months + 24)
        )
        return done.filter(~Exists(asked))

    return rows


def _without(model: type[Any]) -> Callable[[QuerySet[Enrolment], date], QuerySet[Enrolment]]:
    def rows(mine: QuerySet[Enrolment], today: date) -> QuerySet[Enrolment]:
        running = model.objects.filter(holds_on(today), enrolment=OuterRef("pk"))  # as the figures count it
        return mine.filter(~Exists(running), status__in=ADMITTED)

    return rows


def _no_level(mine: QuerySet[Enrolment], today: date) -> QuerySet[Enrolment]:
    seen = LanguageLevel.objects.filter(participant=OuterRef("participant"))
    tested = NorwegianTest.objects.filter(participant=OuterRef("participant")).exclude(level="")
    return mine.filter(~Exists(seen), ~Exists(tested), status__in=ADMITTED)


def _visits(mine: QuerySet[Enrolment], today: date) -> QuerySet[Any]:
    """Visits that were agreed on, whose time is a week ago, and that nobody has logged or called off."""
    over = WorkplaceVisit.objects.filter(state=AGREED, planned_at__date__lt=today - timedelta(days=7))
    return (
        over.filter(placement__enrolment__in=mine.values("pk"))
        .order_by("planned_at", "pk")
        .select_related("placement__enrolment__participant")
    )


def _visit_line(row: WorkplaceVisit) -> Line:
    enrolment = row.placement.enrolment
    what = _("avtalt %(day)s") % {"day": date_words(timezone.localdate(row.planned_at))} if row.planned_at else ""
    url = f"{reverse('participant_besok', args=[enrolment.participant.public_id])}?lop={enrolment.public_id}"
    return Line(enrolment.participant.full_name, what, url)


def _faddere(mine: QuerySet[Enrolment], today: date) -> QuerySet[Any]:
    """People who are fadder now, of whom nobody has registered whether they have a fagbrev."""
    now = PlacementFadder.objects.filter(
        holds_on(today), holds_on(today, "placement__"), placement__enrolment__in=mine.values("pk")
    )
    rows = WorkplacePerson.objects.filter(has_fagbrev__isnull=True, pk__in=now.values("person"))
    return rows.order_by("name", "pk").select_related("workplace")


def _fadder_line(row: WorkplacePerson) -> Line:
    return Line(row.name, row.workplace.name, reverse("person_edit", args=[row.public_id]))


def _of_gap(gap: Any) -> Lack:
    return Lack(
        gap.key, _capital(gap.words), _("Registrer"), lambda mine, today: mine.filter(gap.where()), _gap_line(gap.page)
    )  # fmt: skip


def _capital(words: Any) -> str:
    text = str(words)
    return f"{text[:1].upper()}{text[1:]} mangler"


LACKS: tuple[Lack, ...] = (
    Lack("exam_result", _("Eksamen uten resultat"), _("Registrer resultatet"), _exams, _exam_line, of_enrolments=False,
         section="exams", whose=lambda row: (row.participant_id, None)),
    Lack("test_result", _("Fagprøve uten resultat"), _("Registrer resultatet"), _tests, _test_line, of_enrolments=False,
         section="exams", whose=lambda row: (row.enrolment.participant_id, row.enrolment_id)),
    *(_of_gap(gap) for gap in GAPS if gap.key in FROM_GAPS),
    *(
        Lack(
            f"work_{months}", _("Arbeid etter %(months)d måneder er ikke spurt om") % {"months": months}, _("Registrer svaret"),
            _work(months), _record("jobb_new", f"sett=months:{months}"),
        )
        for months in (3, 6, 12)
    ),
    Lack("income", _("Inntekt mangler"), _("Registrer inntekt"), _without(IncomePeriod), _record("inntekt_new")),
    Lack("funding", _("Vi vet ikke hvem som betaler"), _("Registrer hvem"), _without(FundingPeriod), _record("betaling_new")),
    Lack("level", _("Norsknivå mangler"), _("Se norsk"), _no_level, _record("participant_norsk")),
    Lack("visit", _("Avtalt besøk er ikke logget"), _("Se besøkene"), _visits, _visit_line, of_enrolments=False,
         section="visit_plan", whose=lambda row: (row.placement.enrolment.participant_id, row.placement.enrolment_id)),
    Lack("fadder", _("Vi vet ikke om fadderen har fagbrev"), _("Registrer"), _faddere, _fadder_line, of_enrolments=False),
)  # fmt: skip
BY_KEY = {lack.key: lack for lack in LACKS}


def _rows_of(lack: Lack, user: User, today: date) -> QuerySet[Any]:
    mine = enrolments_for(user, "progress", today=today)
    found = lack.rows(mine, today)
    if lack.of_enrolments:
        found = found.select_related("participant", "trade").order_by("participant__sort_name", "pk")
    return found


def _note(user: User, today: date, lack: Lack, rows: list[Any]) -> None:
    """Logs, once a day, whose exams, tests and visits the lines told the days of. Two queries at most."""
    pairs = {lack.whose(row) for row in rows} if lack.whose is not None else set()
    if not pairs:
        return
    told = looks_today(user=user, page=LOOK_PAGE, participants=[participant for participant, _enrolment in pairs], today=today)
    pairs -= {(participant, enrolment) for participant, enrolment, sections in told if lack.section in sections}
    note_looks(
        user=user, roles=roles_of(user, today), pairs=pairs, page=LOOK_PAGE, sections=["identity", lack.section], act="list"
    )  # fmt: skip


def missing_page(user: User, today: date, *, key: str, number: Any) -> dict[str, Any]:
    """Gives what is missing by kind with its count, and a page of lines of the chosen kind, or of the first that has any."""
    counts = {lack.key: _rows_of(lack, user, today).count() for lack in LACKS}
    chosen = BY_KEY.get(key) or next((lack for lack in LACKS if counts[lack.key]), None)
    page: Page[Any] | None = None
    lines: list[Line] = []
    if chosen is not None:
        page = Paginator(_rows_of(chosen, user, today), PER_PAGE).get_page(number)
        rows = list(page.object_list)
        lines = [chosen.line(row) for row in rows]
        _note(user, today, chosen, rows)
    base = reverse("report_missing")
    return {
        "kinds": [
            {"label": lack.words, "count": counts[lack.key], "url": f"{base}?hva={lack.key}#liste", "current": chosen is lack}
            for lack in LACKS
            if counts[lack.key]
        ],
        "total": sum(counts.values()), "has_people": chosen is not None or enrolments_for(user, "progress", today=today).exists(),
        "chosen": chosen, "lines": lines, "page": page,
        "query": f"hva={chosen.key}" if chosen else "", "people_url": f"{reverse('participant_list')}?utvalg={INCOMPLETE}",
    }  # fmt: skip
