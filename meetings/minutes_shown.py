"""The minutes as their page, an earlier version and the PDF show them, each cut to what the reader may read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fagbrev.audit.log import note_looks
from fagbrev.dates import date_words
from fagbrev.people.roles import ROLE_NAMES, roles_of
from meetings.access import Seen, spoken_of
from meetings.action_shown import ShownAction, actions_shown
from meetings.agenda_cases import CaseRow, case_row, note_cases
from meetings.agenda_queries import cases_of, since_of
from meetings.agenda_shown import (
    STATE_WORDS,
    approve_url,
    approved_when,
    item_title,
    meeting_day_words,
    meeting_name,
    open_actions,
    previous_shown,
)
from meetings.forms.minutes import ItemForm, item_forms
from meetings.invited_shown import invitees_marked, invitees_named, may_hold, name_of
from meetings.invitees import reads_names
from meetings.item_looks import LOOK_PAGE, SECTION, note_items
from meetings.minutes_queries import (
    Before,
    actions_on,
    actions_while_writing,
    approving,
    before_of,
    invitees_of,
    shown_items,
    texts_of,
    versions_of,
)
from meetings.models import AgendaItem, Invitee, Minutes, MinutesVersion
from meetings.models.meetings import CANCELLED, HELD
from meetings.models.minutes import APPROVED, DRAFT, PARTICIPANT, SHARED
from meetings.writing_shown import Beside, FormState, beside, clock_words, state_of
from participants.models import Enrolment
from programmes.settings_in_force import settings_in_force


@dataclass
class MinutesRow:
    """One point of the minutes as a page draws it."""

    id: str
    number: str
    title: str
    words: str
    discussion: str
    decision: str
    is_person: bool = False
    has_below: bool = False  # points below it are shown
    actions: list[ShownAction] = field(default_factory=list)
    others: list[Beside] = field(default_factory=list)
    aside: list[Beside] = field(default_factory=list)
    case: CaseRow | None = None  # what the agenda tells of the participant, while one writes
    form: ItemForm | None = None
    state: FormState | None = None
    write_url: str = ""
    action_url: str = ""
    correct_url: str = ""
    fills: str = ""  # what the product fills in under the point while the minutes are written


def minutes_page(seen: Seen, row: Minutes | None, request: Any) -> dict[str, Any]:
    """Gives everything the page of the minutes shows; the number of queries does not grow with the points."""
    at = [seen.meeting.public_id]
    is_draft = row is not None and row.state == DRAFT
    items = shown_items(seen, with_texts=seen.may_write) if row is not None else []
    versions = versions_of(row) if row is not None and not is_draft else []
    is_held = seen.meeting.state == HELD
    is_shared = row is not None and row.state == SHARED
    begun, coming = approving(seen, seen.meeting) if is_shared else (None, None)
    actions, earlier = actions_while_writing(seen, items) if is_draft else (actions_on(items, seen.user, seen.today), [])
    before = before_of(seen, is_open=bool(earlier)) if is_draft else Before()
    invited = invitees_marked(seen)
    is_time = not is_held and seen.meeting.state != CANCELLED and seen.meeting.starts_at <= timezone.now()
    note_items(seen.user, seen.today, [*items, *(one.item for one in earlier)])
    return {
        "seen": seen, "meeting": seen.meeting, "name": meeting_name(seen.meeting), "day": meeting_day_words(seen.meeting),
        "minutes": row, "is_draft": is_draft, "state": STATE_WORDS[row.state] if row else "",
        "rows": minutes_rows(seen, items, row, request, actions, _cases(seen, items, before.last)) if row is not None else [],
        "present": [name_of(one) for one in invited if one.is_named and one.attended],
        "writes": seen.may_write, "invited": _invited_words(seen, invited),
        "start_url": reverse("minutes_start", args=at) if row is None and seen.may_write else "",
        "share_url": reverse("minutes_share", args=at) if is_draft and seen.may_write and is_held else "",
        "hold_url": reverse("meeting_attendance", args=at) if is_draft and is_time and may_hold(seen) else "",
        "approve_url": approve_url(seen.meeting, begun) if begun and is_shared and seen.may_write else "",
        "approve_alone_url": reverse("minutes_approve", args=at) if is_shared and not begun and seen.is_coordinator else "",
        "add_url": reverse("minutes_item_new", args=at) if is_draft and seen.may_write else "",
        "agenda_url": reverse("agenda_page", args=at), "pdf_url": reverse("minutes_pdf", args=at) if row else "",
        "versions": version_lines(seen, versions), "said": _said(seen, row, approved_when(begun, coming)),
        "others_url": reverse("minutes_others", args=at) if is_draft and seen.may_write else "",
        "previous": previous_shown(seen, before) if is_draft else None,
        "open_actions": open_actions(seen, earlier), "nothing_open": before.nothing_open if is_draft and not earlier else "",
    }  # fmt: skip


def _said(seen: Seen, row: Minutes | None, awaits: str) -> str:
    """How the minutes stand, in a sentence."""
    if row is None:
        return ""
    if row.state == APPROVED and row.approved_at:
        where = f" i møtet {meeting_day_words(row.approved_in)}" if row.approved_in else f" {clock_words(row.approved_at)}"
        return f"Godkjent{where}. Referatet er låst.{' En rettelse blir en ny versjon.' if may_correct(seen, row) else ''}"
    if row.state == SHARED and row.shared_at and row.shared_by:
        return f"Delt av {row.shared_by.name} {clock_words(row.shared_at)}. {awaits}"
    first = "" if seen.meeting.state == HELD else " Når oppmøtet er ført, kan du dele referatet."
    return f"Bare de som skriver, ser kladden. Alt lagres mens du skriver.{first}"


def _cases(seen: Seen, items: Collection[AgendaItem], before: Any) -> dict[int, CaseRow]:
    """What the agenda tells of those who are talked of, for one who writes the draft: by the enrolment's id, logged as shown. It is
    drawn beside the boxes, and kept nowhere."""
    about = {item.enrolment_id for item in items if item.kind == PARTICIPANT and item.enrolment_id}
    if not about or seen.minutes_state != DRAFT or not seen.may_write:
        return {}
    terms, since = settings_in_force(seen.today), since_of(seen.meeting, before)
    cases = cases_of(seen.meeting, seen.user, seen.today, since=since, terms=terms, among=about)
    note_cases(seen, cases, act="list")
    return {one.enrolment.pk: case_row(one, seen.today, picked=about, propose=False) for one in cases}


def _invited_words(seen: Seen, invited: Collection[Invitee]) -> str:
    """Who is to see what is written, as the line above a box says it."""
    names = [str(ROLE_NAMES[role]) for role in dict.fromkeys(one.role for one in invited if one.role)]
    if not names:
        return "de som er kalt inn" if seen.is_shared else "de som er kalt inn, når du deler"
    words = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} og {names[-1]}"
    return words if seen.is_shared else f"{words}, når referatet er delt"


def shared_words(seen: Seen, told: int) -> str:
    """Gives what is said when minutes are shared: with whom, how many get a mail, and who must be sent them by hand, by the names the
    reader may read."""
    outside = [row.name for row in invitees_of(seen.meeting) if row.user_id is None]
    words = "Referatet er delt med dem som er kalt inn" + (" og har innlogging." if outside else ".")
    if told:
        words += f" {told} får beskjed på e-post."
    if outside and not reads_names(seen):
        words += " Noen har ikke innlogging: koordinator kan sende dem PDF-en."
    elif outside:
        names = outside[0] if len(outside) == 1 else f"{', '.join(outside[:-1])} og {outside[-1]}"
        words += f" {names} har ikke innlogging: send PDF-en selv."
    return words


def action_seen_by(seen: Seen, item: AgendaItem) -> str:
    """Gives who reads what is agreed on a point: about a participant those who have that one, on the page «Avtalt» from the first."""
    if item.enrolment_id is None:
        return _invited_words(seen, invitees_of(seen.meeting))
    when = "" if seen.is_shared else " når referatet er delt"
    return (
        "koordinator, lærerne til deltakeren og den som skal gjøre det."
        f" De som er kalt inn og har tilgang til deltakeren, ser det{when or ' også'}"
    )


def minutes_rows(
    seen: Seen, items: list[Any], row: Minutes, request: Any, actions: Mapping[int, list[Any]], cases: Mapping[int, CaseRow] | None = None
) -> list[MinutesRow]:  # fmt: skip
    """Gives the points with their texts, actions and, for those who write a draft (and a request to write in), a form each; one query, of
    what one has typed and not saved.

    `cases` are what the agenda tells of those who are talked of, to be drawn beside what is written of them.
    """
    writes = request is not None and seen.may_write and row.state == DRAFT
    writable = {item.pk for item in items if item.enrolment_id is None or item.is_writable} if seen.may_write else set()
    forms = item_forms(items, request) if writes else {}
    others, aside = texts_of(items)
    shown = actions_shown(
        [one for rows in actions.values() for one in rows], seen.user, seen.today, may_write=seen.may_write,
        done_name="minutes_action_done", at=seen.meeting.public_id,
    )  # fmt: skip
    by_id = {one.id: one for one in shown}
    numbers, parents = numbered(items), {item.parent_id for item in items}
    return [
        MinutesRow(
            id=item.public_id, number=numbers[item.pk], title=item_title(item), words=item.words, discussion=item.discussion,
            decision=item.decision, is_person=item.kind == PARTICIPANT, has_below=item.pk in parents,
            fills=item.standing.fills if item.standing else "",
            actions=[by_id[one.public_id] for one in actions.get(item.pk, [])],
            others=[beside(seen, item, one) for one in others.get(item.pk, [])],
            aside=[beside(seen, item, one) for one in aside.get(item.pk, [])],
            case=cases.get(item.enrolment_id) if cases and item.kind == PARTICIPANT else None,
            form=forms.get(item.pk) if item.pk in writable else None,
            state=state_of(forms[item.pk], item) if item.pk in writable and item.pk in forms else None,
            write_url=reverse("minutes_item", args=[seen.meeting.public_id, item.public_id]),
            action_url=reverse("minutes_action_new", args=[seen.meeting.public_id, item.public_id])
            if item.pk in writable and seen.may_write and row.state == DRAFT else "",
            correct_url=reverse("minutes_correct", args=[seen.meeting.public_id, item.public_id])
            if item.pk in writable and may_correct(seen, row) else "",
        )
        for item in items
    ]  # fmt: skip


def item_page(seen: Seen, item: AgendaItem, form: Any) -> dict[str, Any]:
    """Gives the page of one point alone, to write on or to correct."""
    note_items(seen.user, seen.today, [item])
    back = reverse("minutes_page", args=[seen.meeting.public_id])
    return {
        "form": form, "meeting": seen.meeting, "name": meeting_name(seen.meeting), "title": item_title(item), "words": item.words,
        "back_url": f"{back}#punkt-{item.public_id}", "back_label": "Referat", "seen_by": _invited_words(seen, invitees_of(seen.meeting)),
    }  # fmt: skip


def may_correct(seen: Seen, row: Minutes) -> bool:
    """Tells whether the reader may correct shared minutes: those who write; once approved, the koordinator alone."""
    return (row.state == SHARED and seen.may_write) or (row.state == APPROVED and seen.is_coordinator)


def numbered(items: list[AgendaItem]) -> dict[int, str]:
    """Gives each point's number, by its id: those below another are 3.1, 3.2. What the reader may not read has no number."""
    found: dict[int, str] = {}
    top, below = 0, 0
    known = {item.pk for item in items}
    for item in items:
        if item.parent_id in known:
            below += 1
            found[item.pk] = f"{top}.{below}"
        else:
            top, below = top + 1, 0
            found[item.pk] = str(top)
    return found


