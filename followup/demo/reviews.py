"""The demo's reviews and actions: last semester's signed and locked, this one's called, held or still to be called."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER
from followup.actions.reviews import keep_text
from followup.models import Action, ReviewConversation, ReviewPart, ReviewSignature
from followup.models.reviews import CALLED, HELD, LOCKED
from followup.review_rows import FOUR, fadder_name, semester_key
from participants.demo_scene import Staff, working_day
from participants.models import Placement
from participants.workflow import WITH_PLACEMENT

PARTS = {
    DELTAKER: ("Jeg liker barna og de andre på jobb. Jeg kan følge dagsplanen alene.", "Foreldre snakker fort. Da forstår jeg ikke alt.",
               "Jeg vil øve på å snakke med foreldre ved henting."),
    FADDER: ("Trygg med barna og tar initiativ. Alltid presis.", "Skriver lite i permen til barna.",
             "La henne lede en samlingsstund hver uke."),
    FAGLAERER: ("God framgang i målene om lek og omsorg.", "Målene om dokumentasjon er ikke begynt.",
                "Skrive en kort logg etter hvert tema."),
    COORDINATOR: ("Avtalen fungerer godt for alle.", "Reiseveien er lang om vinteren.", "Se på vaktene sammen med leder."),
}  # fmt: skip
SUMMARIES = [
    "Det går bra, og alle er fornøyde. Fram til jul jobber vi med språk i møte med foreldre, og med å skrive logg.",
    "Praksisen går fint. Vi vil ha mer øving på fagord, og en fast time med fadder hver uke.",
    "God trivsel og godt oppmøte. Målene om hygiene og smittevern skal dokumenteres før påske.",
]
# Words, whose, days until due (None: no date), days since it was done (None: open).
POINTS = [
    ("Lese høyt for barna to ganger i uka", DELTAKER, 12, None),
    ("Sette av en fast time til veiledning hver uke", FADDER, -4, None),
    ("Sende oversikt over målene som mangler", FAGLAERER, 5, None),
    ("Avklare vaktene i desember", LEDER, -9, None),
    ("Finne plass på kurs i norsk på kveldstid", COORDINATOR, 20, None),
    ("Lage ordliste til temaet smittevern", NORSKLAERER, 3, None),
    ("Skrive logg etter hvert tema", DELTAKER, -2, None),
    ("Vise rutinene for medisiner", FADDER, None, None),
    ("Bestille arbeidsklær", COORDINATOR, -30, 12),
    ("Øve på muntlig presentasjon", DELTAKER, -20, 6),
    ("Ta en prat med avdelingen om ekstra tid", LEDER, -15, 9),
]


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day."""
    rows = (
        Placement.objects.filter(
            is_main=True, ends_on__isnull=True, starts_on__lte=today - timedelta(days=20), enrolment__status__in=WITH_PLACEMENT
        )
        .exclude(enrolment__participant__address_protection="strengt_fortrolig")
        .select_related("enrolment__participant", "enrolment__trade")
        .order_by("pk")
    )
    now_key, old_day = semester_key(today), today - timedelta(days=170)
    old_key = semester_key(old_day)
    for number, placement in enumerate(rows):
        is_selma = placement.enrolment.participant.user_id == staff.deltaker.pk
        old = None
        if (is_selma or number % 3 == 0) and placement.starts_on and placement.starts_on < old_day and old_key != now_key:
            old = _signed(placement, staff, old_day, old_key, number, today)
        if is_selma:
            _called(placement, staff, working_day(today + timedelta(days=6)), now_key, ago=8, shared=(DELTAKER, FADDER))
        elif number % 4 == 1:
            _called(placement, staff, working_day(today + timedelta(days=3 + number % 9)), now_key, ago=10, shared=())
        elif number % 4 == 2:
            _signed(placement, staff, today - timedelta(days=25 + number), now_key, number, today)
        elif number % 8 == 4:
            _held(placement, staff, today - timedelta(days=9), now_key, number)
        _points(placement, staff, today, number, old)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10, 30)))


def _teacher(placement: Placement, staff: Staff) -> User:
    trade = placement.enrolment.trade
    return staff.faglaerere.get(trade.code if trade else "", staff.coordinator)


