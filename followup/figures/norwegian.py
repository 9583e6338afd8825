"""Norwegian: the level at the start and on the last day, tests passed, and who has reached the trade's goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from fagbrev.figures import Counted, Cut, Figure
from followup.models import LanguageLevel
from participants.exam_windows import LEVEL_KNOWN, LEVEL_ORDER, ORAL_PARTS, PART_CODES, level_rank
from participants.figures.counting import cells_of, of_people, shares, summed
from participants.figures.cuts import enrolments, once_a_trade
from participants.figures.standing import NOW, participants_on, who_took, with_status
from participants.models import Enrolment, NorwegianTest
from participants.models.exams import LEVELS

NOT_KNOWN = -1
PARTS_SHOWN = [("oral", "Muntlig"), ("listening", "Lytte"), ("reading", "Lese"), ("writing", "Skriftlig")]
LEVEL_CELLS = [(code, label[:1].upper() + label[1:]) for code, label in LEVELS] + [("unknown", "Ikke kjent")]
RANKS = {"unknown": NOT_KNOWN, **{level: place for place, level in enumerate(LEVEL_ORDER)}}
LEFT = ["completed", "withdrawn", "terminated"]


def _rank(column: str) -> Case:
    whens = [When(**{column: level}, then=Value(place)) for place, level in enumerate(LEVEL_ORDER)]
    return Case(*whens, default=Value(NOT_KNOWN), output_field=IntegerField())


def _first(rows: QuerySet[Any], column: str) -> Coalesce:
    return Coalesce(Subquery(rows.values(column)[:1]), Value(NOT_KNOWN), output_field=IntegerField())


def level_on(part: str, day: date) -> Any:
    """Gives an expression on Enrolment for the rank of the person's level in a part on a day, -1 where none is known.

    It is the higher of norsklærer's newest view and the best test by then; a test without a day was before.
    """
    viewed = LanguageLevel.objects.filter(participant=OuterRef("participant"), part=part, observed_on__lte=day)
    tested = NorwegianTest.objects.filter(
        Q(taken_on__isnull=True) | Q(taken_on__lte=day), participant=OuterRef("participant"), part=part, state__in=LEVEL_KNOWN
    )
    newest = viewed.annotate(rank=_rank("level")).order_by("-observed_on", "-pk")
    best = tested.annotate(rank=_rank("level")).order_by("-rank")
    return Greatest(_first(newest, "rank"), _first(best, "rank"))


def _participants(cut: Cut) -> QuerySet[Any]:
    return participants_on(enrolments(cut), cut.last)


def _at_start(cut: Cut) -> QuerySet[Any]:
    """The level that is named in what was written at the start, else at the interview: also where the first names none."""
    whens = [*_named("norwegian_at_start"), *_named("interview__norwegian_level")]
    return _participants(cut).annotate(level=Case(*whens, default=Value("unknown"), output_field=CharField()))


def _named(column: str) -> list[When]:
    """The lowest level that is named in a text, «under A1» before all."""
    under = Q(**{f"{column}__icontains": "under a1"}) | Q(**{f"{column}__icontains": "under_a1"})
    whens = [When(under, then=Value(LEVEL_ORDER[0]))]
    return whens + [When(**{f"{column}__icontains": level}, then=Value(level)) for level in LEVEL_ORDER[1:]]


def _now(part: str) -> Callable[[Cut], QuerySet[Any]]:
    def rows(cut: Cut) -> QuerySet[Any]:
        return _participants(cut).annotate(rank=level_on(part, cut.last))

    return rows


def _by_level(rows: QuerySet[Any], ranks: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, int], dict[str, int], int]]:
    """Gives how many of the rows have the same trade and ranks: the trade's code, the rank of each part, its goal's, the number; one query.

    What the ranks tell of goals is found by the caller: in the query, each rank would be asked for once for each part of the answer.
    """
    named = rows.annotate(**{f"rank_{part}": rank for part, rank in ranks.items()}).order_by()
    columns = ("trade__code", "trade__goal_oral", "trade__goal_written", *(f"rank_{part}" for part in PART_CODES))
    for code, oral, written, *found, number in named.values_list(*columns).annotate(number=Count("pk")):
        goals = {part: level_rank(oral if part in ORAL_PARTS else written) for part in PART_CODES}
        yield code, dict(zip(PART_CODES, found, strict=True)), goals, number


def _count_goals(cut: Cut) -> Counted:
    rows = _participants(cut).filter(trade__isnull=False)
    found: dict[str, dict[str, int]] = {}
    for code, ranks, goals, number in _by_level(rows, {part: level_on(part, cut.last) for part in PART_CODES}):
        has = {part: ranks[part] >= goals[part] for part in PART_CODES}
        for key, reached in {**has, "all": all(has.values())}.items():
            _add(found.setdefault(code, {}), key, number, number if reached else 0)
    return shares(summed(found), GOAL_CELLS)


def _add(row: dict[str, int], key: str, whole: int, part: int) -> None:
    row[f"whole_{key}"] = row.get(f"whole_{key}", 0) + whole
    row[f"part_{key}"] = row.get(f"part_{key}", 0) + part


def _people_of_goals(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    return _participants(cut).filter(trade__isnull=False)


def _tests_within(cut: Cut) -> QuerySet[Any]:
    return NorwegianTest.objects.filter(state="taken", level__in=LEVEL_ORDER, taken_on__range=(cut.first, cut.last))


def _tested(cut: Cut) -> QuerySet[Any]:
    """Those who took part in the period and have a test in it."""
    took_part = Q(status_then__in=NOW) | Q(pk__in=who_took(LEFT, cut.first, cut.last))
    return with_status(once_a_trade(cut), cut.last).filter(took_part, participant__in=_tests_within(cut).values("participant"))


def _count_tests(cut: Cut) -> Counted:
    def best(part: str) -> Coalesce:
        rows = _tests_within(cut).filter(participant=OuterRef("participant"), part=part).annotate(rank=_rank("level"))
        return _first(rows.order_by("-rank"), "rank")

    found: dict[str, dict[str, int]] = {}
    for code, ranks, goals, number in _by_level(_tested(cut), {part: best(part) for part in PART_CODES}):
        for part, rank in ranks.items():
            if rank != NOT_KNOWN:
                _add(found.setdefault(code, {}), part, number, number if rank >= goals[part] else 0)
    return shares(summed(found), TEST_CELLS)


def _people_of_tests(cut: Cut, cell: str) -> QuerySet[Enrolment]:
    return _tested(cut).filter(participant__in=_tests_within(cut).filter(part=cell).values("participant"))


PARTICIPANTS = "Deltakere er de som var tatt opp og ikke hadde sluttet."
LEVEL_NOW = (
    "Nivået er det høyeste av norsklærers siste vurdering og den beste norskprøven til og med den siste dagen i perioden. Prøver "
    "uten dato regnes som tatt før."
)
TEST_CELLS = cells_of(PARTS_SHOWN)
GOAL_CELLS = cells_of([*PARTS_SHOWN, ("all", "Alle fire delene")])
FIGURES = (
    of_people(
        key="norwegian_start", name="Norsk ved start", chapter="norwegian", rows=_at_start, by="level", cells=LEVEL_CELLS,
        is_at_moment=True,
        definition="Norsknivået som ble skrevet ned ved start, for dem som var deltakere den siste dagen i perioden. Står det flere "
        "nivåer, gjelder det laveste. Kan vi ikke lese et nivå ut av teksten, gjelder nivået fra intervjuet. «Ikke kjent» er når det "
        f"heller ikke står der. {PARTICIPANTS}",
    ),
    *[
        of_people(
            key=f"norwegian_{part}", name=f"Norsk nå, {label.lower()}", chapter="norwegian", rows=_now(part), by="rank", values=RANKS,
            cells=LEVEL_CELLS, is_at_moment=True, definition=f"Deltakernes nivå i delen {label.lower()}. {LEVEL_NOW} {PARTICIPANTS}",
        )
        for part, label in PARTS_SHOWN
    ],
    Figure(
        key="norwegian_goal", name="Har nådd norskmålet i faget", chapter="norwegian", count=_count_goals, people=_people_of_goals,
        kind="share", cells=GOAL_CELLS, is_at_moment=True,
        definition="Hvor mange deltakere som er på fagets norskmål eller over, av alle med fag. Muntlig og lytte måles mot det muntlige "
        f"målet, lese og skriftlig mot det skriftlige. {LEVEL_NOW} {PARTICIPANTS}",
    ),
    Figure(
        key="norwegian_tests", name="Norskprøver på målet", chapter="norwegian", count=_count_tests, people=_people_of_tests, kind="share",
        cells=TEST_CELLS,
        definition="Av dem som tok en norskprøve i perioden og fikk et nivå: hvor mange som kom på fagets norskmål eller over i delen. Har "
        "noen tatt delen flere ganger i perioden, gjelder den beste. Prøver som er kjent fra før, og prøver uten dato, er ikke med. Vi "
        "teller dem som var deltakere den siste dagen, eller som sluttet i perioden.",
    ),
)  # fmt: skip
