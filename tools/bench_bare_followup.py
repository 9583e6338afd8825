"""Bare views of follow-up's rows, to measure its pages beside: plain tables without a base template."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils import timezone

from followup.models import Absence, GoalView, LanguageLevel, VisitGoal, WorkplaceVisit
from participants.models import CohortMember, Enrolment, Placement
from programmes.models import CompetenceGoal, MonthlyTopic

ROWS = """<!doctype html><html lang="nb"><title>{{ title }}</title><h1>{{ title }}</h1><table>{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table></html>"""
TEMPLATE = engines["django"].from_string(ROWS)


def _table(title: object, rows: list[Any]) -> HttpResponse:
    return HttpResponse(TEMPLATE.render({"title": title, "rows": rows}))


def _enrolment(public_id: str) -> Any:
    rows = Enrolment.objects.select_related("participant").filter(participant__public_id=public_id)
    return rows.order_by("-pk")[0]


def bare_log(request: HttpRequest, public_id: str) -> HttpResponse:
    """The goals to choose among and the last visit; what is posted becomes a visit with its goals, and nothing else."""
    enrolment = _enrolment(public_id)
    placement = Placement.objects.filter(enrolment=enrolment).order_by("-is_main", "-pk")[0]
    if request.method == "POST":
        chosen = CompetenceGoal.objects.filter(public_id__in=request.POST.getlist("goals"))
        with transaction.atomic():
            visit = WorkplaceVisit.objects.create(
                placement=placement, state="held", visited_on=date.fromisoformat(request.POST["visited_on"]),
                visitor_id=request.user.pk, seen=request.POST["seen"], agreed=request.POST["agreed"], goal_count=len(chosen),
                logged_at=timezone.now(), device_key=request.POST["device_key"],
            )  # fmt: skip
            VisitGoal.objects.bulk_create([VisitGoal(visit=visit, goal=goal, place=n) for n, goal in enumerate(chosen, 1)])
        return redirect("/")
    goals = CompetenceGoal.objects.filter(goal_set__curriculum=enrolment.curriculum_id).order_by("goal_set__order", "order")
    last = WorkplaceVisit.objects.filter(placement=placement, state="held").order_by("-visited_on", "-pk").first()
    return _table(last, [(goal.public_id, goal.short_name, goal.text) for goal in goals])


def bare_to_visit(request: HttpRequest) -> HttpResponse:
    """The first fifty placements that go on."""
    rows = Placement.objects.filter(ends_on=None, enrolment__trade__code="BUA").select_related(
        "enrolment__participant", "workplace"
    )
    found = [(row.enrolment.participant.full_name, row.workplace.name, row.starts_on) for row in rows.order_by("starts_on")[:50]]
    return _table("Besøk", found)


def bare_visits(request: HttpRequest, public_id: str) -> HttpResponse:
    """The twenty newest visits with their goals."""
    rows = WorkplaceVisit.objects.filter(placement__enrolment=_enrolment(public_id), state="held").select_related("visitor")
    newest = rows.prefetch_related("goals__goal").order_by("-visited_on", "-pk")[:20]
    told = [(row.visited_on, row.visitor, row.seen, row.agreed, *(one.goal for one in row.goals.all())) for row in newest]
    return _table("Besøk", told)


def bare_goals(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every goal with every view given of it."""
    enrolment = _enrolment(public_id)
    goals = CompetenceGoal.objects.filter(goal_set__curriculum=enrolment.curriculum_id).order_by("goal_set__order", "order")
    views: dict[int, list[str]] = {}
    for goal, role, level, day in GoalView.objects.filter(enrolment=enrolment).values_list("goal", "role", "level", "given_on"):
        views.setdefault(goal, []).append(f"{role} {level} {day}")
    return _table("Mål", [(goal.short_name, goal.text, *views.get(goal.pk, [])) for goal in goals])


def bare_absence(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sixty newest days away."""
    rows = (
        Absence.objects.filter(enrolment=_enrolment(public_id)).select_related("placement__workplace").order_by("-away_on")[:60]
    )
    return _table("Fravær", [(row.away_on, row.placement and row.placement.workplace.name, row.hours) for row in rows])


def bare_topics(request: HttpRequest) -> HttpResponse:
    """Every topic of the trade by month."""
    rows = MonthlyTopic.objects.filter(trade__code="BUA").order_by("month")
    return _table("Temaer", [(row.month, row.theme, row.published_on) for row in rows])


def bare_topic(request: HttpRequest, month: str) -> HttpResponse:
    """One month's topic with its words."""
    topic = MonthlyTopic.objects.get(trade__code="BUA", month=date.fromisoformat(f"{month}-01"))
    rows = [
        (topic.words, topic.try_first, topic.try_second),
        *topic.trade_words.order_by("place").values_list("word", "explanation"),
    ]
    return _table(topic.theme, rows)


def bare_class(request: HttpRequest, public_id: str) -> HttpResponse:
    """The members of a class with the newest level of each part."""
    members = CohortMember.objects.filter(cohort__public_id=public_id).select_related("participant")
    newest: dict[int, dict[str, str]] = {}
    held = LanguageLevel.objects.filter(participant__in=members.values("participant")).order_by("observed_on")
    for person, part, level in held.values_list("participant", "part", "level"):
        newest.setdefault(person, {})[part] = level
    rows = members.order_by("participant__sort_name")
    return _table("Klassen", [(row.participant.full_name, *newest.get(row.participant_id, {}).values()) for row in rows])


urlpatterns = [
    path("besok/", bare_to_visit),
    path("temaer/", bare_topics),
    path("temaer/<str:month>/", bare_topic),
    path("klassen/<str:public_id>/", bare_class),
    path("oppfolging/<str:public_id>/logg/", bare_log),
    path("oppfolging/<str:public_id>/besok/", bare_visits),
    path("oppfolging/<str:public_id>/mal/", bare_goals),
    path("oppfolging/<str:public_id>/fravar/", bare_absence),
]
