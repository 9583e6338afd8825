"""One thing in the calendar, and how each kind of thing is shown: its name, its shape, its ring on the wheel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from fagbrev.ui.wheel import Ring

EXAM, DUTY, MEETING, CONTRACT = "exam", "duty", "meeting", "contract"
# Outermost first. A ring that has nothing in it is not drawn, apart from the first.
RINGS = (
    Ring(EXAM, _("Eksamen")),
    Ring(DUTY, _("Frister")),
    Ring(MEETING, _("Møter")),
    Ring(CONTRACT, _("Kontrakt")),
)


@dataclass(frozen=True)
class Entry:
    """Something on a day, or from `day` to `last_day`. It names no participant, apart from what the user's own way is about.

    `kind` is one of KINDS; `tone` "" leaves the colour to the kind; `count` says how many it stands for on the wheel. The trade's
    sign is shown where `trade_code` is set.
    """

    day: date
    last_day: date
    kind: str
    title: str
    note: str = ""
    url: str = ""
    tone: str = ""
    count: int = 1
    trade_code: str = ""
    trade_name: str = ""
    trade_shape: str = ""
    trade_colour: str = ""


@dataclass(frozen=True)
class Kind:
    """How entries of a kind are shown. `ring` "" keeps them off the wheel; `label` stands beside the shape in its key."""

    label: Any
    shape: str
    tone: str
    ring: str = ""


KINDS = {
    "registration": Kind(_("Påmelding til eksamen"), "arc", "accent", EXAM),
    "exam": Kind(_("Eksamensdag"), "star", "accent", EXAM),
    "norwegian_test": Kind(_("Norskprøve"), "outline", "accent", EXAM),
    "trade_test": Kind(_("Fagprøve"), "diamond", "extra2", EXAM),
    "norwegian_registration": Kind(_("Påmelding til norskprøve"), "square", "accent"),
    "last_day": Kind(_("Siste dag"), "triangle", "neutral"),
    "results": Kind(_("Resultater"), "ring", "accent"),
    "duty": Kind(_("Frist"), "dot", "neutral", DUTY),
    "meeting": Kind(_("Møte"), "diamond", "accent", MEETING),
    "contract": Kind(_("Kontrakter slutter"), "count", "neutral", CONTRACT),
    "semester": Kind(_("Semester"), "square", "neutral"),
    "break": Kind(_("Skolen har fri"), "hatch", "neutral"),
    "practice_break": Kind(_("Ingen praksis"), "hatch", "neutral"),
    "holiday": Kind(_("Rød dag"), "ring", "neutral"),
}
