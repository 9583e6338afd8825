"""A whole year, day by day, for a small municipality: exactly the notices asked for, on exactly those days, none twice.

The table below is written by hand from the domain's table of duties; the days were counted in a calendar, not by the code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from fagbrev.audit.acting import acting, touch
from fagbrev.duties.models import Notice
from fagbrev.duties.registry import sources
from fagbrev.duties.scan import scan
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import User
from participants import models as m
from participants.actions.steps import begin
from programmes.defaults import load
from programmes.models import (
    CalendarBreak,
    ExamWindow,
    NorwegianTestWindow,
    TeachingAssignment,
    Trade,
    Workplace,
    WorkplaceApproval,
    WorkplacePerson,
)
from tests.cast import make_user

# The rules of follow-up are tried with follow-up; nobody in this town has visits, topics or reviews.
OF_FOLLOWUP = [rule.key for rule in sources()["followup"].rules]
FIRST, LAST = date(2026, 8, 3), date(2027, 7, 31)
K, F, N, L, A, D, E = "koordinator", "faglaerer", "norsklaerer", "leder", "fadder", "selma", "ended"


def day(month: int, number: int) -> date:
    """A day of the school year 2026/27."""
    return date(2026 if month >= 8 else 2027, month, number)


def told(rule: str, who: str, *moments: tuple[str, date]) -> list[tuple[str, str, str, date]]:
    return [(rule, who, code, on) for code, on in moments]


# (rule, who is told, moment, day). What was done, and when, stands in EVENTS.
EXPECTED: list[tuple[str, str, str, date]] = [
    # Referred 1 September: due the 15th. Interviewed on the 24th.
    *told("interview", K, ("-5", day(9, 10)), ("0", day(9, 15)), ("+7", day(9, 22))),
    # Interview 24 September: voices due 1 October. faglærer's voice came on the 30th, koordinator's on the 10th.
    *told("voice_faglaerer", F, ("-2", day(9, 29))),
    *told("voice_coordinator", K, ("-2", day(9, 29)), ("0", day(10, 1)), ("+7", day(10, 8))),
    # Referred 5 October without knowing: to be told by 4 November. Told on the 6th.
    *told("referral_untold", K, ("-7", day(10, 28)), ("0", day(11, 4))),
    # First day 2 November: the certificate is due on 19 October. Shown on the 17th.
    *told("police_certificate", K, ("-14", day(10, 5)), ("-3", day(10, 16))),
    # Placed 10 August: application due the 24th. Never sent: weekly repeats stop after four.
    *told("county_application", K, ("-5", day(8, 19)), ("0", day(8, 24)), ("+7", day(8, 31)), ("+14", day(9, 7)),
          ("+21", day(9, 14)), ("+28", day(9, 21))),
    # Sent 3 August: the county's answer is due on 2 October. It came on the 12th.
    *told("county_answer", K, ("0", day(10, 2)), ("+7", day(10, 9))),
    # A workplace applied on 20 August: answer due on 19 October. It never came.
    *told("approval_answer", K, ("0", day(10, 19)), ("+7", day(10, 26)), ("+14", day(11, 2)), ("+21", day(11, 9)),
          ("+28", day(11, 16))),
    # Selma's contract ends on 30 June: 180 days before is 1 January, so the last working day before it.
    *told("contract_ends_coordinator", K, ("-180", day(12, 31)), ("-90", day(4, 1)), ("-30", day(5, 31))),
    *told("contract_ends_faglaerer", F, ("-180", day(12, 31)), ("-90", day(4, 1)), ("-30", day(5, 31))),
    # The candidate's ends on 30 April: 1 November is a Sunday, 30 January a Saturday.
    *told("contract_ends_coordinator", K, ("-180", day(10, 30)), ("-90", day(1, 29)), ("-30", day(3, 31))),
    *told("contract_ends_faglaerer", F, ("-180", day(10, 30)), ("-90", day(1, 29)), ("-30", day(3, 31))),
    # Back on 20 December: contact by Sunday the 6th, moved to Monday the 7th. Back on the 15th.
    *told("leave_ends", K, ("-14", day(11, 23)), ("0", day(12, 7))),
    # Leave from 14 September: the form is due on the 21st. Sent on 1 October.
    *told("county_form_leave", K, ("0", day(9, 21)), ("+7", day(9, 28))),
    # Selma's fadder's last day is Friday 30 October: at once on the 31st; a new one from 12 November.
    *told("without_fadder_leder", L, ("0", day(10, 31)), ("+7", day(11, 6))),
    *told("without_fadder_coordinator", K, ("0", day(10, 31)), ("+7", day(11, 6))),
    # Selma's and the candidate's places each semester: it opens on 17 August and 4 January; 14 days before its end is Sunday
    # 6 December, and Friday 4 June. Selma's is confirmed on 30 November, and never in spring; the candidate's not at all, and
    # ends with the trade on 12 May.
    *told("extra_person", L, ("open", day(8, 17)), ("open", day(1, 4)), ("-14", day(6, 4))),
    *told("extra_person", L, ("open", day(8, 17)), ("-14", day(12, 4)), ("open", day(1, 4))),
    # The written exam in autumn: Selma says on 8 September that she has registered.
    *told("exam_registration", D, ("open-14", day(8, 18)), ("open", day(9, 1))),
    # She fails; the result comes on 4 January, when the first moment of the spring's window has passed: told then. 31 January is a Sunday.
    *told("exam_registration", D, ("open-14", day(1, 4)), ("open", day(1, 15)), ("-5", day(1, 27)), ("-1", day(1, 29))),
    # The Norwegian test closes on 20 November. norsklærer says on 2 November that Selma is ready; she registers on the 16th.
    *told("norwegian_advice", N, ("-21", day(10, 30))),
    *told("norwegian_registration", D, ("-21", day(11, 2)), ("-7", day(11, 13))),
    # The candidate is recommended on 1 December; due 28 February, a Sunday. Registered on 22 February.
    *told("test_registration", K, ("open", day(12, 1)), ("-60", day(12, 30)), ("-30", day(1, 29)), ("-7", day(2, 19))),
    # The trade lead is told on 24 February.
    *told("lead_untold", K, ("0", day(2, 22))),
    # Income ends on 31 December: 1 November is a Sunday.
    *told("income_ends", K, ("-60", day(10, 30)), ("-14", day(12, 17))),
    # Completed on 30 September with an iPad, which came back on 10 October.
    *told("equipment_coordinator", K, ("0", day(9, 30)), ("+7", day(10, 7))),
    *told("equipment_deltaker", E, ("0", day(9, 30)), ("+7", day(10, 7))),
    # 3 months after, never registered; 6 months after, registered on 1 April. The candidate completes on 12 May: 3 months after lies ahead.
    *told("work_status", K, ("0", day(12, 30)), ("+7", day(1, 6)), ("+14", day(1, 13)), ("+21", day(1, 20)), ("+28", day(1, 27))),
    *told("work_status", K, ("0", day(3, 30))),
    # No information meeting is held: told on 1 September and 1 November, a Sunday, so the last working day before it.
    *told("information_yearly", K, ("-121", day(9, 1)), ("-60", day(10, 30))),
    # Nobody calls the steering group: one month into the semesters of 17 August and 4 January.
    *told("steering_group_call", K, ("0", day(9, 17)), ("0", day(2, 4))),
    # Nobody writes the report: due 31 October and 30 April, two months before the half-years end. 24 October is a Saturday.
    *told("report_write", K, ("-7", day(10, 23)), ("-1", day(10, 30))),
    *told("report_write", K, ("-7", day(4, 23)), ("-1", day(4, 29))),
]  # fmt: skip


class Town:
    """The small municipality, and what happens in it."""

    def __init__(self) -> None:
        load(today=FIRST)
        self.users: dict[str, User] = {}
        roles = {K: "coordinator", F: "faglaerer", N: "norsklaerer", L: "leder", A: "fadder", D: "deltaker", E: "deltaker"}
        for key, role in roles.items():
            self.users[key] = make_user(f"{key} Testby", role, today=FIRST)
        self.trade = Trade.objects.get(code="BUA")
        for key in (F, N):
            TeachingAssignment.objects.create(user=self.users[key], role=key, trade=self.trade, starts_on=date(2025, 1, 1))
        self.workplace = Workplace.objects.create(name="Testby barnehage")
        WorkplaceApproval.objects.create(workplace=self.workplace, trade=self.trade, state="approved")
        self.leder = WorkplacePerson.objects.create(
            workplace=self.workplace, name="Leder", user=self.users[L], is_leder=True, starts_on=date(2025, 1, 1)
        )
        self.fadder = WorkplacePerson.objects.create(workplace=self.workplace, name="Fadder", user=self.users[A])
        self.norwegian = NorwegianTestWindow.objects.create(
            name="Høsten", opens_on=day(10, 20), closes_on=day(11, 20), source="prøve"
        )
        self.rows: dict[str, m.Enrolment] = {}

    def person(self, key: str, status: str, since: date, **columns: Any) -> m.Enrolment:
        """One more enrolment, at the trade's goal in Norwegian."""
        person = m.Participant.objects.create(first_name=key.title(), last_name="Testby", phone="+4799900000")
        row = m.Enrolment.objects.create(participant=person, trade=self.trade, started_on=since)
        m.Referral.objects.create(enrolment=row, referred_on=since, knows_of_referral=True)
        begin(enrolment=row, status=status, by=self.users[K], today=since, kind="elsewhere", happened_on=since, source="prøve")
        m.Enrolment.objects.filter(pk=row.pk).update(status_since=since, **columns)
        for part, _name in m.exams.PARTS:
            m.NorwegianTest.objects.create(participant=person, part=part, state="known", level="b1")
        self.rows[key] = row
        return row

    def place(self, key: str, starts_on: date) -> m.Placement:
        """A place with leder and fadder."""
        placement = m.Placement.objects.create(
            enrolment=self.rows[key], workplace=self.workplace, leder=self.leder, starts_on=starts_on, requested_on=day(8, 3)
        )
        m.PlacementFadder.objects.create(placement=placement, person=self.fadder, starts_on=starts_on)
        return placement

    def contract(self, key: str, ends_on: date) -> None:
        """The county's contract."""
        m.TrainingContract.objects.create(
            enrolment=self.rows[key], number=key, starts_on=date(2025, 8, 1), ends_on=ends_on, decided_on=date(2025, 7, 1)
        )
        m.Enrolment.objects.filter(pk=self.rows[key].pk).update(contract_starts_on=date(2025, 8, 1), contract_ends_on=ends_on)

    def begin(self) -> None:
        """How things stand on the first day."""
        selma = self.person("selma", "training", date(2025, 8, 1))
        m.Participant.objects.filter(pk=selma.participant_id).update(user=self.users[D])
        m.NorwegianTest.objects.filter(participant=selma.participant_id, part="oral").delete()
        self.selma_place = self.place("selma", date(2025, 8, 1))
        self.contract("selma", day(6, 30))
        candidate = self.person("candidate", "training", date(2025, 8, 1))
        self.place("candidate", date(2025, 8, 1))
        self.contract("candidate", day(4, 30))
        self.exam("candidate", state="passed", grade=4, result_on=date(2026, 6, 18))
        m.IncomePeriod.objects.create(enrolment=candidate, kind="wages", starts_on=date(2025, 8, 1), ends_on=day(12, 31))
        applied = self.person("applied", "contract_applied", date(2026, 6, 1))
        m.CountyApplication.objects.create(enrolment=applied, sent_on=day(8, 3))
        self.confirmed(self.place("applied", date(2026, 6, 1)))
        self.exam("applied", state="passed", grade=3, result_on=date(2026, 6, 18))
        self.person("leave", "training", date(2025, 8, 1))
        self.contract("leave", date(2028, 6, 30))
        self.confirmed(self.place("leave", date(2025, 8, 1)))
        self.exam("leave", state="passed", grade=3, result_on=date(2026, 6, 18))
        ended = self.person("ended", "training", date(2025, 1, 1))
        m.Participant.objects.filter(pk=ended.participant_id).update(user=self.users[E])
        self.exam("ended", state="passed", grade=3, result_on=date(2026, 6, 18))
        self.confirmed(self.place("ended", date(2025, 1, 1)))
        self.loan = m.Loan.objects.create(participant=ended.participant, kind="ipad", state="lent", lent_on=date(2025, 1, 1))

    def confirmed(self, placement: m.Placement) -> None:
        """So that only the two places the table tells of are asked about: these are said to be extra in both semesters."""
        for first in (day(8, 17), day(1, 4)):
            self.later(
                first, lambda first=first: m.Placement.objects.filter(pk=placement.pk).update(extra_person_confirmed_on=first)
            )

    def exam(self, key: str, **columns: Any) -> None:
        """A row of the written exam in the trade's code."""
        m.WrittenExam.objects.create(participant=self.rows[key].participant, exam_code=self.trade.written_exam_code, **columns)

    def status(self, key: str, status: str, on: date) -> None:
        """A step, as far as the rules ask of it."""
        ended = on if status == "completed" else None
        m.Enrolment.objects.filter(pk=self.rows[key].pk).update(status=status, status_since=on, ended_on=ended)

    events: dict[date, list[Callable[[], Any]]]

    def later(self, on: date, what: Callable[[], Any]) -> None:
        """Something that happens on a day, before the scan."""
        if not hasattr(self, "events"):
            self.events = {}
        self.events.setdefault(on, []).append(what)

    def plan(self) -> None:
        """What happens, and when."""
        rows = self.rows
        at = self.later
        at(day(9, 1), lambda: self.person("referred", "referred", day(9, 1)))
        at(day(9, 24), lambda: m.IntakeInterview.objects.create(enrolment=rows["referred"], held_on=day(9, 24)))
        at(day(9, 24), lambda: self.status("referred", "interviewed", day(9, 24)))
        at(day(9, 30), lambda: self.voice("faglaerer", day(9, 30)))
        at(day(10, 10), lambda: self.voice("coordinator", day(10, 10)))
        at(day(10, 10), lambda: self.status("referred", "waitlisted", day(10, 10)))
        at(day(10, 5), lambda: self.unknowing())
        at(day(11, 6), lambda: m.Referral.objects.filter(enrolment=rows["unknowing"]).update(informed_on=day(11, 6)))
        at(day(8, 10), lambda: self.placed())
        at(day(8, 20), lambda: WorkplaceApproval.objects.create(
            workplace=Workplace.objects.create(name="Testby skole"), trade=self.trade, state="applied", applied_on=day(8, 20)
        ))  # fmt: skip
        at(day(10, 12), lambda: m.CountyApplication.objects.update(answer="approved", answered_on=day(10, 12)))
        at(day(9, 14), lambda: m.Leave.objects.create(
            enrolment=rows["leave"], starts_on=day(9, 14), expected_end_on=day(12, 20)
        ))  # fmt: skip
        at(day(9, 14), lambda: self.status("leave", "on_leave", day(9, 14)))
        at(day(10, 1), lambda: m.Leave.objects.update(county_form_sent_on=day(10, 1)))
        at(day(12, 15), lambda: m.Leave.objects.update(ended_on=day(12, 15)))
        at(day(12, 15), lambda: m.Enrolment.objects.filter(pk=rows["leave"].pk).update(status="training"))
        at(day(9, 20), lambda: m.PlacementFadder.objects.filter(placement=self.selma_place).update(ends_on=day(10, 30)))
        at(day(11, 12), lambda: m.PlacementFadder.objects.create(
            placement=self.selma_place, person=self.fadder, starts_on=day(10, 31)
        ))  # fmt: skip
        at(day(11, 30), lambda: m.Placement.objects.filter(pk=self.selma_place.pk).update(extra_person_confirmed_on=day(11, 30)))
        window = ExamWindow.objects.get(opens_on=day(9, 1))
        at(day(9, 8), lambda: self.exam("selma", window=window, state="planned", said_registered_on=day(9, 8)))
        at(day(11, 27), lambda: self.exams_of_selma(state="taken"))
        at(day(1, 4), lambda: self.exams_of_selma(state="failed", grade=1))
        at(day(11, 2), lambda: m.Readiness.objects.create(
            enrolment=rows["selma"], kind="norwegian_test", given_on=day(11, 2), by_role="norsklaerer"
        ))  # fmt: skip
        at(day(11, 16), lambda: m.NorwegianTest.objects.create(
            participant=rows["selma"].participant, part="oral", state="registered", window=self.norwegian, registered_on=day(11, 16)
        ))  # fmt: skip
        at(day(10, 1), lambda: self.starting())
        at(day(10, 17), lambda: m.PoliceCertificate.objects.create(enrolment=rows["starting"], in_order=True, basis="shown"))
        at(day(12, 1), lambda: m.Readiness.objects.create(
            enrolment=rows["candidate"], kind="trade_test", given_on=day(12, 1), by_role="faglaerer"
        ))  # fmt: skip
        at(day(2, 22), lambda: m.TradeTest.objects.create(enrolment=rows["candidate"], registered_on=day(2, 22)))
        at(day(2, 24), lambda: m.TradeTest.objects.update(lead_told_on=day(2, 24)))
        at(day(5, 12), lambda: self.status("candidate", "completed", day(5, 12)))
        at(day(9, 30), lambda: self.status("ended", "completed", day(9, 30)))
        at(day(10, 10), lambda: m.Loan.objects.update(state="returned", returned_on=day(10, 10)))
        at(day(4, 1), lambda: m.WorkStatus.objects.create(
            enrolment=rows["ended"], months=6, asked_on=day(4, 1), state="permanent"
        ))  # fmt: skip

    def voice(self, whose: str, on: date) -> None:
        """A voice on admission."""
        m.AdmissionVoice.objects.create(enrolment=self.rows["referred"], voice=whose, advice="wait", given_on=on)

    def unknowing(self) -> None:
        """Someone referred who does not know; interviewed at once, so that nothing else is due."""
        row = self.person("unknowing", "waitlisted", day(10, 5))
        m.Referral.objects.filter(enrolment=row).update(knows_of_referral=False)

    def placed(self) -> None:
        """Someone placed, whose application is never sent; the place is confirmed as extra."""
        self.person("placed", "placed", day(8, 10))
        m.PoliceCertificate.objects.create(enrolment=self.rows["placed"], in_order=True, basis="shown")
        self.exam("placed", state="passed", grade=3, result_on=date(2026, 6, 18))
        self.confirmed(self.place("placed", day(8, 10)))

    def starting(self) -> None:
        """Someone who begins on 2 November."""
        self.person("starting", "onboarding", day(10, 1))
        place = self.place("starting", day(11, 2))
        m.Placement.objects.filter(pk=place.pk).update(requested_on=day(9, 1))

    def exams_of_selma(self, **columns: Any) -> None:
        """Her attempt of the autumn."""
        m.WrittenExam.objects.filter(participant=self.rows["selma"].participant).update(**columns)


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The municipality on its first day, with its year planned."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: FIRST)
    made = Town()
    made.begin()
    made.plan()
    return made


