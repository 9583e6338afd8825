"""The agenda as its page and the meeting's page draw it: points in order, what the product fills in below them, and who is talked of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from meetings.access import Seen
from meetings.action_shown import ShownAction, actions_shown
from meetings.agenda_cases import CaseRow, Fact, case_row, note_cases, resource_lines
from meetings.agenda_queries import Case, cases_of, has_begun, resources_of, since_of
from meetings.invitees import proposers_read
from meetings.item_looks import note_items
from meetings.minutes_queries import Before, actions_on, before_of, open_before, shown_items
from meetings.models import AgendaItem, Meeting, StandingItem
from meetings.models.meetings import CALLED, CANCELLED, PLANNED, PROJECT_GROUP, STEERING_GROUP
from meetings.models.minutes import APPROVED, DRAFT, PARTICIPANT, SHARED, STANDING
from meetings.report_content import frozen_content, heading_words
from meetings.report_page import tiles_of
from meetings.report_queries import report_for
from programmes.settings_in_force import settings_in_force

PER_PAGE = 60
STATE_WORDS = {DRAFT: "Kladd", SHARED: "Delt", APPROVED: "Godkjent"}


def meeting_day_words(meeting: Meeting) -> str:
    """Gives the day of a meeting in words."""
    return date_words(meeting.held_on or timezone.localtime(meeting.starts_at).date())


def meeting_name(meeting: Meeting) -> str:
    """Gives what a page calls a meeting: its title, else its kind with the trade's short name."""
    kind = str(meeting.get_kind_display()).capitalize()
    return meeting.title or (f"{kind}, {meeting.trade.short_name}" if meeting.trade else kind)


@dataclass
class AgendaRow:
    """One point as the agenda draws it."""

    title: str
    words: str
    id: str = ""
    number: str = ""
    fills: str = ""
    by: str = ""  # who put it on, for a point of somebody's own
    name_url: str = ""  # to the participant's page
    facts: list[Fact] = field(default_factory=list)
    edit_url: str = ""
    withdraw_url: str = ""
    move_url: str = ""
    below: list[AgendaRow] = field(default_factory=list)


def may_add_own(seen: Seen, now: datetime) -> bool:
    """Tells whether the reader may put a point on: everyone invited until the meeting begins."""
    return seen.may_propose and seen.meeting.state in {PLANNED, CALLED} and now < seen.meeting.starts_at


def may_change(seen: Seen, item: AgendaItem, now: datetime) -> bool:
    """Tells whether the reader may change a point: the koordinator and who leads any, others their own until the meeting begins.

    None once the minutes are shared: what they say is changed by a correction alone, which is a new version.
    """
    if item.kind == PARTICIPANT or seen.is_shared:
        return False
    if seen.is_coordinator or (seen.is_chair and seen.may_write):
        return True
    return item.proposed_by_id == seen.user.pk and may_add_own(seen, now)


def may_arrange(seen: Seen) -> bool:
    """Tells whether the reader lays out the agenda: the koordinator, and who leads the meeting, until it is held."""
    return (seen.is_coordinator or seen.is_chair) and seen.meeting.is_open


@dataclass
class _Found:
    """What an agenda is drawn from, fetched once for the page and for the paper."""

    before: Before
    since: date
    cases: list[Case]
    items: list[AgendaItem]
    earlier: list[Any]  # agreed before and not done

    @property
    def picked(self) -> set[int]:
        """The enrolments that are to be talked of."""
        return {item.enrolment_id for item in self.items if item.kind == PARTICIPANT and item.enrolment_id}

    def note(self, seen: Seen, cases: Collection[Case], *, act: str) -> None:
        """Logs that these cases were shown, and what points and actions say of participants who are no case."""
        note_cases(seen, cases, act=act)
        known = {case.enrolment.pk for case in self.cases}
        told = [*self.items, *(one.item for one in self.earlier)]
        note_items(
            seen.user, seen.today, [one for one in told if one.enrolment_id not in known], act="pdf" if act == "pdf" else "look"
        )


