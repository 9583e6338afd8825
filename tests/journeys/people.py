"""People a journey brings along: a trade of its own with a faglærer, a fadder and participants in practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fagbrev.people.models import User
from participants.models import Enrolment, Placement
from programmes.models import TeachingAssignment, Trade, WorkplacePerson
from tests.cast import Cast, enrol, make_user, place

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass(frozen=True)
class Practice:
    """A participant in practice, in a trade that is the journey's alone."""

    trade: Trade
    enrolment: Enrolment
    placement: Placement

    @property
    def url(self) -> str:
        """The participant's page."""
        return self.enrolment.participant.get_absolute_url()


def people(world: Cast, name: str, code: str) -> Practice:
    """A trade of the journey's own; the users are called by the participant's first name: "tiril_fadder", "tiril_faglaerer"."""
    first = name.split()[0].lower()
    trade = Trade.objects.create(code=code, name=f"Prøvefag {code}", short_name=code, curriculum=world.trades["BUA"].curriculum)
    world.trades[code] = trade
    for kind, role in (("fadder", "fadder"), ("lærer", "faglaerer")):
        world.users[f"{first}_{role}"] = make_user(
            f"{first.capitalize()} {kind.replace('æ', 'ae').capitalize()}", role, today=world.today
        )
    teaches(world, world.users[f"{first}_faglaerer"], trade)
    world.people[f"{first}_person"] = WorkplacePerson.objects.create(
        workplace=world.workplaces["barnehage"], name=world.users[f"{first}_fadder"].name, user=world.users[f"{first}_fadder"],
        may_be_fadder=True,
    )  # fmt: skip
    return in_practice(world, name, trade, f"{first}_person")


def in_practice(world: Cast, name: str, trade: Trade, fadder: str, days_ago: int = 100) -> Practice:
    """Someone more in the trade, at the same workplace."""
    enrolment = enrol(world, name, trade.code, "training")
    placement = place(world, enrolment, "barnehage", leder="leder_person", fadder=fadder, days_ago=days_ago)
    return Practice(trade, enrolment, placement)


def teaches(world: Cast, user: User, trade: Trade) -> None:
    """Makes the user faglærer of the trade."""
    begun = world.today - timedelta(days=30)
    TeachingAssignment.objects.create(user=user, role="faglaerer", trade=trade, starts_on=begun)