def live(town: Town, monkeypatch: pytest.MonkeyPatch, *, off: Iterable[date] = (), times: int = 1,
         also: dict[date, Callable[[], Any]] | None = None) -> None:  # fmt: skip
    """Lives through the year: what happens each day, then the scan, unless the machine is off."""
    today, closed = FIRST, set(off)
    while today <= LAST:
        monkeypatch.setattr(timezone, "localdate", lambda *_, today=today: today)
        for what in town.events.pop(today, []):
            what()
        if today not in closed:
            for _time in range(times if today in BUSY else 1):
                scan(today=today)
        if also and today in also:
            also[today]()
        today += timedelta(days=1)
    assert not town.events


def made_on(town: Town) -> Counter[tuple[str, str, str, date]]:
    """What was told: rule, who, moment and the day the notice was made."""
    names = {user.pk: key for key, user in town.users.items()}
    rows = Notice.objects.exclude(rule__in=OF_FOLLOWUP).values_list("rule", "recipient_id", "moment", "made_on")
    return Counter((rule, names[user], code, on) for rule, user, code, on in rows)


def compared(found: Counter[Any], expected: Iterable[Any]) -> str:
    """What is missing and what is too much, for reading."""
    wanted = Counter(expected)
    return f"missing: {sorted((wanted - found).elements())}\ntoo much: {sorted((found - wanted).elements())}"


