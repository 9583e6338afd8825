"""The frame's part of the demo: plainly made-up workplaces, people, cohorts, contacts and test windows."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from programmes.defaults import load
from programmes.models import (
    Cohort,
    ExamWindow,
    NorwegianTestWindow,
    Partner,
    PartnerContact,
    TeachingSession,
    Trade,
    TradeLead,
    Workplace,
    WorkplaceApproval,
    WorkplacePerson,
)

MADE_UP = "oppdiktet for demoen"

# Name, kind, owner, street, demands a police certificate of all, approvals (trade, state), leder, those who may be fadder.
WORKPLACES: list[tuple[str, str, str, str, bool, tuple[tuple[str, str], ...], str, tuple[str, ...]]] = [
    ("Solhaug barnehage", "kindergarten", "municipal", "Demoveien 1", False, (("BUA", "approved"),), "Kari Demoberg",
     ("Bente Prøvesen", "Nils Eksempel", "Turid Testlund")),
    ("Eksempelvika barnehage", "kindergarten", "municipal", "Demoveien 12", False, (("BUA", "approved"),), "Hege Prøvestad",
     ("Liv Prøvesen", "Arild Demohaug")),
    ("Bakketoppen barnehage", "kindergarten", "private", "Testbakken 4", True, (("BUA", "approved"), ("ROF", "applied")),
     "Rune Testmo", ("Eva Testdal", "Grete Demovik", "Jon Prøvelid")),
    ("Prøvelia barnehage", "kindergarten", "private", "Prøvelia 7", True, (("BUA", "applied"),), "Anita Eksempelrud",
     ("Marit Testberg", "Odd Demolund")),
    ("Testlia skole", "school", "municipal", "Testlia 20", False, (("BUA", "approved"), ("ROF", "approved")), "Sissel Demodal",
     ("Mona Demostad", "Geir Prøvehaug", "Silje Testrud")),
    ("Demovang skole og SFO", "school", "municipal", "Demovang 3", False, (("BUA", "approved"),), "Terje Testvik",
     ("Unni Prøveli", "Stein Demones")),
    ("Prøveli sykehjem", "nursing_home", "municipal", "Prøveveien 15", False, (("HEA", "approved"), ("ROF", "approved")),
     "Berit Testhaug", ("Jan Eksempel", "Solveig Demorud", "Kåre Prøvedal")),
    ("Demotunet omsorgssenter", "nursing_home", "municipal", "Demotunet 2", False, (("HEA", "approved"),), "Randi Prøvelund",
     ("Arne Testvik", "Ingunn Demoli")),
    ("Eksempelgården bosenter", "nursing_home", "private", "Eksempelgata 40", True, (("HEA", "applied"),), "Tor Demomo",
     ("Wenche Testnes", "Per Prøvevik")),
    ("Hjemmetjenesten nord", "home_care", "municipal", "Nordre Testgate 6", False, (("HEA", "approved"),), "Gro Eksempelås",
     ("Astrid Demotun", "Knut Prøvemo")),
    ("Renhold øst", "cleaning", "municipal", "Østre Demogate 9", False, (("ROF", "approved"),), "Magne Prøverud",
     ("Geir Demo", "Siv Testmo", "Aud Eksempeldal")),
    ("Rådhuset, renhold", "cleaning", "municipal", "Rådhusplassen 1", False, (("ROF", "approved"),), "Elin Testlid",
     ("Bjørg Demonæs", "Ove Prøvetangen")),
    ("Blankt Eksempel Renhold", "cleaning", "private", "Industrigata 33", False, (("ROF", "lapsed"),), "Frank Demoås",
     ("Lise Prøvegård", "Roy Testheim")),
    ("Testhallen idrettsbygg", "cleaning", "other", "Testhallen 1", False, (("ROF", "refused"),), "Vidar Prøvebakk",
     ("Nina Demolia", "Tom Eksempelmoen")),
]  # fmt: skip

# Trade: cohorts, each with sessions (weekday, from, hours, kind, place).
COHORTS: dict[str, list[tuple[str, list[tuple[int, time, str, str, str]]]]] = {
    "BUA": [
        ("BUA 1", [(1, time(8, 30), "3", "combined", "Rom 12"), (1, time(12, 0), "3", "combined", "Rom 12")]),
        ("BUA 2", [(3, time(8, 30), "3", "combined", "Rom 14"), (3, time(12, 0), "3", "combined", "Rom 14")]),
    ],
    "HEA": [
        ("Helse 1", [(2, time(13, 0), "2", "norwegian", "Rom 3")]),
        ("Helse 2", [(4, time(9, 0), "2", "norwegian", "Rom 3")]),
    ],
    "ROF": [
        ("Renhold 1", [(0, time(13, 0), "2", "combined", "Rom 7")]),
        ("Renhold 2", [(2, time(9, 0), "2", "combined", "Rom 7")]),
    ],
}

LEADS = {
    "BUA": ("Dagny Eksempelstad", "Videregående skole"),
    "HEA": ("Halvor Demofoss", "Avdeling for helse"),
    "ROF": ("Ragnhild Prøvehus", "Avdeling for renhold"),
}

# Partner's code: name, task.
CONTACTS: dict[str, list[tuple[str, str]]] = {
    "nav": [("Trond Testnav", "henvisninger"), ("Mette Demonav", "ytelser")],
    "adult_education": [("Sunniva Prøvenes", "norskundervisning og norskprøver")],
    "upper_secondary": [("Dagny Eksempelstad", "faglærere i barn og ungdom")],
    "county": [("Oddvar Demofylke", "kontrakter og godkjenning"), ("Laila Testfylke", "fagprøver")],
    "jobbsjansen": [("Frøydis Prøvesjanse", "deltakere i Jobbsjansen")],
    "introduction": [("Eskil Demointro", "deltakere i introduksjonsprogrammet")],
    "imdi": [("Signe Testmidler", "tilskudd")],
}


def mail_of(name: str) -> str:
    """Gives a made-up address for a made-up name: "Kåre Prøvedal" → "kare.provedal@demo.example"."""
    from fagbrev.names import folded

    return f"{'.'.join(folded(name).split())}@demo.example"


@transaction.atomic
def seed(*, today: date) -> None:
    """Adds the demo's frame where it is missing, told by name; everything is dated relative to the day."""
    load(today=today)
    trades = {trade.code: trade for trade in Trade.objects.all()}
    _workplaces(trades, today)
    _cohorts(trades, today)
    _people_around(trades, today)
    _windows(today)