def _found(seen: Seen) -> _Found:
    earlier, terms = open_before(seen), settings_in_force(seen.today)
    before = before_of(seen, is_open=bool(earlier))
    since = since_of(seen.meeting, before.last)
    cases = cases_of(seen.meeting, seen.user, seen.today, since=since, terms=terms)
    return _Found(before, since, cases, shown_items(seen), earlier)


def _shown(seen: Seen, found: _Found, rows: list[CaseRow], now: datetime) -> dict[str, Any]:
    """The points and what the product fills in below them."""
    meeting = seen.meeting
    by_case = dict(zip((case.enrolment.pk for case in found.cases), rows, strict=True))
    return {
        "meeting": meeting, "name": meeting_name(meeting), "day": meeting_day_words(meeting),
        "rows": agenda_rows(seen, found.items, now, by_case), "is_project_group": meeting.kind == PROJECT_GROUP,
        "open_actions": open_actions(seen, found.earlier), "resources": resource_lines(resources_of(found.cases)),
        "report": report_shown(seen),
        "nothing_open": "" if found.earlier else found.before.nothing_open, "has_people": bool(found.cases),
        "sees_funding": all("income_funding" in case.reads for case in found.cases),
        "previous": previous_shown(seen, found.before),
    }  # fmt: skip


def agenda_page(seen: Seen, now: datetime, *, side: Any = 1) -> dict[str, Any]:
    """Gives everything the page of the agenda shows; as many queries for fifty participants as for five."""
    found, at = _found(seen), [seen.meeting.public_id]
    found.note(seen, found.cases, act="list")
    picked, arranges = found.picked, may_arrange(seen)
    rows = [case_row(one, seen.today, picked=picked, propose=arranges and not picked) for one in found.cases]
    return {
        **_shown(seen, found, rows, now), "seen": seen, "arranges": arranges,
        "add_url": reverse("agenda_item_new", args=at) if may_add_own(seen, now) or arranges else "",
        "since": date_words(found.since) if found.before.last else "", "since_days": "" if found.before.last else "de siste fire ukene",
        **_people(rows, found.cases, side),
        "minutes_url": "" if tells_nothing(seen) else minutes_link(seen), "minutes_state": minutes_words(seen),
        "writes": seen.may_write and not seen.is_shared, "pdf_url": reverse("agenda_pdf", args=at),
    }  # fmt: skip


def agenda_paper(seen: Seen, now: datetime, *, note: bool) -> dict[str, Any]:
    """Gives what the agenda on paper prints: its points, and of participants only those who are to be talked of and what is short.

    `note`: it is read, so that each it tells of is logged.
    """
    found = _found(seen)
    rows = [case_row(one, seen.today, picked=found.picked, propose=False) for one in found.cases]
    shown = _shown(seen, found, rows, now)
    if note:
        told = found.picked | {one.enrolment.pk for one in resources_of(found.cases).named}
        found.note(seen, [one for one in found.cases if one.enrolment.pk in told], act="pdf")
    return shown


def open_actions(seen: Seen, rows: Collection[Any]) -> list[ShownAction]:
    """Gives what the group agreed before and is not done (minutes_queries.open_before), as a page draws it."""
    return actions_shown(
        rows, seen.user, seen.today, may_write=seen.may_write, done_name="minutes_action_done",
        at=seen.meeting.public_id, with_origin=True,
    )  # fmt: skip


def _people(rows: list[CaseRow], cases: list[Case], side: Any) -> dict[str, Any]:
    """Those behind first, then those with something new, then the rest folded; sixty at a time."""
    page = Paginator(list(zip(rows, cases, strict=True)), PER_PAGE).get_page(side)
    groups: dict[str, list[CaseRow]] = defaultdict(list)
    for row, case in page.object_list:
        groups["behind" if case.is_behind else "new" if case.is_new else "rest"].append(row)
    return {
        "people": page, "behind": groups["behind"], "new": groups["new"], "rest": groups["rest"],
        "picked_count": sum(row.is_picked for row in rows),
    }  # fmt: skip


