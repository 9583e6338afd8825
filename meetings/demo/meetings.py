"""The demo's meetings, of every kind, past and coming; with series, answers, an information meeting's list and one called off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from fagbrev.checks import DEMO_DOMAIN
from fagbrev.people.actions import invite_user
from fagbrev.people.confidentiality import accept_statement
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, STYRINGSGRUPPE
from meetings.actions.invitations import invite, save_answer
from meetings.actions.meetings import call_meeting
from meetings.actions.series import plan_ahead
from meetings.days import day_off_rule, free_day, moment_of
from meetings.invitees import Proposed, proposed_for
from meetings.models import Invitee, Meeting, MeetingSeries, SeriesInvitee, SignUp
from meetings.models.meetings import (
    ACCEPTED,
    CANCELLED,
    COOPERATION,
    DECLINED,
    HELD,
    INFORMATION,
    MENTOR_GATHERING,
    NETWORK_GATHERING,
    PROJECT_GROUP,
    STEERING_GROUP,
)
from participants.demo_scene import Staff
from participants.models import Enrolment, Referral
from programmes.models import Partner, Trade

MEMBERS = [("mari.demostyre", "Mari Demostyre"), ("jonas.provestyre", "Jonas Prøvestyre")]
ROOMS = {"BUA": "Voksenopplæringen, rom 204", "HEA": "Helsehuset, møterom 1", "ROF": "Rådhuset, møterom Fjellet"}
GATHERING = (
    "12.00 Velkommen og lunsj\n12.30 Å veilede på arbeidsplassen\n13.30 Pause\n13.45 Ordlister og bilder\n14.30 Veien videre"
)
NETWORK = "09.00 Kaffe og presentasjon\n09.30 Slik forbereder du deg til eksamen\n11.00 Erfaringer fra praksis\n11.45 Lunsj"
SIGNED = [
    ("Amina Testdal", "90000011"), ("Jorge Prøvehaug", "90000012"), ("Olena Demovik", "90000013"), ("Yonas Testmo", "90000014"),
    ("Farah Prøvelien", "90000015"), ("Mehmet Demoås", "90000016"),
]  # fmt: skip


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    members = _members(today, staff)
    for number, trade in enumerate(Trade.objects.filter(code__in=ROOMS).order_by("order", "name")):
        _project_group(trade, number, today, staff)
    _steering(members, today, staff)
    _gatherings(today, staff)
    _information(today, staff)
    _about_selma(today, staff)


def _members(today: date, staff: Staff) -> list[User]:
    """The steering group: the demo's account, who leads it, and two more."""
    found = [User.objects.get(email=f"styringsgruppe{DEMO_DOMAIN}")]
    for account, name in MEMBERS:
        user = invite_user(
            email=account + DEMO_DOMAIN, name=name, role=STYRINGSGRUPPE, by=staff.coordinator, today=today,
            starts_on=today - timedelta(days=700), send=False,
        )  # fmt: skip
        user.password = make_password(None)
        user.save(update_fields=["password"])
        accept_statement(user=user, at=_at(today, time(8)))
        found.append(user)
    return found


def _at(day: date, at: time) -> datetime:
    return moment_of(day, at)


def _new(
    kind: str, day: date, staff: Staff, *, at: time = time(9), minutes: int = 60, who: Iterable[Proposed], **columns: Any
) -> Meeting:  # fmt: skip
    """A planned meeting on the first free day from a day on, with those invited."""
    starts = _at(free_day(day, day_off_rule(kind)), at)
    meeting = Meeting.objects.create(
        kind=kind, starts_at=starts, ends_at=starts + timedelta(minutes=minutes), created_by=staff.coordinator, **columns
    )
    for one in who:
        invite(meeting=meeting, proposed=one, by=staff.coordinator)
    return meeting


def _call(meeting: Meeting, staff: Staff, *, ago: int, today: date) -> Meeting:
    meeting.refresh_from_db()
    call_meeting(meeting=meeting, version=meeting.version, by=staff.coordinator, at=_at(today - timedelta(days=ago), time(10)))
    return meeting


