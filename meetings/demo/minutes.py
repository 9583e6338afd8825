"""The demo's minutes: shared and approved ones of past meetings with actions done and open, one that is being written, and points
on coming agendas. Takes the meetings there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from fagbrev.people.models import User
from meetings.actions.agenda import lay_agenda, pick_people
from meetings.actions.meeting_actions import agree, mark_done
from meetings.actions.minutes import approve_minutes, share_minutes, start_minutes, write_item
from meetings.agenda_queries import people_of
from meetings.defaults import load
from meetings.minutes_text import BOXES, fingerprint
from meetings.models import AgendaItem, Invitee, Meeting
from meetings.models.meetings import CALLED, COOPERATION, HELD, PROJECT_GROUP, STEERING_GROUP
from meetings.models.minutes import OWN
from participants.demo_scene import Staff
from participants.models import Enrolment

# What was said and decided, by the code of the standing point.
GROUP_TEXTS = {
    "forrige-referat": ("Ingen merknader.", "Referatet er godkjent."),
    "arbeidsstedene": ("Barnehagene gir god tid til veiledning. Ett sted mangler fast fadder på fredager.",
                       "Koordinator ringer lederen."),
    "ressurser": ("To nettbrett er til reparasjon.", "Vi låner ut reserven til de som skal opp til eksamen først."),
    "utfordringer": ("Flere synes fagteksten er vanskelig å lese.", "Norsklærer lager ordliste til hvert tema."),
}  # fmt: skip
STEERING_TEXTS = {
    "situasjonen": ("Vi er i rute med opptaket. To har byttet arbeidssted i høst.", ""),
    "ressurser": ("Tilskuddet fra staten går ned neste år.", "Tjenesten legger fram et forslag til budsjett."),
    "framgang": ("Styringsgruppen gikk gjennom tallene i rapporten.", "Vi følger særlig med på frafallet det første halvåret."),
    "planer": ("Flere arbeidssteder vil bli godkjent i vår.", "Vi inviterer to nye virksomheter."),
}  # fmt: skip
PEOPLE_TEXTS = [
    ("God framgang på arbeidsstedet. Snakker mer med kollegene enn før.", "Vi øver på å skrive korte notater."),
    (
        "Har vært en del borte den siste måneden, og sier selv at reiseveien er lang.",
        "Koordinator tar en prat med leder om vaktene.",
    ),
    ("Klar for neste norskprøve. Trenger trening i å lese lengre tekster.", ""),
]
POINTS = [("Ringe lederen om fadder på fredager", "coordinator", -12), ("Lage ordliste til neste tema", "norsklaerer", 6)]
FOLLOWED = [("Lese en fagtekst sammen hver uke", "norsklaerer", 9), ("Snakke med lederen om vaktene", "coordinator", -5)]
OWN_POINTS = [("Felles fagdag for alle tre fagene", "Kan vi legge den til uka før vinterferien?", "faglaerer"),
              ("Rom til norsktimene på onsdager", "", "norsklaerer")]  # fmt: skip


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    load(today=today)
    trades = list(dict.fromkeys(Meeting.objects.filter(kind=PROJECT_GROUP).order_by("trade").values_list("trade", flat=True)))
    for trade in trades:
        rows = Meeting.objects.filter(kind=PROJECT_GROUP, trade=trade).order_by("starts_at", "pk")
        _group([row for row in rows if row.state == HELD], staff, today, is_draft=trade == trades[-1])
        _coming(rows.filter(state=CALLED, starts_at__gt=timezone.now()).first(), staff, today)
    _steering(list(Meeting.objects.filter(kind=STEERING_GROUP, state=HELD).order_by("starts_at", "pk")), staff, today)
    for row in Meeting.objects.filter(kind=COOPERATION, state=HELD).order_by("starts_at", "pk"):
        _cooperation(row, staff)


def _after(meeting: Meeting, days: int = 0) -> datetime:
    """A moment after the meeting, never ahead of now."""
    return min(meeting.ends_at + timedelta(days=days), timezone.now())


def _write(item: AgendaItem, texts: tuple[str, str], by: User, at: datetime) -> None:
    base = {box: fingerprint(getattr(item, box)) for box in BOXES}
    write_item(item=item, sent=dict(zip(BOXES, texts, strict=True)), based_on=base, by=by, at=at)


def _texts(meeting: Meeting, texts: dict[str, tuple[str, str]], by: User) -> None:
    for item in AgendaItem.objects.filter(meeting=meeting, standing__code__in=texts).select_related("standing"):
        if item.standing:
            _write(item, texts[item.standing.code], by, _after(meeting))


def _invited(meeting: Meeting, role: str) -> Invitee | None:
    return Invitee.objects.filter(meeting=meeting, role=role, user__isnull=False, removed_at__isnull=True).order_by("pk").first()


def _agree(item: AgendaItem, points: Sequence[tuple[str, str, int]], staff: Staff, *, done: bool) -> None:
    """Action items owned by those invited, due so many days from now; done ones were done two weeks after the meeting."""
    today = timezone.localdate()
    for words, role, due in points:
        owner = _invited(item.meeting, role)
        if owner is None:
            continue
        made_on = item.meeting.held_on or today
        row = agree(
            item=item, words=words, invitee=owner, name="", due_on=made_on + timedelta(days=14) if done else today + timedelta(days=due),
            by=staff.coordinator, today=made_on,
        )  # fmt: skip
        if done and owner.user:
            mark_done(action=row, is_done=True, by=owner.user, today=made_on + timedelta(days=12))


def _people(meeting: Meeting, staff: Staff, today: date, count: int) -> list[Enrolment]:
    return list(people_of(meeting, staff.coordinator, today).order_by("participant__sort_name", "pk")[:count])


def _group(held: list[Meeting], staff: Staff, today: date, *, is_draft: bool) -> None:
    """The last meeting's minutes are shared, or still a draft; those before it are approved."""
    for place, meeting in enumerate(held):
        following = held[place + 1] if place + 1 < len(held) else None
        people = _people(meeting, staff, today, 3)
        pick_people(meeting=meeting, chosen=people, among=people, by=staff.coordinator, at=_after(meeting, -1))
        start_minutes(meeting=meeting, by=staff.coordinator)
        _texts(meeting, GROUP_TEXTS, staff.coordinator)
        items = (
            AgendaItem.objects.filter(meeting=meeting, enrolment__in=people)
            .select_related("meeting", "enrolment")
            .order_by("order")
        )
        for item, texts in zip(items, PEOPLE_TEXTS, strict=False):
            _write(item, texts, staff.coordinator, _after(meeting))
        resources = AgendaItem.objects.filter(meeting=meeting, standing__code="ressurser").select_related("meeting").first()
        if resources:
            _agree(resources, POINTS, staff, done=following is not None)
        first = items.first()
        if first:
            _agree(first, FOLLOWED, staff, done=following is not None)
        if following is None and is_draft:
            continue
        share_minutes(meeting=meeting, by=staff.coordinator, at=_after(meeting, 1))
        if following is not None:
            approve_minutes(meeting=meeting, by=staff.coordinator, at=following.ends_at, approved_in=following)


