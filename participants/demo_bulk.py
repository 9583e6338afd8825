"""Many made-up participants at once, in bulk, for measuring: the same ones for the same number, dated relative to the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import models

from fagbrev.people.confidentiality import CONFIDENTIALITY_VERSION
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import COORDINATOR
from participants.facts import ASKED_PARTIES, ENCLOSURE_NAMES
from participants.models import (
    AdmissionVoice,
    Agreement,
    Consent,
    CountyApplication,
    Enclosure,
    Enrolment,
    IntakeConversation,
    IntakeInterview,
    Leave,
    Participant,
    Placement,
    PlacementFadder,
    PoliceCertificate,
    Readiness,
    Referral,
    Signature,
    StatusChange,
    TradeTest,
    TrainingContract,
    WrittenExam,
)
from participants.models.agreements import NEEDED_SIGNERS
from participants.workflow import END_CODES, MAIN_LINE
from programmes.models import Trade, Workplace, WorkplacePerson
from programmes.models.workplaces import WorkplaceApproval

CHUNK = 2000
PER_WORKPLACE = 40
MOST_WORKPLACES = 60
FIRST_NAMES = [
    "Amina", "Zahra", "Mohammed", "Yordanos", "Tigist", "Olena", "Layla", "Selma", "Rojin", "Fatuma", "Hodan", "Irina", "Mariam",
    "Lidia", "Ruta", "Nadia", "Abdi", "Åse", "Øyvind", "Samira", "Dawit", "Khadija", "Yusuf", "Natalia", "Hassan", "Ingrid",
    "Leyla", "Maryam", "Ahmed", "Senait",
]  # fmt: skip
STEMS = ["Test", "Prøve", "Demo", "Eksempel", "Mønster", "Øve", "Skisse"]
ENDINGS = ["sen", "stad", "berg", "vik", "dal", "haug", "nes", "li", "lund", "moen", "åsen", "rud", "fjell"]
# How the caseload is spread over a hundred enrolments.
SPREAD = [
    ("referred", 6), ("interviewed", 4), ("waitlisted", 4), ("admitted", 3), ("onboarding", 5), ("placed", 6),
    ("contract_applied", 4), ("training", 30), ("trade_test", 6), ("on_leave", 3), ("completed", 16), ("declined", 4),
    ("withdrawn", 4), ("terminated", 5),
]  # fmt: skip
STATUS_OF = [status for status, share in SPREAD for _turn in range(share)]
PLACED_ON = ["placed", "contract_applied", "training", "trade_test", "on_leave", "completed", "terminated"]
CONTRACTED = ["training", "trade_test", "on_leave", "completed", "terminated"]


def add_participants(count: int, *, today: date) -> int:
    """Adds `count` made-up participants with what hangs on them; gives how many. Needs the shipped defaults."""
    trades = list(Trade.objects.order_by("order"))
    places = _workplaces(count, trades, today)
    numbers = iter(range(count))
    while chunk := list(islice(numbers, CHUNK)):
        _add(chunk, trades=trades, places=places, today=today)
    return count


def _workplaces(count: int, trades: list[Trade], today: date) -> list[tuple[Workplace, list[WorkplacePerson]]]:
    """The workplaces with a leder and four who may be fadder."""
    wanted = max(3, min(MOST_WORKPLACES, count // PER_WORKPLACE + 3))
    kinds = [("Solhaug demobarnehage", "kindergarten"), ("Prøveli sykehjem", "nursing_home"), ("Testlia renhold", "cleaning")]
    rows = [
        Workplace(name=f"{kinds[n % 3][0]} {n // 3 + 1}", kind=kinds[n % 3][1], police_certificate_required=n % 3 == 0)
        for n in range(wanted)
    ]
    known = set(Workplace.objects.values_list("name", flat=True))
    new = Workplace.objects.bulk_create([row for row in rows if row.name not in known])
    people = [
        WorkplacePerson(
            workplace=place, name=f"{FIRST_NAMES[(n * 5 + k) % 30]} {STEMS[k % 7]}{ENDINGS[n % 13]} {n + 1}", is_leder=k == 0,
            may_be_fadder=k > 0, has_fagbrev=k % 2 == 0,
        )
        for n, place in enumerate(new) for k in range(5)
    ]  # fmt: skip
    WorkplacePerson.objects.bulk_create(people)
    WorkplaceApproval.objects.bulk_create(
        WorkplaceApproval(workplace=place, trade=trade, state="approved", approved_on=today - timedelta(days=900))
        for place in new for trade in trades
    )  # fmt: skip
    by_place: dict[int, list[WorkplacePerson]] = {}
    for person in WorkplacePerson.objects.filter(workplace__name__in=[row.name for row in rows]).order_by("pk"):
        by_place.setdefault(person.workplace_id, []).append(person)
    found = Workplace.objects.filter(name__in=[row.name for row in rows]).order_by("pk")
    return [(place, by_place[place.pk]) for place in found if place.pk in by_place]


def _person(n: int, today: date) -> Participant:
    first, second = FIRST_NAMES[n % 30], FIRST_NAMES[(n // 30) % 30]
    last = f"{STEMS[(n // 7) % 7]}{ENDINGS[(n // 11) % 13]}"
    row = Participant(
        first_name=first if n % 3 else f"{first} {second}",
        last_name=last,
        phone="" if n % 23 == 0 else f"+4759{100000 + n:06d}",
        email="" if n % 23 == 0 or n % 5 == 0 else f"deltaker{n}@demo.example",
        birth_date=None if n % 19 == 0 else date(1975 + n % 28, n % 12 + 1, n % 28 + 1),
        country=["Syria", "Eritrea", "Ukraina", "Somalia"][n % 4],
        mother_tongue=["arabisk", "tigrinja", "ukrainsk", "somali"][n % 4],
        address_protection="fortrolig" if n % 250 == 7 else "",
    )
    row.set_name_keys()
    return row


def _enrolment(n: int, person: Participant, trades: list[Trade], today: date) -> Enrolment:
    status = STATUS_OF[n * 37 % 100]
    trade = None if status == "referred" and n % 4 == 0 else trades[n % len(trades)]
    begun = today - timedelta(days=30 + n * 13 % 900)
    since = today - timedelta(days=n * 7 % 120)
    ended = since if status in {"completed", "declined", "withdrawn", "terminated"} else None
    contract = status in CONTRACTED
    return Enrolment(
        participant=person, trade=trade, curriculum_id=trade.curriculum_id if trade else None, status=status, status_since=since,
        status_before_leave="training" if status == "on_leave" else "", started_on=min(begun, since), ended_on=ended,
        end_code=END_CODES[status][n % 3][0] if status in END_CODES and n % 9 else "",
        queue_place=n % 40 + 1 if status == "waitlisted" else None,
        contract_starts_on=since - timedelta(days=200) if contract else None,
        contract_ends_on=since + timedelta(days=90 + n * 11 % 700) if contract else None,
    )  # fmt: skip


def _add(chunk: list[int], *, trades: list[Trade], places: list[Any], today: date) -> None:
    people = Participant.objects.bulk_create([_person(n, today) for n in chunk], CHUNK)
    rows = Enrolment.objects.bulk_create(
        [_enrolment(n, person, trades, today) for n, person in zip(chunk, people, strict=True)], CHUNK
    )
    hanging: dict[type[models.Model], list[Any]] = {}
    for n, row in zip(chunk, rows, strict=True):
        for made in _hanging(n, row, places, today):
            hanging.setdefault(type(made), []).append(made)
    for model in (
        Referral, StatusChange, IntakeInterview, AdmissionVoice, IntakeConversation, Agreement, Consent, PoliceCertificate, Placement,
        CountyApplication, Enclosure, TrainingContract, Leave, WrittenExam, Readiness, TradeTest,
    ):  # fmt: skip
        model._default_manager.bulk_create(hanging.get(model, []), CHUNK)  # type: ignore[attr-defined]
    faddere = [
        PlacementFadder(placement=row, person=places[n][1][1 + n % 4], starts_on=row.starts_on)
        for row, n in ((row, row.place_number) for row in hanging.get(Placement, []))
        if row.enrolment_id % 17
    ]
    PlacementFadder.objects.bulk_create(faddere, CHUNK)
    Signature.objects.bulk_create(
        [
            Signature(agreement=row, party=party, signer_name="Demo Testesen", signed_on=row.made_on)
            for row in hanging.get(Agreement, []) if row.enrolment_id % 13 for party in NEEDED_SIGNERS[row.kind]
        ],
        CHUNK,
    )  # fmt: skip


def _hanging(n: int, row: Enrolment, places: list[Any], today: date) -> Iterator[models.Model]:
    """What hangs on one enrolment, as far as its status has come."""
    begun = row.started_on or today
    yield Referral(enrolment=row, referred_by="self" if n % 3 else "staff", referred_on=begun, knows_of_referral=True)
    yield from _history(row, begun)
    if row.status == "referred":
        return
    if n % 21:
        yield IntakeInterview(enrolment=row, held_on=begun + timedelta(days=10), norwegian_level="a2")
    for voice in ("coordinator", "faglaerer")[: 2 if n % 3 else 1]:
        yield AdmissionVoice(enrolment=row, voice=voice, advice="admit", given_on=begun + timedelta(days=14))
    if row.status in {"interviewed", "waitlisted", "declined", "withdrawn"}:
        return
    if row.status != "admitted" or n % 2:
        yield IntakeConversation(enrolment=row, held_on=begun + timedelta(days=18), absence_rules_explained=True)
        yield Agreement(enrolment=row, kind="contract", made_on=begun + timedelta(days=18))
        for party, _name in ASKED_PARTIES:
            yield Consent(participant=row.participant, party=party, answer=True, answered_on=begun + timedelta(days=18))
        yield PoliceCertificate(enrolment=row, is_required=True, basis="employer", in_order=bool(n % 9))
    if row.status in PLACED_ON:
        yield from _at_work(n, row, places, begun)


def _history(row: Enrolment, begun: date) -> Iterator[StatusChange]:
    reached = MAIN_LINE.index(row.status) if row.status in MAIN_LINE else 2
    last = ""
    for place, status in enumerate([*MAIN_LINE[:reached], row.status]):
        happened = row.status_since if status == row.status else begun + timedelta(days=place * 3)
        yield StatusChange(enrolment=row, step="seed", from_status=last, to_status=status, happened_on=happened)
        last = status


def _at_work(n: int, row: Enrolment, places: list[Any], begun: date) -> Iterator[models.Model]:
    number = n % len(places)
    place, people = places[number]
    first_day = begun + timedelta(days=25)
    placement = Placement(
        enrolment=row, workplace=place, leder=people[0], requested_on=begun, starts_on=first_day, percent=80, weekdays=[0, 1, 2, 3],
        interview_held_on=begun + timedelta(days=20), ends_on=max(first_day, row.ended_on) if row.ended_on else None,
    )  # fmt: skip
    placement.place_number = number  # type: ignore[attr-defined]
    yield placement
    yield Agreement(enrolment=row, kind="participation", made_on=begun + timedelta(days=22))
    for kind in ENCLOSURE_NAMES:
        yield Enclosure(enrolment=row, kind=kind, state="missing" if row.status == "placed" and n % 2 else "there")
    if row.status != "placed":
        yield CountyApplication(enrolment=row, sent_on=begun + timedelta(days=30))
    if row.contract_starts_on and row.contract_ends_on:
        yield TrainingContract(
            enrolment=row,
            number=f"DEMO-{n}" if n % 31 else "",
            starts_on=row.contract_starts_on,
            ends_on=row.contract_ends_on,
            decided_on=begun,
        )
    if row.status == "on_leave":
        yield Leave(enrolment=row, starts_on=row.status_since, reason="illness")
    if row.status in CONTRACTED and row.trade and row.trade.written_exam_code and n % 4:
        passed = row.status in {"trade_test", "completed"} or n % 5 < 2
        yield WrittenExam(
            participant=row.participant, exam_code=row.trade.written_exam_code, state="passed" if passed else "failed",
            grade=(None if n % 15 == 0 else 4) if passed else 1, result_on=begun + timedelta(days=100),
        )  # fmt: skip
    if row.status in {"trade_test", "completed"} or (row.status == "training" and n % 6 == 0):
        yield Readiness(enrolment=row, kind="trade_test", given_on=begun + timedelta(days=120), by_role="faglaerer")
    if row.status in {"trade_test", "completed"}:
        result = "passed" if row.status == "completed" else ""
        yield TradeTest(enrolment=row, registered_on=begun + timedelta(days=130), result=result)


def coordinator(*, email: str, name: str, today: date) -> User:
    """Gives the coordinator who is measured with, made when there is none, with the confidentiality statement accepted."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name)
    user.confidentiality_version = CONFIDENTIALITY_VERSION
    user.save(update_fields=["confidentiality_version"])
    RoleGrant.objects.get_or_create(user=user, role=COORDINATOR, defaults={"starts_on": today - timedelta(days=1)})
    return user