# --- Versions -----------------------------------------------------------------------------------------------


def version_lines(seen: Seen, versions: Collection[MinutesVersion]) -> list[dict[str, Any]]:
    """Gives a line for each version, with why it was corrected for those who may read what was. `versions` are all there are."""
    reads = _reasons_read(seen, versions)
    return [
        {
            "number": row.number, "said": f"{_what(row, reads)}, {row.by.name} {clock_words(row.at)}",
            "url": reverse("minutes_version", args=[seen.meeting.public_id, row.number]),
        }
        for row in versions
    ]  # fmt: skip


def _what(row: MinutesVersion, reads: Collection[int]) -> str:
    if not row.reason:
        return STATE_WORDS[row.state]
    return f"Rettet: {row.reason}" if row.number in reads else "Rettet"


def _reasons_read(seen: Seen, versions: Collection[MinutesVersion]) -> set[int]:
    """The numbers of the corrections whose points the reader may read: a reason tells of the point it is about. One query."""
    texts = {
        row.number: {one["item"]: (one["enrolment"], one["discussion"], one["decision"]) for one in row.content["items"]}
        for row in versions
    }
    about = {
        row.number: {
            held[0]
            for item, held in texts[row.number].items()
            if held[0] and held != texts.get(row.number - 1, {}).get(item)
        }
        for row in versions
        if row.reason
    }  # fmt: skip
    wanted = {one for people in about.values() for one in people}
    mine = (
        set(spoken_of(seen.user, seen.today).filter(public_id__in=wanted).values_list("public_id", flat=True))
        if wanted
        else set()
    )
    return {number for number, people in about.items() if people <= mine}


