"""What follow-up adds to the made-up worlds: levels, tests, lessons, absence, sick leave, visits and reviews."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from followup import models as f
from participants import models as m
from participants.exam_windows import LEVEL_ORDER, PART_CODES
from tests.participants.lives import BEGIN, DAYS, Frame, Maker

HOURS = [Decimal("0.25"), Decimal("1.00"), Decimal("2.00"), Decimal("3.33"), Decimal("5.75")]


class FollowedMaker(Maker):
    """A world with follow-up in it; the lessons are those of the cohorts, whoever is a member."""

    def __init__(self, seed: int, frame: Frame) -> None:
        super().__init__(seed, frame)
        self.lesson_days: list[date] = []

    def world(self, people: int) -> None:
        start = self.day()
        self.lesson_days = [start + timedelta(days=7 * n) for n in range(12)]
        for cohort in self.frame.cohorts:
            for day in self.lesson_days:
                if self.chance(60):
                    self.add(f.Lesson(cohort=cohort, held_on=day, hours=self.random.choice(HOURS), kept_by=self.frame.user))
        super().world(people)

    def _tests(self, person: m.Participant) -> None:
        super()._tests(person)
        for _turn in range(self.random.randrange(6)):
            self.add(m.NorwegianTest(
                participant=person, part=self.random.choice(PART_CODES), level=self.random.choice(["", *LEVEL_ORDER]),
                state=self.random.choice(["planned", "registered", "taken", "taken", "known"]), taken_on=self.maybe_day(),
            ))  # fmt: skip
        for part in PART_CODES:
            for day in {self.day() for _turn in range(self.random.randrange(3))}:
                self.add(f.LanguageLevel(
                    participant=person, part=part, level=self.random.choice(LEVEL_ORDER), observed_on=day, by=self.frame.user
                ))  # fmt: skip

    def hang_more(self, enrolment: m.Enrolment) -> None:
        mine = [row for row in self.rows.get(m.Placement, []) if row.enrolment is enrolment]
        self._leaves(enrolment)
        self._absences(enrolment, mine)
        for placement in mine:
            begin = placement.starts_on or BEGIN
            for _turn in range(self.random.randrange(8)):
                self._visit(placement, self.day(begin - timedelta(days=20), 250))
            for n in range(self.random.randrange(4)):
                held_on = self.day(begin - timedelta(days=20), 400)
                state = self.random.choice(["called", "held", "locked", "cancelled"])
                meets_at = timezone.make_aware(datetime.combine(held_on, datetime.min.time()))
                self.add(f.ReviewConversation(
                    placement=placement, semester=f"prøve {n}", state=state, meets_at=meets_at, called_by=self.frame.user,
                    held_on=held_on if state in {"held", "locked"} or self.chance(20) else None,
                ))  # fmt: skip

    def _visit(self, placement: m.Placement, day: date) -> None:
        state = self.random.choice(["held", "held", "held", "agreed", "proposed", "cancelled"])
        self.add(f.WorkplaceVisit(placement=placement, state=state, visited_on=day, only_log=True))

    def _leaves(self, enrolment: m.Enrolment) -> None:
        """Leaves one after another, the last one maybe open, or of an unknown day."""
        start = self.day()
        for _turn in range(self.random.randrange(3)):
            back = start + timedelta(days=self.random.randrange(90))
            self.add(m.Leave(enrolment=enrolment, starts_on=start, ended_on=back))
            start = back + timedelta(days=self.random.randrange(60))
        if self.chance(20):
            self.add(m.Leave(enrolment=enrolment, starts_on=start if self.chance(70) else None))
        for _turn in range(self.random.randrange(2)):
            begin = self.day()
            end = None if self.chance(20) else begin + timedelta(days=self.random.randrange(60))
            percent = self.random.choice([100, 100, 60])
            self.add(f.SickLeave(enrolment=enrolment, starts_on=begin, ends_on=end, percent=percent))

    def _absences(self, enrolment: m.Enrolment, places: list[Any]) -> None:
        days = {
            self.random.choice(self.lesson_days) if self.chance(80) else self.day() for _turn in range(self.random.randrange(7))
        }
        for day in sorted(days):
            self._absence(enrolment, day, away_from="teaching")
        for placement in places:
            for day in sorted({self.day() for _turn in range(self.random.randrange(3))}):
                self._absence(enrolment, day, away_from="practice", placement=placement)

    def _absence(self, enrolment: m.Enrolment, day: date, **more: Any) -> None:
        state = self.random.choice(["confirmed", "confirmed", "confirmed", "reported"])
        self.add(f.Absence(
            enrolment=enrolment, away_on=day, hours=self.random.choice(HOURS), state=state, recorded_by=self.frame.user, **more
        ))  # fmt: skip


__all__ = ["BEGIN", "DAYS", "FollowedMaker"]
