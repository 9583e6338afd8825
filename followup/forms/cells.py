"""Boxes of a table with a line per person: drawn without a template each, since a class has hundreds of them on one page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=128)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, mark_safe(" selected") if key == chosen else "", label) for key, label in choices),
    )


class CellSelect(forms.Select):
    """A choice in a cell, with its own name to those who hear the page."""

    def __init__(self, *, says: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"aria-label": says} | (attrs or {}))

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Draws the choices as Django does."""
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        chosen = next(iter(self.format_value(value)), "")
        found = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, found, _options(choices, chosen))


class CellInput(forms.TextInput):
    """A short text in a cell."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Draws the box as Django does."""
        shown = self.format_value(value)
        kept = {} if shown is None else {"value": str(shown)}
        return format_html('<input type="text" name="{}"{}>', name, flatatt(kept | self.build_attrs(self.attrs, attrs)))


class CellTick(forms.CheckboxInput):
    """A box to tick in a cell."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Draws the box as Django does."""
        shown = self.build_attrs(self.attrs, attrs) | ({"checked": True} if self.check_test(value) else {})
        return format_html('<input type="checkbox" name="{}"{}>', name, flatatt(shown))
