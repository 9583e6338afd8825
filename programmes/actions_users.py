"""Giving and ending roles together with their scope: a teacher's trade or cohort, a workplace for leder and fadder."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from fagbrev.audit.acting import acting
from fagbrev.people.actions import NotAllowed, demand_may_change, end_role, grant_role, invite_user, note_scope
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import FADDER, FAGLAERER, LEDER, NORSKLAERER
from programmes.models import Cohort, TeachingAssignment, Trade, Workplace, WorkplacePerson

TEACHERS = frozenset({FAGLAERER, NORSKLAERER})
AT_WORKPLACE = frozenset({LEDER, FADDER})


@acting()
def invite_with_scope(
    *,
    email: str,
    name: str,
    role: str,
    by: User,
    today: date,
    trade: Trade | None = None,
    cohort: Cohort | None = None,
    workplace: Workplace | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> User:
    """Invites a user with a role and its scope. Raises NotAllowed."""
    user = invite_user(email=email, name=name, role=role, by=by, today=today, starts_on=starts_on, ends_on=ends_on)
    _give_scope(
        user=user,
        role=role,
        by=by,
        trade=trade,
        cohort=cohort,
        workplace=workplace,
        starts_on=starts_on or today,
        ends_on=ends_on,
    )
    return user


@acting()
def give_role_with_scope(
    *,
    user: User,
    role: str,
    by: User,
    today: date,
    trade: Trade | None = None,
    cohort: Cohort | None = None,
    workplace: Workplace | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> None:
    """Gives a user one more role, or one more trade, cohort or workplace in a role held already. Raises NotAllowed."""
    grant_role(user=user, role=role, by=by, today=today, starts_on=starts_on, ends_on=ends_on)
    _give_scope(
        user=user,
        role=role,
        by=by,
        trade=trade,
        cohort=cohort,
        workplace=workplace,
        starts_on=starts_on or today,
        ends_on=ends_on,
    )


def _give_scope(
    *,
    user: User,
    role: str,
    by: User,
    trade: Trade | None,
    cohort: Cohort | None,
    workplace: Workplace | None,
    starts_on: date,
    ends_on: date | None,
) -> None:
    if role in TEACHERS:
        if trade is None:
            raise NotAllowed(_("Velg hvilket fag læreren har."))
        if cohort is not None and cohort.trade_id != trade.pk:
            raise NotAllowed(_("Gruppen hører til et annet fag."))
        TeachingAssignment.objects.create(
            user=user, role=role, trade=trade, cohort=cohort, starts_on=starts_on, ends_on=ends_on, created_by=by
        )
        note_scope(user=user, by=by, given=True, detail=f"{trade.name}, {cohort.name}" if cohort else trade.name)
    if role in AT_WORKPLACE:
        if workplace is None:
            raise NotAllowed(_("Velg hvilket arbeidssted det gjelder."))
        connect_to_workplace(user=user, workplace=workplace, is_leder=role == LEDER, by=by, starts_on=starts_on, ends_on=ends_on)


def connect_to_workplace(
    *, user: User, workplace: Workplace, is_leder: bool, by: User, starts_on: date | None = None, ends_on: date | None = None
) -> WorkplacePerson:
    """Connects the user to their row at the workplace: same address or name, else a new one. Raises NotAllowed."""
    people = WorkplacePerson.objects.select_for_update().filter(workplace=workplace)
    person = (
        people.filter(user=user).first()
        or people.filter(user__isnull=True, email__iexact=user.email).first()
        or people.filter(user__isnull=True, name__iexact=user.name).first()
    )
    if person is None:
        if people.filter(name=user.name).exists():
            raise NotAllowed(_("En annen bruker på arbeidsstedet har samme navn. Skriv navnet slik at de kan skilles."))
        person = WorkplacePerson(workplace=workplace, name=user.name, email=user.email, created_by=by, may_be_fadder=not is_leder)
        person.starts_on, person.ends_on = starts_on, ends_on
    person.user = user
    if is_leder:
        person.is_leder = True
    else:
        person.may_be_fadder = True
    if person.ends_on and starts_on and person.ends_on < starts_on:
        person.ends_on = ends_on  # someone who comes back
    person.save()
    note_scope(user=user, by=by, given=True, detail=workplace.name)
    return person


@acting()
def end_role_with_scope(*, grant: RoleGrant, by: User, today: date, last_day: date | None = None) -> None:
    """Ends a role, and a teacher's trades with it. Who is leder or fadder stays a fact of the workplace. Raises NotAllowed."""
    user, role = grant.user, grant.role
    end_role(grant=grant, by=by, today=today, last_day=last_day)
    if role in TEACHERS and not RoleGrant.objects.active(last_day or today).filter(user=user, role=role).exclude(pk=grant.pk):
        for assignment in TeachingAssignment.objects.filter(user=user, role=role).exclude(ends_on__lt=today):
            _end(assignment, today=today, last_day=last_day)


@acting()
def end_assignment(*, assignment: TeachingAssignment, by: User, today: date, last_day: date | None = None) -> None:
    """Ends one trade or cohort of a teacher; the role stays. Raises NotAllowed."""
    demand_may_change(user=assignment.user, by=by, today=today)
    detail = assignment.cohort.name if assignment.cohort else assignment.trade.name
    _end(assignment, today=today, last_day=last_day)
    note_scope(user=assignment.user, by=by, given=False, detail=detail)


def _end(assignment: TeachingAssignment, *, today: date, last_day: date | None) -> None:
    day = last_day if last_day and last_day >= today else today - timedelta(days=1)
    if assignment.ends_on and assignment.ends_on <= day:
        return
    if day < assignment.starts_on:
        assignment.delete()
        return
    assignment.ends_on = day
    assignment.save(update_fields=["ends_on"])


def scope_of(user: User, today: date) -> dict[str, list[TeachingAssignment] | list[WorkplacePerson]]:
    """Gives the trades and workplaces of a user that hold or are to come."""
    return {
        "teaching": list(
            TeachingAssignment.objects.filter(user=user)
            .exclude(ends_on__lt=today)
            .select_related("trade", "cohort")
            .order_by("trade__order", "trade__name")
        ),
        "workplaces": list(
            WorkplacePerson.objects.filter(user=user)
            .exclude(ends_on__lt=today)
            .select_related("workplace")
            .order_by("workplace__name")
        ),
    }
