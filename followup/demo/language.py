"""The demo's language: levels every second month for everyone at a workplace, rising towards the trade's goal."""

from datetime import date

from followup.models import LanguageLevel
from participants.demo_scene import Staff, working_day
from participants.exam_windows import LEVEL_ORDER, goal_of, level_rank
from participants.models import Enrolment
from participants.models.exams import PARTS
from participants.workflow import WITH_PLACEMENT

MONTHS_BACK = (10, 8, 6, 4, 2, 0)
HEAD_START = {"oral": 3, "listening": 2, "reading": 1, "writing": 0}
WORDS = {
    "oral": "Beskjeder til kolleger og å spørre når noe er uklart.",
    "writing": "Korte beskjeder med riktig setning.",
    "reading": "Rutiner og informasjon på arbeidsplassen.",
    "listening": "Samtaler der flere snakker.",
}


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    rows = Enrolment.objects.filter(status__in=WITH_PLACEMENT, ended_on__isnull=True, trade__isnull=False)
    made: dict[tuple[int, str, date], LanguageLevel] = {}
    for number, enrolment in enumerate(rows.select_related("trade").order_by("pk")):
        begun = enrolment.started_on or today
        for place, back in enumerate(MONTHS_BACK):
            day = working_day(date.fromordinal(today.toordinal() - back * 30 - 5 - number % 7))
            if day <= begun:
                continue
            for part, _name in PARTS:
                goal = level_rank(goal_of(part, enrolment.trade))
                rank = min(goal, 1 + (number % 4 + place + HEAD_START[part]) // 4)
                words = WORDS[part] if back == 0 else ""
                made[enrolment.participant_id, part, day] = LanguageLevel(
                    participant_id=enrolment.participant_id, part=part, level=LEVEL_ORDER[rank],
                    observed_on=day, words=words, by=staff.norsklaerer, created_by=staff.norsklaerer,
                )  # fmt: skip
    LanguageLevel.objects.bulk_create(made.values(), 500)
