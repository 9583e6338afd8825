"""The fadder's home, «Denne måneden»: the topics first, then words, assignments, what comes, and where to say something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fagbrev.audit.log import looks_today, note_looks
from fagbrev.dates import date_words
from fagbrev.duties.reading import Row, duties_for
from fagbrev.people.models import User
from fagbrev.people.roles import FADDER
from fagbrev.roof.today import note_shown, rows_of
from followup.models import ReviewConversation, WorkplaceVisit
from followup.models.reviews import CALLED
from followup.models.visits import AGREED, PROPOSED
from followup.topics_shown import (
    Shown,
    first_of,
    month_url,
    month_words,
    names_words,
    people_of,
    reads_of,
    shown,
    shown_on,
    with_rows,
)
from participants.access import enrolments_for, fadder_placements, placements_for
from participants.models import NorwegianTest, Placement, TradeTest, WrittenExam
from participants.workflow import OPEN
from programmes.models import MonthlyTopic

PAGE = "hjem"
AHEAD = timedelta(days=120)
MOST = 6
SEEN = ("visit_plan", "reviews", "exam_dates")


@dataclass(frozen=True)
class Coming:
    """A day ahead: a box with month and day, what it is, when and with whom, and where to read more."""

    day: date
    title: str
    note: str
    url: str

    @property
    def month(self) -> str:
        """The month, as the box has it."""
        return date_words(self.day).split()[1][:3] + "."


@dataclass(frozen=True)
class Person:
    """A participant the user is fadder for, with the pages that are there."""

    name: str
    plan_url: str
    concern_url: str


def fadder_home(user: User, today: date) -> dict[str, Any]:
    """Gives what the fadder's part of home shows. The queries are the same for one participant and for many."""
    mine = fadder_placements(user, today)
    names = people_of(user, today)
    everyone = sorted({name for some in names.values() for name in some})
    topics = list(with_rows(MonthlyTopic.objects.filter(shown_on(today), trade__in=list(names), month=first_of(today))))
    topics.sort(key=lambda topic: (topic.trade.order, topic.trade.name))
    read = reads_of(user, topics)
    found = [
        shown(topic, today=today, names=names[topic.trade_id], read=read, may_say_read=True) for topic in topics
    ]  # fmt: skip
    rows = list(_placements(user, mine, today))
    return {
        "for_words": names_words(everyone),
        "topics": [{"shown": each, "read_url": _read_url(each)} for each in found],
        "lacks_topics": len(names) > len(topics),
        "month_words": month_words(today),
        "next_topics": _next_topics(names, today),
        "duties": _duties(user, today),
        "coming": _coming(user, rows, today),
        "people": _people(user, rows, today),
        "several_trades": len(names) > 1,
    }


def _read_url(each: Shown) -> str:
    return reverse("topic_read", args=[each.topic.month, each.topic.trade.code])


def _next_topics(names: dict[int, list[str]], today: date) -> list[dict[str, str]]:
    """The topics that are published ahead of their month."""
    rows = MonthlyTopic.objects.filter(shown_on(today), trade__in=list(names), month__gt=first_of(today)).select_related("trade")
    return [
        {"url": month_url(topic.month, topic.trade), "words": month_words(topic.month), "theme": topic.theme}
        for topic in rows.order_by("month", "trade__order")
    ]


def _placements(user: User, mine: Any, today: date) -> Any:
    """The fadder's own placements whose participant may be named in lists."""
    seen = enrolments_for(user, "identity", today=today).filter(status__in=OPEN).exclude(status="on_leave")
    return mine.filter(enrolment__in=seen.values("pk")).select_related("enrolment__participant").order_by("starts_on", "pk")


def _people(user: User, rows: list[Placement], today: date) -> list[Person]:
    """Those the user is fadder for, once each, with links to the pages that are there and open."""
    ids = [row.enrolment_id for row in rows]
    opened = {
        section: set(enrolments_for(user, section, today=today).filter(pk__in=ids).values_list("pk", flat=True))
        for section in ("weekly_plan", "concerns")
    }
    found: dict[int, Person] = {}
    for row in rows:
        one = row.enrolment
        found.setdefault(
            one.pk,
            Person(
                one.participant.first_name,
                _page("participant_ukeplan", one) if one.pk in opened["weekly_plan"] else "",
                _page("participant_meldinger", one) if one.pk in opened["concerns"] else "",
            ),
        )
    return list(found.values())


def _page(name: str, enrolment: Any) -> str:
    """The address of a page of the record, "" while there is none."""
    try:
        return f"{reverse(name, args=[enrolment.participant.public_id])}?lop={enrolment.public_id}"
    except NoReverseMatch:
        return ""


# --- What comes -------------------------------------------------------------------------------------------