def version_page(seen: Seen, row: Minutes, version: MinutesVersion) -> dict[str, Any]:
    """Gives a locked version, point by point: what is about participants out of the reader's scope is not there, nor counted."""
    people = readable_people(seen, version.content["items"])
    rows = version_rows(version.content["items"], people)
    note_people(seen, people.values())
    lines = {one["number"]: one["said"] for one in version_lines(seen, versions_of(row))}
    return {
        "seen": seen, "meeting": seen.meeting, "name": meeting_name(seen.meeting), "day": meeting_day_words(seen.meeting),
        "version": version, "said": lines[version.number], "rows": rows,
        "present": version.content["present"] if invitees_named(seen) else [],
        "minutes_url": reverse("minutes_page", args=[seen.meeting.public_id]),
    }  # fmt: skip


def readable_people(seen: Seen, items: Collection[Mapping[str, Any]]) -> dict[str, Enrolment]:
    """Gives those the kept points are about whom the reader may read of, by the enrolment's public id; one query."""
    wanted = {one["enrolment"] for one in items if one["enrolment"]}
    mine = spoken_of(seen.user, seen.today).filter(public_id__in=wanted).select_related("participant")
    return {row.public_id: row for row in mine}


def version_rows(items: Collection[Mapping[str, Any]], people: Mapping[str, Enrolment]) -> list[MinutesRow]:
    """Gives the kept points that the reader may read, numbered anew."""
    found, top, below = [], 0, 0
    shown = [one for one in items if not one["enrolment"] or one["enrolment"] in people]
    ids = {one["item"] for one in shown}
    first = [one for one in shown if one["parent"] not in ids]
    for head in first:
        top, below = top + 1, 0
        found.append(_kept_row(head, f"{top}", people))
        for one in shown:
            if one["parent"] == head["item"]:
                below += 1
                found.append(_kept_row(one, f"{top}.{below}", people))
    return found


