"""Made-up worlds for the figures: histories as life and spreadsheets make them, written as rows, whatever the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from fagbrev.dates import months_after
from fagbrev.figures import UNDECIDED, Cut
from fagbrev.people.models import User
from participants import models as m
from participants.figures.cuts import FUNDERS
from participants.models.ending import WORK_STATES
from participants.models.support import FUNDING_SOURCES, INCOME_KINDS, PROGRAMMES
from participants.workflow import END_CODES, ENDED, MAIN_LINE, STEPS
from programmes.defaults import load
from programmes.models import Cohort, Trade, Workplace, WorkplacePerson

BEGIN = date(2024, 1, 1)
DAYS = 900
STEP = timedelta(days=30)
# The arrows of the workflow that have a target of their own; the way back from leave leads to training here.
ARROWS = [(step.sources, step.target or "training") for step in STEPS.values()]
LEVEL_TEXTS = [
    "",
    "",
    "A1",
    "A2",
    "a2/b1",
    "B1-B2",
    "ca. A2",
    "under A1",
    "under_a1",
    "snakker godt",
    "C1",
    "B2 muntlig, A1 skriftlig",
]


@dataclass
class Frame:
    """What every world stands on: made once."""

    trades: list[Trade]
    cohorts: list[Cohort]
    workplaces: list[Workplace]
    people: list[WorkplacePerson]
    user: User


def make_frame() -> Frame:
    """Gives three trades, two of them with the same workplaces, and a cohort each."""
    load(today=BEGIN)
    trades = list(Trade.objects.order_by("order"))
    Trade.objects.filter(pk=trades[2].pk).update(visit_interval_days=0)  # a trade without an interval asks for no visits
    cohorts = [Cohort.objects.create(trade=trade, name=f"Gruppe {n}") for n, trade in enumerate(trades)]
    workplaces = [Workplace.objects.create(name=f"Prøvested {n}") for n in range(3)]
    people = [
        WorkplacePerson.objects.create(workplace=place, name=f"Fadder {n}", has_fagbrev=[True, False, None][n % 3])
        for place in workplaces
        for n in range(3)
    ]
    return Frame(
        list(Trade.objects.order_by("order")), cohorts, workplaces, people, User.objects.create_user("p@example.no", "Prøve")
    )


@dataclass
class Told:
    """One row of a history before it is written."""

    step: str
    kind: str
    from_status: str
    to_status: str
    happened_on: date | None
    at: datetime
    corrects: Told | None = None


@dataclass
class Life:
    """An enrolment and its history, as they will be written."""

    enrolment: m.Enrolment
    told: list[Told] = field(default_factory=list)
    goes_on_from: m.Enrolment | None = None


class Maker:
    """Makes one world from a seed."""

    def __init__(self, seed: int, frame: Frame) -> None:
        self.random, self.frame = Random(seed), frame
        self.rows: dict[type, list[Any]] = {}

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def day(self, first: date = BEGIN, days: int = DAYS) -> date:
        return self.near_a_limit(first + timedelta(days=self.random.randrange(days)))

    def near_a_limit(self, day: date) -> date:
        """Moves a day to where the periods that are asked for begin and end, or to a day beside: that is where mistakes are."""
        limit = BEGIN + STEP * round((day - BEGIN) / STEP)
        return limit + timedelta(days=self.random.choice([-1, 0, 0, 1]))

    def maybe_day(self, percent: int = 80) -> date | None:
        return self.day() if self.chance(percent) else None

    def period(self, *, unknown_start: int = 15, open_end: int = 40, longest: int = 400) -> tuple[date | None, date | None]:
        start = None if self.chance(unknown_start) else self.day()
        length = self.random.choice([7 * self.random.randrange(longest // 7) - 1, 30 * self.random.randrange(longest // 30)])
        end = None if self.chance(open_end) else (start or self.day()) + timedelta(days=max(0, length))
        if end and self.chance(20):  # half a year after a day that may be asked for
            end = max(end, months_after(BEGIN + STEP * self.random.randrange(DAYS // STEP.days), 6))
        return start, end

    def add(self, row: Any) -> Any:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def world(self, people: int) -> None:
        """Writes participants with one or two enrolments each, and all that hangs on them."""
        lives: list[Life] = []
        for n in range(people):
            protection = self.random.choice(["", "", "", "", "fortrolig", "strengt_fortrolig"])
            person = self.add(m.Participant(first_name="Prøve", last_name=f"Person {n}", address_protection=protection))
            person.set_name_keys()
            self._tests(person)
            for life in self._lives(person):
                lives.append(life)
                self.add(life.enrolment)
        for life in lives:
            self._hang(life.enrolment)
            self.hang_more(life.enrolment)
        what_others_hang_on = [m.Participant, m.Enrolment, m.Placement]
        for model in dict.fromkeys([*what_others_hang_on, *self.rows]):
            rows = self.rows.get(model, [])
            model.objects.bulk_create(rows)  # type: ignore[attr-defined]
        for life in lives:
            life.enrolment.continues = life.goes_on_from
        m.Enrolment.objects.bulk_update([life.enrolment for life in lives], ["continues"])
        self._write_histories(lives)

    def hang_more(self, enrolment: m.Enrolment) -> None:
        """A floor above adds its rows here."""

    def _write_histories(self, lives: list[Life]) -> None:
        written: dict[int, m.StatusChange] = {}
        pairs = [(life, told) for life in lives for told in life.told]
        self.random.shuffle(lives)
        for corrections in (
            False,
            True,
        ):  # a correction names the row it corrects, so each goes in as soon as that has its number
            rows = []
            for life, told in pairs:
                if (told.corrects is not None) is corrections:
                    row = m.StatusChange(
                        enrolment=life.enrolment, step=told.step, kind=told.kind, from_status=told.from_status, to_status=told.to_status,
                        happened_on=told.happened_on, corrects=written[id(told.corrects)] if told.corrects else None,
                    )  # fmt: skip
                    written[id(told)] = row
                    rows.append((row, told))
            m.StatusChange.objects.bulk_create([row for row, _told in rows])
            for row, told in rows:
                row.at = told.at
            m.StatusChange.objects.bulk_update([row for row, _told in rows], ["at"])

    def _lives(self, person: m.Participant) -> Iterator[Life]:
        trades: list[Trade | None] = [*self.frame.trades, None]
        trade = self.random.choice(trades)
        first = self._life(person, trade)
        yield first
        if self.chance(40):
            is_over = first.enrolment.status in ENDED
            others = [each for each in trades if each != trade or (is_over and trade is not None)]
            second = self._life(person, self.random.choice(others))
            if is_over and self.chance(70):
                second.goes_on_from = first.enrolment
            yield second

    def _life(self, person: m.Participant, trade: Trade | None) -> Life:
        told = self._history()
        status = told[-1].to_status
        enrolment = m.Enrolment(
            participant=person, trade=trade, status=status, started_on=self.maybe_day(), norwegian_at_start=self.random.choice(LEVEL_TEXTS),
            end_code=self.random.choice(["", *[code for code, _label in END_CODES[status]]]) if status in END_CODES else "",
        )  # fmt: skip
        return Life(enrolment, told)

    def _history(self) -> list[Told]:
        now = datetime(BEGIN.year, 1, 1, 12, tzinfo=UTC) + timedelta(days=self.random.randrange(DAYS * 2 // 3))
        told: list[Told] = []

        def tell(step: str, kind: str, to_status: str, happened_on: date | None, corrects: Told | None = None) -> None:
            nonlocal now
            # Half past ten in the evening is the next day in Oslo in summer, and the same in winter.
            now += timedelta(
                days=self.random.randrange(60), hours=self.random.choice([0, 10]), minutes=self.random.choice([0, 30])
            )
            told.append(Told(step, kind, told[-1].to_status if told else "", to_status, happened_on, now, corrects))

        def earlier(longest: int = 60) -> date:
            return min(now.date(), self.near_a_limit(now.date() - timedelta(days=self.random.randrange(longest))))

        if self.chance(30):
            reached = self.random.choice(["waitlisted", "on_leave", "terminated", "declined", "withdrawn", *MAIN_LINE])
            chain = MAIN_LINE[: MAIN_LINE.index(reached)] if reached in MAIN_LINE else self.random.choice([[], MAIN_LINE[:7]])
            kind = self.random.choice(["import", "elsewhere"])
            for status in [*chain, reached]:
                tell("begin", kind, status, earlier(500) if self.chance(25) else None)
        else:
            tell("begin", "step", "referred", earlier())
        for _turn in range(self.random.randrange(16)):
            if self.chance(12):
                self._correct(told, tell)
                continue
            last = told[-1]
            if last.happened_on is None and last.kind != "correction" and self.chance(50):
                tell("fill_in", "correction", last.to_status, earlier(600))
                continue
            ahead = [target for sources, target in ARROWS if last.to_status in sources]
            if ahead:
                # Mostly straight on: endings are one arrow among many.
                straight = [status for status in MAIN_LINE if status in ahead][-1:]
                target = self.random.choice(straight if straight and self.chance(75) else ahead)
                tell("step", "step", target, earlier())
        return told

    def _correct(self, told: list[Told], tell: Any) -> None:
        corrected = {id(row.corrects) for row in told if row.corrects}
        standing = [row for row in told if row.kind != "correction" and id(row) not in corrected]
        if standing and standing[-1].from_status:
            tell("correct", "correction", standing[-1].from_status, standing[-1].happened_on, standing[-1])

    def _tests(self, person: m.Participant) -> None:
        codes = [trade.written_exam_code for trade in self.frame.trades] + [""]
        for _turn in range(self.random.randrange(9)):
            state = self.random.choice(["planned", "taken", "passed", "passed", "failed", "failed", "absent", "credited"])
            grades = {"passed": [None, 2, 3, 4, 5, 6], "failed": [None, 1]}.get(state, [None])
            exam_on = self.maybe_day(70)
            result_on = (exam_on or self.day()) + timedelta(days=self.random.randrange(60)) if self.chance(70) else None
            self.add(m.WrittenExam(
                participant=person, exam_code=self.random.choice(codes), state=state, grade=self.random.choice(grades), exam_on=exam_on,
                result_on=result_on,
            ))  # fmt: skip

    def _hang(self, enrolment: m.Enrolment) -> None:
        add = self.add
        if self.chance(70):
            add(m.Referral(enrolment=enrolment, referred_on=self.maybe_day()))
        if self.chance(60):
            add(m.IntakeInterview(enrolment=enrolment, norwegian_level=self.random.choice(LEVEL_TEXTS)))
        for _turn in range(self.random.randrange(3)):
            start, end = self.period()
            programme = self.random.choice([code for code, _label in PROGRAMMES])
            kind = self.random.choice(INCOME_KINDS)[0]
            add(m.IncomePeriod(enrolment=enrolment, kind=kind, programme=programme, starts_on=start, ends_on=end))
        for _turn in range(self.random.randrange(4)):
            start, end = self.period()
            source = self.random.choice(FUNDING_SOURCES[:3])[0]
            add(m.FundingPeriod(enrolment=enrolment, source=source, starts_on=start, ends_on=end))
        for cohort in self.frame.cohorts:
            if self.chance(40):
                start, end = self.period()
                share = self.random.choice([100, 100, 50, 33, 0])
                add(m.CohortMember(
                    participant=enrolment.participant, cohort=cohort, enrolment=enrolment, starts_on=start, ends_on=end,
                    teaching_share=share,
                ))  # fmt: skip
        if self.chance(20):
            add(m.CohortMember(participant=enrolment.participant, cohort=self.random.choice(self.frame.cohorts)))
        self._practice(enrolment)
        for attempt in range(1, self.random.randrange(1, 4)):
            starts, result = self.maybe_day(60), self.random.choice(["", "passed_merit", "passed", "failed"])
            add(m.TradeTest(
                enrolment=enrolment, attempt=attempt, starts_on=starts, result=result, ends_on=starts and starts + timedelta(days=3),
                result_on=(starts or self.day()) + timedelta(days=self.random.randrange(9)) if self.chance(60) else None,
            ))  # fmt: skip
        for months in (3, 6, 12):
            if self.chance(50):
                add(
                    m.WorkStatus(
                        enrolment=enrolment, months=months, asked_on=self.day(), state=self.random.choice(WORK_STATES)[0]
                    )
                )

    def _practice(self, enrolment: m.Enrolment) -> None:
        main_is_open = False
        for _turn in range(self.random.randrange(4)):
            start, end = self.period(unknown_start=10, longest=300)
            is_main = self.chance(75) and (end is not None or not main_is_open)
            main_is_open |= is_main and end is None
            placement = self.add(m.Placement(
                enrolment=enrolment, workplace=self.random.choice(self.frame.workplaces), is_main=is_main, starts_on=start, ends_on=end
            ))  # fmt: skip
            for _other in range(self.random.randrange(3)):
                since, until = self.period()
                person = self.random.choice(self.frame.people)
                self.add(m.PlacementFadder(placement=placement, person=person, starts_on=since, ends_on=until))


def cuts(seed: int, frame: Frame, many: int = 2) -> list[Cut]:
    """Gives some cuts of a world: the first of everyone in a semester or longer, the others narrowed by chance."""
    random = Random(seed + 1)
    found = []
    for turn in range(many):
        first = BEGIN + STEP * random.randrange(DAYS // STEP.days - 6 * (not turn))
        last = first + STEP * random.choice([6, 12, 23] if not turn else [0, 1, 5, 6, 12, 23])
        narrowed = dict.fromkeys(("trade", "funder", "cohort"), "")
        if turn:
            kind = random.choice(list(narrowed))
            choices = {
                "trade": [*[trade.code for trade in frame.trades], UNDECIDED],
                "funder": [code for code, _label in FUNDERS if code not in {"apprentice_grant", "other"}],
                "cohort": [cohort.public_id for cohort in frame.cohorts],
            }
            narrowed[kind] = random.choice(choices[kind])
        found.append(Cut(first, last, **narrowed))
    return found