def _people(placement: Placement, staff: Staff) -> dict[str, User]:
    own = placement.enrolment.participant.user or staff.deltaker
    return {DELTAKER: own, FADDER: staff.fadder, FAGLAERER: _teacher(placement, staff), COORDINATOR: staff.coordinator}


def _new(
    placement: Placement, staff: Staff, day: date, key: str, state: str, ago: int, held_on: date | None = None
) -> ReviewConversation:  # fmt: skip
    row = ReviewConversation.objects.create(
        placement=placement, semester=key, state=state, held_on=held_on, meets_at=_at(day), meeting_place="Møterommet",
        called_by=staff.coordinator,
        created_by=staff.coordinator,
    )  # fmt: skip
    ReviewConversation.objects.filter(pk=row.pk).update(called_at=_at(day - timedelta(days=ago)))
    return row


def _part(review: ReviewConversation, role: str, by: User, shared_at: datetime | None) -> ReviewPart:
    well, hard, steps = PARTS[role]
    return ReviewPart(review=review, role=role, by=by, goes_well=well, is_hard=hard, next_steps=steps, shared_at=shared_at)


def _called(placement: Placement, staff: Staff, day: date, key: str, *, ago: int, shared: tuple[str, ...]) -> None:
    review, people = _new(placement, staff, day, key, CALLED, ago), _people(placement, staff)
    when = timezone.now() - timedelta(days=1)
    ReviewPart.objects.bulk_create(_part(review, role, people[role], when) for role in shared)
    if shared:
        _part(review, COORDINATOR, staff.coordinator, None).save()


def _held(placement: Placement, staff: Staff, day: date, key: str, number: int) -> ReviewConversation:
    review, people = _new(placement, staff, day, key, HELD, 14, day), _people(placement, staff)
    ReviewPart.objects.bulk_create(_part(review, role, people[role], _at(day - timedelta(days=2))) for role in FOUR)
    review.held_on, review.summary, review.version = day, SUMMARIES[number % len(SUMMARIES)], 2
    review.save()
    return review


def _signed(placement: Placement, staff: Staff, day: date, key: str, number: int, today: date) -> ReviewConversation:
    review, people = _held(placement, staff, day, key, number), _people(placement, staff)
    names = {
        DELTAKER: placement.enrolment.participant.full_name, FADDER: fadder_name(placement, today) or staff.fadder.name,
        FAGLAERER: people[FAGLAERER].name, COORDINATOR: staff.coordinator.name,
    }  # fmt: skip
    ReviewSignature.objects.bulk_create(
        ReviewSignature(
            review=review,
            role=role,
            signer_name=names[role],
            by=staff.coordinator,
            in_room=True,
            signed_at=_at(day),
            of_version=2,
        )
        for role in FOUR
    )
    for words, owner, due, done in POINTS[number % 3 : number % 3 + 2]:
        _action(placement, staff, words, owner, day + timedelta(days=30 + (due or 0)), day + timedelta(days=20) if done else None,
                day, review=review)  # fmt: skip
    review.state, review.locked_at, review.version = LOCKED, _at(day), 3
    review.save()
    keep_text(review, staff.coordinator)
    return review


def _action(
    placement: Placement, staff: Staff, words: str, owner: str, due: date | None, done: date | None, made: date,
    review: ReviewConversation | None = None,
) -> Action:  # fmt: skip
    return Action.objects.create(
        enrolment=placement.enrolment, placement=placement if owner in {FADDER, LEDER} else None, words=words, owner_role=owner,
        due_on=due, made_on=made, done_on=done, done_by=staff.coordinator if done else None, review=review,
        created_by=staff.coordinator,
    )  # fmt: skip


def _points(placement: Placement, staff: Staff, today: date, number: int, old: ReviewConversation | None) -> None:
    """Three or more open, late and done; Selma has one of every kind."""
    is_selma = placement.enrolment.participant.user_id == staff.deltaker.pk
    chosen = POINTS if is_selma else [POINTS[(number * 2 + step) % len(POINTS)] for step in (0, 3, 8)]
    if not is_selma and number % 2:
        chosen = chosen[:1]
    for words, owner, due, done in chosen:
        _action(
            placement, staff, words, owner, today + timedelta(days=due) if due is not None else None,
            today - timedelta(days=done) if done else None, today - timedelta(days=40),
        )  # fmt: skip
