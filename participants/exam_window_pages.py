"""The pages of exam windows: what may be asked for, the counts of each window, and one page of people, cut to the user's scope."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fagbrev.audit.log import note_looks
from fagbrev.dates import date_words, days_words
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER, roles_of
from participants.access import enrolments_for, openings_of, rank_in, with_openings
from participants.caseload.table import short_date
from participants.exam_windows import (
    LEVEL_KNOWN,
    Window,
    belongs_to,
    best_levels,
    eligible_in,
    exam_in,
    goal_of,
    is_open_on,
    is_registered,
    missing_in,
    parts_below_goal,
    registered_in,
    said_in,
)
from participants.models import Enrolment, NorwegianTest, Readiness, WrittenExam
from participants.models.exams import LEVELS, PARTS
from participants.workflow import ADMITTED_ON
from programmes.models import ExamWindow, NorwegianTestWindow, Trade
from programmes.queries import all_exam_windows, all_norwegian_windows, all_trades, last_fitting_window, results_by

PER_PAGE = 50
PAST_SHOWN = 2
SHOWN_SECTIONS = ("exams", "readiness", "training_contract")
# Windows come twice a year, and no two results lie further apart than this: with more days to go, one not entered yet fits too.
FURTHEST_APART = timedelta(days=210)
LEVEL_NAMES = dict(LEVELS)
TEACHERS = {FAGLAERER: _("faglærer"), NORSKLAERER: _("norsklærer")}
# The key in ?vis=, the tab's words, and the condition.
VIEWS: dict[str, tuple[str | Promise, Any]] = {
    "mangler": (_("Mangler"), lambda window, today: missing_in(window, today)),
    "sagt": (_("Sagt fra"), lambda window, today: said_in(window)),
    "bekreftet": (_("Bekreftet"), lambda window, today: registered_in(window) & ~said_in(window)),
    "alle": (_("Alle"), belongs_to),
}
NOTHING = {
    "mangler": _("Ingen mangler påmelding. Alle som kan melde seg på, har sagt fra eller er bekreftet."),
    "sagt": _("Ingen venter på at du bekrefter påmeldingen."),
    "bekreftet": _("Ingen er bekreftet påmeldt ennå."),
    "alle": _("Ingen av deltakerne du ser, kan melde seg på i dette vinduet."),
}


@dataclass(frozen=True)
class Shown:
    """What the address asks for; everything in it exists."""

    view: str = "mangler"
    trade: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """Gives the query string with changes, without the page unless it is among them."""
        wanted = replace(self, **({"page": 1} | changes))
        params = QueryDict(mutable=True)
        if wanted.view != "mangler":
            params["vis"] = wanted.view
        if wanted.trade:
            params["fag"] = wanted.trade
        if wanted.page > 1:
            params["side"] = str(wanted.page)
        return f"?{params.urlencode()}"


def shown_for(params: QueryDict, trades: dict[str, Trade]) -> Shown:
    """Reads the parameters; whatever is not among the choices is ignored, never an error."""
    view, trade, side = params.get("vis", ""), params.get("fag", ""), params.get("side", "")
    number = int(side) if side.isascii() and side.isdigit() and len(side) < 7 else 1
    return Shown(view if view in VIEWS else "mangler", trade if trade in trades else "", max(1, number))


@dataclass
class Part:
    """One part of a Norwegian test: the level against the trade's goal, and how far the registration has come."""

    name: str
    level: str
    note: str
    is_below: bool


@dataclass
class Act:
    """One act on a row: the button's words, where it is sent, and what is said aloud."""

    label: str
    name: str
    spoken: str


@dataclass
class Row:
    """One line of the table; what may not be read is empty."""

    participant_id: str
    enrolment_id: str
    name: str
    trade: Trade
    ready: str = ""
    ready_note: str = ""
    is_ready: bool = False
    said: str = ""
    registered: str = ""
    fee: str = ""
    bankid: str = ""
    lacks_bankid: bool = False
    fits: str = ""
    fits_note: str = ""
    is_marked: bool = False
    parts: list[Part] = field(default_factory=list)
    act: Act | None = None


