"""«Min vei»: the participant's own home. The way, what to do now, four places to go, what the teachers have said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fagbrev.duties.reading import Row, duties_for
from fagbrev.people.roles import DELTAKER
from fagbrev.roof.chrome import url_of
from fagbrev.roof.today import rows_of
from fagbrev.roof.way import way_of
from followup.competence_queries import count_goals
from followup.goal_rules import TALKED_OF, GoalNumbers, percent
from followup.models import Assignment
from followup.models.practice import GIVEN
from participants.caseload.overview import own_enrolment
from participants.caseload.query import Caseload
from participants.exam_window_steps import blocks_for
from participants.models import Enrolment, Readiness

MOST_DUTIES = 12
# What the teachers' words are about, as the participant is told.
TOLD = {
    "written_exam": _("Du er klar for skriftlig eksamen"),
    "trade_test": _("Du er klar for fagprøven"),
    "norwegian_test": _("Du er klar for norskprøven"),
}


@dataclass(frozen=True)
class Tile:
    """One large place to go: icon, word, address, and a small note such as «1 ny»."""

    icon: str
    word: str | Promise
    url: str
    note: str = ""


TILES = (
    ("participant_oppgaver", "tasklist", _("Oppgaver")),
    ("participant_ukeplan", "calendar", _("Ukeplan")),
    ("participant_mal", "star", _("Mål")),
    ("participant_meldinger", "person-chat", _("Få hjelp")),
)


def home_of_participant(caseload: Caseload, list_url: str) -> dict[str, Any]:
    """Gives what «Min vei» shows; as many queries for a long way as for a short one."""
    enrolment = own_enrolment(caseload.user, caseload)
    if enrolment is None:
        return {"is_participant": True}
    own_url = f"{list_url}{enrolment.participant.public_id}/"
    way = way_of(enrolment, today=caseload.today)
    blocks = blocks_for(enrolment, caseload.today)
    has_begun = enrolment.status in TALKED_OF
    return {
        "is_participant": True, "way": way, "task_url": f"{own_url}{way['task'].page}/" if way["task"].page else "",
        # An open window comes before anything else: one filled button on the page, and it stands there.
        "blocks": blocks, "own_duties": own_duties(caseload, bool(blocks)),
        "tiles_here": tiles_of(enrolment) if has_begun else [],
        "said": what_is_said(enrolment), "goals": goals_told(count_goals(enrolment)) if has_begun else None,
        "links": [
            (own_url, _now("Min side")), (url_of("calendar_month"), _now("Kalender")),
            (f"{own_url}innsyn/", _now("Hvem har sett siden min?")),
        ],
    }  # fmt: skip


def own_duties(caseload: Caseload, has_blocks: bool) -> list[Row]:
    """What else the participant is to do: duties that no block on the page tells of already."""
    rows = duties_for(caseload.user, caseload.today).filter(owner_role=DELTAKER)
    if has_blocks:
        rows = rows.exclude(rule__in=["exam_registration", "norwegian_registration"])
    return rows_of(list(rows.order_by("due_on", "pk")[:MOST_DUTIES]), caseload.today, own=True)


def tiles_of(enrolment: Enrolment) -> list[Tile]:
    """Gives at most four tiles, those whose pages there are; the one for assignments says how many are new."""
    new = Assignment.objects.filter(enrolment=enrolment, state=GIVEN).count()
    found = []
    for name, icon, word in TILES:
        try:
            url = reverse(name, args=[enrolment.participant.public_id])
        except NoReverseMatch:
            continue
        note = ngettext("%(count)d ny", "%(count)d nye", new) % {"count": new} if name == "participant_oppgaver" and new else ""
        found.append(Tile(icon, word, url, note))
    return found


@dataclass(frozen=True)
class Word:
    """What a teacher has said: about what, the words, who and when."""

    title: str | Promise
    words: str
    by: str
    day: date


def what_is_said(enrolment: Enrolment) -> list[Word]:
    """Gives the newest word of the teachers about each thing the participant may be ready for; none that is withdrawn."""
    rows = (
        Readiness.objects.filter(enrolment=enrolment, withdrawn_on__isnull=True).select_related("by").order_by("given_on", "pk")
    )
    newest = {row.kind: row for row in rows}
    return [
        Word(TOLD.get(kind, row.get_kind_display()), row.words, str(row.by) if row.by else "", row.given_on)
        for kind, row in sorted(newest.items(), key=lambda pair: pair[1].given_on, reverse=True)
    ]


def goals_told(numbers: GoalNumbers) -> dict[str, Any] | None:
    """Gives how far the participant has come with the goals, in plain words; None without goals."""
    if not numbers.total:
        return None
    return {
        "shown": _now("Du har vist %(shown)d av %(total)d mål.") % {"shown": numbers.documented, "total": numbers.total},
        "approved": _now("Læreren sier at du kan %(count)d av dem alene.") % {"count": numbers.approved}
        if numbers.approved
        else _now("Læreren har ikke sagt noe om målene ennå."),
        "share": percent(numbers.documented, numbers.total),
    }
