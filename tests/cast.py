"""The cast: one named person per role, an outsider per role, and participants in every phase."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from fagbrev.people.confidentiality import CONFIDENTIALITY_VERSION
from fagbrev.people.models import RoleGrant, User
from participants.actions.life import answer_consent, name_fadder
from participants.actions.rows import copy_contract
from participants.actions.steps import begin
from participants.models import Enrolment, Participant, Placement, Referral, TrainingContract
from programmes.defaults import load
from programmes.models import TeachingAssignment, Trade, Workplace, WorkplaceApproval, WorkplacePerson
from tests.duties_held import arranged

PASSWORD = "lang-setning-for-proever"


@dataclass
class Cast:
    """Everyone a test may need, by name."""

    today: date
    users: dict[str, User] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    placements: dict[str, Placement] = field(default_factory=dict)
    workplaces: dict[str, Workplace] = field(default_factory=dict)
    people: dict[str, WorkplacePerson] = field(default_factory=dict)
    trades: dict[str, Trade] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        for group in ("users", "enrolments", "workplaces", "people"):
            held = self.__dict__.get(group, {})
            if name in held:
                return held[name]
        raise AttributeError(name)


def make_user(name: str, *roles: str, today: date, starts_on: date | None = None, ends_on: date | None = None) -> User:
    """Gives a user who has accepted the confidentiality statement, with roles."""
    from allauth.account.models import EmailAddress

    email = f"{name.lower().replace(' ', '.')}@example.no"
    user = User.objects.create_user(email, name, PASSWORD)
    user.confidentiality_version, user.confidentiality_accepted_at = CONFIDENTIALITY_VERSION, timezone.now()
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, starts_on=starts_on or today - timedelta(days=400), ends_on=ends_on)
    return user


@arranged
def enrol(
    cast: Cast, name: str, trade: str, status: str, *, days_ago: int = 200, participant: Participant | None = None
) -> Enrolment:
    """Gives an enrolment in a phase, with its earlier phases recorded."""
    person = participant or Participant.objects.create(
        first_name=name.split()[0], last_name=name.split()[-1], phone="+4799900000", email="deltaker@example.no"
    )
    chosen = cast.trades.get(trade)
    day = cast.today - timedelta(days=days_ago)
    enrolment = Enrolment.objects.create(
        participant=person, trade=chosen, curriculum=chosen.curriculum if chosen else None, started_on=day
    )
    Referral.objects.create(enrolment=enrolment, referred_on=day, knows_of_referral=True)
    begin(enrolment=enrolment, status=status, by=cast.users["koordinator"], today=cast.today, kind="elsewhere",
          happened_on=day + timedelta(days=30), source="prøve")  # fmt: skip
    return enrolment


@arranged
def place(
    cast: Cast, enrolment: Enrolment, workplace: str, *, leder: str, fadder: str, days_ago: int = 100, ends_in: int | None = None
) -> Placement:
    """Gives a main placement with leder and fadder, and a consent for the workplace."""
    starts = cast.today - timedelta(days=days_ago)
    placement = Placement.objects.create(
        enrolment=enrolment, workplace=cast.workplaces[workplace], leder=cast.people[leder], starts_on=starts,
        requested_on=starts - timedelta(days=20), percent=80, weekdays=[0, 1, 2, 3],
        ends_on=None if ends_in is None else cast.today + timedelta(days=ends_in),
    )  # fmt: skip
    name_fadder(
        placement=placement, person=cast.people[fadder], starts_on=starts, is_substitute=False, by=cast.users["koordinator"]
    )
    answer_consent(
        enrolment=enrolment, party="workplace", workplace=None, answer=True, answered_on=starts, by=cast.users["koordinator"]
    )
    return placement


@arranged
def contract(cast: Cast, enrolment: Enrolment, *, days_left: int = 300) -> TrainingContract:
    """Gives the county's contract."""
    made = TrainingContract.objects.create(
        enrolment=enrolment,
        number="2026-17",
        starts_on=cast.today - timedelta(days=80),
        ends_on=cast.today + timedelta(days=days_left),
    )
    copy_contract(enrolment)
    return made


