"""The rows each page of the frame shows, with as many queries for fifty rows as for five."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from fagbrev.people.models import RoleGrant
from fagbrev.people.roles import FADDER, FAGLAERER, LEDER, NORSKLAERER
from fagbrev.periods import holds_on
from programmes.models import (
    CalendarBreak,
    Cohort,
    CompetenceGoal,
    Criterion,
    Curriculum,
    ExamWindow,
    NorwegianTestWindow,
    Partner,
    PartnerContact,
    RoutineForm,
    RoutineStep,
    Semester,
    Setting,
    TeachingAssignment,
    TeachingSession,
    Trade,
    TradeLead,
    Workplace,
    WorkplaceApproval,
    WorkplacePerson,
)
from programmes.settings_in_force import number_words

APPROVAL_TONES = {"applied": "warning", "approved": "success", "refused": "danger", "lapsed": "danger"}


def _count(rows: QuerySet[Any], column: str) -> Coalesce:
    """A count in a subquery of its own, so that several counts do not multiply each other."""
    counted = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


# --- Trades -----------------------------------------------------------------------------------------


def trades_for_list(today: date) -> QuerySet[Trade]:
    """Gives all trades with the numbers of running cohorts and of approved workplaces."""
    approved = WorkplaceApproval.objects.filter(state=WorkplaceApproval.APPROVED, workplace__is_active=True)
    return (
        Trade.objects.select_related("curriculum")
        .annotate(
            cohort_count=_count(Cohort.objects.filter(holds_on(today)), "trade"),
            workplace_count=_count(approved, "trade"),
        )
        .order_by("order", "name")
    )


def curricula_of(trade: Trade | None = None) -> QuerySet[Curriculum]:
    """Gives the curricula one may choose for a trade, the newest first: its own, and those of no trade."""
    rows = Curriculum.objects.order_by("-valid_from", "code")
    return rows.filter(Q(trade=trade) | Q(trade=None)) if trade and trade.pk else rows


def goals_of(curriculum: Curriculum) -> list[CompetenceGoal]:
    """Gives a curriculum's goals in order, with their sets."""
    return list(
        CompetenceGoal.objects.filter(goal_set__curriculum=curriculum)
        .select_related("goal_set")
        .order_by("goal_set__order", "goal_set__code", "order", "code")
    )


def criteria_of(trade: Trade) -> QuerySet[Criterion]:
    """Gives the criteria a trade's candidates are weighed against, the common ones first; those put away too."""
    return Criterion.objects.filter(Q(trade=None) | Q(trade=trade)).order_by(
        F("trade_id").asc(nulls_first=True), "-is_active", "order", "text"
    )


def leads_of(trade: Trade, today: date) -> QuerySet[TradeLead]:
    """Gives those responsible for the trade, on the day or later."""
    return TradeLead.objects.filter(trade=trade).filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("name")


def cohorts_of(trade: Trade, today: date) -> list[Cohort]:
    """Gives the trade's cohorts that have not ended, with `timetable`, `hours_words` a week on the day, and `teachers`."""
    sessions = TeachingSession.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("weekday", "starts_at")
    teachers = TeachingAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today)).select_related("user")
    cohorts: list[Any] = list(
        Cohort.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), trade=trade)
        .prefetch_related(
            Prefetch("sessions", sessions, to_attr="timetable"),
            Prefetch("assignments", teachers.order_by("role", "user__name"), to_attr="teachers"),
        )
        .order_by("name")
    )
    for cohort in cohorts:
        begun = [each for each in cohort.timetable if each.starts_on is None or each.starts_on <= today]
        cohort.hours_words = number_words(sum((each.hours for each in begun), Decimal(0)))
        for each in cohort.timetable:
            each.hours_words = number_words(each.hours)
    return cohorts


def trade_teachers(trade: Trade, today: date) -> QuerySet[TeachingAssignment]:
    """Gives the assignments to the whole trade that have not ended."""
    return (
        TeachingAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), trade=trade, cohort=None)
        .select_related("user")
        .order_by("role", "user__name")
    )


def users_with(roles: Iterable[str], today: date, also: int | None = None) -> QuerySet[Any]:
    """Gives the active users who hold one of the roles, and the one who is chosen already."""
    holders = RoleGrant.objects.active(today).filter(role__in=list(roles)).values("user")
    return get_user_model()._default_manager.filter(Q(pk__in=holders) | Q(pk=also)).order_by("name", "email")


def teachers(today: date, also: int | None = None) -> QuerySet[Any]:
    """Gives those who may be given a trade or a cohort."""
    return users_with({FAGLAERER, NORSKLAERER}, today, also)


def workplace_users(today: date, also: int | None = None) -> QuerySet[Any]:
    """Gives those who may be tied to a person at a workplace."""
    return users_with({FADDER, LEDER}, today, also)


# --- Workplaces -------------------------------------------------------------------------------------


def spellings(text: str) -> list[str]:
    """Gives a search text as typed and with other capitals, since SQLite does not know that æ and Æ are one letter."""
    words = " ".join(text.replace("\x00", "").split())[:80]
    return list(dict.fromkeys((words, words.lower(), words.upper(), words.capitalize(), words.title()))) if words else []


