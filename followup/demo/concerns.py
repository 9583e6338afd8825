"""The demo's concerns, new, seen and answered, and the koordinators' own notes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from fagbrev.people.models import User
from fagbrev.people.roles import DELTAKER, FADDER, FAGLAERER, LEDER
from fagbrev.sealed import Sealed
from followup.models import Concern, GuidanceNote
from participants.demo_scene import Staff
from participants.models import Enrolment
from participants.workflow import WITH_PLACEMENT

# Who, then words, state, answer, words for a meeting, days ago. Selma's.
OWN: list[tuple[str, str, str, str, str, int]] = [
    (LEDER, "Vi får ny vaktplan fra januar. Da er Selma på jobb den dagen hun har undervisning. Kan vi snakke om det?", "new", "", "", 2),
    (FADDER, "Selma spør om hun kan få være med på foreldresamtaler. Er det greit?", "answered",
     "Ja, hvis foreldrene sier ja. Ta henne med på én først, og snakk sammen etterpå.", "Deltakelse i foreldresamtaler", 20),
    (DELTAKER, "Bussen min er endret. Jeg kommer ti minutter for seint på mandager.", "answered",
     "Takk for at du sier fra. Jeg har avtalt med leder at du begynner litt senere på mandager.", "", 33),
]  # fmt: skip
OTHERS: list[tuple[str, str, str, str, int]] = [
    ("Har vært borte tre ganger uten å si fra. Jeg er litt bekymret.", "new", "", "", 1),
    ("Virker sliten etter at hun begynte med ekstravakter.", "seen", "", "", 5),
    ("Trenger mer tid med fadder. Avdelingen har hatt mange vikarer.", "answered",
     "Jeg har snakket med leder. Fadder får fast tid på torsdager.", "Tid til veiledning på avdelingen", 16),
    ("Er usikker på om hun vil fullføre.", "closed", "Vi har hatt en samtale, og hun fortsetter.", "", 48),
]  # fmt: skip
NOTES = [
    "Samtale om økonomi. Avtalt time hos gjeldsrådgiver. Vi ser på det igjen om en måned.",
    "Vil ikke ha hjelp nå, men vet hvor hun kan ringe. Jeg tar kontakt etter ferien.",
    "Snakket om balansen mellom jobb, skole og barn. Bestemor kan hente på onsdager.",
]


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    rows = (
        Enrolment.objects.filter(status__in=WITH_PLACEMENT, participant__address_protection="")
        .select_related("participant", "trade")
        .order_by("pk")
    )
    around = {LEDER: staff.leder, FADDER: staff.fadder, DELTAKER: staff.deltaker}
    others = 0
    for number, enrolment in enumerate(rows):
        if enrolment.participant.user_id == staff.deltaker.pk:
            for role, told, state, answer, meeting, ago in OWN:
                _tell(enrolment, around[role], role, staff, told, state, answer, meeting, ago)
            for step, words in enumerate(NOTES):
                _note(enrolment, staff.coordinator, words, today - timedelta(days=15 + 40 * step))
        elif number % 5 == 2 and others < len(OTHERS) * 2:
            teacher = staff.faglaerere.get(enrolment.trade.code if enrolment.trade else "", staff.norsklaerer)
            _tell(enrolment, teacher, FAGLAERER, staff, *OTHERS[others % len(OTHERS)])
            others += 1
        elif number % 7 == 3:
            author = staff.coordinator if number % 2 else staff.colleague
            _note(enrolment, author, NOTES[number % len(NOTES)], today - timedelta(days=10 + number))


def _tell(
    enrolment: Enrolment, by: User, role: str, staff: Staff, words: str, state: str, answer: str, meeting: str, ago: int
) -> None:
    when = timezone.now() - timedelta(days=ago)
    row = Concern.objects.create(
        enrolment=enrolment, raised_by=by, raised_as=role, words=words, state=state, answer=answer, for_meeting=meeting,
        answered_by=staff.coordinator if answer else None, answered_at=when + timedelta(days=2) if answer else None, created_by=by,
    )  # fmt: skip
    Concern.objects.filter(pk=row.pk).update(raised_at=when)


def _note(enrolment: Enrolment, author: User, words: str, day: date) -> None:
    sealed: dict[str, Any] = {"words": Sealed.of(words)}
    GuidanceNote.objects.create(enrolment=enrolment, author=author, happened_on=day, created_by=author, **sealed)
