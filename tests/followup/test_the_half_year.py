"""Half a school year, day by day: when one is told of visits, reviews and topics to publish, and on no other day.

The tables are written by hand from the domain's table of duties; the days were counted in a calendar, not by the code. Teaching
is off in week 40 (28 September to 2 October), from 21 December to 3 January, and in week 8 (22 to 26 February).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from fagbrev.duties.models import Notice
from fagbrev.duties.scan import scan
from fagbrev.people.models import User
from followup.models import ReviewConversation, ReviewPart, WorkplaceVisit
from participants import models as m
from participants.actions.steps import begin
from programmes.defaults import load
from programmes.models import MonthlyTopic, TeachingAssignment, Trade, Workplace, WorkplaceApproval, WorkplacePerson
from tests.cast import make_user

FIRST, LAST = date(2026, 8, 17), date(2027, 2, 28)
AUTUMN = "2026/27-autumn"
K, F, N, A, D = "koordinator", "faglaerer", "norsklaerer", "fadder", "deltaker"
Row = tuple[str, str, str, str, date]
_localdate = timezone.localdate


def day(month: int, number: int) -> date:
    """A day of the school year 2026/27."""
    return date(2026 if month >= 8 else 2027, month, number)


def told(rule: str, of: str, who: str, *moments: tuple[str, date]) -> list[Row]:
    return [(rule, of, who, code, on) for code, on in moments]


# (rule, about whom, who is told, moment, day). BUA is visited every 14 days, HEA every 28.
VISITS: list[Row] = [
    # Selma, BUA, from Monday 17 August: due the 31st. Visited on 2 September.
    *told("visit", "selma", F, ("-2", day(8, 29)), ("0", day(8, 31))),
    # Due 16 September. Visited on the 15th.
    *told("visit", "selma", F, ("-2", day(9, 14))),
    # 14 days after the 15th is 29 September, in the autumn break: Monday 5 October. Visited on the 14th.
    *told("visit", "selma", F, ("-2", day(10, 3)), ("0", day(10, 5)), ("+7", day(10, 12))),
    # Due 28 October: an agreed time changes nothing, the visit on the 27th does.
    *told("visit", "selma", F, ("-2", day(10, 26))),
    # Due 10 November. Visited on 15 December: the weekly repeats stop after four. A time called off on 20 November changes nothing.
    *told("visit", "selma", F, ("-2", day(11, 8)), ("0", day(11, 10)), ("+7", day(11, 17)), ("+14", day(11, 24)),
          ("+21", day(12, 1)), ("+28", day(12, 8))),
    # Due 29 December, in the holidays: Monday 4 January. Visited on the 5th.
    *told("visit", "selma", F, ("-2", day(1, 2)), ("0", day(1, 4))),
    # Due 19 January, but on leave from the 11th. Back on 1 February: told once of what has passed, then as usual. Visited on the 3rd.
    *told("visit", "selma", F, ("+7", day(2, 1)), ("+14", day(2, 2))),
    # Due 17 February, but the last day is the 12th.
    # Nadia, HEA, from 17 August: due 14 September. Visited on the 15th.
    *told("visit", "nadia", F, ("-2", day(9, 12)), ("0", day(9, 14))),
    # Due 13 October, 9 November, 8 December. Visited on 12 October, 10 November, 7 December.
    *told("visit", "nadia", F, ("-2", day(10, 11)), ("-2", day(11, 7)), ("0", day(11, 9)), ("-2", day(12, 6))),
    # Due 4 January. Visited on the 12th.
    *told("visit", "nadia", F, ("-2", day(1, 2)), ("0", day(1, 4)), ("+7", day(1, 11))),
    # From 20 January HEA is visited every 21 days: due 2 February, not the 9th. Visited on the 3rd.
    *told("visit", "nadia", F, ("-2", day(1, 31)), ("0", day(2, 2))),
    # Due 24 February, in the winter break: Monday 1 March.
    *told("visit", "nadia", F, ("-2", day(2, 27))),
    # Hodan, ROF: nobody teaches it, so there is nobody to tell.
]  # fmt: skip
REVIEWS: list[Row] = [
    # Selma's opens on 17 August and is to be called by 1 October. Called on 21 September, to Monday 12 October.
    *told("review_call", "selma", K, ("open", day(8, 17)), ("-14", day(9, 17))),
    # Each prepares: told when called, and two days before, Saturday the 10th: Friday the 9th. F and D share before that.
    *told("review_prepare_coordinator", "selma", K, ("open", day(9, 21)), ("0", day(10, 9))),
    *told("review_prepare_fadder", "selma", A, ("open", day(9, 21)), ("0", day(10, 9))),
    *told("review_prepare_faglaerer", "selma", F, ("open", day(9, 21))),
    *told("review_prepare_deltaker", "selma", D, ("open", day(9, 21))),
    # To be kept as held by 20 December, a Sunday; 14 days before is Sunday the 6th. Held on 10 December.
    *told("review_hold", "selma", K, ("open", day(10, 13)), ("-14", day(12, 4))),
    # In spring it opens on 4 January. On leave, then gone: no more.
    *told("review_call", "selma", K, ("open", day(1, 4))),
    # Nadia's is never called; there is no repeating. In spring by 1 March.
    *told("review_call", "nadia", K, ("open", day(8, 17)), ("-14", day(9, 17)), ("0", day(10, 1))),
    *told("review_call", "nadia", K, ("open", day(1, 4)), ("-14", day(2, 15))),
    # Hodan begins on 14 September: four weeks, so 12 October. Called on 30 September, to 9 November; called off on 6 October.
    *told("review_call", "hodan", K, ("open", day(9, 14)), ("-14", day(9, 28)), ("0", day(10, 12))),
    *told("review_call", "hodan", K, ("open", day(1, 4)), ("-14", day(2, 15))),
    *told("review_prepare_coordinator", "hodan", K, ("open", day(9, 30))),
    *told("review_prepare_fadder", "hodan", A, ("open", day(9, 30))),
]
TOPICS: list[Row] = [
    row
    for rule, who in (("topic_publish_faglaerer", F), ("topic_publish_norsklaerer", N))
    for row in (
        # BUA's topics of August to October are published in time. November's is never: due Friday 30 October.
        *told(rule, "BUA", who, ("-5", day(10, 23)), ("-1", day(10, 29))),
        # December's is due Monday 30 November, and published on the 26th.
        *told(rule, "BUA", who, ("-5", day(11, 25))),
        # January's is published on 1 December. February's is due Friday 29 January: nobody is in practice in BUA then, Selma is
        # on leave. March's is due Friday 26 February, and never comes.
        *told(rule, "BUA", who, ("-5", day(2, 19)), ("-1", day(2, 25))),
    )
] + [
    # HEA's of October is due Wednesday 30 September, and published on the 28th. January's is due Thursday 31 December: five days
    # before is the second Christmas day, so Christmas Eve. The others are published in time. No norsklærer has HEA.
    *told("topic_publish_faglaerer", "HEA", F, ("-5", day(9, 25)), ("-5", day(12, 24)), ("-1", day(12, 30))),
]


class Town:
    """A small municipality, and what is done in it on which day."""

    def __init__(self) -> None:
        load(today=FIRST)
        roles = {K: "coordinator", F: "faglaerer", N: "norsklaerer", A: "fadder", D: "deltaker"}
        self.users: dict[str, User] = {key: make_user(f"{key} Testby", role, today=FIRST) for key, role in roles.items()}
        self.trades = {trade.code: trade for trade in Trade.objects.all()}
        for key, code in ((F, "BUA"), (F, "HEA"), (N, "BUA")):
            TeachingAssignment.objects.create(user=self.users[key], role=key, trade=self.trades[code], starts_on=date(2025, 1, 1))
        self.workplace = Workplace.objects.create(name="Testby")
        self.fadder = WorkplacePerson.objects.create(workplace=self.workplace, name="Fadder", user=self.users[A])
        self.leder = WorkplacePerson.objects.create(workplace=self.workplace, name="Leder", is_leder=True)
        self.places: dict[str, m.Placement] = {}
        self.events: dict[date, list[Callable[[], Any]]] = {}
        for key, code, starts_on in (("selma", "BUA", FIRST), ("nadia", "HEA", FIRST), ("hodan", "ROF", day(9, 14))):
            self.person(key, self.trades[code], starts_on)
        m.Participant.objects.filter(first_name="Selma").update(user=self.users[D])
        self.visit()
        self.review()
        self.publish()

    def person(self, key: str, trade: Trade, starts_on: date) -> None:
        """Someone in training from a day on, at a place with a fadder."""
        WorkplaceApproval.objects.get_or_create(workplace=self.workplace, trade=trade, state="approved")
        person = m.Participant.objects.create(first_name=key.title(), last_name="Testby", phone="+4799900000")
        row = m.Enrolment.objects.create(participant=person, trade=trade, started_on=date(2026, 1, 5))
        begin(
            enrolment=row, status="training", by=self.users[K], today=FIRST, kind="elsewhere", happened_on=FIRST, source="prøve"
        )
        place = m.Placement.objects.create(enrolment=row, workplace=self.workplace, leder=self.leder, starts_on=starts_on)
        m.PlacementFadder.objects.create(placement=place, person=self.fadder, starts_on=starts_on)
        self.places[key] = place

    def at(self, on: date, what: Callable[[], Any]) -> None:
        """Something that is done on a day, before the scan."""
        self.events.setdefault(on, []).append(what)

    def visit(self) -> None:
        """The visits held and planned, a leave, a last day, and another interval."""
        held = {
            "selma": [day(9, 2), day(9, 15), day(10, 14), day(10, 27), day(12, 15), day(1, 5), day(2, 3)],
            "nadia": [day(9, 15), day(10, 12), day(11, 10), day(12, 7), day(1, 12), day(2, 3)],
        }
        visits, selma = WorkplaceVisit.objects, m.Enrolment.objects.filter(pk=self.places["selma"].enrolment_id)
        for key, days in held.items():
            for on in days:
                self.at(on, lambda key=key, on=on: visits.create(
                    placement=self.places[key], state="held", visited_on=on, visitor=self.users[F], only_log=True
                ))  # fmt: skip
        for on, state, planned in ((day(10, 20), "agreed", day(10, 27)), (day(11, 16), "cancelled", day(11, 20))):
            self.at(on, lambda state=state, planned=planned: visits.create(
                placement=self.places["selma"], state=state, planned_at=moment(planned), proposed_by=self.users[F]
            ))  # fmt: skip
        self.at(day(1, 11), lambda: selma.update(status="on_leave", status_before_leave="training"))
        self.at(day(2, 1), lambda: selma.update(status="training", status_before_leave=""))
        self.at(day(2, 10), lambda: m.Placement.objects.filter(pk=self.places["selma"].pk).update(ends_on=day(2, 12)))
        self.at(day(1, 20), lambda: Trade.objects.filter(code="HEA").update(visit_interval_days=21))

    def call(self, key: str, on: date, meets: date) -> None:
        """A review is called."""
        row = ReviewConversation.objects.create(
            placement=self.places[key], semester=AUTUMN, meets_at=moment(meets), called_by=self.users[K]
        )
        ReviewConversation.objects.filter(pk=row.pk).update(called_at=moment(on))

    def share(self, who: str) -> None:
        """One of the four shares the own part of Selma's."""
        ReviewPart.objects.create(
            review=self.places["selma"].reviews.get(), role=who, by=self.users[who], shared_at=timezone.now()
        )

    def review(self) -> None:
        """The reviews called, prepared, held and called off."""
        reviews = ReviewConversation.objects
        self.at(day(9, 21), lambda: self.call("selma", day(9, 21), day(10, 12)))
        self.at(day(10, 1), lambda: self.share(F))
        self.at(day(10, 9), lambda: self.share(D))
        self.at(day(12, 10), lambda: reviews.filter(state="called").update(state="held", held_on=day(10, 12)))
        self.at(day(9, 30), lambda: self.call("hodan", day(9, 30), day(11, 9)))
        self.at(day(10, 6), lambda: reviews.filter(placement=self.places["hodan"]).update(state="cancelled"))

    def publish(self) -> None:
        """The topics published: trade, months, day."""
        for code, months, on in (
            ("BUA", (8, 9), FIRST), ("HEA", (8, 9), FIRST), ("BUA", (10,), day(9, 24)), ("BUA", (12,), day(11, 26)),
            ("BUA", (1,), day(12, 1)), ("HEA", (10, 11, 12), day(9, 28)), ("HEA", (2, 3), day(1, 4)),
        ):  # fmt: skip
            for month in months:
                self.at(on, lambda code=code, month=month, on=on: MonthlyTopic.objects.create(
                    trade=self.trades[code], month=day(month, 1), theme="Lek", published_on=on, published_by=self.users[F]
                ))  # fmt: skip


