"""Recording Norwegian levels: one at a time on the record, and a whole class at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.people.models import User
from followup.forms.language import LevelForm
from followup.language_queries import levels_on
from followup.models import LanguageLevel
from participants.actions.rows import keep_new_row, save_row
from participants.models import Enrolment


@dataclass
class Outcome:
    """What came of saving a class: how many levels were saved, for whom, and those another had saved the same day."""

    saved: int = 0
    people: set[int] = field(default_factory=set)
    held: list[tuple[Enrolment, LanguageLevel]] = field(default_factory=list)


@acting()
def save_level(*, form: LevelForm, by: User) -> LanguageLevel:
    """Saves one level. Raises Conflict."""
    if form.instance._state.adding:
        form.instance.by = by
    saved: LanguageLevel = save_row(form=form, by=by)
    return saved


@acting()
def save_levels(*, chosen: Sequence[tuple[Enrolment, str, str]], day: date, by: User) -> Outcome:
    """Saves the levels chosen for a class on a day, each a new assessment (V6, norsklærer).

    What the same user saved earlier the same day is changed; what another saved that day is left and told, even when the other
    is saving at this moment.
    """
    outcome = Outcome()
    there = levels_on([person.participant_id for person, _part, _level in chosen], day)
    for person, part, level in chosen:
        row, is_new = there.get((person.participant_id, part)), False
        if row is None:
            row, is_new = LanguageLevel.objects.get_or_create(
                participant_id=person.participant_id, part=part, observed_on=day,
                defaults={"level": level, "by": by, "created_by": by},
            )  # fmt: skip
        if not is_new and row.level == level:
            continue
        if not is_new and row.by_id != by.pk:
            outcome.held.append((person, row))
            continue
        if not is_new:
            row.level, row.version = level, row.version + 1
            row.save(update_fields=["level", "version"])
        note_change(
            by=by, row=row, section="language", verb="created" if is_new else "changed", participant_id=person.participant_id,
            fields=["level", "observed_on"] if is_new else ["level"],
        )  # fmt: skip
        keep_new_row(row, by=by)
        outcome.saved += 1
        outcome.people.add(person.participant_id)
    return outcome
