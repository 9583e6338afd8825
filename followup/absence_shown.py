"""The page of absence: figures against the 80 % line, month by month, what waits to be confirmed, and each day away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.dates import semester_of
from fagbrev.people.roles import COORDINATOR, DELTAKER
from followup.absence_queries import RECORDERS, absences_shown, absences_written, own_reports, sick_leaves
from followup.forms.absence import label_of
from followup.hours import Participation
from followup.models import Absence
from followup.models.language import PRACTICE, TEACHING
from followup.participation import Presence
from participants.access import Record
from participants.extras import url_for
from programmes.settings_in_force import number_words

ROWS_SHOWN = 60
NAMES = {TEACHING: _("Undervisning"), PRACTICE: _("Praksis")}
MONTHS = ("jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des.")


def hours_words(hours: Decimal) -> str:
    """Gives hours in words: "7,5 timer", "1 time"."""
    rounded = hours.quantize(Decimal("0.01"))
    return f"{number_words(rounded)} {_('time') if rounded == 1 else _('timer')}"


@dataclass
class Figure:
    """Participation of one kind this semester, in words and as a bar."""

    name: str
    percent: int | None
    words: str
    tone: str = "accent"


@dataclass
class Column:
    """One month of the drawing: where its column stands, how high, and what it says."""

    label: str
    words: str
    percent: int | None
    x: int
    y: int
    height: int
    is_below: bool


@dataclass
class Away:
    """One day away, ready to print."""

    row: Absence
    place: str
    hours: str
    reason: str
    validity: str
    may_change: bool
    waits: bool


def figure_of(name: str, one: Participation, presence: Presence) -> Figure:
    """Gives one kind's figure; without expected hours there is nothing to be present at."""
    if one.percent is None:
        return Figure(name, None, _("Ingen timer så langt dette semesteret."))
    words = _("Borte %(away)s av %(expected)s.") % {"away": hours_words(one.away), "expected": hours_words(one.expected)}
    tone = "danger" if one.is_below(presence.limit) else "warning" if one.is_below(presence.warning) else "accent"
    return Figure(name, one.percent, words, tone)


def warning_of(total: Participation, presence: Presence, *, is_own: bool) -> tuple[str, str]:
    """Gives (tone, words) of what is said about participation: below the limit, near it, or nothing."""
    limit = number_words(presence.limit)
    if total.is_below(presence.limit):
        if is_own:
            return "danger", _("Du har vært for mye borte. Målet er minst %(limit)s prosent. Snakk med koordinator.") % {
                "limit": limit
            }
        return "danger", _("Deltakelsen er under kravet på %(limit)s prosent. Ta en prat med deltakeren.") % {"limit": limit}
    if total.is_below(presence.warning):
        left = hours_words(total.may_still_be_away(presence.limit))
        if is_own:
            return "warning", _("Du nærmer deg grensa på %(limit)s prosent. Snakk med oss hvis noe er vanskelig.") % {
                "limit": limit
            }
        return "warning", _("Deltakelsen er under %(warning)s prosent. Det er %(left)s igjen til grensa på %(limit)s prosent.") % {
            "warning": number_words(presence.warning), "left": left, "limit": limit,
        }  # fmt: skip
    return "", ""


def columns_of(months: list[tuple[date, Participation]], limit: Decimal) -> list[Column]:
    """Gives the drawing's columns, 52 units apart in a drawing 100 units high."""
    found = []
    for place, (first, one) in enumerate(months):
        share = one.percent or 0
        label = MONTHS[first.month - 1]
        words = f"{one.percent} %" if one.percent is not None else _("ingen timer")
        found.append(Column(label, words, one.percent, 40 + place * 52, 110 - share, share, one.is_below(limit)))
    return found