def _coming(user: User, rows: list[Placement], today: date) -> list[Coming]:
    """The next visits, conversations, exams and tests of the fadder's own participants, each cut to what the fadder may read.

    More than a name is shown: a look row per participant and day is logged.
    """
    found = [*_visits(user, rows, today), *_reviews(user, rows, today), *_exams(user, rows, today)]
    first = sorted(found, key=lambda pair: (pair[1].day, pair[1].title))[:MOST]
    _note(user, {(row.enrolment.participant_id, row.enrolment_id) for row, _entry in first}, today)
    return [entry for _row, entry in first]


Found = list[tuple[Placement, Coming]]


def _visits(user: User, rows: list[Placement], today: date) -> Found:
    by_pk = {row.pk: row for row in rows}
    mine = placements_for(user, "visit_plan", today=today).filter(pk__in=list(by_pk))
    planned = WorkplaceVisit.objects.filter(placement__in=mine, state__in=[PROPOSED, AGREED], planned_at__range=_span(today))
    found = []
    for visit in planned.select_related("proposed_by").order_by("planned_at"):
        row = by_pk[visit.placement_id]
        title = _("Besøk av faglærer") if visit.state == AGREED else _("Forslag til besøk")
        found.append((row, _at(visit.planned_at, title, row, "participant_besok")))
    return found


def _reviews(user: User, rows: list[Placement], today: date) -> Found:
    by_pk = {row.pk: row for row in rows}
    mine = placements_for(user, "reviews", today=today).filter(pk__in=list(by_pk))
    called = ReviewConversation.objects.filter(placement__in=mine, state=CALLED, meets_at__range=_span(today)).order_by(
        "meets_at"
    )
    return [
        (
            by_pk[review.placement_id],
            _at(review.meets_at, _("Vurderingssamtale"), by_pk[review.placement_id], "participant_vurderinger"),
        )
        for review in called
    ]


def _exams(user: User, rows: list[Placement], today: date) -> Found:
    opened = enrolments_for(user, "exam_dates", today=today).filter(pk__in=[row.enrolment_id for row in rows])
    ids = set(opened.values_list("pk", flat=True))
    by_person = {row.enrolment.participant_id: row for row in rows if row.enrolment_id in ids}
    span = (today, today + AHEAD)
    days: list[tuple[int, date | None, str]] = []
    written = WrittenExam.objects.filter(participant__in=list(by_person), exam_on__range=span).exclude(state="credited")
    days += [(person, day, _("Skriftlig eksamen")) for person, day in written.values_list("participant_id", "exam_on")]
    tests = TradeTest.objects.filter(enrolment__in=ids, starts_on__range=span)
    days += [(person, day, _("Fagprøve")) for person, day in tests.values_list("enrolment__participant_id", "starts_on")]
    norwegian = NorwegianTest.objects.filter(participant__in=list(by_person), taken_on__range=span).exclude(state="known")
    pairs = norwegian.order_by().values_list("participant_id", "taken_on").distinct()
    days += [(person, day, _("Norskprøve")) for person, day in pairs]
    found = []
    for person, day, title in days:
        if day is not None and person in by_person:
            row = by_person[person]
            note = _("%(name)s trenger fri") % {"name": row.enrolment.participant.first_name}
            found.append((row, Coming(day, title, note, _page("participant_eksamen", row.enrolment))))
    return found


def _span(today: date) -> tuple[datetime, datetime]:
    begins = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    return begins, begins + AHEAD


def _at(moment: datetime | None, title: str, row: Placement, page: str) -> Coming:
    local = timezone.localtime(moment)
    clock = date_format(local, "H.i")
    note = _("kl. %(clock)s · du og %(name)s") % {"clock": clock, "name": row.enrolment.participant.first_name}
    return Coming(local.date(), title, note, _page(page, row.enrolment))


def _note(user: User, pairs: set[tuple[int, int]], today: date) -> None:
    """Logs, once a day for each participant, that the fadder was shown what comes."""
    if not pairs:
        return
    told = {
        (participant, enrolment)
        for participant, enrolment, _sections in looks_today(
            user=user, page=PAGE, participants=[participant for participant, _enrolment in pairs], today=today
        )
    }
    new = sorted(pairs - told)
    if new:
        note_looks(user=user, roles={FADDER}, pairs=new, page=PAGE, sections=SEEN, act="list")


def _duties(user: User, today: date) -> list[Row]:
    """What else waits on the fadder: the topics stand at the top already."""
    rows = duties_for(user, today).filter(owner_role=FADDER).exclude(rule="topic_new_fadder")
    found = list(rows.order_by("due_on", "pk")[:MOST])
    note_shown(user, found, today)
    return rows_of(found, today, back="/")
