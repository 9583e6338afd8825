"""People of a journey's own: a trade, a workplace and everyone around one participant, whom no other journey meets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from participants.models import CohortMember, Enrolment, Participant, Placement
from programmes.models import Cohort, TeachingAssignment, Trade, Workplace, WorkplaceApproval, WorkplacePerson
from tests.cast import Cast, contract, enrol, make_user, place

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass
class Circle:
    """One participant and those around: who they are is asked by role."""

    code: str
    trade: Trade
    enrolment: Enrolment
    placement: Placement

    def who(self, role: str) -> str:
        """Gives the key of the one who has the role, as `visit` takes it."""
        return f"{self.code}_{role}"

    @property
    def person(self) -> str:
        """The address of the participant."""
        return self.enrolment.participant.get_absolute_url()


def make_trade(world: Cast, code: str) -> Trade:
    """A trade of the journey's own, with the goals of another."""
    trade = Trade.objects.create(code=code, name=f"Prøvefag {code}", short_name=code, curriculum=world.trades["BUA"].curriculum)
    world.trades[code] = trade
    return trade


def make_teacher(world: Cast, role: str, trade: Trade, name: str, cohort: Cohort | None = None) -> None:
    """A teacher of the trade, or of one class of it."""
    user = world.users[f"{trade.code}_{role}"] = make_user(name, role, today=world.today)
    TeachingAssignment.objects.create(
        user=user, role=role, trade=trade, cohort=cohort, starts_on=world.today - timedelta(days=90)
    )


def make_class(world: Cast, code: str, names: list[str], *, teacher: str) -> tuple[Cohort, list[Enrolment]]:
    """A class with a norsklærer and so many participants in training."""
    cohort = Cohort.objects.create(trade=make_trade(world, code), name=f"Prøveklasse {code}")
    make_teacher(world, "norsklaerer", cohort.trade, teacher, cohort)
    found = [enrol(world, name, code, "training") for name in names]
    for enrolment in found:
        CohortMember.objects.create(participant=enrolment.participant, enrolment=enrolment, cohort=cohort)
    return cohort, found


def make_circle(world: Cast, code: str, name: str, surname: str) -> Circle:
    """A participant in practice at a workplace of the journey's own, with fadder, leder, faglærer and norsklærer."""
    trade = make_trade(world, code)
    for role, first in (("faglaerer", "Frode"), ("norsklaerer", "Nora")):
        make_teacher(world, role, trade, f"{first} {surname}")
    workplace = world.workplaces[code] = Workplace.objects.create(name=f"Prøvested {code}")
    begun = world.today - timedelta(days=900)
    WorkplaceApproval.objects.create(workplace=workplace, trade=trade, state="approved", approved_on=begun)
    for role, first in (("fadder", "Fatima"), ("leder", "Leon")):
        user = world.users[f"{code}_{role}"] = make_user(f"{first} {surname}", role, today=world.today)
        world.people[f"{code}_{role}"] = WorkplacePerson.objects.create(
            workplace=workplace, name=user.name, user=user, is_leder=role == "leder", may_be_fadder=role == "fadder",
            has_fagbrev=True,
        )  # fmt: skip
    world.users[f"{code}_deltaker"] = make_user(f"{name} {surname}", "deltaker", today=world.today)
    enrolment = enrol(world, f"{name} {surname}", code, "training")
    Participant.objects.filter(pk=enrolment.participant_id).update(user=world.users[f"{code}_deltaker"])
    placement = place(world, enrolment, code, leder=f"{code}_leder", fadder=f"{code}_fadder")
    contract(world, enrolment)
    enrolment.refresh_from_db()
    return Circle(code, trade, enrolment, placement)