def _workplaces(trades: dict[str, Trade], today: date) -> None:
    held = set(Workplace.objects.values_list("name", flat=True))
    missing = [row for row in WORKPLACES if row[0] not in held]
    places = Workplace.objects.bulk_create(
        [
            Workplace(
                name=name,
                kind=kind,
                ownership=ownership,
                address=f"{street}, 0000 Eksempelvik",
                phone=f"00 00 {number:02d} 00",
                police_certificate_required=demands,
                note="Møt ved hovedinngangen første dag." if number % 3 == 0 else "",
            )
            for number, (name, kind, ownership, street, demands, *_rest) in enumerate(missing, 1)
        ]
    )
    approvals, people = [], []
    for place, (*_facts, states, leder, faddere) in zip(places, missing, strict=True):
        approvals += [_approval(place, trades[code], state, today) for code, state in states if code in trades]
        people.append(WorkplacePerson(workplace=place, name=leder, email=mail_of(leder), is_leder=True, may_be_fadder=False))
        for number, name in enumerate(faddere):
            has_fagbrev = (True, True, None)[number] if place.ownership == "municipal" else (True, False, None)[number]
            email = "" if number == 2 else mail_of(name)
            people.append(WorkplacePerson(workplace=place, name=name, email=email, has_fagbrev=has_fagbrev))
    WorkplaceApproval.objects.bulk_create(approvals)
    WorkplacePerson.objects.bulk_create(people)


