"""The demo's assignments: in every state, in all three trades, and one of Selma's handed in with a photo."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from fagbrev.files import random_file_name
from fagbrev.rows import new_public_id
from followup.models.practice import DONE, GIVEN, HANDED_IN, WITHDRAWN, Assignment, AssignmentGoal, HandIn
from participants.demo_scene import Staff, working_day
from participants.models import Enrolment
from participants.workflow import WITH_PLACEMENT
from programmes.models import CompetenceGoal


@dataclass(frozen=True)
class Task:
    """A made-up assignment."""

    kind: str
    title: str
    words: str
    at_work: str
    minutes: int | None
    answer: str
    feedback: str


TASKS = {
    "BUA": (
        Task("practice", "Lag en ukemeny", "Lag en meny for fem dager. Ta med frokost og lunsj. Skriv hvorfor maten er sunn.",
             "Se på menyen sammen, og snakk om hva barna får i seg.", 30, "Jeg har laget en meny for hele uka.",
             "Fin meny. Du forklarer godt hvorfor grovt brød er bra."),
        Task("practice", "Plan for en turdag", "Planlegg en tur med barna. Skriv hva dere trenger, hvor dere går, og hva barna lærer.",
             "Gå gjennom planen, og la deltakeren lede turen.", 20, "Vi gikk til skogen. Her er planen.",
             "God plan. Du har tenkt på sikkerhet."),
        Task("theory", "Les om allergi", "Les kapitlet om mat og allergi. Svar på de tre spørsmålene.", "", None,
             "1. Nøtter og melk. 2. Vi leser på pakken. 3. Vi ringer 113.", "Riktig på alle tre."),
        Task("practice", "Les en bok med barna", "Velg en bok. Les for en liten gruppe. Skriv tre ord barna lærte.",
             "Finn en rolig stund og en gruppe på fire barn.", 15, "Vi leste om bjørnen. Barna lærte hule, snø og våken.",
             "Flott. Barna fikk være med og fortelle."),
    ),
    "HEA": (
        Task("practice", "Morgenstell steg for steg", "Skriv ned stegene i et godt morgenstell. Bruk egne ord.",
             "Gjør ett stell sammen, og snakk om det etterpå.", 30, "Jeg har skrevet åtte steg.", "Du tar godt vare på verdigheten."),
        Task("theory", "Håndhygiene", "Les rutinen på arbeidsstedet. Skriv når du vasker, og når du spriter.", "", None,
             "Jeg vasker når hendene er skitne. Ellers spriter jeg.", "Helt riktig."),
        Task("practice", "Måltid som aktivitet", "Lag et hyggelig måltid for en liten gruppe. Skriv hva du gjorde.",
             "La deltakeren dekke bordet og lede måltidet.", 20, "Vi hadde vafler og sang.", "Fint at alle fikk bidra."),
    ),
    "ROF": (
        Task("practice", "Velg riktig middel", "Ta tre flater. Skriv hvilket middel du bruker, og hvorfor.",
             "Vis hvor databladene ligger.", 20, "Gulvet, bordet og speilet. Jeg leste på flaska.", "Godt begrunnet."),
        Task("theory", "Ergonomi i hverdagen", "Se filmen. Skriv tre ting du gjør for å spare ryggen.", "", None,
             "Langt skaft, rett rygg og bytte hånd.", "Bra. Husk pauser også."),
        Task("practice", "Renholdsplan for et rom", "Lag en plan for ett rom. Hva gjøres hver dag, og hva gjøres hver uke?",
             "Se på planen sammen, og gjør den i to dager.", 30, "Her er planen for garderoben.", "Ryddig og lett å følge."),
    ),
}  # fmt: skip
# State, days since it was given, days until it is due: for the first participant, the second, and so on.
STATES = (
    ((GIVEN, 6, 10), (HANDED_IN, 14, 1), (DONE, 40, -20), (DONE, 75, -55)),
    ((GIVEN, 9, 4), (DONE, 30, -12), (HANDED_IN, 20, -4), (DONE, 90, -70)),
    ((HANDED_IN, 12, 3), (GIVEN, 5, 12), (DONE, 35, -15), (WITHDRAWN, 60, -40)),
    ((GIVEN, 24, -3), (DONE, 50, -30), (GIVEN, 4, 17), (DONE, 80, -60)),
)


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    enrolments = (
        Enrolment.objects.filter(status__in=WITH_PLACEMENT, trade__code__in=TASKS)
        .select_related("trade", "participant")
        .order_by("trade__order", "pk")
    )
    goals: dict[int, list[int]] = {}
    for goal in CompetenceGoal.objects.select_related("goal_set").order_by("goal_set__order", "order", "pk"):
        goals.setdefault(goal.goal_set.curriculum_id, []).append(goal.pk)
    batches: dict[tuple[str, str], str] = {}
    rows: list[Assignment] = []
    answers: list[HandIn] = []
    tied: list[AssignmentGoal] = []
    for number, enrolment in enumerate(enrolments):
        code = enrolment.trade.code if enrolment.trade else ""
        is_selma = enrolment.participant.full_name == "Selma Testesen"
        teacher = staff.faglaerere[code]
        for place, (task, (state, ago, ahead)) in enumerate(
            zip(TASKS[code], STATES[0 if is_selma else number % 4], strict=False)
        ):
            given = working_day(today - timedelta(days=ago))
            due = working_day(today + timedelta(days=ahead))
            row = Assignment(
                enrolment=enrolment, batch=batches.setdefault((code, task.title), new_public_id()), kind=task.kind, title=task.title,
                words=task.words, at_work=task.at_work, minutes_with_fadder=task.minutes, given_on=min(given, today), due_on=due,
                state=state, created_by=teacher, done_on=min(due, today) if state == DONE else None,
                feedback=task.feedback if state == DONE else "", feedback_by=teacher if state == DONE else None,
            )  # fmt: skip
            rows.append(row)
            own = goals.get(enrolment.curriculum_id or 0, [])
            for order in range(min(1 + place % 2, len(own))):
                tied.append(AssignmentGoal(assignment=row, goal_id=own[(number + 3 * place + order) % len(own)], place=order + 1))
            if state in {HANDED_IN, DONE}:
                answers.append(HandIn(assignment=row, by=enrolment.participant.user or staff.deltaker, words=task.answer))
    Assignment.objects.bulk_create(rows)
    AssignmentGoal.objects.bulk_create(tied)
    for answer in answers:
        if answer.assignment.state == HANDED_IN and answer.assignment.enrolment.participant.full_name == "Selma Testesen":
            _add_photo(answer)
    HandIn.objects.bulk_create(answers)
    for number, answer in enumerate(answers):
        task_row = answer.assignment
        day = task_row.done_on - timedelta(days=2) if task_row.done_on else today - timedelta(days=1 + number % 5)
        answer.at = timezone.make_aware(datetime.combine(max(day, task_row.given_on), time(14, 10 + number % 40)))
    HandIn.objects.bulk_update(answers, ["at"])


def _add_photo(answer: HandIn) -> None:
    """Adds a small drawn picture of a plan on paper."""
    picture = Image.new("RGB", (480, 320), "#f4efe2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 30, 440, 290), fill="#ffffff", outline="#0e5a63", width=4)
    for line in range(6):
        draw.line((70, 75 + 34 * line, 380 - 25 * (line % 3), 75 + 34 * line), fill="#625d52", width=5)
    made = io.BytesIO()
    picture.save(made, "PNG")
    answer.file_name, answer.content_type, answer.size = "turplan.png", "image/png", len(made.getvalue())
    answer.file.save(random_file_name(), ContentFile(made.getvalue()), save=False)
