"""The product's addresses and, for comparison alone, bare views of the same rows: plain tables without a base template."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone

from fagbrev.duties.models import Duty
from participants.caseload.query import name_condition
from participants.models import Enrolment, Placement, PlacementFadder, StatusChange, TrainingContract, WrittenExam
from participants.workflow import OPEN, STATUS_NAMES

PLACE = Placement.objects.filter(Q(ends_on__isnull=True), enrolment=OuterRef("pk")).order_by("-is_main", "-pk")
FADDER = PlacementFadder.objects.filter(
    placement__enrolment=OuterRef("pk"), placement__ends_on__isnull=True, ends_on__isnull=True
).order_by("-placement__is_main", "is_substitute", "-pk")
COLUMNS = (
    "participant__public_id", "participant__first_name", "participant__last_name", "trade__short_name", "status", "status_since",
    "contract_ends_on", "workplace_name", "fadder_name", "has_others",
)  # fmt: skip
LIST = """<!doctype html><html lang="nb"><title>Deltakere</title><table>{% for row in rows %}
<tr><td><a href="/deltakere/{{ row.participant__public_id }}/">{{ row.participant__first_name }} {{ row.participant__last_name }}</a></td>
<td>{{ row.trade__short_name }}</td><td>{{ row.phase }}</td><td>{{ row.workplace_name }}</td><td>{{ row.fadder_name }}</td>
<td>{{ row.status_since|date:"j. M Y" }}</td><td>{{ row.contract_ends_on|date:"j. M Y" }}</td></tr>{% endfor %}</table></html>"""
ONE = """<!doctype html><html lang="nb"><title>{{ row.participant.full_name }}</title><h1>{{ row.participant.full_name }}</h1><table>
<tr><td>{{ row.trade.name }}</td><td>{{ row.get_status_display }}</td><td>{{ row.status_since|date:"j. F Y" }}</td>
<td>{{ row.contract_ends_on|date:"j. F Y" }}</td><td>{{ row.participant.phone }}</td><td>{{ row.participant.email }}</td></tr>
{% for place in placements %}<tr><td>{{ place.workplace.name }}</td><td>{{ place.leder.name }}</td>
<td>{{ place.starts_on|date:"j. F Y" }}</td><td>{{ place.percent }}</td></tr>{% endfor %}
{% for contract in contracts %}<tr><td>{{ contract.number }}</td><td>{{ contract.ends_on|date:"j. F Y" }}</td></tr>{% endfor %}
{% for exam in exams %}<tr><td>{{ exam.get_state_display }}</td><td>{{ exam.grade }}</td></tr>{% endfor %}
{% for change in changes %}<tr><td>{{ change.get_to_status_display }}</td><td>{{ change.happened_on|date:"j. F Y" }}</td>
<td>{{ change.by.name }}</td></tr>{% endfor %}</table></html>"""

TODAY = """<!doctype html><html lang="nb"><title>I dag</title><p>{{ late }}</p><table>{% for row in rows %}
<tr><td>{{ row.due_on|date:"j. F Y" }}</td><td>{{ row.rule }}</td><td><a href="/deltakere/{{ row.participant__public_id }}/">
{{ row.participant__first_name }} {{ row.participant__last_name }}</a></td><td>{{ row.trade__short_name }}</td></tr>{% endfor %}</table>
<table>{% for trade, status, count in where %}<tr><td>{{ trade }}</td><td>{{ status }}</td><td>{{ count }}</td></tr>
{% endfor %}</table></html>"""


class CountQueries:
    """Says in a header how many queries an answer took, when the question asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Count" not in request.headers:
            return self.get_response(request)
        asked: list[str] = []

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response.headers["X-Queries"] = str(len(asked))
        return response


def _listed() -> Any:
    others = Enrolment.objects.filter(participant=OuterRef("participant")).exclude(pk=OuterRef("pk"))
    return Enrolment.objects.exclude(participant__address_protection="strengt_fortrolig").annotate(
        workplace_name=Subquery(PLACE.values("workplace__name")[:1]),
        fadder_name=Subquery(FADDER.values("person__name")[:1]),
        has_others=Exists(others),
    )


