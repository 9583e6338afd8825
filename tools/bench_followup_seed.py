"""Fills the database for tools/bench_followup.py: two years of follow-up of one participant, a class, a month's topic."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench_served import session_of, vacuum

LEVELS = ["a2", "a2", "b1", "b1"]
TEACHERS = {"faglaerer": "ola.maalt@demo.example", "norsklaerer": "anna.maalt@demo.example"}


def seed(visits: int, members: int) -> None:
    """Gives one participant so many visits and two years of follow-up, a class so many members; prints whom to measure with as JSON."""
    import django

    django.setup()
    from fagbrev.duties.engine import refresh
    from participants.demo_bulk import coordinator
    from participants.models import Enrolment, Placement

    today = date.today()
    placement = Placement.objects.filter(enrolment__status="training", ends_on=None, enrolment__trade__code="BUA").order_by("pk")[
        0
    ]
    Placement.objects.filter(pk=placement.pk).update(starts_on=today - timedelta(days=735))
    enrolment: Any = Enrolment.objects.select_related("trade__curriculum", "participant").get(pk=placement.enrolment_id)
    Enrolment.objects.filter(pk=enrolment.pk).update(curriculum=enrolment.trade.curriculum)
    boss = coordinator(email="koordinator@demo.example", name="Ingrid Demo", today=today)
    users = {"koordinator": boss} | {role: _teacher(role, enrolment.trade, today) for role in TEACHERS}
    _follow(enrolment, placement, users, visits, today)
    cohort = _class(enrolment, members, users["norsklaerer"], today)
    _topic(enrolment.trade, users["faglaerer"], today)
    refresh(today=today)
    vacuum()
    goals = list(enrolment.trade.curriculum.goal_sets.order_by("order").values_list("goals__public_id", flat=True)[:1])
    print(json.dumps({
        "person": enrolment.participant.public_id, "cohort": cohort.public_id, "goal": goals[0], "month": f"{today:%Y-%m}",
        "members": f"{cohort.members.count()}",
        **{role: session_of(user) for role, user in users.items()},
    }))  # fmt: skip


def _teacher(role: str, trade: Any, today: date) -> Any:
    from fagbrev.people.confidentiality import CONFIDENTIALITY_VERSION
    from fagbrev.people.models import RoleGrant, User
    from programmes.models import TeachingAssignment

    email = TEACHERS[role]
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, email.split(".")[0].title() + " Målt")
    user.confidentiality_version = CONFIDENTIALITY_VERSION
    user.save(update_fields=["confidentiality_version"])
    begun = today - timedelta(days=800)
    RoleGrant.objects.get_or_create(user=user, role=role, defaults={"starts_on": begun})
    TeachingAssignment.objects.get_or_create(user=user, role=role, trade=trade, defaults={"starts_on": begun})
    return user


def _follow(enrolment: Any, placement: Any, users: dict[str, Any], visits: int, today: date) -> None:
    """Two years of everything; the visits are spread evenly over them."""
    from django.utils import timezone

    from followup import models as f
    from programmes.models import CompetenceGoal

    goals = list(
        CompetenceGoal.objects.filter(goal_set__curriculum=enrolment.trade.curriculum).order_by("goal_set__order", "order")
    )
    teacher = users["faglaerer"]
    logged = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    rows = f.WorkplaceVisit.objects.bulk_create([
        f.WorkplaceVisit(
            placement=placement, state="held", visited_on=today - timedelta(days=3 + (n * 725) // visits), visitor=teacher,
            present=["deltaker", "fadder"], goal_count=2, seen="Leste høyt for en gruppe barn og svarte på spørsmål.", logged_at=logged,
            agreed="Prøver en samlingsstund alene neste uke.",
        )
        for n in range(visits)
    ])  # fmt: skip
    f.VisitGoal.objects.bulk_create(
        [f.VisitGoal(visit=row, goal=goals[(n + k) % len(goals)], place=k + 1) for n, row in enumerate(rows) for k in range(2)]
    )
    months = range(24)
    f.GoalView.objects.bulk_create([
        f.GoalView(
            enrolment=enrolment, goal=goal, role=role, level=min(3, n // 6), by=teacher,
            given_on=today - timedelta(days=30 * (24 - n)),
        )
        for n in range(0, 24, 4) for goal in goals for role in ("deltaker", "fadder", "faglaerer")
    ])  # fmt: skip
    f.Assignment.objects.bulk_create([
        f.Assignment(
            enrolment=enrolment, title=f"Oppgave {n + 1}", words="Snakk med fadder om dette.", given_on=today - timedelta(days=30 * n),
            state="done", done_on=today - timedelta(days=30 * n),
        )
        for n in months
    ])  # fmt: skip
    f.LanguageLevel.objects.bulk_create([
        f.LanguageLevel(
            participant=enrolment.participant, part=part, level=LEVELS[n // 6], by=teacher,
            observed_on=today - timedelta(days=30 * (24 - n)),
        )
        for n in months for part in ("reading", "listening", "writing", "oral")
    ])  # fmt: skip
    f.Absence.objects.bulk_create([
        f.Absence(
            enrolment=enrolment, away_from="practice", placement=placement, away_on=today - timedelta(days=30 * n + 2),
            hours=Decimal("7.5"), is_valid=True, recorded_by=teacher,
        )
        for n in months
    ])  # fmt: skip
    f.Action.objects.bulk_create([
        f.Action(
            enrolment=enrolment, words="Øve på samlingsstund", owner_role="deltaker", made_on=today - timedelta(days=30 * n),
            done_on=today if n else None,
        )
        for n in months
    ])  # fmt: skip


def _class(enrolment: Any, members: int, teacher: Any, today: date) -> Any:
    from django.db.models import Case, When

    from followup.models import LanguageLevel
    from participants.models import CohortMember, Enrolment
    from programmes.models import Cohort

    cohort, _made = Cohort.objects.get_or_create(trade=enrolment.trade, name="Målt gruppe")
    there = set(CohortMember.objects.filter(cohort=cohort).values_list("enrolment_id", flat=True))
    more = Enrolment.objects.filter(status="training", curriculum__isnull=False).exclude(pk__in=there)
    own_trade_first = Case(When(trade=enrolment.trade, then=0), default=1)
    new = list(more.order_by(own_trade_first, "pk")[: members - len(there)])
    Enrolment.objects.filter(pk__in=[row.pk for row in new]).update(trade=enrolment.trade, curriculum=enrolment.trade.curriculum)
    CohortMember.objects.bulk_create(
        [
            CohortMember(cohort=cohort, participant_id=row.participant_id, enrolment=row, starts_on=today - timedelta(days=90))
            for row in new
        ]
    )
    LanguageLevel.objects.bulk_create(
        [
            LanguageLevel(
                participant_id=row.participant_id, part=part, level="a2", observed_on=today - timedelta(days=40), by=teacher
            )
            for row in new
            for part in ("reading", "listening", "writing", "oral")
        ],
        ignore_conflicts=True,
    )
    return cohort


def _topic(trade: Any, teacher: Any, today: date) -> None:
    from programmes.models import MonthlyTopic, TopicWord

    topic, made = MonthlyTopic.objects.get_or_create(
        trade=trade, month=today.replace(day=1),
        defaults={"theme": "Lek og læring", "words": "Vi lærer om lek.", "try_first": "Lede en lek.", "try_second": "Lese høyt.",
                  "published_on": today, "published_by": teacher},
    )  # fmt: skip
    if made:
        TopicWord.objects.bulk_create(
            [TopicWord(topic=topic, word=f"fagord {n}", explanation="Det betyr dette.", place=n) for n in range(8)]
        )
