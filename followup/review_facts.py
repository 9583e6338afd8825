"""What is known already when a review is prepared. Each fact is cut to what its reader may see; reasons and notes never stand here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, Sum

from fagbrev.dates import date_words
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER
from followup.models import Absence, Action, GoalView, LanguageLevel, ReviewConversation, WorkplaceVisit
from followup.models.competence import APPROVED
from followup.models.language import PRACTICE, TEACHING
from followup.models.reviews import HELD, LOCKED
from participants.access import Record
from participants.extras import url_for
from participants.models.exams import PARTS
from programmes.models import CompetenceGoal
from programmes.models.trades import LEVELS

# Absence from teaching is not the fadder's to read, and absence from practice not the faglærer's (docs/access.md).
READS_ABSENCE = {TEACHING: {COORDINATOR, FAGLAERER, DELTAKER}, PRACTICE: {COORDINATOR, FADDER, DELTAKER}}


def facts_beside(review: ReviewConversation, found: Record) -> list[dict[str, Any]]:
    """Gives the facts as components/fact_list.html draws them; seven queries at most, however much has been written."""
    before = ReviewConversation.objects.filter(placement=review.placement, state__in=[HELD, LOCKED], meets_at__lt=review.meets_at)
    last = before.aggregate(day=Max("held_on"))["day"]
    since: date | None = last or review.placement.starts_on
    heading = {"label": "Siden", "value": (f"forrige samtale {date_words(last)}" if last else _start(since))}
    return [heading, *_visits(review, found, since), *_goals(review, found), *_language(found), *_absence(review, found, since),
            *_points(review, found)]  # fmt: skip


def _start(day: date | None) -> str:
    return f"første dag på arbeidsstedet {date_words(day)}" if day else "starten"


def _visits(review: ReviewConversation, found: Record, since: date | None) -> Iterator[dict[str, Any]]:
    if not found.reads("visits"):
        return
    rows = WorkplaceVisit.objects.filter(placement=review.placement, state="held", visited_on__isnull=False)
    counted = rows.filter(visited_on__gte=since) if since else rows
    found_ = counted.aggregate(count=Count("pk"), last=Max("visited_on"))
    value = f"{found_['count']}, sist {date_words(found_['last'])}" if found_["last"] else "ingen"
    yield {"label": "Besøk på arbeidsstedet", "value": value, "url": url_for("participant_besok", found)}


def _goals(review: ReviewConversation, found: Record) -> Iterator[dict[str, Any]]:
    curriculum = found.enrolment.curriculum_id
    if not found.reads("competence") or not curriculum:
        return
    total = CompetenceGoal.objects.filter(goal_set__curriculum=curriculum).count()
    newest: dict[int, int] = {}
    rows = GoalView.objects.filter(enrolment=found.enrolment, role=FAGLAERER).order_by("goal_id", "-given_on", "-pk")
    for goal, level in rows.values_list("goal_id", "level"):
        newest.setdefault(goal, level)
    approved = sum(level >= APPROVED for level in newest.values())
    yield {"label": "Mål godkjent av faglærer", "value": f"{approved} av {total}", "url": url_for("participant_mal", found)}


def _language(found: Record) -> Iterator[dict[str, Any]]:
    if not found.reads("language"):
        return
    newest: dict[str, str] = {}
    rows = LanguageLevel.objects.filter(participant=found.participant).order_by("-observed_on", "-pk")
    for part, level in rows.values_list("part", "level"):
        newest.setdefault(part, level)
    names = dict(LEVELS)
    words = ", ".join(f"{label} {names.get(newest[part], newest[part])}" for part, label in PARTS if part in newest)
    yield {"label": "Norsk nå", "value": words or "ikke vurdert", "url": url_for("participant_norsk", found)}


def _absence(review: ReviewConversation, found: Record, since: date | None) -> Iterator[dict[str, Any]]:
    roles = found.roles_reading("absence")
    rows = Absence.objects.filter(enrolment=found.enrolment, away_on__gte=since or date.min)
    hours = rows.aggregate(
        teaching=Sum("hours", filter=Q(away_from=TEACHING)),
        practice=Sum("hours", filter=Q(away_from=PRACTICE, placement=review.placement)),
    )
    for kind, label in ((TEACHING, "Borte fra undervisningen"), (PRACTICE, "Borte fra praksis")):
        if roles & READS_ABSENCE[kind]:
            value = f"{(hours[kind] or 0):.1f}".replace(".", ",").removesuffix(",0")
            yield {"label": label, "value": f"{value} timer", "url": url_for("participant_fravar", found)}


def _points(review: ReviewConversation, found: Record) -> Iterator[dict[str, Any]]:
    """Open focus areas of earlier reviews at the same workplace: the four agreed on them together."""
    rows = Action.objects.filter(review__placement=review.placement, done_on__isnull=True).exclude(review=review)
    words = list(rows.order_by("pk").values_list("words", flat=True)[:10])
    yield {"label": "Ikke gjort fra forrige samtale", "value": "; ".join(words) or "ingenting"}
