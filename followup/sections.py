"""What follow-up brings to a participant's record: its pages with their sections, and its lines on the front page."""

from importlib import import_module
from typing import Any

from fagbrev.people.roles import COORDINATOR
from followup.competence_shown import readiness_extra
from followup.summaries.competence import BARS
from participants.contributed import Summary
from participants.extras import EXTRAS
from participants.pages import Page, contribute

SLICES = ("visits", "topics", "assignments", "weekly", "competence", "language", "absence", "reviews", "concerns")
PLACE = 40  # right after the front page


def _page(key: str, slug: str, title: str, sections: tuple[str, ...], **more: Any) -> Page:
    return Page(key, slug, title, sections, place=PLACE, is_contributed=True, **more)


contribute(
    _page("besok", "besok", "Besøk", ("visit_plan", "visits", "visit_internal_note")),
    _page("mal", "mal", "Mål", ("competence",)),
    _page("oppgaver", "oppgaver", "Oppgaver", ("assignments",)),
    _page("ukeplan", "ukeplan", "Ukeplan", ("weekly_plan",), rare=True),
    _page("norsk", "norsk", "Norsk", ("language",)),
    _page("fravar", "fravar", "Fravær", ("absence", "absence_reasons")),
    _page("vurderinger", "vurderinger", "Samtaler", ("reviews",)),
    _page("avtalt", "avtalt", "Avtalt", ("actions",), rare=True),
    _page("planer", "plan", "Planer", ("training_plan",), rare=True),
    _page("meldinger", "meld-fra", "Meld fra", ("concerns",), rare=True),
    _page("notater", "notater", "Veiledning", ("guidance_notes",), roles=frozenset({COORDINATOR}), rare=True),
)

__all__ = ["BARS", "SUMMARIES"]

SUMMARIES: tuple[Summary, ...] = tuple(one for name in SLICES for one in import_module(f"followup.summaries.{name}").SUMMARIES)
EXTRAS["klar"] = readiness_extra
