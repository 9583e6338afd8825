"""Inserts what the product ships with, where it is missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from programmes.defaults import load


class Command(BaseCommand):
    help = "Legger inn fag, læreplaner, rutiner, innstillinger og annet som følger med, der det mangler."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what was added; nothing is ever written over."""
        added = {name: count for name, count in load(today=timezone.localdate()).items() if count}
        words = ", ".join(f"{name}: {count}" for name, count in added.items())
        self.stdout.write(f"Lagt inn: {words}" if words else "Alt er på plass fra før.")
