"""Measures the agenda of a project group with few and with many participants, and the PDF of its minutes.

Called by tools/bench.py; each step runs in a process of its own. The agenda stands beside a bare view of the same rows, the PDF
beside WeasyPrint alone on the same HTML.
"""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench_served import WARM_UP, ask, database, environment, p95, prepare, rows_of, server, session_of, step, vacuum

GROUPS = (20, 60)
PDF_TURNS = 5
MOST_QUERIES, MOST_TIMES = 15, 5
HEADINGS = [
    "Møter", "I gruppa", "Median ms", "p95 ms", "Naken median ms", "Naken p95 ms", "Forhold", "Spørringer", "Byte",
]  # fmt: skip


@dataclass(frozen=True)
class Met:
    """What was measured about one page with so many participants in the group."""

    name: str
    members: int
    own: list[float]
    bare: list[float]
    queries: int
    length: int

    @property
    def ratio(self) -> float:
        """How many times the bare one's time."""
        return statistics.median(self.own) / statistics.median(self.bare)

    @property
    def cells(self) -> list[str]:
        """The row of the table."""
        return [
            self.name, f"{self.members}", f"{statistics.median(self.own):.1f}", f"{p95(self.own):.1f}",
            f"{statistics.median(self.bare):.1f}", f"{p95(self.bare):.1f}",
            f"{self.ratio:.2f}", f"{self.queries or ''}", f"{self.length}",
        ]  # fmt: skip


def seed(members: int) -> None:
    """Makes a trade with so many participants in training, a meeting that was held with minutes, and the next one. Prints them as JSON."""
    import django

    django.setup()
    from django.utils import timezone

    from fagbrev.duties.engine import refresh
    from meetings.actions.agenda import pick_people
    from meetings.actions.minutes import share_minutes, start_minutes
    from meetings.defaults import load
    from meetings.models import AgendaItem, Invitee, Meeting
    from participants.demo_bulk import coordinator
    from participants.models import Enrolment
    from programmes.models import Trade

    today, now = date.today(), timezone.now()
    load(today=today)
    user = coordinator(email="koordinator@demo.example", name="Ingrid Demo", today=today)
    source = Trade.objects.get(code="BUA")
    trade = Trade.objects.create(code="GRP", name="Gruppa", short_name="Gruppa", curriculum=source.curriculum)
    chosen = list(Enrolment.objects.filter(status="training").order_by("pk").values_list("pk", flat=True)[:members])
    Enrolment.objects.filter(pk__in=chosen).update(trade=trade, curriculum=source.curriculum)
    found = []
    for days, state in ((-28, "held"), (7, "called")):
        starts = now + timedelta(days=days)
        row = Meeting.objects.create(
            kind="project_group", trade=trade, state=state, starts_at=starts, ends_at=starts + timedelta(hours=1), called_at=now,
            held_on=starts.date() if state == "held" else None,
        )  # fmt: skip
        Invitee.objects.create(meeting=row, user=user, role="coordinator", is_chair=True, attended=state == "held" or None)
        found.append(row)
    people = list(Enrolment.objects.filter(pk__in=chosen).select_related("participant"))
    _facts(people, user, today)
    pick_people(meeting=found[0], chosen=people[:10], among=people[:10], by=user, at=now)
    start_minutes(meeting=found[0], by=user)
    AgendaItem.objects.filter(meeting=found[0]).update(discussion="Det går fint. " * 20, decision="Vi fortsetter slik. " * 5)
    share_minutes(meeting=found[0], by=user, at=now)
    refresh(today=today)
    vacuum()
    print(json.dumps({
        "session": session_of(user), "held": found[0].public_id, "coming": found[1].public_id, "members": f"{len(people)}",
        "user": f"{user.pk}",
    }))  # fmt: skip


def _facts(people: list[Any], user: Any, today: date) -> None:
    """Two visits, two actions, four levels and ten days away for each."""
    from followup.models import Absence, Action, LanguageLevel, WorkplaceVisit
    from participants.models import Placement

    places = {row.enrolment_id: row for row in Placement.objects.filter(enrolment__in=people, is_main=True, ends_on=None)}
    visits, actions, levels, away = [], [], [], []
    for row in people:
        place = places.get(row.pk)
        for back in (3, 12):
            day = today - timedelta(days=back)
            actions.append(Action(enrolment=row, words="Ringe", owner_role="coordinator", made_on=day, due_on=day))
            if place:
                visits.append(
                    WorkplaceVisit(
                        placement=place, state="held", visited_on=day, only_log=True, visitor=user, present=["deltaker"]
                    )
                )
        for part in ("reading", "listening", "writing", "oral"):
            levels.append(
                LanguageLevel(
                    participant_id=row.participant_id, part=part, level="b1", observed_on=today - timedelta(days=5), by=user
                )
            )
        for back in range(1, 11):
            day = today - timedelta(days=back)
            away.append(Absence(enrolment=row, away_from="teaching", away_on=day, hours=2, recorded_by=user))
    WorkplaceVisit.objects.bulk_create(visits)
    Action.objects.bulk_create(actions)
    LanguageLevel.objects.bulk_create(levels, ignore_conflicts=True)
    Absence.objects.bulk_create(away, ignore_conflicts=True)


