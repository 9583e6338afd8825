"""The demo's participants: who they are and where each stands, dated in days before the day of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One made-up participant. `ago` is how many days the status has lasted, `left` how many the county's contract has left."""

    first: str
    last: str
    trade: str
    status: str
    ago: int = 0
    left: int | None = None
    place: str = ""
    fadder: str = ""
    exam: str = ""  # state of the written exam
    recommended: bool = False
    queue: int | None = None
    enclosures: int = 5  # how many of the five are there
    start_in: int | None = None  # a place is found, and the first day is in so many days
    police_seen: bool = True
    ended_from: str = ""
    end_code: str = ""
    reason: str = ""
    work: tuple[str, ...] = ()  # work status after 3, 6 and 12 months
    protection: str = ""
    voices: tuple[str, ...] = ("coordinator", "faglaerer")
    special: str = ""  # what participants.demo_specials does in addition

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def reached(self) -> str:
        """The status the straight way leads to, before an ending, a leave or the waiting list."""
        return self.ended_from or self.status


M = Member
UNDECIDED = [
    M("Nadia", "Prøvestad", "", "referred", 20),
    M("Abdi", "Mønsterstad", "", "referred", 4, special="not_told"),
]
BUA = [
    M("Samira", "Testdal", "BUA", "referred", 9),
    M("Hawa", "Demones", "BUA", "referred", 2, special="from_inbox"),
    M("Nimo", "Prøvehaug", "BUA", "waitlisted", 45, queue=1),
    M("Khadija", "Testmo", "BUA", "waitlisted", 30, queue=2),
    M("Saba", "Eksempelrud", "BUA", "admitted", 6),
    M("Layan", "Demodal", "BUA", "onboarding", 16, start_in=5, place="Testlia skole", police_seen=False),
    M("Senait", "Testvik", "BUA", "onboarding", 10),
    M("Amina", "Eksempelsen", "BUA", "placed", 23, place="Solhaug barnehage", fadder="Nils Eksempel", enclosures=3,
      special="fadder_proposed"),
    M("Hodo", "Prøvelid", "BUA", "placed", 8, place="Prøvelia barnehage"),
    M("Fardowsa", "Testrud", "BUA", "contract_applied", 40),
    M("Selma", "Testesen", "BUA", "training", left=311, place="Solhaug barnehage", fadder="Bente Prøvesen", special="selma"),
    M("Fatuma", "Prøvesen", "BUA", "training", left=189, place="Solhaug barnehage", fadder="Bente Prøvesen", exam="passed"),
    M("Yordanos", "Testnes", "BUA", "training", left=128, place="Eksempelvika barnehage", fadder="Liv Prøvesen", exam="registered"),
    M("Ruta", "Øvrevik", "BUA", "training", left=219, place="Bakketoppen barnehage", fadder="Eva Testdal", exam="planned"),
    M("Mariam", "Demolund", "BUA", "training", left=690),
    M("Zeinab", "Testhaug", "BUA", "training", left=560),
    M("Halima", "Eksempelmoen", "BUA", "training", left=480, special="back_from_leave"),
    M("Olga", "Demostad", "BUA", "training", left=430, special="lacks_grade"),
    M("Lul", "Prøvegård", "BUA", "training", left=395),
    M("Genet", "Skissemo", "BUA", "training", left=350, exam="failed", special="consent_withdrawn"),
    M("Asha", "Testfjell", "BUA", "training", left=262, exam="taken"),
    M("Wafa", "Utkastsen", "BUA", "training", 60, left=150, place="Demovang skole og SFO", special="from_elsewhere"),
    M("Iryna", "Mønsterdal", "BUA", "training", left=120, exam="failed", special="extended"),
    M("Sahra", "Prøvedal", "BUA", "trade_test", 21, left=38, place="Testlia skole", fadder="Mona Demostad", exam="passed"),
    M("Nura", "Testbakk", "BUA", "trade_test", 9, left=60, exam="taken"),
    M("Meron", "Demofoss", "BUA", "trade_test", 8, left=45, exam="passed", special="second_attempt"),
    M("Bahar", "Eksempelnes", "BUA", "on_leave", 60, left=420, special="leave_open"),
    M("Vera", "Prøvemo", "BUA", "training", left=400, protection="strengt_fortrolig"),
]  # fmt: skip
HEA = [
    M("Oksana", "Demolid", "HEA", "referred", 13),
    M("Rojin", "Eksempelmo", "HEA", "interviewed", 10, voices=("coordinator",)),
    M("Daria", "Testgård", "HEA", "interviewed", 5, voices=(), special="corrected"),
    M("Shirin", "Prøvenes", "HEA", "waitlisted", 70, queue=1, special="lacks_birth_date"),
    M("Tsega", "Demoås", "HEA", "admitted", 9),
    M("Olena", "Eksempelvik", "HEA", "onboarding", 20, start_in=14, place="Prøveli sykehjem", police_seen=False),
    M("Kidist", "Testlid", "HEA", "placed", 12),
    M("Viktoria", "Prøvelund", "HEA", "placed", 40, enclosures=4, special="county_returned"),
    M("Amal", "Eksempeldal", "HEA", "contract_applied", 75),
    M("Berhane", "Demosund", "HEA", "contract_applied", 25, place="Eksempelgården bosenter"),
    M("Zahra", "Testlund", "HEA", "training", left=128, place="Prøveli sykehjem", fadder="Jan Eksempel", exam="registered"),
    M("Irina", "Demoberg", "HEA", "training", left=219, place="Demotunet omsorgssenter", fadder="Arne Testvik", exam="failed"),
    M("Lidia", "Demohaug", "HEA", "training", left=97, place="Prøveli sykehjem", fadder="Jan Eksempel", exam="passed",
      recommended=True),
    M("Parwin", "Øvdal", "HEA", "training", left=330, protection="fortrolig"),
    M("Hanna", "Prøvevik", "HEA", "training", left=510, special="consent_refused"),
    M("Mehret", "Testvang", "HEA", "training", left=600, special="unmet_criterion"),
    M("Nasrin", "Skissedal", "HEA", "training", left=380, special="fagbrev_before"),
    M("Svitlana", "Mønsterberg", "HEA", "trade_test", 14, left=55, exam="passed"),
    M("Maryam", "Demosen", "HEA", "on_leave", 3, left=300, special="leave_long"),
]  # fmt: skip
ROF = [
    M("Yusuf", "Demorud", "ROF", "referred", 6),
    M("Hassan", "Prøveås", "ROF", "waitlisted", 20, queue=1),
    M("Aster", "Testlie", "ROF", "onboarding", 60, special="placement_failed"),
    M("Suad", "Eksempelhus", "ROF", "placed", 10, enclosures=2, special="lacks_reach"),
    M("Tigist", "Øvdal", "ROF", "training", left=97, place="Testlia skole", fadder="Silje Testrud", special="fadder_left"),
    M("Layla", "Øvelsen", "ROF", "training", left=69, place="Renhold øst", fadder="Geir Demo", exam="passed", recommended=True),
    M("Mariam", "Øvdal", "ROF", "training", left=219, place="Rådhuset, renhold", fadder="Bjørg Demonæs"),
    M("Dawit", "Prøvestrand", "ROF", "training", left=450, place="Prøveli sykehjem", special="changed_workplace"),
    M("Ibrahim", "Testsund", "ROF", "training", left=540, special="employed_before"),
    M("Nahid", "Utkast", "ROF", "training", left=240, place="Renhold øst", special="imported"),
    M("Fikirte", "Demovang", "ROF", "trade_test", 12, left=75, exam="passed"),
    M("Natalia", "Testberg", "ROF", "trade_test", 25, left=32, exam="passed"),
    M("Ali", "Skissestad", "ROF", "on_leave", 150, left=500, special="leave_ends"),
]
ENDED = [
    M("Hodan", "Demovik", "BUA", "completed", 181, exam="passed", work=("temporary",)),
    M("Rima", "Testtun", "HEA", "completed", 35, exam="passed", special="loan_out"),
    M("Alem", "Prøvestu", "BUA", "completed", 400, exam="passed", work=("seeking", "temporary", "permanent")),
    M("Sofia", "Demokroken", "ROF", "completed", 110, exam="credited", work=("permanent",)),
    M("Luwam", "Mønsterhaug", "HEA", "declined", 25, ended_from="interviewed", end_code="criteria", voices=("coordinator",),
      reason="Mangler dokumentert arbeidserfaring. Kan søke igjen når hun har det."),
    M("Kamal", "Testvoll", "ROF", "declined", 60, ended_from="referred", end_code="no_contact",
      reason="Vi har ringt og sendt brev tre ganger uten svar."),
    M("Zohra", "Demoeng", "BUA", "withdrawn", 33, ended_from="admitted", end_code="job", reason="Fikk fast jobb i en butikk."),
    M("Bilan", "Prøvesjø", "HEA", "withdrawn", 90, ended_from="onboarding", end_code="moved", reason="Flytter til en annen kommune."),
    M("Rahel", "Øvstad", "ROF", "terminated", 12, left=600, ended_from="training", end_code="changed_trade",
      reason="Vil heller arbeide med barn.", special="changed_trade"),
    M("Farah", "Testås", "BUA", "terminated", 150, left=200, ended_from="training", end_code="participation",
      reason="Deltok under 80 prosent over lang tid. Vi har hatt tre samtaler."),
    M("Jamila", "Eksempelbø", "HEA", "terminated", 20, left=430, ended_from="training", end_code="health",
      reason="Kan ikke fullføre nå, men er velkommen tilbake."),
]  # fmt: skip
# The years before, so that reports have something to tell: those who took their fagbrev, one every 15 days, trade by turns ...
FINISHED_NAMES = [
    "Hiwot Demobru", "Samar Testeng", "Nadifa Prøvehol", "Tetiana Skisseli", "Shukri Eksempelås", "Mebrat Demotun",
    "Inna Testhagen", "Leyla Prøvefjord", "Hamdi Demobakken", "Arsema Testerud", "Roya Mønsterli", "Oleksandra Eksempelstø",
    "Ubah Prøveberg", "Feven Demohol", "Dilan Testfoss", "Marwa Skissevik", "Ifrah Mønsternes", "Alina Prøvehei",
    "Selam Demodokk", "Zeynab Testholt", "Yulia Eksempelsjø", "Ikram Prøvevold", "Tsion Mønstervåg", "Rasha Demohamn",
    "Nawal Testøy", "Larysa Skissetun", "Edna Prøvestø", "Mona Eksempelvåg",
]  # fmt: skip
TURNS = ("BUA", "HEA", "BUA", "ROF", "HEA", "BUA", "ROF")
WORKED = [("permanent",) * 3, ("temporary", "temporary", "permanent")]
# ... and those who did not: how it ended, from which status, why, in whose words, and who.
LEFT_EARLIER = [
    ("declined", "referred", "no_contact", "Vi fikk ikke kontakt.",
     ["Sabrin Demolia", "Rana Testvåg", "Bisrat Prøvebru", "Galyna Skissehus", "Warda Demofjell", "Amira Mønstermo"]),
    ("declined", "interviewed", "criteria", "Har for lite erfaring ennå. Kan søke igjen.",
     ["Eden Testkleiv", "Hana Prøvehavn", "Liya Demostrøm", "Sagal Eksempeltun", "Lesia Mønsterå", "Farida Testlyng"]),
    ("withdrawn", "admitted", "job", "Fikk jobb i en butikk.",
     ["Salma Demokvist", "Winta Prøveskog", "Nina Skissefjord", "Idil Testmyr", "Shila Mønsterheim", "Rozh Eksempelnøtt"]),
    ("terminated", "training", "participation", "Deltok under 80 prosent over lang tid.",
     ["Hala Demolyng", "Semhar Testhei", "Deqa Prøvekroken", "Myroslava Skissenes", "Parisa Demotoppen", "Sozan Mønsterlia"]),
]  # fmt: skip


def _finished(number: int, name: str) -> Member:
    first, last = name.split()
    ago = 47 + 15 * number
    asked = sum(ago > days for days in (95, 187, 370))
    return M(
        first, last, TURNS[number % 7], "completed", ago, exam="passed", work=WORKED[number % 2][:asked],
        special="second_exam" if number % 5 == 3 else "",
    )  # fmt: skip


def _left() -> Iterator[Member]:
    for place, (status, before, code, reason, names) in enumerate(LEFT_EARLIER):
        for number, name in enumerate(names):
            first, last = name.split()
            ago = 120 + 150 * number + 30 * place
            left = 500 - ago if before == "training" else None  # of a contract that had begun 230 days before
            yield M(first, last, TURNS[(number + place) % 7], status, ago, left, ended_from=before, end_code=code, reason=reason)


EARLIER = [*(_finished(number, name) for number, name in enumerate(FINISHED_NAMES)), *_left()]
# An ordinary apprentice in the Norwegian class: in the cohort, without an enrolment.
APPRENTICE = ("Lærling", "Demomann")
CAST = [*UNDECIDED, *BUA, *HEA, *ROF, *ENDED, *EARLIER]
