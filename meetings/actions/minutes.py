"""Writes of the minutes: begun, written point by point, settled where two met, shared, approved and corrected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_change
from fagbrev.audit.models import ChangeLog
from fagbrev.dates import date_words
from fagbrev.forms.base import VersionedForm
from fagbrev.people.models import User
from meetings.actions.agenda import lay_agenda, note_item, put_item
from meetings.agenda_queries import has_begun
from meetings.minutes_text import BOXES, joined, plain, settle
from meetings.minutes_versions import content_of
from meetings.models import AgendaItem, ItemOtherText, Meeting, Minutes, MinutesVersion
from meetings.models.meetings import CANCELLED, HELD
from meetings.models.minutes import APPROVED, DRAFT, JOINED, LEFT, PARTICIPANT, SHARED, TAKEN

NOTED_EVERY = timedelta(minutes=10)  # one writer's keystrokes on one point are one change in the log for so long


class MinutesRefused(Exception):
    """What was asked for cannot be done now; its text is a sentence for the one who asked."""


@dataclass(frozen=True)
class Written:
    """What came of writing a point: the point as it stands, and the writer's text that is kept beside it, if any."""

    item: AgendaItem
    beside: ItemOtherText | None = None
    is_late: bool = False  # the minutes were shared before it came


@acting()
def start_minutes(*, meeting: Meeting, by: User) -> Minutes:
    """Begins the minutes of a meeting, with the agenda's points; gives those that are there when they are begun."""
    lay_agenda(meeting=meeting, by=by)
    row, is_new = Minutes.objects.get_or_create(meeting=meeting, defaults={"created_by": by})
    if is_new:
        _note(row, by, "created")
    return row


@acting()
def add_item(*, form: VersionedForm, meeting: Meeting, by: User) -> AgendaItem:
    """Puts a point that came up in the meeting on the minutes. Raises MinutesRefused once they are shared, with the meeting locked
    as by the one who shares: what is added is in the version that is shared, or is not added."""
    Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    _must_be(meeting.pk, DRAFT)
    return put_item(form=form, meeting=meeting, by=by)


@acting()
def write_item(
    *, item: AgendaItem, sent: Mapping[str, str], based_on: Mapping[str, str], by: User, at: datetime, beside_id: str = ""
) -> Written:
    """Saves what somebody has typed on a point: as the point's text, or beside it where another's stands there.

    `sent` are the boxes, `based_on` fingerprints of what they held when the writer began or last saved; `beside_id` the writer's
    own text from before that is kept beside. Once the minutes are shared nothing is written over: what comes late is kept beside.
    A point that was taken off while somebody typed on it stands again, as it is with their text.
    """
    is_draft = Minutes.objects.filter(meeting=item.meeting_id, state=DRAFT).exists
    held = AgendaItem.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=item.pk)
    if held.withdrawn_at is not None and any(plain(text) for text in sent.values()) and is_draft():
        held = _put_back(held, by)
    now = {box: getattr(held, box) for box in BOXES}
    done = settle(held=now, sent=sent, based_on=based_on)
    if not is_draft():
        late = {box: plain(sent.get(box, "")) for box in BOXES}
        kept = _keep_beside(held, {box: text for box, text in late.items() if text not in now[box]}, by, at, beside_id)
        return Written(held, kept, is_late=True)
    changed = [box for box in BOXES if done.stands[box] != now[box]]
    if changed:
        for box in changed:
            setattr(held, box, done.stands[box])
        _save_written(held, changed, by, at)
        _note_writing(held, by, at, changed)
    return Written(held, _keep_beside(held, done.beside, by, at, beside_id))