def agenda_rows(seen: Seen, items: list[AgendaItem], now: datetime, cases: dict[int, CaseRow]) -> list[AgendaRow]:
    """Gives the points in order, numbered; the template's points while none is laid out yet (one query then)."""
    top = [item for item in items if item.parent_id is None or item.kind != PARTICIPANT]
    below: dict[int | None, list[AgendaItem]] = defaultdict(list)
    for item in items:
        if item.kind == PARTICIPANT and item.parent_id is not None:
            below[item.parent_id].append(item)
    named = proposers_read(seen, {item.proposed_by_id for item in items if item.proposed_by_id and item.kind != STANDING})
    found = [_row(seen, item, now, cases, named) for item in top]
    for row, item in zip(found, top, strict=True):
        row.below = [_row(seen, one, now, cases, named) for one in below[item.pk]]
    if not any(item.kind == STANDING for item in items):
        found = _template_rows(seen.meeting) + found
    for number, row in enumerate(found, 1):
        row.number = str(number)
        for letter, one in enumerate(row.below, 1):
            one.number = f"{number}.{letter}"
    return found


def _template_rows(meeting: Meeting) -> list[AgendaRow]:
    rows = StandingItem.objects.filter(kind=meeting.kind, is_active=True).order_by("order", "pk")
    return [AgendaRow(row.title, row.words, fills=row.fills) for row in rows]


def _row(seen: Seen, item: AgendaItem, now: datetime, cases: dict[int, CaseRow], named: Collection[int]) -> AgendaRow:
    at = [seen.meeting.public_id, item.public_id]
    case = cases.get(item.enrolment_id or 0) if item.kind == PARTICIPANT else None
    changes, is_bare = may_change(seen, item, now), not item.discussion and not item.decision
    return AgendaRow(
        title=item_title(item), words=item.words, id=item.public_id, fills=item.standing.fills if item.standing else "",
        by=item.proposed_by.name if item.proposed_by and item.proposed_by_id in named else "",
        name_url=case.url if case else "", facts=case.facts if case else [],
        edit_url=reverse("agenda_item_edit", args=at) if changes else "",
        withdraw_url=reverse("agenda_item_withdraw", args=at)
        if is_bare and (changes or (item.kind == PARTICIPANT and may_arrange(seen))) else "",
        move_url=reverse("agenda_item_move", args=at) if may_arrange(seen) else "",
    )  # fmt: skip


def item_title(item: AgendaItem) -> str:
    """Gives what a point is called: a participant's by the name as it is now, which no point keeps."""
    if item.kind == PARTICIPANT and item.enrolment:
        return item.enrolment.participant.full_name
    return item.title


def item_hint(seen: Seen) -> str:
    """Gives what one who writes a point must know: a participant is talked of on a point of their own, which koordinator puts on.

    "" where the whole meeting is about one.
    """
    if seen.meeting.enrolment_id is not None:
        return ""
    if seen.meeting.kind != PROJECT_GROUP:
        return "Ikke skriv navn på deltakere her."
    who = "Sett heller" if seen.is_coordinator or seen.is_chair else "Be heller koordinator sette"
    return f"Ikke skriv om en bestemt deltaker her. {who} deltakeren på sakslista."


def previous_shown(seen: Seen, before: Before) -> dict[str, Any] | None:
    """Gives the last meeting's minutes for the point about approving them: where they are, how they stand, and what may be done."""
    row = before.minutes
    if row is None or (row.state == DRAFT and not seen.may_write):
        return None
    begun = has_begun(seen.meeting, seen.today)
    return {
        "day": meeting_day_words(row.meeting), "state": STATE_WORDS[row.state], "is_approved": row.state == APPROVED,
        "url": reverse("minutes_page", args=[row.meeting.public_id]),
        "approve_url": approve_url(row.meeting, seen.meeting) if begun and row.state == SHARED and seen.may_write else "",
        "awaits": _awaits(seen.meeting, before.last) if row.state == SHARED and not begun else "",
    }  # fmt: skip


def _awaits(meeting: Meeting, before: Any) -> str:
    """In which meeting they are approved, on the agenda of one that has not begun; no query."""
    if meeting.state == CANCELLED:
        return "Godkjennes i neste møte."
    if before is not None and before.next_at is not None and before.next_at < meeting.starts_at:
        return "Godkjennes i et møte før dette."
    return f"Godkjennes i møtet {meeting_day_words(meeting)}."


