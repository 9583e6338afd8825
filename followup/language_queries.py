"""What is known of people's Norwegian: levels per part, tests, advice, and the words the trade has this month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from followup.models import LanguageLevel
from participants.access import Record
from participants.exam_windows import LEVEL_KNOWN, PART_CODES, goal_of, level_rank
from participants.models import Enrolment, NorwegianTest, Readiness
from programmes.models import Trade
from programmes.models.topics import MonthlyTopic, TopicWord


def levels_of_record(found: Record) -> QuerySet[LanguageLevel]:
    """Gives every assessment of the person, newest first."""
    rows = LanguageLevel.objects.filter(participant=found.participant)
    return rows.select_related("by").order_by("-observed_on", "part", "-pk")


def newest_levels(participants: Collection[int]) -> dict[int, dict[str, LanguageLevel]]:
    """Gives each person's newest assessment per part: {participant: {part: row}}; one query."""
    found: dict[int, dict[str, LanguageLevel]] = defaultdict(dict)
    for row in LanguageLevel.objects.filter(participant__in=participants).order_by("observed_on", "pk"):
        found[row.participant_id][row.part] = row
    return found


def levels_on(participants: Collection[int], day: date) -> dict[tuple[int, str], LanguageLevel]:
    """Gives the assessments of one day: {(participant, part): row}; one query."""
    rows = LanguageLevel.objects.filter(participant__in=participants, observed_on=day).select_related("by")
    return {(row.participant_id, row.part): row for row in rows}


def tests_of(participants: Collection[int]) -> dict[int, list[NorwegianTest]]:
    """Gives each person's Norwegian tests, newest first; one query."""
    found: dict[int, list[NorwegianTest]] = defaultdict(list)
    rows = NorwegianTest.objects.filter(participant__in=participants).select_related("window")
    for row in rows.order_by(Coalesce("taken_on", "registered_on").desc(nulls_last=True), "-pk"):
        found[row.participant_id].append(row)
    return found


def passed_tests(rows: Collection[NorwegianTest]) -> list[NorwegianTest]:
    """Gives the tests with a level that stands, in the order of the parts, the best of each part first."""
    done = [row for row in rows if row.level and row.state in LEVEL_KNOWN]
    return sorted(done, key=lambda row: (PART_CODES.index(row.part), -level_rank(row.level)))


def advice_of(enrolment: Enrolment) -> Readiness | None:
    """Gives the norsklærer's newest word on the Norwegian test that has not been withdrawn."""
    rows = Readiness.objects.filter(enrolment=enrolment, kind="norwegian_test", withdrawn_on__isnull=True)
    return rows.select_related("by").order_by("-given_on", "-pk").first()


def words_of_month(trade: Trade | None, today: date) -> list[TopicWord]:
    """Gives the trade words of this month's topic, once it is published."""
    topics = MonthlyTopic.objects.filter(trade=trade, month=today.replace(day=1), published_on__lte=today)
    return list(TopicWord.objects.filter(topic__in=topics).order_by("place", "pk")) if trade else []


def gaps_to_goal(levels: dict[str, LanguageLevel], trade: Trade | None) -> int:
    """Gives how many levels the four parts lack to the trade's goals together; a part without a level counts from below A1."""
    if trade is None:
        return 0
    found = 0
    for part in PART_CODES:
        held = levels[part].level if part in levels else ""
        found += max(0, level_rank(goal_of(part, trade)) - max(0, level_rank(held)))
    return found