def draw(meeting: str, user: str) -> None:
    """Makes the PDF some times as the product does, and with WeasyPrint alone on the same HTML; prints milliseconds as JSON."""
    import django

    django.setup()
    from django.conf import settings
    from django.template.loader import render_to_string
    from weasyprint import HTML  # type: ignore[import-untyped]

    from fagbrev.children.render_pdf import HOST, OwnFiles
    from fagbrev.people.models import User
    from meetings.access import meeting_of
    from meetings.documents import TEMPLATE, minutes_context, minutes_document
    from meetings.minutes_queries import minutes_of

    seen = meeting_of(User.objects.get(pk=user), meeting, today=date.today())
    row = minutes_of(seen.meeting)
    if row is None:
        raise SystemExit("Møtet har ikke referat.")
    context = minutes_context(seen, row, note=False)
    html = render_to_string(
        TEMPLATE, context | {"pdf_title": context["title"], "municipality": "Prøve", "service_name": "", "logo_url": ""}
    )
    roots = [str(root) for root in (*settings.STATICFILES_DIRS, settings.STATIC_ROOT) if root]
    own: list[float] = []
    bare: list[float] = []
    length = 0
    for _turn in range(PDF_TURNS):
        begun = time.perf_counter()
        fetcher = OwnFiles(settings.STATIC_URL, roots, "")
        HTML(string=html, base_url=f"https://{HOST}/", url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
        bare.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        length = len(minutes_document(seen, row, is_read=False))
        own.append((time.perf_counter() - begun) * 1000)
    print(json.dumps({"own": own, "bare": bare, "length": length}))


def measure_meetings(size: int, count: int, url: str, var: str) -> list[Met]:
    """Measures with few and many in the group, among `size` participants."""
    env, found = environment(url, var), []
    for members in GROUPS:
        with database(url):
            prepare(env)
            step(env, "--seed", str(size), "--without-duties")
            known = step(env, "--seed-meetings", str(members))
            with server(env):
                found.append(_agenda(known, count))
            drawn = step(env, "--draw-minutes", known["held"], known["user"])
            found.append(
                Met(
                    "Referat som PDF, mot WeasyPrint alene",
                    int(known["members"]),
                    drawn["own"],
                    drawn["bare"],
                    0,
                    drawn["length"],
                )
            )
            print(
                f"PDF: {statistics.median(drawn['own']):.0f} ms, WeasyPrint {statistics.median(drawn['bare']):.0f} ms", flush=True
            )
    return found


def _agenda(known: dict[str, str], count: int) -> Met:
    own: list[float] = []
    bare: list[float] = []
    page, plain = f"/moter/{known['coming']}/saksliste/", f"/bare/moter/{known['coming']}/saksliste/"
    for turn in range(WARM_UP + count):
        for address, times in ((plain, bare), (page, own)):
            spent, status, body, _queries = ask(address, known["session"])
            if status != 200:
                raise SystemExit(f"{address} svarte {status}")
            if turn >= WARM_UP:
                times.append(spent)
    queries = ask(page, known["session"], **{"X-Count": "1"})[3]
    told = f"{statistics.median(own):.1f} ms, naken {statistics.median(bare):.1f} ms, {queries} spørringer"
    print(f"Saksliste ({known['members']} i gruppa): {told}", flush=True)
    return Met("Saksliste for prosjektgruppe", int(known["members"]), own, bare, int(queries), len(body))


def table(found: list[Met]) -> list[str]:
    """Gives the figures as a Markdown table."""
    return rows_of(HEADINGS, *[one.cells for one in found])


def problems(found: list[Met]) -> list[str]:
    """Gives what is beyond the goals, in words: the agenda's queries, as many for few participants as for many, and
    its time for the smallest group."""
    agendas = [one for one in found if one.queries]
    missed = [f"{one.name}: {one.queries} spørringer" for one in agendas if one.queries > MOST_QUERIES]
    missed += [
        f"{one.name} ({one.members}): {one.ratio:.2f} > {MOST_TIMES}"
        for one in agendas
        if one.members == min(GROUPS) and one.ratio > MOST_TIMES
    ]
    return missed + [
        f"{one.name}: {one.queries} spørringer med {one.members}, {other.queries} med {other.members}"
        for one in agendas for other in agendas if one.members < other.members and one.queries != other.queries
    ]  # fmt: skip