def absence_page(found: Record) -> dict[str, Any]:
    """Gives what the page shows, cut to the rows in the user's scope; a constant number of queries."""
    presence = Presence(found)
    semester = presence.semester()
    by_kind = {TEACHING: semester.teaching, PRACTICE: semester.practice}
    figures = [figure_of(NAMES[kind], by_kind[kind], presence) for kind in presence.kinds]
    if len(figures) > 1:
        figures.insert(0, figure_of(_("Til sammen"), semester.total, presence))
    columns = columns_of(presence.months(), presence.limit)
    tone, words = warning_of(semester.total, presence, is_own=found.is_own)
    rows = _rows(found)
    limit = number_words(presence.limit)
    is_recorder = found.writes("absence") and bool(found.roles_here & RECORDERS) and bool(presence.kinds)
    return {
        "figures": figures,
        "semester": str(semester_of(found.today)),
        "columns": columns,
        "limit": limit,
        "limit_y": int(110 - presence.limit),
        "limit_percent": presence.limit,
        "drawing_words": _("Til stede i prosent, måned for måned: %(months)s. Kravet er %(limit)s prosent.")
        % {"months": ", ".join(f"{one.label} {one.words}" for one in columns), "limit": limit},
        "has_columns": any(one.percent is not None for one in columns),
        "tone": tone,
        "warning": words,
        "waiting": [one for one in rows if one.waits],
        "rows": [one for one in rows if not one.waits],
        "shows_reason": found.reads("absence_reasons"),
        "is_partial": not presence.is_whole,
        "partial_words": _partial_words(presence),
        "new_url": url_for("fravar_new", found) if is_recorder else "",
        "report_url": url_for("fravar_report", found) if found.is_own and DELTAKER in found.roles_here else "",
        "own_reports": {row.pk for row in own_reports(found)},
        "sick_leaves": list(sick_leaves(found)) if found.reads("absence_reasons") else [],
        "shows_sick_leave": found.reads("absence_reasons"),
        "sick_new_url": url_for("sykmelding_new", found) if found.writes("absence_reasons") and COORDINATOR in found.roles_here else "",
        "lop": f"?lop={found.enrolment.public_id}",
    }  # fmt: skip


def _partial_words(presence: Presence) -> str:
    if presence.is_whole:
        return ""
    if presence.kinds == [TEACHING]:
        return _("Du ser fravær fra undervisningen. Fravær fra praksis ser fadder, leder og koordinator.")
    if presence.kinds == [PRACTICE]:
        return _("Du ser fravær fra praksis hos dere, i din periode.")
    return ""


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _rows(found: Record) -> list[Away]:
    written = set(absences_written(found).values_list("pk", flat=True))
    shows_reason = found.reads("absence_reasons")
    validity = {True: _("gyldig"), False: _("ikke gyldig"), None: ""}
    return [
        Away(
            row,
            _sentence(label_of(row.placement)),
            hours_words(row.hours),
            row.get_reason_display() if shows_reason and row.reason else "",
            validity[row.is_valid],
            row.pk in written,
            row.state == "reported",
        )
        for row in absences_shown(found)[:ROWS_SHOWN]
    ]  # fmt: skip


def waiting_words(count: int) -> str:
    """Gives how many of the participant's own reports wait, to stand after something else; "" for none."""
    told = ngettext(" · %(count)d melding venter på svar", " · %(count)d meldinger venter på svar", count) % {"count": count}
    return told if count else ""


def line_of(found: Record) -> tuple[str, bool]:
    """Gives the line of the front page, and whether it is late: «91 % til stede»."""
    presence = Presence(found)
    total = presence.semester().total
    if total.percent is None:
        return _("Ingen timer så langt dette semesteret."), False
    words = _("%(percent)d %% til stede") % {"percent": total.percent}
    if total.is_below(presence.limit):
        words += _(", under kravet på %(limit)s %%") % {"limit": number_words(presence.limit)}
    elif total.is_below(presence.warning):
        words += _(", nær grensa på %(limit)s %%") % {"limit": number_words(presence.limit)}
    return words + waiting_words(presence.waiting), total.is_below(presence.warning)
