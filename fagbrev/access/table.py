"""The one table of who reads and writes which section: read from access.csv, which is its only home."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from fagbrev.people.roles import ROLE_NAMES, ROLES

Right = Literal["none", "read", "write"]
Subject = Literal["person", "enrolment", "placement"]
RANK: dict[str, int] = {"none": 0, "read": 1, "write": 2}


@dataclass(frozen=True)
class Section:
    """One row of the table: a section of a participant's record."""

    key: str
    subject: Subject
    cells: dict[str, Right]


@cache
def sections() -> dict[str, Section]:
    """Gives every section by key, in the table's order. Raises ValueError when the file is not as it must be."""
    path = Path(__file__).with_name("access.csv")
    found: dict[str, Section] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = {role: row[role] for role in ROLES}
            if row["subject"] not in {"person", "enrolment", "placement"} or not set(cells.values()) <= set(RANK):
                raise ValueError(f"access.csv: row {row['section']} is not valid")
            found[row["section"]] = Section(row["section"], row["subject"], cells)  # type: ignore[arg-type]
    return found


def allows(section: str, role: str, right: Right = "read") -> bool:
    """Tells whether the table lets the role read or write the section. Raises KeyError for an unknown section."""
    return RANK[sections()[section].cells[role]] >= RANK[right]


def sections_of(subject: Subject) -> frozenset[str]:
    """Gives the keys of the sections that hang on a person, an enrolment or a placement."""
    return frozenset(key for key, section in sections().items() if section.subject == subject)


def readers(section: str) -> list[str]:
    """Gives the roles that may read a section, in the table's order of roles."""
    return [role for role in ROLES if allows(section, role)]


def seen_by_words(section: str) -> str:
    """Gives who sees a section, as the label above a box says it: «koordinator, faglærer og deltaker»."""
    names = [str(ROLE_NAMES[role]) for role in readers(section)]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " og " + names[-1] if names else "ingen"
