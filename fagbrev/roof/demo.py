"""The demo's data, floor by floor: accounts with roles, the frame, the participants."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.checks import DEMO_DOMAIN
from fagbrev.duties.actions import snooze
from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty
from fagbrev.duties.scan import scan
from fagbrev.people.actions import deactivate, end_role, invite_user, note_scope
from fagbrev.people.confidentiality import accept_statement
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, STYRINGSGRUPPE
from fagbrev.roof.demo_accounts import DEMO_PASSWORD
from followup.demo import seed as seed_followup
from meetings.demo import seed as seed_meetings
from participants.demo import seed as seed_participants
from participants.demo_bulk import add_participants
from participants.demo_scene import Staff
from participants.models import Participant
from programmes.actions_handover import hand_over
from programmes.actions_users import connect_to_workplace
from programmes.demo import seed as seed_frame
from programmes.models import TeachingAssignment, Trade, Workplace

LONG_AGO = timedelta(days=2200)  # earlier than the first day of anybody in the demo
TEACHERS = [
    ("faglaerer.bua", "Ola Prøvestad", FAGLAERER, ("BUA",)),
    ("faglaerer.helse", "Henriette Demovoll", FAGLAERER, ("HEA",)),
    ("faglaerer.renhold", "Gunnar Testbakken", FAGLAERER, ("ROF",)),
    ("norsklaerer", "Anna Demolund", NORSKLAERER, ("BUA", "HEA", "ROF")),
]
# At a workplace: account, name (that of the person there), role, workplace.
AT_WORK = [
    ("fadder", "Bente Prøvesen", FADDER, "Solhaug barnehage"),
    ("leder", "Kari Demoberg", LEDER, "Solhaug barnehage"),
]


def is_seeded() -> bool:
    """Tells whether there is anybody in the database: a participant, or an account."""
    return Participant.objects.exists() or User.objects.exists()


@acting()
def seed(*, today: date, participants: int = 0) -> int:
    """Adds the demo, and made-up people in bulk up to `participants` in all; gives how many there are. All or nothing."""
    seed_frame(today=today)
    staff = _accounts(today)
    count = seed_participants(today=today, staff=staff)
    seed_followup(today=today, staff=staff)
    seed_meetings(today=today, staff=staff)
    if participants > count:
        count += add_participants(participants - count, today=today)
    refresh(today=today)
    _duties_of_the_demo(today)
    return count


def _duties_of_the_demo(today: date) -> None:
    """One duty put off, a teacher who is away, and the morning's notices, so that lists, bell and mail have something to show."""
    ingrid = User.objects.get(email="koordinator" + DEMO_DOMAIN)
    colleague = User.objects.get(email="tone.demoland" + DEMO_DOMAIN)
    late = Duty.objects.filter(owner_role=COORDINATOR, due_on__lt=today, protection="").order_by("-due_on").first()
    if late:
        snooze(
            duty=late, until=today + timedelta(days=6), reason="Venter på papirer fra arbeidsgiver.", by=colleague, today=today
        )
    hand_over(
        from_user=User.objects.get(email="vegard.testvikar" + DEMO_DOMAIN), to_user=colleague, role=COORDINATOR,
        starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=9), by=ingrid, today=today,
    )  # fmt: skip
    scan(today=today)


def _accounts(today: date) -> Staff:
    """The nine accounts of the demo with their scope, and three more: a colleague, a substitute, one who has left."""
    begun, now = today - LONG_AGO, timezone.make_aware(datetime.combine(today, time(8)))
    password = make_password(DEMO_PASSWORD)  # the same hash for all: hashing takes a third of a second
    trades = {trade.code: trade for trade in Trade.objects.all()}

    def add(account: str, name: str, role: str, by: User | None, *, since: date = begun, until: date | None = None) -> User:
        user = invite_user(
            email=account + DEMO_DOMAIN, name=name, role=role, by=by, today=today, starts_on=since, ends_on=until, send=False
        )
        user.password = password
        user.save(update_fields=["password"])
        accept_statement(user=user, at=now)
        return user

    ingrid = add("koordinator", "Ingrid Demo", COORDINATOR, None)
    colleague = add("tone.demoland", "Tone Demoland", COORDINATOR, ingrid, since=today - timedelta(days=400))
    add(
        "vegard.testvikar",
        "Vegard Testvikar",
        COORDINATOR,
        ingrid,
        since=today - timedelta(days=20),
        until=today + timedelta(days=40),
    )
    teachers = {}
    for account, name, role, codes in TEACHERS:
        teachers[account] = add(account, name, role, ingrid)
        for code in codes:
            TeachingAssignment.objects.create(
                user=teachers[account], role=role, trade=trades[code], starts_on=begun, created_by=ingrid
            )
            note_scope(user=teachers[account], by=ingrid, given=True, detail=trades[code].name)
    there = {}
    for account, name, role, place in AT_WORK:
        there[account] = add(account, name, role, ingrid)
        workplace = Workplace.objects.get(name=place)
        connect_to_workplace(user=there[account], workplace=workplace, is_leder=role == LEDER, by=ingrid)
    add("styringsgruppe", "Else Demostyre", STYRINGSGRUPPE, ingrid)
    deltaker = add("deltaker", "Selma Testesen", DELTAKER, ingrid)
    _one_who_left(today, trades["BUA"], ingrid)
    return Staff(
        coordinator=ingrid,
        colleague=colleague,
        faglaerere={code: teachers[account] for account, _name, role, codes in TEACHERS if role == FAGLAERER for code in codes},
        norsklaerer=teachers["norsklaerer"],
        fadder=there["fadder"],
        leder=there["leder"],
        deltaker=deltaker,
    )


def _one_who_left(today: date, trade: Trade, by: User) -> None:
    """A faglærer whose role has ended, and whose account is shut."""
    user = invite_user(
        email="fredrik.provevik" + DEMO_DOMAIN, name="Fredrik Prøvevik", role=FAGLAERER, by=by, today=today,
        starts_on=today - timedelta(days=900), send=False,
    )  # fmt: skip
    left = today - timedelta(days=100)
    TeachingAssignment.objects.create(
        user=user, role=FAGLAERER, trade=trade, starts_on=today - timedelta(days=900), ends_on=left, created_by=by
    )
    end_role(grant=user.grants.get(role=FAGLAERER), by=by, today=left, last_day=left)
    deactivate(user=user, by=by, today=today, at=timezone.make_aware(datetime.combine(left, time(15))))