def bare_list(request: HttpRequest) -> HttpResponse:
    """The first fifty open enrolments by name, or those in training and at the test by contract end."""
    rows = _listed().filter(status__in=OPEN)
    if request.GET.get("fase"):
        rows = rows.filter(status__in=request.GET.getlist("fase"))
        rows = rows.order_by(F("contract_ends_on").asc(nulls_last=True), "participant__sort_name", "pk")
    else:
        rows = rows.order_by("participant__sort_name", "pk")
    found = list(rows.values(*COLUMNS)[:50])
    for row in found:
        row["phase"] = STATUS_NAMES[row["status"]]
    return HttpResponse(LIST_TEMPLATE.render({"rows": found}))


def bare_search(request: HttpRequest) -> HttpResponse:
    """Eight enrolments whose names fit."""
    rows = Enrolment.objects.exclude(participant__address_protection="strengt_fortrolig").filter(name_condition(request.GET["q"]))
    columns = ("participant__public_id", "participant__first_name", "participant__last_name", "trade__short_name", "status")
    found = list(rows.order_by("participant__sort_name", "pk").values(*columns)[:8])
    for row in found:
        row["phase"] = STATUS_NAMES[row["status"]]
    return HttpResponse(LIST_TEMPLATE.render({"rows": found}))


def bare_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """One enrolment with its placements, contracts, exams and history."""
    row = Enrolment.objects.select_related("participant", "trade").filter(participant__public_id=public_id).order_by("-pk")[0]
    return HttpResponse(
        ONE_TEMPLATE.render(
            {
                "row": row,
                "today": timezone.localdate(),
                "placements": list(Placement.objects.filter(enrolment=row).select_related("workplace", "leder").order_by("-pk")),
                "contracts": list(TrainingContract.objects.filter(enrolment=row).order_by("-order")),
                "exams": list(WrittenExam.objects.filter(participant=row.participant_id).order_by("-pk")),
                "changes": list(StatusChange.objects.filter(enrolment=row).select_related("by").order_by("-pk")),
            }
        )
    )


def bare_today(request: HttpRequest) -> HttpResponse:
    """The koordinator's duties of the next thirty days, the numbers of each group, and who is where."""
    today = timezone.localdate()
    duties = Duty.objects.filter(owner_role="coordinator", begins_on__lte=today)
    groups = duties.values_list("due_on").annotate(count=Count("pk")).order_by("due_on")
    late = sum(count for day, count in groups if day < today)
    rows = list(duties.filter(due_on__lte=today + timedelta(days=30)).order_by("due_on", "pk")[:17])
    people = {
        row["pk"]: row
        for row in Enrolment.objects.filter(pk__in=[row.enrolment_id for row in rows]).values(
            "pk", "participant__public_id", "participant__first_name", "participant__last_name", "trade__short_name"
        )
    }
    shown = [people.get(row.enrolment_id or 0, {}) | {"rule": row.rule, "due_on": row.due_on} for row in rows]
    where = list(Enrolment.objects.filter(status__in=OPEN).values_list("trade__name", "status").annotate(Count("pk")).order_by())
    return HttpResponse(TODAY_TEMPLATE.render({"rows": shown, "late": late, "where": where}))


LIST_TEMPLATE = engines["django"].from_string(LIST)
ONE_TEMPLATE = engines["django"].from_string(ONE)
TODAY_TEMPLATE = engines["django"].from_string(TODAY)
handler403 = "fagbrev.roof.errors.forbidden"
handler404 = "fagbrev.roof.errors.not_found"
handler500 = "fagbrev.roof.errors.server_error"
handler400 = "fagbrev.roof.errors.bad_request"
urlpatterns = [
    path("bare/liste/", bare_list),
    path("bare/sok/", bare_search),
    path("bare/idag/", bare_today),
    path("bare/deltaker/<str:public_id>/", bare_one),
    path("bare/", include("tools.bench_bare_followup")),
    path("bare/", include("tools.bench_bare_meetings")),
    path("", include("fagbrev.urls")),
]