def _put_back(item: AgendaItem, by: User) -> AgendaItem:
    """Gives a point that was taken off as one that stands: itself, or the one that was put on in its place meanwhile."""
    same = {"kind": PARTICIPANT, "enrolment": item.enrolment_id} if item.kind == PARTICIPANT else {"standing": item.standing_id}
    if item.kind == PARTICIPANT or item.standing_id is not None:
        rows = AgendaItem.objects.filter(meeting=item.meeting_id, withdrawn_at__isnull=True, **same)
        again = rows.select_for_update(of=("self",)).select_related("enrolment").first()
        if again is not None:
            return again
    item.withdrawn_at, item.version = None, item.version + 1
    item.save(update_fields=["withdrawn_at", "version"])
    note_item(item, by=by, verb="put_back", fields=["withdrawn_at"])
    return item


def _save_written(item: AgendaItem, boxes: Collection[str], by: User, at: datetime) -> None:
    """Saves these boxes of a point, with who wrote what now stands in each."""
    writers = [f"{box}_by" for box in boxes]
    for column in ("written_by", *writers):
        setattr(item, column, by)
    item.written_at, item.version = at, item.version + 1
    item.save(update_fields=[*boxes, *writers, "written_at", "written_by", "version"])


def _keep_beside(item: AgendaItem, texts: Mapping[str, str], by: User, at: datetime, beside_id: str) -> ItemOtherText | None:
    """Keeps the writer's text beside the point. The same writer's text from before grows, so that no keystroke makes a row."""
    texts = {box: text for box, text in texts.items() if text}
    if not texts:
        return None
    own = list(ItemOtherText.objects.select_for_update(of=("self",)).filter(item=item, by=by, settled_at__isnull=True))
    grown = next((row for row in own if row.public_id == beside_id or _has_all(row, texts)), None)
    row = grown or ItemOtherText(item=item, by=by)
    for box, text in texts.items():
        setattr(row, box, text)
    row.at = at
    row.save()
    if grown is None:
        note_item(item, by=by, verb="kept_beside", fields=sorted(texts))
    return row


def _has_all(row: ItemOtherText, texts: Mapping[str, str]) -> bool:
    return all(getattr(row, box) in texts.get(box, "") for box in BOXES)


def _note_writing(item: AgendaItem, by: User, at: datetime, fields: list[str]) -> None:
    """Logs that somebody wrote; not each keystroke: once for a writer and a point in ten minutes."""
    lately = ChangeLog.objects.filter(
        user=by, subject_type=item._meta.label_lower, subject_id=item.public_id, verb="written", at__gt=at - NOTED_EVERY
    )
    known = {name for names in lately.values_list("fields", flat=True) for name in names}
    if not set(fields) <= known:
        note_item(item, by=by, verb="written", fields=fields)


@acting()
def settle_text(*, other: ItemOtherText, how: str, by: User, at: datetime) -> bool:
    """Takes in a text that stood beside, joins it with the point's, or leaves it out; gives False when somebody has done so already.

    Nothing is thrown away: a text that is taken out of the point is kept as left out. Raises MinutesRefused once they are shared.
    """
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=other.item_id)
    held = ItemOtherText.objects.select_for_update(of=("self",)).get(pk=other.pk)
    if held.settled_at is not None:
        return False
    if how != LEFT:
        _must_be(item.meeting_id, DRAFT)
        replaced = {box: getattr(item, box) for box in BOXES if getattr(held, box)}
        for box in replaced:
            text = getattr(held, box)
            setattr(item, box, text if how == TAKEN else joined(getattr(item, box), text))
        lost = {box: text for box, text in replaced.items() if text and text not in getattr(item, box)}
        if lost:
            ItemOtherText.objects.create(
                item=item,
                by=item.written_by or by,
                at=item.written_at or at,
                settled_at=at,
                settled_by=by,
                settled_as=LEFT,
                **lost,
            )
        _save_written(item, replaced, held.by if how == TAKEN else by, at)
    held.settled_at, held.settled_by, held.settled_as = at, by, how
    held.save(update_fields=["settled_at", "settled_by", "settled_as"])
    note_item(item, by=by, verb={TAKEN: "taken_in", JOINED: "joined", LEFT: "left_out"}[how], fields=list(BOXES))
    return True