def _hold(meeting: Meeting, staff: Staff, *, missing: int = 1) -> Meeting:
    """A meeting of the past: called two weeks before, and all came but the last few."""
    rows = list(Invitee.objects.filter(meeting=meeting).order_by("pk"))
    for number, row in enumerate(rows):
        row.attended = number < len(rows) - missing or len(rows) <= missing
        row.answer = ACCEPTED if row.attended else DECLINED
        row.answered_at = meeting.starts_at - timedelta(days=6)
    Invitee.objects.bulk_update(rows, ["attended", "answer", "answered_at"])
    Meeting.objects.filter(pk=meeting.pk).update(
        state=HELD, held_on=timezone.localdate(meeting.starts_at), called_at=meeting.starts_at - timedelta(days=14),
        called_by=staff.coordinator, version=3,
    )  # fmt: skip
    return meeting


def _answer(meeting: Meeting, answers: Iterable[tuple[str, str]], today: date) -> None:
    """Answers of those invited in turn; the rest have not answered."""
    rows = Invitee.objects.filter(meeting=meeting, removed_at__isnull=True).exclude(user__isnull=True, email="")
    rows = rows.order_by("pk").select_related("user")
    for row, (answer, words) in zip(rows, answers, strict=False):
        if answer:
            save_answer(invitee=row, answer=answer, words=words, by=row.user, at=_at(today - timedelta(days=1), time(14)))


def _project_group(trade: Trade, number: int, today: date, staff: Staff) -> None:
    """A series with two meetings held, the next one called in two of three trades, and the rest planned."""
    interval = trade.project_meeting_interval_days
    first = today + timedelta(days=(6, 10, 3)[number % 3]) - timedelta(days=2 * interval)
    first += timedelta(days=(0, 0, 0, 0, 0, 2, 1)[first.weekday()])  # a series says its weekday: never a Sunday
    series = MeetingSeries.objects.create(
        kind=PROJECT_GROUP, trade=trade, name=f"Prosjektgruppe {trade.short_name}", interval_days=interval, first_on=first,
        starts_at=time(9 + number), minutes_long=90, place=ROOMS[trade.code], created_by=staff.coordinator,
    )  # fmt: skip
    SeriesInvitee.objects.bulk_create([
        SeriesInvitee(series=series, role=COORDINATOR, user=staff.coordinator, substitute=staff.colleague, is_chair=True),
        SeriesInvitee(series=series, role="faglaerer"), SeriesInvitee(series=series, role="norsklaerer"),
    ])  # fmt: skip
    who = proposed_for(kind=PROJECT_GROUP, by=staff.coordinator, today=today, trade=trade)
    for turn in range(2):
        given = first + timedelta(days=turn * interval)
        held = _new(
            PROJECT_GROUP, given, staff, at=series.starts_at, minutes=90, who=who, trade=trade, series=series, series_on=given,
            place=series.place,
        )  # fmt: skip
        _hold(held, staff, missing=turn)
    plan_ahead(series=series, today=today, by=staff.coordinator)
    coming = Meeting.objects.filter(series=series, state="planned").order_by("starts_at").first()
    if coming is not None and number != 1:
        _call(coming, staff, ago=4, today=today)
        _answer(coming, [(ACCEPTED, ""), (ACCEPTED, "Tar med elevarbeid."), ("", "")], today)


def _steering(members: list[User], today: date, staff: Staff) -> None:
    """One held last semester, one called for about two weeks ahead; the first member leads."""
    who = [
        Proposed(COORDINATOR, staff.coordinator),
        *(Proposed(STYRINGSGRUPPE, user, is_chair=place == 0) for place, user in enumerate(members)),
    ]
    held = _new(
        STEERING_GROUP, today - timedelta(days=180), staff, at=time(13), minutes=90, who=who, place="Rådhuset, formannskapssalen"
    )
    _hold(held, staff)
    coming = _new(
        STEERING_GROUP, today + timedelta(days=14), staff, at=time(13), minutes=90, who=who, place="Rådhuset, formannskapssalen"
    )
    _call(coming, staff, ago=9, today=today)
    _answer(coming, [(ACCEPTED, ""), ("", ""), (ACCEPTED, ""), (DECLINED, "Er på reise den uka.")], today)


