"""What carries a made-up participant: exams, Norwegian, income, funding, loans, measures, notes and papers."""

from __future__ import annotations

from datetime import date, timedelta

from fagbrev.files import Accepted
from participants.demo_scene import Scene
from participants.demo_way import Way
from participants.documents import store
from participants.models import (
    Accommodation,
    ContactNote,
    Document,
    FundingPeriod,
    IncomePeriod,
    Loan,
    NorwegianTest,
    WrittenExam,
)
from participants.workflow import MAIN_LINE
from programmes.models import ExamWindow

INCOMES = {
    "introduction": ("introduksjonsstonad", "introduction"),
    "jobbsjansen": ("jobbsjansen", "jobbsjansen"),
    "single_provider": ("overgangsstonad", ""),
    "job_seeker": ("dagpenger", ""),
    "unskilled_employee": ("wages", ""),
}
LEVELS = ["a1", "a2", "a2", "b1", "a2", "b1", "b2"]
MEASURES = [
    ("more_time", "En time mer på skriftlig eksamen."),
    ("read_aloud", "Oppgavene leses høyt."),
    ("computer", "PC med ordbok."),
    ("hours", "Begynner klokka ni på tirsdager."),
    ("work_tasks", "Ikke tunge løft."),
]
NOTES = [
    ("nav", "Trond Testnav", "Avtalt at stønaden løper til kontrakten begynner."),
    ("county", "Oddvar Demofylke", "Spurte om når svaret kommer. De svarer innen to uker."),
    ("workplace", "", "Ringte om vaktplanen. Alt i orden."),
    ("participant", "", "Samtale om reisevei. Ny buss fra januar."),
]


