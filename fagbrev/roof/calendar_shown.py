"""How the calendar's entries are shown: as rows of a list, as days of a month, and as marks of årshjulet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.dates import date_words, days_words, months_after
from fagbrev.roof.calendar_entry import CONTRACT, DUTY, EXAM, KINDS, MEETING, RINGS, Entry
from fagbrev.ui.month import Bar, Day, month_grid
from fagbrev.ui.wheel import NARROW, SHAPES, SHORT_MONTHS, WIDE, Free, Mark, Wheel, layout

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
SINGLE_DUTY_DAYS = 40  # with more days than this in a year, duties stand on the wheel by the week


@dataclass(frozen=True)
class Sign:
    """A kind's shape beside its words; `look` is filled, line (only its edge) or hatch."""

    path: str
    tone: str
    look: str
    number: str = ""


def sign_of(entry: Entry, today: date) -> Sign:
    """Gives the shape and colour an entry is known by."""
    return _sign(KINDS[entry.kind].shape, _tone(entry, today))


def _is_late(entry: Entry, today: date) -> bool:
    """True of a duty whose day has passed: it stands in the calendar until it is done, and is never pale."""
    return entry.kind == "duty" and entry.last_day < today


def _is_past(entry: Entry, today: date) -> bool:
    return entry.last_day < today and not _is_late(entry, today)


def _tone(entry: Entry, today: date) -> str:
    return "danger" if _is_late(entry, today) else entry.tone or KINDS[entry.kind].tone


def _sign(shape: str, tone: str, number: str = "") -> Sign:
    looks = {"outline": "line", "ring": "line", "count": "line", "hatch": "hatch"}
    return Sign(SHAPES[shape], tone, looks.get(shape, "filled"), number)


def month_words(day: date) -> str:
    """Gives the month of a day: "november 2026"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_words(day: date) -> str:
    """Gives a day with its weekday: "mandag 23. november 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {date_words(day)}"


# --- Lists ----------------------------------------------------------------------------------------------


def row_of(entry: Entry, *, today: date) -> dict[str, Any]:
    """Gives one row of a list, as templates/roof/_entry_rows.html draws it."""
    parts = [entry.note] if entry.note else []
    if entry.last_day > entry.day:
        word = _("pågår til %(day)s") if entry.day <= today <= entry.last_day else _("til %(day)s")
        parts.insert(0, word % {"day": date_words(entry.last_day)})
    if _is_late(entry, today):
        parts.insert(0, days_words((entry.last_day - today).days))
    return {
        "iso": entry.day.isoformat(),
        "day_words": day_words(entry.day),
        "month": SHORT_MONTHS[(entry.day.month - 8) % 12],
        "number": entry.day.day,
        "title": entry.title,
        "note": " · ".join(parts),
        "url": entry.url,
        "sign": sign_of(entry, today),
        "is_today": entry.day == today,
        "is_past": _is_past(entry, today),
        "is_late": _is_late(entry, today),
        "trade_code": entry.trade_code,
        "trade_name": entry.trade_name,
        "trade_shape": entry.trade_shape,
        "trade_colour": entry.trade_colour,
    }


def by_month(entries: Iterable[Entry], *, first: date, today: date) -> list[dict[str, Any]]:
    """Gives the rows under their months; what began before `first` stands in the first month."""
    months: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (max(entry.day, first), entry.day, entry.title)):
        months[month_words(max(entry.day, first))].append(row_of(entry, today=today))
    return [{"title": title.capitalize(), "rows": rows} for title, rows in months.items()]


def duties_by_day(entries: Iterable[Entry], *, more_url: str) -> list[Entry]:
    """Gives the entries with several duties of one day made into one, which leads to the list of that day."""
    together: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "duty":
            together[entry.day].append(entry)
    shown = []
    for entry in entries:
        own = together.get(entry.day, []) if entry.kind == "duty" else []
        if len(own) < 2:
            shown.append(entry)
        elif entry is own[0]:
            count = sum(one.count for one in own)
            title = ngettext("%(count)d frist", "%(count)d frister", count) % {"count": count}
            tone = next((one.tone for one in own if one.tone), "")
            shown.append(Entry(entry.day, entry.day, "duty", title, "", f"{more_url}{entry.day.isoformat()}", tone))
    return shown


