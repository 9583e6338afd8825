"""The caseload: who came, who waits, who takes part and in which phase, who left and why, and the way from referral to fagbrev."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Case, CharField, Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from fagbrev.figures import UNDECIDED, Counted, Cut
from participants.figures.counting import of_people, summed
from participants.figures.cuts import enrolments
from participants.figures.exams import has_passed_written
from participants.figures.standing import NOW, participants_on, steps_by, steps_within, who_took, with_status
from participants.models import Enrolment
from participants.workflow import END_CODES, STATUS_NAMES

REFERRED_ON = Coalesce("referral__referred_on", "started_on")
# Each holds the next one: whoever has been in a phase has been past those before it.
HAS_CONTRACT = ["training", "trade_test", "completed"]
HAS_BEGUN = ["placed", "contract_applied", "on_leave", "terminated", *HAS_CONTRACT]
HAS_ENTERED = ["admitted", "onboarding", *HAS_BEGUN]
HAS_MET = ["interviewed", "waitlisted", *HAS_ENTERED]
FARTHEST = (["completed"], HAS_CONTRACT, HAS_BEGUN, HAS_ENTERED, HAS_MET)
STEPS = ("referred", "interviewed", "admitted", "placed", "contract", "exam", "fagbrev")
BROKEN_OFF = ["withdrawn", "terminated"]
REASONS = list(dict([*END_CODES["withdrawn"], *END_CODES["terminated"]]).items())
REASONS = [(code, label) for code, label in REASONS if code != "other"] + [("other", "annet"), ("unknown", "ikke registrert")]
UNDATED = "Steg uten dato er ikke med."
NO_REFERRAL = "Der henvisningen mangler, teller dagen løpet begynte. Mangler den også, er løpet ikke med blant de henviste."


def _referred(cut: Cut) -> Q:
    return Q(referred_on__range=(cut.first, cut.last))


def first_referred_on() -> date | None:
    """Gives the day the first of those in any figure was referred, as the figures take it: where no referral is kept, the day the way
    began. None before anybody has come. One query."""
    rows = enrolments(Cut(date.min, date.max)).annotate(referred_on=REFERRED_ON)
    found: date | None = rows.aggregate(first=Min("referred_on"))["first"]
    return found


def _with_referral(cut: Cut) -> QuerySet[Enrolment]:
    return enrolments(cut).annotate(referred_on=REFERRED_ON)


def _came(cut: Cut) -> Mapping[str, Q]:
    return {
        "referred": _referred(cut) & Q(continues__isnull=True),
        "admitted": Q(pk__in=who_took(["admitted"], cut.first, cut.last)),
        "declined": Q(pk__in=who_took(["declined"], cut.first, cut.last)),
    }


def _waiting(cut: Cut) -> QuerySet[Enrolment]:
    return with_status(enrolments(cut), cut.last).filter(status_then="waitlisted")


def _participants(cut: Cut) -> QuerySet[Enrolment]:
    return participants_on(enrolments(cut), cut.last)


def _left(cut: Cut) -> QuerySet[Enrolment]:
    """Those who left in the period, with how as `ended_as` and the reason as `ended_why`; each way ends once."""
    rows = enrolments(cut).filter(changes__in=steps_within(BROKEN_OFF, cut.first, cut.last).values("pk"))
    known = [code for code, _label in REASONS]
    why = Case(When(end_code__in=known, then=F("end_code")), default=Value("unknown"), output_field=CharField())
    return rows.annotate(ended_as=F("changes__to_status"), ended_why=why)


def _completed(cut: Cut) -> QuerySet[Enrolment]:
    return enrolments(cut).filter(pk__in=who_took(["completed"], cut.first, cut.last))


def _completed_by(cut: Cut) -> QuerySet[Enrolment]:
    return with_status(enrolments(cut), cut.last).filter(status_then="completed")


def _travellers(cut: Cut) -> QuerySet[Enrolment]:
    """Those referred in the period; one who changed trade is counted where they are now."""
    goes_on = Enrolment.objects.filter(continues=OuterRef("pk"))
    return _with_referral(cut).filter(_referred(cut), ~Exists(goes_on))


def _count_funnel(cut: Cut) -> Counted:
    """How far each has come is asked for once, and not once a step: one query, and the steps are added up from it."""
    depth = Case(
        *[When(to_status__in=statuses, then=Value(at)) for at, statuses in enumerate(FARTHEST)], output_field=IntegerField()
    )
    farthest = (
        steps_by(cut.last).filter(enrolment=OuterRef("pk")).values("enrolment").annotate(nearest=Min(depth)).values("nearest")
    )
    rows = _travellers(cut).annotate(nearest=Subquery(farthest), exam=has_passed_written(cut.last)).order_by()
    found: dict[str, dict[str, int]] = {}
    for code, nearest, exam, number in rows.values_list("trade__code", "nearest", "exam").annotate(number=Count("pk")):
        row = found.setdefault(code or UNDECIDED, {})
        steps = [False] * len(FARTHEST) if nearest is None else [at >= nearest for at in range(len(FARTHEST))]
        fagbrev, contract, *before = steps
        for key, is_there in zip(
            STEPS, [True, *reversed(before), contract, (contract and exam) or fagbrev, fagbrev], strict=True
        ):
            row[key] = row.get(key, 0) + (number if is_there else 0)
    return summed(found)


def _reached(cut: Cut) -> Mapping[str, Q]:
    def been_in(statuses: list[str]) -> Q:
        return Q(pk__in=steps_by(cut.last).filter(to_status__in=statuses).values("enrolment"))

    fagbrev = been_in(["completed"])
    return {
        "referred": Q(),
        "interviewed": been_in(HAS_MET),
        "admitted": been_in(HAS_ENTERED),
        "placed": been_in(HAS_BEGUN),
        "contract": been_in(HAS_CONTRACT),
        "exam": (been_in(HAS_CONTRACT) & has_passed_written(cut.last)) | fagbrev,
        "fagbrev": fagbrev,
    }


FIGURES = (
    of_people(
        key="now", name="Deltakere nå", chapter="caseload", rows=_participants, by="status_then", whole_cell="all",
        cells=[("all", "Deltakere nå"), *[(status, STATUS_NAMES[status]) for status in NOW]], is_at_moment=True,
        definition="Alle som var tatt opp og ikke hadde sluttet den siste dagen i perioden, fordelt på fasen de var i. De som hadde "
        "permisjon, er med. Et steg som mangler dato, regnes fra dagen det ble registrert. Den som har to løp, telles i begge.",
    ),
    of_people(
        key="came", name="Henvist, tatt opp og avslått", chapter="caseload", rows=_with_referral, where=_came,
        cells=[("referred", "Henvist"), ("admitted", "Tatt opp"), ("declined", "Avslått")],
        definition="Hvor mange som ble henvist, tatt opp og avslått i perioden. Den som bytter fag, er ikke henvist på nytt, men telles "
        f"som tatt opp i det nye faget. {NO_REFERRAL} {UNDATED}",
    ),
    of_people(
        key="waiting", name="På venteliste", chapter="caseload", rows=_waiting, where=lambda cut: {"waiting": Q()},
        cells=[("waiting", "På venteliste")], is_at_moment=True,
        definition="Hvor mange som sto på venteliste den siste dagen i perioden.",
    ),
    of_people(
        key="left", name="Sluttet før tiden", chapter="caseload", rows=_left, by="ended_as", whole_cell="all",
        cells=[
            ("all", "Sluttet før tiden"), ("withdrawn", "Trakk seg før praksis"),
            ("terminated", "Avbrøt etter at praksisen var begynt"),
        ],
        definition="Hvor mange som sluttet uten fagbrev i perioden: de som trakk seg før praksisen var begynt, og de som avbrøt etterpå. "
        f"De som bytter fag, er med. De som fikk avslag, er ikke med. {UNDATED}",
    ),
    of_people(
        key="left_why", name="Hvorfor noen sluttet før tiden", chapter="caseload", rows=_left, by="ended_why", cells=REASONS,
        definition=f"Grunnen koordinator har registrert for dem som sluttet uten fagbrev i perioden. {UNDATED}",
    ),
    of_people(
        key="completed", name="Nye fagbrev", chapter="caseload", rows=_completed, where=lambda cut: {"completed": Q()},
        cells=[("completed", "Nye fagbrev")],
        definition=f"Hvor mange som fullførte løpet med fagbrev i perioden. {UNDATED}",
    ),
    of_people(
        key="completed_in_all", name="Fagbrev i alt", chapter="caseload", rows=_completed_by, where=lambda cut: {"completed": Q()},
        cells=[("completed", "Fagbrev i alt")], is_at_moment=True,
        definition="Hvor mange som hadde fullført med fagbrev til og med den siste dagen i perioden, uansett når. Fagbrev som mangler "
        "dato, er med fra dagen de ble registrert.",
    ),
    of_people(
        key="funnel", name="Fra henvisning til fagbrev", chapter="caseload", rows=_travellers, where=_reached,
        counted=_count_funnel,
        cells=[
            ("referred", "Henvist"), ("interviewed", "Intervjuet"), ("admitted", "Tatt opp"), ("placed", "Ute på arbeidssted"),
            ("contract", "Kontrakt med fylket"), ("exam", "Skriftlig eksamen bestått"), ("fagbrev", "Fagbrev"),
        ],
        definition="Av alle som ble henvist i tidsrommet: hvor mange som hadde kommet til hvert steg eller lenger den siste dagen. Den "
        "som senere sluttet, er med så langt hen kom. Skriftlig eksamen telles for dem som har kontrakt, og godskrevet eksamen "
        f"teller som bestått. Den som har byttet fag, telles bare i det nye faget. {NO_REFERRAL}",
    ),
)  # fmt: skip