def _gatherings(today: date, staff: Staff) -> None:
    """A mentor gathering and two network gatherings, each with a programme."""
    mentors = proposed_for(kind=MENTOR_GATHERING, by=staff.coordinator, today=today)[:16]
    coming = _new(
        MENTOR_GATHERING, today + timedelta(days=19), staff, at=time(12), minutes=180, who=mentors, programme=GATHERING,
        title="Faddersamling", place="Kulturhuset, lille sal",
    )  # fmt: skip
    _call(coming, staff, ago=6, today=today)
    _answer(coming, [(ACCEPTED, ""), (ACCEPTED, ""), ("", ""), (DECLINED, "Vi mangler vikar den dagen.")], today)
    people = proposed_for(kind=NETWORK_GATHERING, by=staff.coordinator, today=today)
    held = _new(
        NETWORK_GATHERING, today - timedelta(days=60), staff, minutes=180, who=people, programme=NETWORK, place="Biblioteket"
    )  # fmt: skip
    _hold(held, staff, missing=2)
    later = _new(
        NETWORK_GATHERING, today + timedelta(days=40), staff, minutes=180, who=people, programme=NETWORK, place="Biblioteket"
    )  # fmt: skip
    _call(later, staff, ago=2, today=today)
    planned = _new(
        MENTOR_GATHERING,
        today + timedelta(days=75),
        staff,
        at=time(12),
        minutes=180,
        who=mentors[:1],
        place="Kulturhuset, lille sal",
    )
    planned.refresh_from_db()
    off = _new(
        NETWORK_GATHERING, today + timedelta(days=9), staff, who=people[:6], title="Ekstra eksamensverksted", place="Rom 110"
    )  # fmt: skip
    _call(off, staff, ago=12, today=today)
    Meeting.objects.filter(pk=off.pk).update(
        state=CANCELLED, cancelled_at=_at(today - timedelta(days=3), time(11)), cancel_words="Rommet er opptatt. Ny dato kommer.",
        sequence=1,
    )  # fmt: skip


def _information(today: date, staff: Staff) -> None:
    """One held, with a list of whom some became referrals, and one planned."""
    who = [Proposed(COORDINATOR, staff.coordinator, is_chair=True)]
    held = _new(
        INFORMATION, today - timedelta(days=45), staff, at=time(17), minutes=90, who=who, programme="17.00 Om ordningen\n17.45 Spørsmål",
        place="Voksenopplæringen, auditoriet",
    )  # fmt: skip
    _hold(held, staff, missing=0)
    partners = list(Partner.objects.filter(refers=True).order_by("name")[:2])
    lately = list(Referral.objects.filter(enrolment__participant__address_protection="").order_by("-referred_on", "-pk")[:2])
    for number, (name, phone) in enumerate(SIGNED):
        SignUp.objects.create(
            meeting=held, name=name, phone=phone, partner=partners[number % 2] if number % 3 and len(partners) > 1 else None,
            attended=number != 4, created_by=staff.coordinator,
        )  # fmt: skip
    for referral in lately:  # those of the demo's own referrals who came this way
        SignUp.objects.create(meeting=held, attended=True, referral=referral, created_by=staff.coordinator)
    _new(INFORMATION, today + timedelta(days=55), staff, at=time(17), minutes=90, who=who, place="Voksenopplæringen, auditoriet")


def _about_selma(today: date, staff: Staff) -> None:
    """A cooperation meeting about Selma, called for next week, and one held."""
    enrolment = (
        Enrolment.objects.filter(participant__user=staff.deltaker)
        .select_related("participant__user", "trade")
        .order_by("-pk")
        .first()
    )
    if enrolment is None:
        return
    who = proposed_for(kind=COOPERATION, by=staff.coordinator, today=today, enrolment=enrolment)
    common: dict[str, Any] = {"enrolment": enrolment, "trade": enrolment.trade, "place": "Møterommet i barnehagen"}
    _hold(_new(COOPERATION, today - timedelta(days=70), staff, at=time(14), who=who, **common), staff)
    coming = _new(COOPERATION, today + timedelta(days=7), staff, at=time(14), who=who, **common)
    _call(coming, staff, ago=3, today=today)
    _answer(coming, [(ACCEPTED, ""), (ACCEPTED, ""), ("", ""), (DECLINED, "Vi mangler vikar den dagen.")], today)