def _approval(place: Workplace, trade: Trade, state: str, today: date) -> WorkplaceApproval:
    """An approval whose days fit its state."""
    row = WorkplaceApproval(workplace=place, trade=trade, state=state)
    row.applied_on = today - timedelta(days=35 if state == "applied" else 1200)
    if state in ("approved", "lapsed"):
        row.approved_on = today - timedelta(days=1140)
        row.reference = f"DEMO-{trade.code}-{sum(map(ord, place.name)) % 1000:03d}"
    if state in ("refused", "lapsed"):
        row.lapsed_on = today - timedelta(days=90)
    return row


def _cohorts(trades: dict[str, Trade], today: date) -> None:
    held = set(Cohort.objects.values_list("trade__code", "name"))
    missing = [
        (trades[code], name, sessions)
        for code, rows in COHORTS.items()
        for name, sessions in rows
        if code in trades and (code, name) not in held
    ]
    begun = date(today.year if today.month >= 8 else today.year - 1, 8, 1) - timedelta(days=365)
    cohorts = Cohort.objects.bulk_create([Cohort(trade=trade, name=name, starts_on=begun) for trade, name, _sessions in missing])
    TeachingSession.objects.bulk_create(
        [
            TeachingSession(cohort=cohort, weekday=weekday, starts_at=starts_at, hours=Decimal(hours), kind=kind, place=place)
            for cohort, (_trade, _name, sessions) in zip(cohorts, missing, strict=True)
            for weekday, starts_at, hours, kind, place in sessions
        ]
    )


def _people_around(trades: dict[str, Trade], today: date) -> None:
    led = set(TradeLead.objects.values_list("trade__code", "name"))
    TradeLead.objects.bulk_create(
        [
            TradeLead(
                trade=trades[code], name=name, organisation=where, email=mail_of(name), starts_on=today - timedelta(days=700)
            )
            for code, (name, where) in LEADS.items()
            if code in trades and (code, name) not in led
        ]
    )
    partners = {partner.code: partner for partner in Partner.objects.filter(code__in=CONTACTS)}
    held = set(PartnerContact.objects.values_list("partner__code", "name"))
    PartnerContact.objects.bulk_create(
        [
            PartnerContact(partner=partners[code], name=name, task=task, email=mail_of(name))
            for code, rows in CONTACTS.items()
            for name, task in rows
            if code in partners and (code, name) not in held
        ]
    )


def _windows(today: date) -> None:
    """Windows around the day: for the written exam unless one is near, two for Norwegian tests; and deadlines for accommodations."""
    near = (today - timedelta(days=30), today + timedelta(days=30))
    if not ExamWindow.objects.filter(Q(closes_on__range=near) | Q(opens_on__range=near)).exists():
        opens_on = today - timedelta(days=5)
        ExamWindow.objects.create(
            name="Demovindu, skriftlig eksamen",
            opens_on=opens_on,
            closes_on=opens_on + timedelta(days=17),
            exam_from=opens_on + timedelta(days=75),
            exam_to=opens_on + timedelta(days=86),
            results_on=opens_on + timedelta(days=125),
            source=MADE_UP,
        )
    if not NorwegianTestWindow.objects.filter(source=MADE_UP, closes_on__gte=today).exists():
        NorwegianTestWindow.objects.bulk_create(
            [
                NorwegianTestWindow(
                    name=name,
                    opens_on=today + timedelta(days=ahead),
                    closes_on=today + timedelta(days=ahead + 14),
                    test_from=today + timedelta(days=ahead + 50),
                    test_to=today + timedelta(days=ahead + 60),
                    reading_on=today + timedelta(days=ahead + 50),
                    listening_on=today + timedelta(days=ahead + 50),
                    writing_on=today + timedelta(days=ahead + 51),
                    oral_on=today + timedelta(days=ahead + 55),
                    source=MADE_UP,
                )
                for name, ahead in (("Neste norskprøve", -5), ("Norskprøven etter", 140))
            ]
        )
    for window in ExamWindow.objects.filter(accommodations_due_on=None, closes_on__gte=today):
        window.accommodations_due_on = window.closes_on + timedelta(days=7)
        window.source = f"{window.source}. Frist for tilrettelegging: {MADE_UP}"[:200]
        window.save(update_fields=["accommodations_due_on", "source"])