def _coming(meeting: Meeting | None, staff: Staff, today: date) -> None:
    """The next meeting's agenda: the template, two points of those invited, and two participants."""
    if meeting is None:
        return
    lay_agenda(meeting=meeting, by=staff.coordinator)
    last = AgendaItem.objects.filter(meeting=meeting).order_by("-order").values_list("order", flat=True).first() or 10
    for place, (title, words, role) in enumerate(OWN_POINTS):
        owner = _invited(meeting, role)
        if owner:
            AgendaItem.objects.create(
                meeting=meeting, kind=OWN, title=title, words=words, proposed_by=owner.user, created_by=owner.user,
                order=last - 5 + place,
            )  # fmt: skip
    people = _people(meeting, staff, today, 2)
    pick_people(meeting=meeting, chosen=people, among=people, by=staff.coordinator, at=timezone.now())


def _steering(held: list[Meeting], staff: Staff, today: date) -> None:
    for place, meeting in enumerate(held):
        start_minutes(meeting=meeting, by=staff.coordinator)
        _texts(meeting, STEERING_TEXTS, staff.coordinator)
        item = AgendaItem.objects.filter(meeting=meeting, standing__code="planer").select_related("meeting").first()
        if item:
            points = [("Legge fram forslag til budsjett", "styringsgruppe", 20), ("Ringe to nye virksomheter", "coordinator", 11)]
            _agree(item, points, staff, done=place + 1 < len(held))
        share_minutes(meeting=meeting, by=staff.coordinator, at=_after(meeting, 3))
        if place + 1 < len(held):
            approve_minutes(meeting=meeting, by=staff.coordinator, at=held[place + 1].ends_at, approved_in=held[place + 1])


def _cooperation(meeting: Meeting, staff: Staff) -> None:
    start_minutes(meeting=meeting, by=staff.coordinator)
    texts = {
        "hvordan-gar-det": ("Trives godt og kommer presis. Fadder er fornøyd.", ""),
        "neste-mal": ("", "Vi øver på samtaler med foreldre fram til neste møte."),
    }
    _texts(meeting, texts, staff.coordinator)
    item = AgendaItem.objects.filter(meeting=meeting, standing__code="neste-mal").select_related("meeting", "enrolment").first()
    if item and item.enrolment:
        _agree(item, [("Sette av tid til veiledning på onsdager", "fadder", 8)], staff, done=False)
    share_minutes(meeting=meeting, by=staff.coordinator, at=_after(meeting, 1))
