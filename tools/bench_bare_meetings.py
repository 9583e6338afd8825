"""A bare view of the agenda's rows, to measure its page beside: a plain table without a base template."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from followup.models import Action, WorkplaceVisit
from meetings.models import AgendaItem, Meeting
from participants.models import Enrolment, Placement
from participants.workflow import ADMITTED_ON

ROWS = """<!doctype html><html lang="nb"><title>{{ title }}</title><h1>{{ title }}</h1><table>{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table></html>"""
TEMPLATE = engines["django"].from_string(ROWS)


def bare_agenda(request: HttpRequest, public_id: str) -> HttpResponse:
    """The points of a meeting, and its trade's participants with workplace, last visit and open actions."""
    meeting = Meeting.objects.get(public_id=public_id)
    places = Placement.objects.filter(enrolment=OuterRef("pk"), ends_on=None).order_by("-is_main")
    visits = WorkplaceVisit.objects.filter(placement__enrolment=OuterRef("pk"), state="held").order_by("-visited_on")
    rows = Enrolment.objects.filter(trade=meeting.trade_id, status__in=ADMITTED_ON).select_related("participant").annotate(
        place=Subquery(places.values("workplace__name")[:1]), visited=Subquery(visits.values("visited_on")[:1])
    )  # fmt: skip
    waiting = Action.objects.filter(enrolment__trade=meeting.trade_id, done_on=None).order_by().values_list("enrolment")
    late = {pk: (count, over) for pk, count, over in waiting.annotate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    )}  # fmt: skip
    points = [(item.order, item.title) for item in AgendaItem.objects.filter(meeting=meeting).order_by("order")]
    people = [
        (row.participant.full_name, row.status, row.place, row.visited, *late.get(row.pk, ()))
        for row in rows.order_by("participant__sort_name")
    ]
    return HttpResponse(TEMPLATE.render({"title": "Saksliste", "rows": points + people}))


urlpatterns = [path("moter/<slug:public_id>/saksliste/", bare_agenda)]
