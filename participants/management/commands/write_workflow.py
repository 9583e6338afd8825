"""Writes the workflow diagram into docs/workflow.md, or checks that it is current."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from participants.workflow import STATUS_NAMES, STEPS, diagram

HEAD = "# The workflow of an enrolment\n\nMade by `manage.py write_workflow` from `participants/workflow.py`; do not edit.\n"


def document() -> str:
    """Gives the whole page: the diagram and a table of the steps with their conditions."""
    lines = [
        HEAD,
        "```mermaid",
        diagram(),
        "```",
        "",
        "| Step | From | To | What must be true first | Reason |",
        "|---|---|---|---|---|",
    ]
    for step in STEPS.values():
        sources = ", ".join(STATUS_NAMES[status] for status in step.sources)
        target = STATUS_NAMES[step.target] if step.target else "the phase before the leave"
        conditions = "; ".join(
            condition.title + ("" if condition.waivable else " (cannot be waived)") for condition in step.conditions
        )
        lines.append(f"| {step.verb} | {sources} | {target} | {conditions or '–'} | {'yes' if step.needs_reason else '–'} |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    """See the module."""

    help = "Writes docs/workflow.md; with --check says whether it is current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check changes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes or compares."""
        path = Path(settings.BASE_DIR) / "docs" / "workflow.md"
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != document():
                raise CommandError("docs/workflow.md is not current: run manage.py write_workflow.")
            return
        path.write_text(document(), encoding="utf-8")
