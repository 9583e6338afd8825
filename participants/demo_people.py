"""Plainly made-up facts of made-up people: numbers, addresses, languages; the same ones for the same number."""

from __future__ import annotations

from datetime import date
from typing import Any

from fagbrev.names import folded
from fagbrev.sealed import Sealed, blind_index
from participants.models import Participant

_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Country: language, and the first names in the demo that fit it.
COUNTRIES: dict[str, tuple[str, str]] = {
    "Syria": ("arabisk", "Amina Rima Wafa Layan Amal Layla Farah Ali Selma Nura Kamal Samar Marwa Rasha Nawal Rana Amira Salma Hala"),
    "Eritrea": ("tigrinja", "Yordanos Ruta Lidia Senait Saba Mehret Meron Rahel Dawit Luwam Alem Tsega Berhane Genet Kidist "
                "Hiwot Mebrat Arsema Feven Selam Tsion Bisrat Winta Semhar"),
    "Etiopia": ("amharisk", "Tigist Aster Fikirte Mariam Edna Eden Hana Liya"),
    "Ukraina": ("ukrainsk", "Olena Irina Oksana Daria Viktoria Svitlana Natalia Olga Iryna Hanna Sofia Vera Tetiana Inna "
                "Oleksandra Alina Yulia Larysa Galyna Lesia Nina Myroslava"),
    "Somalia": ("somali", "Hodan Fatuma Samira Hawa Nimo Khadija Hodo Fardowsa Zeinab Halima Lul Asha Sahra Suad Yusuf Abdi Bilan Hassan "
                "Nadifa Shukri Hamdi Ubah Ifrah Ikram Sabrin Warda Sagal Idil Deqa"),
    "Afghanistan": ("dari", "Maryam Parwin Nasrin Zohra Nahid Jamila Zahra Nadia Roya Mona Farida Parisa"),
    "Irak": ("kurdisk", "Rojin Bahar Shirin Ibrahim Leyla Dilan Zeynab Shila Rozh Sozan"),
}  # fmt: skip
MEN = frozenset({"Ali", "Kamal", "Dawit", "Berhane", "Yusuf", "Abdi", "Hassan", "Ibrahim"})
SITUATIONS = [
    "Bor med to barn i skolealder. Har plass i SFO.",
    "Alene med ett barn. Søsteren hjelper til på kveldstid.",
    "Ektefellen arbeider skift. De deler på å hente i barnehagen.",
]
OBSTACLES = ["Lang reisevei med buss.", "Mangler barnepass på tirsdager til august.", "Kan ikke begynne før klokka åtte."]


def synthetic_id(birth: date, number: int) -> str:
    """Gives a synthetic identity number (month + 80) with right control digits; another number gives another one."""
    base = 500 if birth.year >= 2000 else 0
    wanted = number
    while True:
        text = f"{birth.day:02d}{birth.month + 80:02d}{birth.year % 100:02d}{base + wanted % 500:03d}"
        first = (11 - sum(int(digit) * weight for digit, weight in zip(text, _K1, strict=True)) % 11) % 11
        text += str(first)
        second = (11 - sum(int(digit) * weight for digit, weight in zip(text, _K2, strict=False)) % 11) % 11
        if first < 10 and second < 10:
            return text + str(second)
        wanted += 1


def made_up_phone(number: int) -> str:
    """Gives a number in a range that no person is given."""
    return f"+4759{number:06d}"


def made_up_mail(first: str, last: str) -> str:
    """Gives an address of the demo's own domain."""
    return f"{'.'.join(folded(f'{first} {last}').split())}@demo.example"


def country_of(first: str) -> tuple[str, str]:
    """Gives country and language that fit the first name."""
    return next(
        ((country, language) for country, (language, names) in COUNTRIES.items() if first in names.split()), ("Norge", "norsk")
    )


def person(first: str, last: str, number: int, **facts: Any) -> Participant:
    """Gives an unsaved participant with everything filled in; `facts` wins over what is made up."""
    country, language = country_of(first)
    birth = date(1976 + number * 7 % 27, number * 5 % 12 + 1, number * 11 % 28 + 1)
    digits = synthetic_id(birth, number)
    row = Participant(
        first_name=first, last_name=last, phone=made_up_phone(number), email=made_up_mail(first, last), birth_date=birth,
        sex="man" if first in MEN else "woman", country=country, mother_tongue=language,
        other_languages=("engelsk", "", "engelsk, arabisk")[number % 3], interpreter_needed=number % 6 == 0,
        address=f"Demoveien {number}", postal_code="0000", postal_place="Eksempelvik",
        next_of_kin=f"Nærmeste {last}, 59 00 {number:02d} 00" if number % 4 else "", has_bankid=(True, True, False, None)[number % 4],
    )  # fmt: skip
    row.national_id_key = blind_index(digits, "national_id")
    sealed: dict[str, Any] = {"national_id": Sealed.of(digits)}
    if number % 5 == 0:
        sealed |= {"life_situation": Sealed.of(SITUATIONS[number % 3]), "obstacles": Sealed.of(OBSTACLES[number % 3])}
    for name, value in (sealed | facts).items():
        setattr(row, name, value)
    return row