# --- Sharing, approving, correcting -----------------------------------------------------------------------


@acting()
def share_minutes(*, meeting: Meeting, by: User, at: datetime) -> MinutesVersion:
    """Shares the minutes with those invited and locks what was shared as a version. Raises MinutesRefused with the reason."""
    # The points before the minutes, as those who write take them: what somebody is saving now is in what is locked.
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    list(AgendaItem.objects.select_for_update(of=("self",)).filter(meeting=held).order_by("pk").values_list("pk"))
    row = _must_be(meeting.pk, DRAFT)
    if held.state != HELD:
        raise MinutesRefused("Si først fra om at møtet er holdt. Da kan du dele referatet.")
    if ItemOtherText.objects.filter(item__meeting=meeting, item__withdrawn_at__isnull=True, settled_at__isnull=True).exists():
        raise MinutesRefused("På noen punkter står det to tekster. Velg hva som skal stå, før du deler.")
    row.state, row.shared_at, row.shared_by = SHARED, at, by
    return _locked(row, by, at, "shared")


def not_yet(approved_in: Meeting) -> str:
    """Gives why minutes are not approved in a meeting that has not begun."""
    if approved_in.state == CANCELLED:
        return "Møtet er avlyst. Referatet godkjennes i et annet møte."
    return f"Referatet godkjennes i møtet {date_words(timezone.localdate(approved_in.starts_at))}."


@acting()
def approve_minutes(*, meeting: Meeting, by: User, at: datetime, approved_in: Meeting | None = None) -> MinutesVersion:
    """Approves minutes that are shared: in a later meeting of the group, from its day on, or without one. Raises MinutesRefused."""
    row = _must_be(meeting.pk, SHARED)
    if approved_in is not None and not has_begun(approved_in, timezone.localdate(at)):
        raise MinutesRefused(not_yet(approved_in))
    row.state, row.approved_at, row.approved_by, row.approved_in = APPROVED, at, by, approved_in
    return _locked(row, by, at, "approved")


@acting()
def correct_item(*, item: AgendaItem, texts: Mapping[str, str], reason: str, by: User, at: datetime) -> MinutesVersion | None:
    """Corrects a point of minutes that are shared: a new version with the reason; those before it stay. None when nothing changed."""
    held = AgendaItem.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=item.pk)
    row = Minutes.objects.select_for_update(of=("self",)).get(meeting=held.meeting_id)
    if row.state == DRAFT:
        raise MinutesRefused("Referatet er ikke delt ennå. Da kan du skrive rett i det.")
    changed = [box for box in BOXES if box in texts and plain(texts[box]) != getattr(held, box)]
    if not changed:
        return None
    for box in changed:
        setattr(held, box, plain(texts[box]))
    _save_written(held, changed, by, at)
    note_item(held, by=by, verb="corrected", fields=changed)
    return _locked(row, by, at, "corrected", reason=reason)


def _must_be(meeting: int, state: str) -> Minutes:
    """Gives the minutes, locked until the act is over. Raises MinutesRefused when they are not in the state."""
    row = Minutes.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    if row is None:
        raise MinutesRefused("Referatet er ikke begynt ennå.")
    if row.state != state:
        said = {
            DRAFT: "Referatet er ikke delt ennå.",
            SHARED: "Referatet er delt allerede.",
            APPROVED: "Referatet er godkjent allerede.",
        }
        raise MinutesRefused(said[row.state])
    return row


def _locked(row: Minutes, by: User, at: datetime, verb: str, *, reason: str = "") -> MinutesVersion:
    row.version += 1
    row.save()
    number = MinutesVersion.objects.filter(minutes=row).count() + 1
    locked = MinutesVersion(minutes=row, number=number, state=row.state, content=content_of(row), at=at, by=by, reason=reason)
    locked.save()
    _note(row, by, verb)
    return locked


def _note(row: Minutes, by: User, verb: str) -> None:
    note_change(by=by, row=row, section="meetings", verb=verb, participant_id=None, fields=["state"])
