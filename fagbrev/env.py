"""Reading of settings from the environment: refuses nonsense and names the variable."""

import os
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """Typed look-ups in an environment mapping.

    Every method raises ImproperlyConfigured, naming the variable, when the value cannot be used.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = os.environ if values is None else values

    def text(self, name: str, default: str | None = None) -> str:
        """Gives the text of a variable; required when there is no default."""
        value = self.values.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(f"{name} must be set.")
        return default

    def flag(self, name: str, default: bool = False) -> bool:
        """Gives a boolean written as 0 or 1."""
        value = self.values.get(name, "").strip()
        if not value:
            return default
        if value not in {"0", "1"}:
            raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
        return value == "1"

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """Gives a whole number between least and most."""
        value = self.values.get(name, "").strip()
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
        if not least <= number <= most:
            raise ImproperlyConfigured(f"{name} must be between {least} and {most}, not {number}.")
        return number

    def words(self, name: str, default: str = "") -> list[str]:
        """Gives a comma-separated list."""
        return [word.strip() for word in self.text(name, default or " ").split(",") if word.strip()]

    def choice(self, name: str, default: str | None, allowed: set[str]) -> str:
        """Gives one of the allowed words."""
        value = self.text(name, default)
        if value not in allowed:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(sorted(allowed))}, not {value!r}.")
        return value

    def clock(self, name: str, default: str) -> int:
        """Gives a time of the day written as 06:00, in minutes after midnight."""
        value = self.text(name, default)
        hours, _colon, minutes = value.partition(":")
        if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
            raise ImproperlyConfigured(f"{name} must be a time of the day such as 06:00, not {value!r}.")
        return int(hours) * 60 + int(minutes)