def carry(way: Way) -> None:
    """Adds what fits how far the participant has come; a fixed choice by the participant's number."""
    reached = MAIN_LINE.index(way.line[-1]) if way.line[-1] in MAIN_LINE else 1
    if reached >= MAIN_LINE.index("admitted"):
        add_norwegian(way)
        add_income(way)
    if reached >= MAIN_LINE.index("onboarding"):
        add_loans(way)
        if way.number % 8 == 3:
            measure, words = MEASURES[way.number // 8 % len(MEASURES)]
            way.scene.put(Accommodation(enrolment=way.enrolment, measure=measure, words=words, starts_on=way.on("onboarding")))
    if way.member.status in {"training", "on_leave"}:
        add_exam(way)
        if way.member.recommended:
            way.recommend(way.scene.day(11))
    if reached >= 1 and way.number % 4 == 2:
        party, who, what = NOTES[way.number // 4 % len(NOTES)]
        day = way.on("interviewed", 9)
        way.scene.put(ContactNote(enrolment=way.enrolment, happened_on=day, contact_with=party, who=who, what=what))


def add_exam(way: Way) -> None:
    """The written exam in the state the member says, with days that fit."""
    state, scene = way.member.exam, way.scene
    if not state or way.trade is None:
        return
    row = WrittenExam(participant=way.enrolment.participant, exam_code=way.trade.written_exam_code, state=state)
    known = way.on("trade_test", -45) if way.member.reached in {"trade_test", "completed"} else scene.day(40)
    if state in {"passed", "failed"}:
        row.exam_on = exam_day_before(known)
        row.result_on = row.exam_on + timedelta(days=32)
        row.registered_on = row.fee_paid_on = row.exam_on - timedelta(days=75)
        row.grade = 1 if state == "failed" else 2 + way.number % 4
    elif state == "credited":
        row.result_on, row.source = known, "Eksamen fra 2019, godskrevet av fylkeskommunen"
    elif state == "taken":
        row.window, row.exam_on, row.registered_on, row.fee_paid_on = (
            _last_closed(scene),
            scene.day(13),
            scene.day(70),
            scene.day(70),
        )
    elif state == "registered":
        row.window, row.exam_on, row.registered_on = _last_closed(scene), scene.ahead(12), scene.day(60)
    elif state == "planned":
        row.window = next((window for window in scene.windows if window.closes_on >= scene.today), None)
        row.said_registered_on = scene.day(2) if row.window and row.window.opens_on <= scene.today else None
    scene.put(row)


def _last_closed(scene: Scene) -> ExamWindow | None:
    """The window that closed last: the one in which those who wait for exam or result registered."""
    return max(
        (window for window in scene.windows if window.closes_on < scene.today), key=lambda each: each.closes_on, default=None
    )


def exam_day_before(day: date) -> date:
    """Gives the last of the year's two exam days, in May and November, whose result has come by the day."""
    days = [date(year, month, number) for year in (day.year - 1, day.year) for month, number in ((5, 22), (11, 20))]
    return max(each for each in days if each + timedelta(days=32) <= day)


def add_norwegian(way: Way) -> None:
    """A level known at the start, and parts taken on the way: later ones are better."""
    person, number, scene = way.enrolment.participant, way.number, way.scene
    for part in ("reading", "listening", "writing", "oral")[: 2 + number % 3]:
        row = NorwegianTest(participant=person, part=part, state="known", level=LEVELS[(number + len(part)) % 3])
        row.taken_on, row.source = way.on("referred"), "Kartlegging ved voksenopplæringen"
        scene.put(row)
    if way.ages.get("training", 0) > 200:
        for place, part in enumerate(("oral", "listening", "writing", "reading")[: 1 + number % 4]):
            row = NorwegianTest(participant=person, part=part, level=LEVELS[3 + (number + place) % 4])
            row.taken_on = scene.day(90 + number % 60 + (way.member.ago if way.member.status == "completed" else 0))
            scene.put(row, by=scene.staff.norsklaerer)
    elif "training" in way.ages and number % 2:
        scene.put(NorwegianTest(participant=person, part="oral", state="registered", registered_on=scene.day(6)))


def add_income(way: Way) -> None:
    """Income before and after the contract, and who pays."""
    start, scene = way.on("admitted"), way.scene
    kind, programme = INCOMES[way.enrolment.referral.candidate_kind]
    income = IncomePeriod(enrolment=way.enrolment, kind=kind, programme=programme, starts_on=start)
    funding = FundingPeriod(enrolment=way.enrolment, source="imdi" if programme else "municipality", starts_on=start)
    if way.contract and "training" in way.line:
        first = way.on("training")
        if kind != "wages":
            income.ends_on = first - timedelta(days=1) if way.number % 3 else scene.today + timedelta(days=40)
            scene.put(IncomePeriod(enrolment=way.enrolment, kind="wages", starts_on=first))
        grant = FundingPeriod(enrolment=way.enrolment, source="apprentice_grant", starts_on=first, ends_on=way.contract[1])
        scene.put(grant)
        if way.member.trade == "HEA":
            project = FundingPeriod(enrolment=way.enrolment, source="county_project", starts_on=first)
            project.ends_on = max(first, date(2026, 12, 31))
            scene.put(project)
    scene.put(income)
    scene.put(funding)


def add_loans(way: Way) -> None:
    """An iPad for some, work clothes or a book for others; what is lent comes back when the enrolment ends."""
    number, lent = way.number, way.on("onboarding")
    row = Loan(participant=way.enrolment.participant, lent_on=lent, state="lent")
    if number % 3 == 0:
        row.kind, row.label = "book", "Fagboka"
    elif number % 3 == 1:
        row.kind, row.label = "ipad", f"DEMO-{number:03d}"
    else:
        row.kind, row.label, row.size = "clothes", "Arbeidsklær", ("S", "M", "L")[number // 3 % 3]
    if not way.enrolment.is_open and way.member.special != "loan_out" and row.kind != "clothes":
        row.state, row.returned_on = "returned", max(lent, way.scene.day(way.member.ago + 5))
    way.scene.put(row)


def add_papers(way: Way, written: list[Document]) -> None:
    """Small PDFs: a CV, a reference and a letter. `written` takes each, so that the caller can take the files away again."""
    rows = [
        ("application_pack", "cv", "CV"),
        ("application_pack", "reference", "Attest fra tidligere arbeidsgiver"),
        ("training_contract", "county_letter", "Kontrakt fra fylkeskommunen"),
    ]
    for section, kind, title in rows:
        row = Document(participant=way.enrolment.participant, enrolment=way.enrolment, section=section, kind=kind, title=title)
        written.append(row)
        store(row, Accepted(f"{title}.pdf", "application/pdf", small_pdf(f"{title}: {way.member.name}", "Oppdiktet for demoen.")))
        way.scene.put(row)


def small_pdf(*lines: str) -> bytes:
    """Gives a PDF of one page with the lines."""
    shown = "".join(f"({_escaped(line)}) Tj 0 -24 Td " for line in lines)
    stream = f"BT /F1 14 Tf 72 760 Td {shown}ET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (nb) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