def _kept_row(one: Mapping[str, Any], number: str, people: Mapping[str, Enrolment]) -> MinutesRow:
    is_person = one["kind"] == PARTICIPANT
    title = people[one["enrolment"]].participant.full_name if is_person else one["title"]
    actions = [
        ShownAction("", kept["words"], kept["who"], False, "", "", _day(kept["due"]), "", "", "", "", "")
        for kept in one["actions"]
    ]
    return MinutesRow(
        id="", number=number, title=title, words=one["words"], discussion=one["discussion"], decision=one["decision"],
        is_person=is_person, actions=actions,
    )  # fmt: skip


def _day(text: str) -> str:
    return date_words(date.fromisoformat(text)) if text else ""


def note_people(seen: Seen, people: Collection[Enrolment], *, act: str = "look") -> None:
    """Logs that a version or a PDF showed what is said of these participants."""
    note_looks(
        user=seen.user, roles=roles_of(seen.user, seen.today), pairs=[(row.participant_id, row.pk) for row in people],
        page=LOOK_PAGE, sections=["identity", SECTION], act=act,
    )  # fmt: skip


def attendance(seen: Seen) -> dict[str, str]:
    """Gives who was there and who was not, in words, by the names the reader may read."""
    rows = invitees_named(seen)
    if not rows:
        return {"present": "Navnene står ikke i denne utskriften", "absent": ""}

    def said(came: bool) -> str:
        return ", ".join(_named(one) for one in rows if one.attended is came)

    return {"present": said(True), "absent": said(False)}


def invited_names(seen: Seen) -> str:
    """Gives who is invited, by the names the reader may read."""
    return ", ".join(_named(one) for one in invitees_named(seen))


def _named(one: Invitee) -> str:
    name = one.user.name if one.user else one.name
    return f"{name} ({ROLE_NAMES[one.role]})" if one.role else name