# --- The month ------------------------------------------------------------------------------------------


def month_weeks(entries: Sequence[Entry], *, month: date, today: date, more_url: str) -> list[dict[str, Any]]:
    """Gives the month's weeks, as templates/roof/_month.html draws them; public holidays stand beside the day's number."""
    named = {entry.day: entry.title for entry in entries if entry.kind == "holiday"}
    others = [entry for entry in entries if entry.kind != "holiday"]
    return [
        {
            "number": week.number,
            "is_quiet": not (week.begins_something or any(day.day in named for day in week.days if not day.is_outside)),
            "days": [_month_day(day, named.get(day.day, ""), today=today, more_url=more_url) for day in week.days],
        }
        for week in month_grid(month.year, month.month, others, today=today)
    ]


def _month_day(day: Day, holiday: str, *, today: date, more_url: str) -> dict[str, Any]:
    return {
        "number": day.day.day,
        "words": day_words(day.day),
        "iso": day.day.isoformat(),
        "is_outside": day.is_outside,
        "is_today": day.is_today and not day.is_outside,
        "is_weekend": day.is_weekend,
        "is_quiet": not (day.begins_something or holiday or day.is_today),
        "begins_nothing": not (day.begins_something or holiday),
        "holiday": "" if day.is_outside else holiday,
        "lanes": [_bar(bar, today=today) if bar else None for bar in day.lanes],
        "entries": [row_of(entry, today=today) for entry in day.entries],
        "more": ngettext("%(count)d til", "%(count)d til", day.more) % {"count": day.more} if day.more else "",
        "more_url": f"{more_url}{day.day.isoformat()}",
    }


def _bar(bar: Bar, *, today: date) -> dict[str, Any]:
    looks = {"arc": "filled", "outline": "outlined", "hatch": "hatched"}
    return row_of(bar.entry, today=today) | {
        "span": bar.span,
        "begins": bar.begins,
        "ends": bar.ends,
        "is_first": bar.is_first,
        "look": looks.get(KINDS[bar.entry.kind].shape, "plain"),
        "tone": _tone(bar.entry, today),
        "has_sign": KINDS[bar.entry.kind].shape not in looks,
        "more": bar.entry.trade_name or bar.entry.note,
        "until": _("til %(day)s") % {"day": date_words(bar.entry.last_day)},
    }


# --- The wheel ------------------------------------------------------------------------------------------


def wheels(entries: Sequence[Entry], *, first: date, today: date) -> tuple[Wheel, Wheel]:
    """Gives the wide and the narrow drawing of the school year that begins on `first`."""
    marks = [
        *_exam_marks(entries, today), *_duty_marks(entries, today), *_meeting_marks(entries, today), *_contract_marks(entries, today),
    ]  # fmt: skip
    held = {mark.ring for mark in marks}
    rings = [ring for place, ring in enumerate(RINGS) if place == 0 or ring.key in held]
    free = [Free(entry.day, entry.last_day) for entry in entries if entry.kind == "break"]
    last = months_after(first, 12) - timedelta(days=1)
    week = _("Uke %(number)d") % {"number": today.isocalendar().week} if first <= today <= last else ""
    centre = (_("Skoleåret"), year_words(first), week)
    wide, narrow = (
        layout(
            rings, marks, first=first, free=free, today=today, centre=centre, today_label=_("I dag"), key=key, measures=measures
        )
        for key, measures in (("wide", WIDE), ("narrow", NARROW))
    )
    return wide, narrow


def year_words(first: date) -> str:
    """Gives the school year that begins on a day: "2026–2027"."""
    return f"{first.year}–{first.year + 1}"