def make_cast(today: date) -> Cast:
    """Makes the whole cast in the database."""
    load(today=today)
    cast = Cast(today)
    cast.trades = {trade.code: trade for trade in Trade.objects.all()}
    names = {
        "koordinator": ("Kari Koordinator", "coordinator"),
        "faglaerer": ("Ola Faglærer", "faglaerer"),
        "norsklaerer": ("Anna Norsklærer", "norsklaerer"),
        "fadder": ("Bente Fadder", "fadder"),
        "leder": ("Lise Leder", "leder"),
        "styringsgruppe": ("Stian Styringsgruppe", "styringsgruppe"),
        "deltaker": ("Selma Testesen", "deltaker"),
        "annen_faglaerer": ("Per Utenfor", "faglaerer"),
        "annen_norsklaerer": ("Pia Utenfor", "norsklaerer"),
        "annen_fadder": ("Finn Utenfor", "fadder"),
        "annen_leder": ("Leif Utenfor", "leder"),
        "annen_deltaker": ("Nadia Utenfor", "deltaker"),
        "avsluttet_koordinator": ("Karl Sluttet", "coordinator"),
    }
    for key, (name, role) in names.items():
        ends = today - timedelta(days=1) if key.startswith("avsluttet") else None
        cast.users[key] = make_user(_ascii(name), role, today=today, ends_on=ends)
    cast.users["ingen"] = make_user("Ingen Rolle", today=today)
    cast.users["drift"] = make_user("Drift Uten-Rolle", today=today)
    User.objects.filter(pk=cast.users["drift"].pk).update(is_superuser=True, is_staff=True)
    cast.users["drift"].refresh_from_db()
    for key, trade, role in (
        ("faglaerer", "BUA", "faglaerer"), ("norsklaerer", "BUA", "norsklaerer"),
        ("annen_faglaerer", "HEA", "faglaerer"), ("annen_norsklaerer", "HEA", "norsklaerer"),
    ):  # fmt: skip
        TeachingAssignment.objects.create(
            user=cast.users[key], role=role, trade=cast.trades[trade], starts_on=today - timedelta(days=300)
        )
    for key, name, trade in (("barnehage", "Eksempelvika barnehage", "BUA"), ("sykehjem", "Prøveli sykehjem", "HEA")):
        cast.workplaces[key] = Workplace.objects.create(name=name)
        WorkplaceApproval.objects.create(
            workplace=cast.workplaces[key], trade=cast.trades[trade], state="approved", approved_on=today - timedelta(days=900)
        )
    for key, workplace, user, is_leder in (
        ("leder_person", "barnehage", "leder", True), ("fadder_person", "barnehage", "fadder", False),
        ("annen_leder_person", "sykehjem", "annen_leder", True), ("annen_fadder_person", "sykehjem", "annen_fadder", False),
    ):  # fmt: skip
        cast.people[key] = WorkplacePerson.objects.create(
            workplace=cast.workplaces[workplace], name=cast.users[user].name, user=cast.users[user], is_leder=is_leder,
            may_be_fadder=not is_leder, has_fagbrev=True,
        )  # fmt: skip
    _participants(cast)
    return cast


def _participants(cast: Cast) -> None:
    selma = enrol(cast, "Selma Testesen", "BUA", "training")
    Participant.objects.filter(pk=selma.participant_id).update(user=cast.users["deltaker"])
    cast.enrolments["selma"] = selma
    cast.placements["selma"] = place(cast, selma, "barnehage", leder="leder_person", fadder="fadder_person")
    contract(cast, selma)
    nadia = enrol(cast, "Nadia Utenfor", "HEA", "training")
    Participant.objects.filter(pk=nadia.participant_id).update(user=cast.users["annen_deltaker"])
    cast.enrolments["nadia"] = nadia
    cast.placements["nadia"] = place(cast, nadia, "sykehjem", leder="annen_leder_person", fadder="annen_fadder_person")
    contract(cast, nadia)
    for status in ("referred", "interviewed", "waitlisted", "admitted", "onboarding", "placed", "contract_applied", "trade_test"):
        cast.enrolments[status] = enrol(cast, f"{status.replace('_', '').capitalize()} Prøvestad", "BUA", status)
    for status in ("completed", "declined", "withdrawn", "terminated"):
        cast.enrolments[status] = enrol(cast, f"{status.capitalize()} Eksempelsen", "BUA", status, days_ago=400)
    for enrolment in cast.enrolments.values():
        enrolment.refresh_from_db()


def _ascii(name: str) -> str:
    return name.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
