"""Who the rows of a spreadsheet may mean: people in the system, and people who come with the file."""

from __future__ import annotations

from collections.abc import Iterable


class Person:
    """One person the rows may mean: in the system already (`pk`), or coming with this file."""

    def __init__(
        self, *, pk: int | None = None, key: str = "", sort_key: str = "", phone: str = "", email: str = "",
        may_be_written: bool = True,
    ) -> None:  # fmt: skip
        self.pk, self.key, self.sort_key, self.email = pk, key, sort_key, email
        # Numbers typed by hand may lack the country code.
        self.phone = "".join(letter for letter in phone if letter.isdigit())[-8:]
        self.may_be_written = may_be_written
        self.trades: dict[int | None, int] = {}  # trade -> row of this file, 0 for one in the system


class People:
    """Those who are known: found by identity number, else by name together with telephone or e-mail."""

    def __init__(self, known: Iterable[Person] = ()) -> None:
        self._by_key: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = {}
        for person in known:
            self.add(person)

    def add(self, person: Person) -> None:
        """Makes one known."""
        if person.key:
            self._by_key[person.key] = person
        self._by_name.setdefault(person.sort_key, []).append(person)

    def find(self, person: Person) -> Person | None:
        """Gives the known person that this one is, or None."""
        if person.key and person.key in self._by_key:
            return self._by_key[person.key]
        for other in self._by_name.get(person.sort_key, []):
            is_reached = (person.phone and person.phone == other.phone) or (person.email and person.email == other.email)
            if is_reached and not (person.key and other.key):
                if person.key:
                    self._by_key[person.key] = other
                return other
        return None