def wheel_key(wheel: Wheel, narrow: Wheel) -> list[dict[str, Any]]:
    """Gives what stands below the wheel: for each ring its name and the shapes in it, and last the days off.

    A group has the letter of its ring where the narrow drawing has no room for the name.
    """
    has_letters = any(name.is_short for name in narrow.names)
    drawn = {arc.mark.kind for arc in wheel.arcs} | {point.mark.kind for point in wheel.points}
    numbered = any(point.mark.kind == "duty" and point.number for point in wheel.points)
    late = any(point.mark.kind == "duty" and point.mark.tone == "danger" for point in wheel.points)
    groups = []
    for ring in wheel.rings:
        kinds = [kind for key, kind in KINDS.items() if kind.ring == ring.key and key in drawn]
        rows = [
            {"label": kind.label, "sign": _sign(kind.shape, kind.tone, "3" if kind.shape == "count" else "")} for kind in kinds
        ]
        if ring.key == DUTY and numbered:
            rows.append({"label": _("Flere frister"), "sign": _sign("count", "neutral", "3")})
        if ring.key == DUTY and late:
            rows.append({"label": _("Over fristen"), "sign": _sign("dot", "danger")})
        groups.append({"title": ring.label, "letter": str(ring.label)[:1] if has_letters else "", "rows": rows})
    off = KINDS["break"]
    groups.append({"title": _("Alle ringer"), "letter": "", "rows": [{"label": off.label, "sign": _sign(off.shape, off.tone)}]})
    return groups


def _exam_marks(entries: Iterable[Entry], today: date) -> Iterable[Mark]:
    exams = [entry for entry in entries if KINDS[entry.kind].ring == EXAM]
    days = [entry.day for entry in exams if entry.kind == "exam" and entry.day == entry.last_day]
    for entry in exams:
        is_period = entry.kind == "exam" and entry.last_day > entry.day
        if is_period and any(entry.day <= day <= entry.last_day for day in days):
            continue  # the very days are known, and have a star each
        yield _mark(entry, today)


def _mark(entry: Entry, today: date) -> Mark:
    kind = KINDS[entry.kind]
    label = _("%(title)s, %(day)s") % {"title": entry.title, "day": date_words(entry.day)}
    return Mark(
        kind.ring, entry.kind, kind.shape, entry.day, entry.last_day, label, _tone(entry, today), 1, _is_past(entry, today)
    )


def _duty_marks(entries: Iterable[Entry], today: date) -> Iterable[Mark]:
    duties = [entry for entry in entries if KINDS[entry.kind].ring == DUTY]
    by_week = len({entry.day for entry in duties}) > SINGLE_DUTY_DAYS
    groups: dict[date, list[Entry]] = defaultdict(list)
    for entry in duties:
        groups[entry.day - timedelta(days=entry.day.weekday()) if by_week else entry.day].append(entry)
    for together in groups.values():
        count = sum(entry.count for entry in together)
        first, last = min(entry.day for entry in together), max(entry.day for entry in together)
        late = any(_tone(entry, today) == "danger" for entry in together)
        if len(together) == 1:
            title = together[0].title
        else:
            title = ngettext("%(count)d frist", "%(count)d frister", count) % {"count": count}
        label = _("%(title)s, %(day)s") % {"title": title, "day": date_words(first)}
        yield Mark(DUTY, "duty", "dot", first, last, label, "danger" if late else "neutral", count)


def _meeting_marks(entries: Iterable[Entry], today: date) -> Iterable[Mark]:
    """One mark for the meetings of a week."""
    weeks: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        if KINDS[entry.kind].ring == MEETING:
            weeks[entry.day - timedelta(days=entry.day.weekday())].append(entry)
    for together in weeks.values():
        first, count = min(entry.day for entry in together), len(together)
        title = together[0].title if count == 1 else _("%(count)d møter") % {"count": count}
        label = _("%(title)s, %(day)s") % {"title": title, "day": date_words(first)}
        shape, tone = KINDS["meeting"].shape, KINDS["meeting"].tone
        yield Mark(MEETING, "meeting", shape, first, first, label, tone, 1, all(_is_past(entry, today) for entry in together))


def _contract_marks(entries: Iterable[Entry], today: date) -> Iterable[Mark]:
    months: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        if KINDS[entry.kind].ring == CONTRACT:
            months[entry.day.replace(day=1)].append(entry)
    for first, ends in months.items():
        count = sum(entry.count for entry in ends)
        title = ngettext("%(count)d kontrakt slutter i %(month)s", "%(count)d kontrakter slutter i %(month)s", count)
        yield Mark(
            CONTRACT, "contract", "count", first, months_after(first, 1) - timedelta(days=1),
            title % {"count": count, "month": month_words(first)}, "neutral", count, all(entry.day < today for entry in ends),
        )  # fmt: skip