def named(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Cuts rows to those whose name contains the text."""
    wanted = Q()
    for spelling in spellings(text):
        wanted |= Q(name__icontains=spelling)
    return rows.filter(wanted)


def workplaces_for_list(
    scope: QuerySet[Workplace], today: date, *, text: str = "", trade: Trade | None = None, state: str = "", closed: bool = False
) -> QuerySet[Workplace]:
    """Gives the workplaces in scope that fit the filters, with `approval_rows` and `leaders`, and how many may be fadder."""
    approvals = WorkplaceApproval.objects.all()
    if trade or state:
        wanted = approvals.filter(trade=trade) if trade else approvals
        wanted = wanted.filter(state=state) if state else wanted
        scope = scope.filter(pk__in=wanted.values("workplace"))
    faddere = WorkplacePerson.objects.filter(holds_on(today), may_be_fadder=True)
    return (
        named(scope, text)
        .filter(is_active=not closed)
        .annotate(fadder_count=_count(faddere, "workplace"))
        .prefetch_related(
            Prefetch("approvals", approvals.select_related("trade").order_by("trade__order"), to_attr="approval_rows"),
            Prefetch("people", WorkplacePerson.objects.leaders(today).order_by("name"), to_attr="leaders"),
        )
        .order_by("name")
    )


def approvals_of(workplace: Workplace) -> QuerySet[WorkplaceApproval]:
    """Gives a workplace's approvals in the order of the trades."""
    return workplace.approvals.select_related("trade").order_by("trade__order", "trade__name")


def people_of(workplace: Workplace, today: date) -> tuple[list[WorkplacePerson], list[WorkplacePerson]]:
    """Gives those at the workplace on the day or later, leaders first, and those who have left."""
    people = list(workplace.people.select_related("user").order_by("-is_leder", "name"))
    gone = [person for person in people if person.ends_on and person.ends_on < today]
    return [person for person in people if person not in gone], gone


# --- Partners and routines --------------------------------------------------------------------------


def partners_for_list(*, text: str = "", does: str = "", closed: bool = False) -> QuerySet[Partner]:
    """Gives the partners that fit the filters, with `people`, their contacts."""
    rows = named(Partner.objects.filter(is_active=not closed), text)
    if does in PARTNER_DOES:
        rows = rows.filter(**{does: True})
    return rows.prefetch_related(Prefetch("contacts", PartnerContact.objects.order_by("name"), to_attr="people")).order_by("name")


PARTNER_DOES = {
    "refers": "henviser",
    "teaches": "underviser",
    "funds": "betaler",
    "approves": "godkjenner",
    "helps": "hjelper",
}


def contacts_of(partner: Partner) -> QuerySet[PartnerContact]:
    """Gives a partner's contacts."""
    return partner.contacts.order_by("name")


def routines_for_handbook(*, phase: str | None = None, trade: Trade | None = None, hidden: bool = False) -> QuerySet[RoutineStep]:
    """Gives the handbook's rows in order, with `tools` and `only_for`; those put away only when asked for."""
    rows = RoutineStep.objects.filter(is_active=not hidden)
    if phase is not None:
        rows = rows.filter(phase=phase)
    if trade:
        rows = rows.filter(Q(trades=None) | Q(trades=trade)).distinct()
    return rows.prefetch_related(
        Prefetch("forms", RoutineForm.objects.order_by("order", "pk"), to_attr="tools"),
        Prefetch("trades", Trade.objects.order_by("order"), to_attr="only_for"),
    ).order_by("number", "pk")


# --- The year and settings --------------------------------------------------------------------------


def school_years() -> list[str]:
    """Gives the school years there are semesters of, the oldest first."""
    return list(Semester.objects.order_by("school_year").values_list("school_year", flat=True).distinct())


def semesters_of(school_year: str) -> list[Semester]:
    """Gives a school year's semesters in order."""
    return list(Semester.objects.filter(school_year=school_year).order_by("starts_on"))


def breaks_between(first: date, last: date) -> QuerySet[CalendarBreak]:
    """Gives the breaks that touch a period."""
    return CalendarBreak.objects.filter(starts_on__lte=last, ends_on__gte=first).order_by("starts_on")


def exam_windows_between(first: date, last: date) -> QuerySet[ExamWindow]:
    """Gives the exam windows that open in a period."""
    return ExamWindow.objects.filter(opens_on__range=(first, last)).order_by("opens_on")


def norwegian_windows_between(first: date, last: date) -> QuerySet[NorwegianTestWindow]:
    """Gives the Norwegian test windows that open in a period."""
    return NorwegianTestWindow.objects.filter(opens_on__range=(first, last)).order_by("opens_on")


def values_of(key: str | None = None) -> QuerySet[Setting]:
    """Gives the values of a setting, or of all, the newest first."""
    rows = Setting.objects.select_related("created_by").order_by("-valid_from")
    return rows if key is None else rows.filter(key=key)