@dataclass
class WindowPage:
    """The windows as one user may see them on one day."""

    user: User
    today: date

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of the day."""
        return roles_of(self.user, self.today)

    @cached_property
    def trades(self) -> dict[str, Trade]:
        """All trades by code."""
        return {trade.code: trade for trade in all_trades()}

    def reads(self, section: str) -> bool:
        """Tells whether any of the user's openings gives the section."""
        return any(opening.right(section) for opening in openings_of(self.user, self.today))

    def base(self) -> QuerySet[Enrolment]:
        """Gives the enrolments whose exams the user may see; strictly protected people stand in no list."""
        return enrolments_for(self.user, "exams", today=self.today).filter(status__in=ADMITTED_ON)

    def _ready(self, window: Window, *roles: str) -> Q:
        """The condition that a teacher has said the person is ready, as far as the user may know."""
        if not self.reads("readiness"):
            return Q(pk__in=[])
        said = Readiness.objects.filter(kind=readiness_kind(window), withdrawn_on__isnull=True)
        said = said.filter(by_role__in=roles) if roles else said
        readable = enrolments_for(self.user, "readiness", today=self.today)
        return Q(pk__in=said.values("enrolment")) & Q(pk__in=readable.values("pk"))

    # --- Counts ----------------------------------------------------------------------------------------

    def counts(self, window: Window, trade: str = "") -> dict[str, int]:
        """Gives how many may register, how many of them are ready, and how many stand in each view; one query."""
        columns = {key: Count("pk", filter=where(window, self.today)) for key, (_label, where) in VIEWS.items()}
        may = Q(pk__in=eligible_in(window, self.today).values("pk"))
        columns |= {"kan": Count("pk", filter=may), "klare": Count("pk", filter=may & self._ready(window))}
        found: dict[str, int] = self._of_trade(self.base(), trade).aggregate(**columns)
        return found

    def windows(self) -> list[dict[str, Any]]:
        """Gives both kinds, each with its windows now and ahead and the last two that are over, with counts."""
        return [
            {
                "key": "skriftlig", "title": _now("Skriftlig eksamen"), "rows": self._listed(all_exam_windows()),
                "empty": _now("Ingen eksamensvinduer er lagt inn."),
            },
            {
                "key": "norsk", "title": _now("Norskprøver"), "rows": self._listed(all_norwegian_windows()),
                "empty": _now("Ingen datoer for norskprøver er lagt inn. HK-dir setter datoene."),
            },
        ]  # fmt: skip

    def _listed(self, windows: list[Any]) -> list[dict[str, Any]]:
        ahead = [window for window in windows if window.closes_on >= self.today]
        past = [window for window in windows if window.closes_on < self.today][-PAST_SHOWN:]
        return [
            {"window": window, "counts": self.counts(window), "when": when_words(window, self.today)}
            | state_of(window, self.today)
            for window in [*ahead, *reversed(past)]
        ]

    # --- People ----------------------------------------------------------------------------------------

    def _of_trade(self, rows: QuerySet[Enrolment], trade: str) -> QuerySet[Enrolment]:
        return rows.filter(trade=self.trades[trade]) if trade else rows

    def page_of(self, window: Window, shown: Shown) -> dict[str, Any]:
        """Gives the context of one window's page, and logs a look at each participant on it."""
        counts = self.counts(window, shown.trade)
        pages = Paginator(range(counts[shown.view]), PER_PAGE)  # the rows are fetched below
        page = pages.get_page(shown.page)
        found = self._fetched(window, shown, (page.number - 1) * PER_PAGE) if counts[shown.view] else []
        rows = self._rows(window, found)
        return {
            "window": window,
            "is_exam": isinstance(window, ExamWindow),
            "dates": dates_of(window),
            "shown": shown,
            "page": page,
            "page_query": shown.query(),
            "back": f"{reverse('exam_window', args=[window.public_id])}{shown.query(page=page.number)}",
            "rows": rows,
            "nothing": NOTHING[shown.view],
            "count_words": ngettext("%(count)d deltaker", "%(count)d deltakere", counts[shown.view]) % {"count": counts[shown.view]},
            "ready_words": self._ready_words(counts) if shown.view == "mangler" and self.reads("readiness") else "",
            "tabs": [
                {"label": label, "url": shown.query(view=key), "current": key == shown.view, "count": counts[key]}
                for key, (label, _where) in VIEWS.items()
            ],
            "trade_choices": [(code, trade.short_name or trade.name) for code, trade in self.trades.items()],
            "part_names": [name.capitalize() for _part, name in PARTS],
            "columns": {
                "ready": self.reads("readiness"),
                "told": shown.view != "mangler",  # nobody there has said or been confirmed
                "fits": self.reads("training_contract"),
                "acts": any(row.act for row in rows),
            },
            "may_edit": COORDINATOR in self.roles,
            "seen": found,
        } | state_of(window, self.today)  # fmt: skip

    @staticmethod
    def _ready_words(counts: dict[str, int]) -> str:
        if not counts["klare"]:
            return _now("Ingen er meldt klare av lærerne ennå.")
        return _now("De som lærerne sier er klare, står først.")

    def _fetched(self, window: Window, shown: Shown, first: int) -> list[Enrolment]:
        _label, where = VIEWS[shown.view]
        rows = self._of_trade(self.base(), shown.trade).filter(where(window, self.today))
        both = Case(
            When(self._ready(window, FAGLAERER) & self._ready(window, NORSKLAERER), then=Value(0)),
            When(self._ready(window), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        others = Enrolment.objects.filter(participant=OuterRef("participant")).exclude(pk=OuterRef("pk"))
        rows = with_openings(rows, self.user, today=self.today).annotate(has_others=Exists(others))
        order = ["participant__sort_name", "pk"]
        if shown.view == "mangler":
            rows, order = rows.annotate(ready_order=both), ["ready_order", *order]
        return list(rows.select_related("participant", "trade").order_by(*order)[first : first + PER_PAGE])

    def _rows(self, window: Window, found: list[Enrolment]) -> list[Row]:
        people = {row.participant_id for row in found}
        ready = defaultdict(list)
        said = Readiness.objects.filter(
            enrolment__in=[row.pk for row in found], kind=readiness_kind(window), withdrawn_on__isnull=True
        )
        for row in said.select_related("by").order_by("given_on", "pk"):
            ready[row.enrolment_id].append(row)
        if isinstance(window, ExamWindow):
            exams = defaultdict(list)
            for exam in WrittenExam.objects.filter(exam_in(window), participant__in=people).order_by("-pk"):
                exams[exam.participant_id, exam.exam_code].append(exam)
            known = all_exam_windows()
            codes = {trade.pk: trade.written_exam_code for trade in self.trades.values()}
            return [
                self._exam_row(window, row, ready[row.pk], exams[row.participant_id, codes.get(row.trade_id or 0, "")], known)
                for row in found
            ]
        tests = defaultdict(list)
        for test in NorwegianTest.objects.filter(participant__in=people).order_by("pk"):
            tests[test.participant_id].append(test)
        return [self._norwegian_row(window, row, ready[row.pk], tests[row.participant_id]) for row in found]

    def _row(self, window: Window, enrolment: Enrolment, ready: list[Readiness]) -> Row:
        """What both kinds of window show."""
        person = enrolment.participant
        trade: Any = enrolment.trade  # the rules ask for one
        row = Row(
            person.public_id, enrolment.public_id if getattr(enrolment, "has_others", False) else "", person.full_name, trade
        )
        row.bankid = {True: _now("virker"), False: _now("virker ikke"), None: _now("vet ikke")}[person.has_bankid]
        row.lacks_bankid = person.has_bankid is False
        if rank_in(enrolment, "readiness"):
            row.ready, row.ready_note = ready_words(window, ready)
            row.is_ready = bool(ready)
        return row

    def _exam_row(
        self, window: ExamWindow, enrolment: Enrolment, ready: list[Readiness], exams: list[WrittenExam], known: list[ExamWindow]
    ) -> Row:
        row = self._row(window, enrolment, ready)
        exam = max(exams, key=is_registered, default=None)
        registered = exam is not None and is_registered(exam)
        if exam is not None:
            row.said = day_short(exam.said_registered_on)
            row.registered = day_short(exam.registered_on) or (_now("ja") if registered else "")
            by_company = exam.registered_by == "company"
            row.fee = day_short(exam.fee_paid_on) or (_now("bedriften betaler") if by_company else "")
        if rank_in(enrolment, "training_contract"):
            row.fits, row.fits_note, row.is_marked = fitting_words(enrolment.contract_ends_on, window, known)
        if rank_in(enrolment, "exams") > 1 and getattr(enrolment, "opens_coordinator", False) and window.opens_on <= self.today:
            if not registered:
                row.act = Act(_now("Bekreft påmelding"), "exam_confirm", row.name)
            elif not row.fee:
                row.act = Act(_now("Avgift betalt"), "exam_fee_paid", row.name)
        return row

    def _norwegian_row(
        self, window: NorwegianTestWindow, enrolment: Enrolment, ready: list[Readiness], tests: list[NorwegianTest]
    ) -> Row:
        row = self._row(window, enrolment, ready)
        levels = best_levels((test.part, test.level) for test in tests if test.state in LEVEL_KNOWN)
        below = parts_below_goal(levels, row.trade)
        here = {test.part: test for test in sorted(tests, key=is_registered) if test.window_id == window.pk}
        row.said = day_short(max((test.said_registered_on for test in here.values() if test.said_registered_on), default=None))
        row.registered = day_short(max((test.registered_on for test in here.values() if test.registered_on), default=None))
        registered = [test for test in here.values() if is_registered(test)]
        row.registered = row.registered or (_now("ja") if registered else "")
        for part, name in PARTS:
            goal = LEVEL_NAMES[goal_of(part, row.trade)]
            note = _now("mål %(goal)s") % {"goal": goal} if part in below else _now("nådd")
            if part in here and (is_registered(here[part]) or here[part].said_registered_on):
                note += f", {_now('meldt på') if is_registered(here[part]) else _now('sagt fra')}"
            row.parts.append(Part(name.capitalize(), LEVEL_NAMES.get(levels.get(part, ""), _now("ukjent")), note, part in below))
        may = any(getattr(enrolment, f"opens_{key}", False) for key in ("coordinator", "norsklaerer"))
        waits = not registered or any(test.said_registered_on and not is_registered(test) for test in here.values())
        if may and rank_in(enrolment, "exams") > 1 and window.opens_on <= self.today and waits:
            row.act = Act(_now("Bekreft påmelding"), "norwegian_confirm", row.name)
        return row

    def note(self, seen: list[Enrolment]) -> None:
        """Logs one look per participant on the page, with the sections that were shown of each (docs/privacy.md)."""
        by_sections: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for row in seen:
            sections = tuple(section for section in SHOWN_SECTIONS if rank_in(row, section))
            by_sections[sections].append((row.participant_id, row.pk))
        for sections, pairs in by_sections.items():
            note_looks(user=self.user, roles=self.roles, pairs=pairs, page="eksamensvindu", sections=sections, act="list")


# --- Words ------------------------------------------------------------------------------------------------


def readiness_kind(window: Window) -> str:
    """Gives the kind of readiness that counts for the window."""
    return "written_exam" if isinstance(window, ExamWindow) else "norwegian_test"


def ready_words(window: Window, ready: list[Readiness]) -> tuple[str, str]:
    """Gives who says the person is ready, and their names; both teachers are asked about the exam, norsklærer about Norwegian."""
    asked = [FAGLAERER, NORSKLAERER] if isinstance(window, ExamWindow) else [NORSKLAERER]
    said = {row.by_role: row for row in ready if row.by_role in asked}
    if not said:
        return _now("ikke ennå"), ""
    names = ", ".join(str(said[role].by or "") for role in asked if role in said)
    if len(asked) == 1:
        return _now("ja"), names
    if len(said) == len(asked):
        return _now("ja, begge"), names
    return _now("bare %(who)s") % {"who": TEACHERS[next(iter(said))]}, names


def fitting_words(contract_end: date | None, window: ExamWindow, known: list[ExamWindow]) -> tuple[str, str, bool]:
    """Gives the last window that fits the contract, a note on this one, and whether the note is a warning.

    Source: V8 row 12 and the regulation's § 9-55; "fits" is that the results come on or before the contract's end.
    """
    if contract_end is None:
        return _now("ingen kontrakt ennå"), "", False
    last = last_fitting_window(contract_end, known)
    ends = _now("kontrakt til %(day)s") % {"day": short_date(contract_end)}
    if last is None or results_by(window) > contract_end:
        name = last.name if last else _now("ingen")
        return _now("%(name)s, dette er for sent") % {"name": name}, ends, True
    is_last_known = not any(results_by(each) > results_by(last) for each in known)
    if is_last_known and contract_end - results_by(last) > FURTHEST_APART:
        return _now("senere vinduer rekker også"), ends, False
    if last.pk == window.pk:
        return _now("dette vinduet er det siste som rekker"), ends, True
    return last.name, ends, False


def day_short(day: date | None) -> str:
    """Gives a day of a window's months without the year, kept on one line: "16. jan."; "" for none."""
    return short_date(day).rsplit(" ", 1)[0].replace(" ", "\u00a0") if day else ""


def period_words(first: date | None, last: date | None) -> str:
    """Gives a period in words: "16. november til 27. november 2026"; "ikke kjent" without a first day."""
    if first is None:
        return _now("ikke kjent")
    if last is None or last == first:
        return date_words(first)
    begin = date_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return _now("%(first)s til %(last)s") % {"first": begin.split(" ", 1)[0], "last": date_words(last)}
    return _now("%(first)s til %(last)s") % {
        "first": begin.rsplit(" ", 1)[0] if first.year == last.year else begin, "last": date_words(last),
    }  # fmt: skip


def when_words(window: Window, today: date) -> str:
    """Gives the sign-up's days in words."""
    return period_words(window.opens_on, window.closes_on)


def state_of(window: Window, today: date) -> dict[str, Any]:
    """Gives how the window stands on the day: its words, and whether it is open."""
    if is_open_on(window, today):
        left = (window.closes_on - today).days
        words = _now("åpen, stenger %(when)s") % {"when": days_words(left)}
        return {"state": words, "is_open": True, "is_past": False}
    if window.opens_on > today:
        return {"state": _now("åpner %(day)s") % {"day": date_words(window.opens_on)}, "is_open": False, "is_past": False}
    return {"state": _now("stengt"), "is_open": False, "is_past": True}


def dates_of(window: Window) -> list[tuple[str, str]]:
    """Gives the window's days in words, in the order they come; what is not known says so."""
    unknown = _now("ikke kjent")
    found = [(_now("Påmeldingen åpner"), date_words(window.opens_on)), (_now("Siste dag"), date_words(window.closes_on))]
    if isinstance(window, ExamWindow):
        due, results = window.accommodations_due_on, window.results_on
        return [
            *found,
            (_now("Frist for tilrettelegging"), date_words(due) if due else unknown),
            (_now("Eksamen"), period_words(window.exam_from, window.exam_to)),
            (_now("Resultatet kommer"), date_words(results) if results else unknown),
        ]
    days = [(name, getattr(window, f"{part}_on")) for part, name in PARTS]
    found.append((_now("Prøvedager"), period_words(window.test_from, window.test_to)))
    return [*found, *((_now("%(part)s fra") % {"part": name.capitalize()}, date_words(day)) for name, day in days if day)]
