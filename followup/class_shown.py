"""What the pages of a class draw: a line per person with its boxes, and what is told afterwards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from followup.actions.language import Outcome
from followup.classes import Line, lines_of
from followup.forms.language import ClassLevelsForm, cell_name
from followup.forms.register import RegisterForm
from followup.level_chart import LEVEL_NAMES
from participants.models import CohortMember
from participants.models.exams import PARTS
from programmes.models import Cohort
from programmes.settings_in_force import number_words

PART_NAMES = dict(PARTS)


def level_lines(members: list[CohortMember], cohort: Cohort, form: ClassLevelsForm) -> list[Line]:
    """Gives the class page's lines, with a box in each cell that the user may write."""
    lines = lines_of(members, cohort)
    for line in lines:
        enrolment = line.member.enrolment
        if enrolment is None:  # a guest has no levels here
            continue
        for cell in line.cells:
            name = cell_name(enrolment, cell.part)
            cell.box = form[name] if name in form.fields else None
    return lines


def told_held(outcome: Outcome) -> list[str]:
    """Gives what is told of levels another saved the same day: a sentence per participant, and nothing was overwritten."""
    by_person: dict[str, list[str]] = defaultdict(list)
    for person, row in outcome.held:
        by_person[person.participant.full_name].append(
            _("%(part)s er %(level)s, lagret av %(who)s")
            % {"part": PART_NAMES[row.part], "level": LEVEL_NAMES[row.level], "who": row.by}
        )
    return [
        _("Ikke lagret for %(name)s, fordi noen lagret samme dag før deg: %(held)s.") % {"name": name, "held": ", ".join(held)}
        for name, held in by_person.items()
    ]


@dataclass
class RegisterLine:
    """One person in the register: the boxes, and what the user had typed when another was first."""

    member: CohortMember
    name: str
    is_guest: bool
    is_on_leave: bool
    is_reported: bool = False
    there: Any = None
    hours: Any = None
    valid: Any = None
    typed: str = ""


def register_lines(members: list[CohortMember], form: RegisterForm, typed: RegisterForm | None) -> list[RegisterLine]:
    """Gives the register's lines; those on leave have no boxes."""
    mine = {one.member.pk: one.hours for one in typed.kept()} if typed is not None else {}
    found = []
    for member in members:
        key = member.public_id
        line = RegisterLine(member, member.participant.full_name, member.enrolment_id is None, f"{key}-there" not in form.fields)
        if not line.is_on_leave:
            held: Any = form.held.guests.get(member.pk) if line.is_guest else form.held.absences.get(member.enrolment_id or 0)
            line.is_reported = getattr(held, "state", "") == "reported"
            line.there, line.hours = form[f"{key}-there"], form[f"{key}-hours"]
            line.valid = form[f"{key}-valid"] if f"{key}-valid" in form.fields else None
            if typed is not None and mine[member.pk] != (held.hours if held else 0):
                line.typed = _typed_words(mine[member.pk])
        found.append(line)
    return found


def _typed_words(hours: Any) -> str:
    if not hours:
        return _("Du skrev: til stede")
    return _("Du skrev: borte %(hours)s timer") % {"hours": number_words(hours)}
