"""Who and what the frame's tests need: one user per role, and the shipped defaults."""

from datetime import date

import pytest
from django.test import Client

from fagbrev.people.confidentiality import CONFIDENTIALITY_VERSION
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import ROLES
from programmes.defaults import load
from programmes.models import Workplace, WorkplacePerson

BEGUN = date(2020, 1, 1)


@pytest.fixture
def frame(db, today) -> None:
    """The shipped defaults."""
    load(today=today)


@pytest.fixture
def people(db) -> dict[str, User]:
    """One active user per role, and `nobody` with none."""
    made = {}
    for role in (*ROLES, "nobody"):
        made[role] = User.objects.create_user(
            f"{role}@demo.example",
            f"{role.capitalize()} Testesen",
            confidentiality_version=CONFIDENTIALITY_VERSION,
        )
        if role != "nobody":
            RoleGrant.objects.create(user=made[role], role=role, starts_on=BEGUN)
    return made


@pytest.fixture
def as_role(people):
    """Gives a browser that is signed in as the role."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(people[role])
        return client

    return signed_in


@pytest.fixture
def koordinator(as_role) -> Client:
    return as_role("coordinator")


@pytest.fixture
def workplace(db, people) -> Workplace:
    """A kindergarten led by the user with the role leder."""
    place = Workplace.objects.create(name="Prøvetoppen barnehage", kind="kindergarten")
    WorkplacePerson.objects.create(
        workplace=place, name="Leder Testesen", is_leder=True, may_be_fadder=False, user=people["leder"]
    )
    WorkplacePerson.objects.create(workplace=place, name="Fadder Prøvesen", email="fadder@demo.example", has_fagbrev=True)
    return place