def moment(on: date) -> datetime:
    """Ten o'clock on a day."""
    return timezone.make_aware(datetime.combine(on, time(10)))


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The municipality on its first day."""
    be(monkeypatch, FIRST)
    return Town()


def be(monkeypatch: pytest.MonkeyPatch, today: date) -> None:
    """Lets it be the day."""
    monkeypatch.setattr(timezone, "localdate", lambda value=None, tz=None: _localdate(value, tz) if value else today)


def live(town: Town, monkeypatch: pytest.MonkeyPatch, *, off: Iterable[date] = ()) -> None:
    """Lives through the half year: what is done each day, then the scan, unless the machine is off."""
    today, closed = FIRST, set(off)
    while today <= LAST:
        be(monkeypatch, today)
        for what in town.events.pop(today, []):
            what()
        if today not in closed:
            scan(today=today)
        today += timedelta(days=1)
    assert not town.events


def made_on(town: Town, *rules: str) -> Counter[Row]:
    """What was told of some rules: rule, about whom, to whom, moment and day."""
    names = {user.pk: key for key, user in town.users.items()}
    about = {place.public_id: key for key, place in town.places.items()}
    about |= {trade.public_id: code for code, trade in town.trades.items()}
    about |= {row.public_id: about[row.placement.public_id] for row in ReviewConversation.objects.select_related("placement")}
    found: Counter[Row] = Counter()
    for rule, key, user, code, on in Notice.objects.values_list("rule", "duty_key", "recipient_id", "moment", "made_on"):
        if rule.startswith(rules):
            of = next(about[part] for part in key.split(":") if part in about)
            found[rule, of, names[user], code, on] += 1
    return found


def compared(found: Counter[Any], expected: Iterable[Any]) -> str:
    """What is missing and what is too much, for reading."""
    wanted = Counter(expected)
    return f"missing: {sorted((wanted - found).elements())}\ntoo much: {sorted((found - wanted).elements())}"


PARTS = (("visit", VISITS), ("review_", REVIEWS), ("topic_publish_", TOPICS))


def test_each_is_told_on_its_day_and_no_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    live(town, monkeypatch)
    for rule, expected in PARTS:
        found = made_on(town, rule)
        assert found == Counter(expected), compared(found, expected)


OFF = [day(10, 1) + timedelta(days=n) for n in range(4)]


def test_four_days_without_the_machine_lose_nothing_and_tell_nothing_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    live(town, monkeypatch, off=OFF)
    for rule, expected in PARTS:
        later = [(*row[:4], OFF[-1] + timedelta(days=1) if row[4] in OFF else row[4]) for row in expected]
        found = made_on(town, rule)
        assert found == Counter(later), compared(found, later)
