"""What an import asks the database beforehand: trades, partners, workplaces and their people, and who is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings

from fagbrev.names import folded
from fagbrev.people.models import User
from fagbrev.sealed import blind_index
from participants.access import blocked_participants
from participants.importing.people import People, Person
from participants.importing.plan import RowPlan, Terms, person_of
from participants.importing.values import TradeWords
from participants.models import Enrolment, Participant
from programmes.models import Partner, Trade, Workplace, WorkplacePerson

CHUNK = 500
# What people call the shipped partners, beside their names.
PARTNER_ALIASES = {
    "nav": ("nav", "nav kontoret"),
    "jobbsjansen": ("jobbsjansen",),
    "introduction": ("introprogrammet", "introduksjonsprogrammet", "intro"),
    "adult_education": ("voksenopplaeringen", "voksenopplaering"),
    "upper_secondary": ("videregaende skole", "den videregaende skolen"),
    "county": ("fylkeskommunen", "fylket"),
}
NATIONAL_ID_PURPOSE = "national_id"


def terms_on(today: date) -> Terms:
    """Gives what rows are read against on the day."""
    columns = ("pk", "code", "name", "short_name", "written_exam_code", "curriculum_id")
    rows = Trade.objects.order_by("order", "code").values_list(*columns)
    return Terms(tuple(TradeWords(*row) for row in rows), today, settings.ALLOW_SYNTHETIC_IDS)


def national_id_key(digits: str) -> str:
    """Gives the key a national identity number is found by."""
    return blind_index(digits, NATIONAL_ID_PURPOSE)


def known_people(rows: Sequence[RowPlan], *, by: User | None, today: date) -> People:
    """Gives those in the system that the rows may mean, with the trades they have."""
    index = cache(national_id_key)
    asked = [person_of(row.values, index) for row in rows if row.values.name is not None]
    blocked = set(blocked_participants(by, today)) if by else set()
    found: dict[int, Person] = {}
    for column, wanted in (("national_id_key", {a.key for a in asked if a.key}), ("sort_name", {a.sort_key for a in asked})):
        for chunk in _chunks(sorted(wanted)):
            people = Participant.objects.filter(**{f"{column}__in": chunk})
            for pk, key, name, phone, email in people.values_list("pk", "national_id_key", "sort_name", "phone", "email"):
                found[pk] = Person(
                    pk=pk, key=key, sort_key=name, phone=phone, email=email.lower(), may_be_written=pk not in blocked
                )
    for chunk in _chunks(sorted(found)):
        for pk, trade in Enrolment.objects.filter(participant__in=chunk).values_list("participant_id", "trade_id"):
            found[pk].trades[trade] = 0
    return People(found.values())


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


@dataclass
class Places:
    """Workplaces by their name in small letters, the people there by workplace and name, and partners by what they are called."""

    workplaces: dict[str, Workplace] = field(default_factory=dict)
    people: dict[tuple[int, str], WorkplacePerson] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)


def same_name(text: str) -> str:
    """Gives what two writings of a name have in common: small letters, single spaces."""
    return " ".join(text.split()).casefold()


def workplace_names() -> set[str]:
    """Gives the names of the workplaces there are, in small letters."""
    return {same_name(name) for name in Workplace.objects.values_list("name", flat=True)}


def places() -> Places:
    """Gives every workplace, person there and partner."""
    found = Places()
    found.workplaces = {same_name(row.name): row for row in Workplace.objects.order_by("-is_active", "pk").reverse()}
    found.people = {(row.workplace_id, same_name(row.name)): row for row in WorkplacePerson.objects.all()}
    found.partners = _partners(Partner.objects.all())
    return found


def _partners(rows: Iterable[Partner]) -> dict[str, Partner]:
    by_words: dict[str, Partner] = {}
    held = list(rows)
    for partner in held:
        for alias in PARTNER_ALIASES.get(partner.code or "", ()):
            by_words.setdefault(alias, partner)
    by_words.update({folded(partner.name): partner for partner in held})
    return by_words