def approve_url(meeting: Meeting, later: Meeting) -> str:
    """Gives the address that approves a meeting's minutes in a later one."""
    return f"{reverse('minutes_approve', args=[meeting.public_id])}?i={later.public_id}"


def approved_when(begun: Meeting | None, coming: Meeting | None) -> str:
    """Gives, in a sentence, in which meeting minutes are approved (minutes_queries.approving)."""
    where = begun or coming
    return f"Godkjennes i møtet {meeting_day_words(where)}." if where else "Godkjennes i neste møte."


def report_shown(seen: Seen) -> dict[str, Any] | None:
    """Gives the report the steering group is to talk of, with its five figures as they were published for all; None for other meetings
    and where there is none that the reader may open."""
    report = report_for(seen.meeting, seen.user, seen.today) if seen.meeting.kind == STEERING_GROUP else None
    if report is None:
        return None
    content = frozen_content(report)
    return {
        "url": report.get_absolute_url(),
        "title": content["title"],
        "lead": heading_words(content),
        "tiles": tiles_of(content),
    }


def minutes_link(seen: Seen) -> str:
    """Gives the address of the minutes for one who may open or begin them; "" for the others."""
    return (
        reverse("minutes_page", args=[seen.meeting.public_id]) if (seen.may_write or seen.is_shared) and not is_off(seen) else ""
    )


def is_off(seen: Seen) -> bool:
    """Tells whether the meeting was called off before its minutes were begun: nothing was said in it."""
    return not seen.minutes_state and seen.meeting.state == CANCELLED


def tells_nothing(seen: Seen) -> bool:
    """Tells whether there are minutes that say nothing this reader may see."""
    return bool(seen.minutes_state) and not seen.may_read_of_the_one


def minutes_words(seen: Seen) -> str:
    """Gives how the minutes stand in a word, "" for one who may not open them and before they are begun."""
    return STATE_WORDS[seen.minutes_state] if seen.may_read_minutes else ""


# --- On the meeting's page --------------------------------------------------------------------------------


def agenda_part(seen: Seen) -> dict[str, Any]:
    """Gives what the meeting's page shows of agenda and minutes: `template` (the file that draws it, given these values as `agenda`),
    `stylesheet`, the points, and how the minutes stand. Nothing of a participant out of the reader's scope is there, or counted."""
    now = timezone.now()
    items = shown_items(seen)
    at = [seen.meeting.public_id]
    own = _own_actions(seen, items) if seen.minutes_state else []
    may_begin = not seen.minutes_state and seen.may_write
    return {
        "template": "meetings/agenda_part.html",
        "stylesheet": static("minutes.css"),
        "rows": agenda_rows(seen, items, now, {}),
        "agenda_url": reverse("agenda_page", args=at),
        "add_url": reverse("agenda_item_new", args=at) if may_add_own(seen, now) else "",
        "minutes_url": minutes_link(seen),
        "minutes_state": minutes_words(seen),
        "not_for_you": tells_nothing(seen),
        "pdf_url": reverse("minutes_pdf", args=at) if seen.may_read_minutes else "",
        "may_begin": may_begin,
        "is_time": may_begin and seen.meeting.starts_at <= now,  # from then on, minutes are the thing to do
        "actions": own,
    }


def _own_actions(seen: Seen, items: list[AgendaItem]) -> list[ShownAction]:
    """The meeting's own action items that the reader may see, with what may be ticked."""
    on = actions_on(items, seen.user, seen.today) if seen.may_read_minutes else {}
    rows = [one for rows in on.values() for one in rows]
    if seen.meeting.enrolment_id is None:  # the look at a meeting about one is logged as such
        note_items(seen.user, seen.today, [one.item for one in rows])
    return actions_shown(
        rows, seen.user, seen.today, may_write=seen.may_write, done_name="minutes_action_done", at=seen.meeting.public_id
    )  # fmt: skip