# The days on which something is told, and those after them: where a second scan could do harm.
BUSY = {on + timedelta(days=n) for *_rest, on in EXPECTED for n in (0, 1)}


def test_each_notice_comes_on_its_day_and_no_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    live(town, monkeypatch)
    assert made_on(town) == Counter(EXPECTED), compared(made_on(town), EXPECTED)
    mails_are_few_and_on_the_right_days()


def test_five_scans_a_day_tell_no_more_than_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    live(town, monkeypatch, times=5)
    assert made_on(town) == Counter(EXPECTED), compared(made_on(town), EXPECTED)


OFF = [day(10, 20) + timedelta(days=n) for n in range(10)] + [day(1, 16) + timedelta(days=n) for n in range(10)]


def test_ten_days_without_the_machine_lose_nothing_and_tell_nothing_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    live(town, monkeypatch, off=OFF)
    back = {one: max(OFF[:10] if one <= OFF[9] else OFF[10:]) + timedelta(days=1) for one in OFF}
    expected = [(rule, who, code, back.get(on, on)) for rule, who, code, on in EXPECTED]
    assert made_on(town) == Counter(expected), compared(made_on(town), expected)


def test_a_holiday_added_later_moves_what_is_ahead_and_repeats_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def close_between_the_holidays() -> None:
        with acting():
            CalendarBreak.objects.create(
                name="Romjula", starts_on=day(12, 28), ends_on=day(12, 31), stops_practice=True, source="prøve"
            )
            touch(participant_id=None, kind="programmes.calendarbreak")

    live(town, monkeypatch, also={day(12, 29): close_between_the_holidays})
    # Told on the 30th, since Thursday the 24th is now the last working day before: the candidate's -60, and Selma's -180.
    moved = {
        ("test_registration", "-60"): day(12, 30), ("contract_ends_coordinator", "-180"): day(12, 30),
        ("contract_ends_faglaerer", "-180"): day(12, 30),
    }  # fmt: skip
    # The status is due on the first working day after: Monday 4 January, and weekly from there.
    status = {"0": day(1, 4), "+7": day(1, 11), "+14": day(1, 18), "+21": day(1, 25), "+28": day(2, 1)}
    expected = []
    for rule, who, code, on in EXPECTED:
        if rule == "work_status" and on < day(3, 1):
            on = status[code]
        elif on in {day(12, 30), day(12, 31)}:
            on = moved[(rule, code)]
        expected.append((rule, who, code, on))
    assert made_on(town) == Counter(expected), compared(made_on(town), expected)


def mails_are_few_and_on_the_right_days() -> None:
    """Nobody is mailed twice a day, and what can wait comes on Mondays."""
    mails = OutgoingMail.objects.exclude(kind="")
    assert mails.count() == mails.values("user", "period").distinct().count()
    # «Interview», five days before: told on Thursday 10 September, mailed on Monday the 14th; on the day itself, the same day.
    days = {
        code: sorted({row.mail.period for row in Notice.objects.filter(rule="interview", moment=code).select_related("mail")})
        for code in ("-5", "0")
    }
    assert days == {"-5": ["2026-09-14"], "0": ["2026-09-15"]}
    at_once = Notice.objects.filter(rule="without_fadder_leder", moment="0").select_related("mail").get()
    assert at_once.mail.period == "2026-10-31"
    digest = Notice.objects.filter(rule="lead_untold").select_related("mail").get()
    assert digest.mail.period == "2027-02-22"  # a Monday: it waits for the digest, which is the same day
