"""Minutes, their points and action items as pages ask for them, each cut to what the reader may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from fagbrev.audit.log import was_shown
from fagbrev.duties.models import HandOver
from fagbrev.people.models import User
from fagbrev.people.roles import roles_of
from meetings.access import Seen, meetings_for, spoken_of
from meetings.agenda_queries import group_of, meetings_before
from meetings.item_looks import LOOK_PAGE
from meetings.minutes_text import BOXES
from meetings.models import AgendaItem, Invitee, ItemOtherText, Meeting, MeetingAction, Minutes, MinutesVersion
from meetings.models.meetings import CANCELLED, HELD
from meetings.models.minutes import APPROVED, DRAFT, JOINED, LEFT, SHARED
from participants.access import enrolments_for
from participants.models import Enrolment

OPEN = Q(follows__isnull=True, done_on__isnull=True) | Q(follows__isnull=False, follows__done_on__isnull=True)
READY = (SHARED, APPROVED)
WRITERS = tuple(f"{box}_by" for box in BOXES)  # of a point: who wrote what stands in each box
ALL_DONE, NOTHING_AGREED, NOTHING_SHOWN = (
    "Alt som var avtalt, er gjort.",
    "Ingenting er avtalt ennå.",
    "Det er ingenting å vise deg her.",
)


def minutes_of(meeting: Meeting) -> Minutes | None:
    """Gives the meeting's minutes, or None before they are begun."""
    return Minutes.objects.filter(meeting=meeting).select_related("shared_by", "approved_by", "approved_in").first()


def readable_minutes(seen: Seen) -> Minutes | None:
    """Gives the minutes the reader may open: a draft only for those who write. None for the others. Raises Http404 before they begin."""
    row: Minutes | None = getattr(seen.meeting, "minutes", None)
    if row is None and not seen.may_write:
        raise Http404
    if row is not None and row.state == DRAFT and not seen.may_write:
        raise Http404
    return row


def about_one_of(enrolments: QuerySet[Enrolment], column: str = "enrolment") -> Exists:
    """Tells of a row whether the enrolment it names is one of these: asked with the rows."""
    return Exists(enrolments.filter(pk=OuterRef(column)))


def shown_items(seen: Seen, *, with_texts: bool = False) -> list[Any]:
    """Gives the points the reader may read, in the order of the agenda: those below a point right after it, each with whether the reader
    has been shown it today (`is_told`). One query; none before the agenda is laid out.

    `with_texts`: each has as `texts` what others wrote beside it, less what was taken in.
    """
    if not seen.is_laid:
        return []
    items: list[Any] = []
    for row in _items_asked(seen, with_texts):
        if not items or items[-1].pk != row.pk:
            items.append(row)
            row.meeting, row.texts = seen.meeting, []
        if with_texts and row.text_pk:
            items[-1].texts.append(_text_beside(items[-1], row))
    below: dict[int | None, list[Any]] = defaultdict(list)
    known = {row.pk for row in items}
    for row in items:
        below[row.parent_id if row.parent_id in known else None].append(row)
    return [one for row in below[None] for one in (row, *below[row.pk])]


def _items_asked(seen: Seen, with_texts: bool) -> QuerySet[Any]:
    rows = seen.items().select_related("enrolment__participant", "proposed_by", "standing", *WRITERS)
    rows = rows.annotate(
        is_writable=about_one_of(spoken_of(seen.user, seen.today, "write")),
        is_told=was_shown(
            user=seen.user, page=LOOK_PAGE, today=seen.today, participant="enrolment__participant", enrolment="enrolment"
        ),
    )
    if not with_texts:
        return rows.order_by("order", "pk")
    waits_or_aside = Q(other_texts__settled_at__isnull=True) | Q(other_texts__settled_as__in=(LEFT, JOINED))
    rows = rows.annotate(beside=FilteredRelation("other_texts", condition=waits_or_aside)).annotate(
        text_pk=F("beside__pk"), text_id=F("beside__public_id"), text_by=F("beside__by"), text_by_name=F("beside__by__name"),
        text_at=F("beside__at"), text_settled_at=F("beside__settled_at"), **{f"text_{box}": F(f"beside__{box}") for box in BOXES},
    )  # fmt: skip
    return rows.order_by("order", "pk", "text_at", "text_pk")


def _text_beside(item: AgendaItem, row: Any) -> ItemOtherText:
    return ItemOtherText(
        pk=row.text_pk, public_id=row.text_id, item=item, by=User(pk=row.text_by, name=row.text_by_name), at=row.text_at,
        settled_at=row.text_settled_at, **{box: getattr(row, f"text_{box}") for box in BOXES},
    )  # fmt: skip


def item_of(seen: Seen, public_id: str, *, with_withdrawn: bool = False) -> AgendaItem:
    """Gives one point. Raises Http404 alike for what is not there and what the reader may not read."""
    row = (
        seen.items(with_withdrawn=with_withdrawn)
        .select_related("enrolment__participant", "meeting", "proposed_by", "standing")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise Http404
    return row


def writable_item(seen: Seen, public_id: str, *, with_withdrawn: bool = False) -> AgendaItem:
    """Gives one point that the user may write on: about a participant only with the right to write what is said of them.

    `with_withdrawn`: for what somebody was typing on a point while another took it off."""
    row = item_of(seen, public_id, with_withdrawn=with_withdrawn)
    if row.enrolment_id and not spoken_of(seen.user, seen.today, "write").filter(pk=row.enrolment_id).exists():
        raise Http404
    return row


def other_texts(items: Collection[AgendaItem] | QuerySet[AgendaItem]) -> dict[int, list[ItemOtherText]]:
    """Gives the texts that stand beside points and wait for somebody to choose, by the point's id; one query."""
    found: dict[int, list[ItemOtherText]] = defaultdict(list)
    rows = ItemOtherText.objects.filter(item__in=items, settled_at__isnull=True).select_related(
        "by", "item__enrolment", *(f"item__{column}" for column in WRITERS)
    )
    for row in rows.order_by("at", "pk"):
        found[row.item_id].append(row)
    return found


def texts_of(items: Collection[Any]) -> tuple[dict[int, list[ItemOtherText]], dict[int, list[ItemOtherText]]]:
    """Gives the texts that stand beside points and wait for somebody to choose, and those that were left out or joined and that the
    point does not hold in full now; both by the point's id. `items` come with their texts (shown_items); no query."""
    waiting: dict[int, list[ItemOtherText]] = defaultdict(list)
    aside: dict[int, list[ItemOtherText]] = defaultdict(list)
    for item in items:
        for row in item.texts:
            if row.settled_at is None:
                waiting[item.pk].append(row)
            elif any(getattr(row, box) not in getattr(item, box) for box in BOXES):
                aside[item.pk].append(row)
    return waiting, aside


def other_text(item: AgendaItem, public_id: str) -> ItemOtherText:
    """Gives a text beside a point. Raises Http404."""
    row = ItemOtherText.objects.filter(item=item, public_id=public_id).select_related("item", "by").first()
    if row is None:
        raise Http404
    return row


def invitees_of(meeting: Meeting) -> list[Invitee]:
    """Gives everyone who is invited, the one who leads first; one query."""
    rows = Invitee.objects.filter(meeting=meeting, removed_at__isnull=True).select_related("user")
    return list(rows.order_by("-is_chair", "role", "pk"))


# --- Versions and earlier meetings ------------------------------------------------------------------------


def versions_of(row: Minutes) -> list[MinutesVersion]:
    """Gives every version, the newest first; one query."""
    return list(MinutesVersion.objects.filter(minutes=row).select_related("by").order_by("-number"))


def version_of(row: Minutes, number: int) -> MinutesVersion:
    """Gives one version. Raises Http404."""
    found = MinutesVersion.objects.filter(minutes=row, number=number).select_related("by").first()
    if found is None:
        raise Http404
    return found


def approving(seen: Seen, of: Meeting) -> tuple[Meeting | None, Meeting | None]:
    """Gives where the minutes of a meeting are approved, of the group's later meetings that the reader has: the last whose day has come,
    and the next one; two queries."""
    later = group_of(of).filter(pk__in=meetings_for(seen.user, seen.today), starts_at__gt=of.starts_at).exclude(state=CANCELLED)
    tomorrow = timezone.make_aware(datetime.combine(seen.today + timedelta(days=1), time.min))
    begun = later.filter(starts_at__lt=tomorrow).order_by("-starts_at", "-pk").first()
    return begun, later.filter(starts_at__gte=tomorrow).order_by("starts_at", "pk").first()


# --- Action items -----------------------------------------------------------------------------------------


def _actions(user: User, today: date) -> QuerySet[Any]:
    rows = _with_rights(_kept(), user, today)
    return rows.select_related("owner", "follows__done_by", "done_by", "item__meeting", "item__enrolment__participant")


def _open_actions(user: User, today: date) -> QuerySet[Any]:
    rows = _with_rights(_kept().filter(OPEN), user, today)
    return rows.select_related("owner", "follows", "item__meeting", "item__enrolment__participant")


def _kept() -> QuerySet[MeetingAction]:
    rows = MeetingAction.objects.filter(withdrawn_at__isnull=True, item__withdrawn_at__isnull=True)
    return rows.order_by(Coalesce("follows__due_on", "due_on").asc(nulls_last=True), "pk")


def _with_rights(rows: QuerySet[MeetingAction], user: User, today: date) -> QuerySet[Any]:
    """Adds whether the user may write what is said of the participant that an action item is about, and what that one does; whether the
    user has a participant in scope who is the one to do it, or has taken over for that one; and whether the user has been shown today
    what is said."""
    own = enrolments_for(user, "identity", today=today).filter(participant__user=OuterRef("owner"))
    person = {"participant": "item__enrolment__participant", "enrolment": "item__enrolment"}
    return rows.annotate(
        knows_owner=Exists(own),
        is_told=was_shown(user=user, page=LOOK_PAGE, today=today, **person),
        is_taken_over=taken_over_by(user, today),
        writes_items=about_one_of(spoken_of(user, today, "write"), "item__enrolment"),
        writes_actions=about_one_of(enrolments_for(user, "actions", "write", today=today), "item__enrolment"),
    )


def actions_on(items: Collection[AgendaItem], user: User, today: date) -> dict[int, list[Any]]:
    """Gives the action items of points, by the point's id; one query."""
    return _by_item(_actions(user, today).filter(item__in=items).order_by("pk"))


def _by_item(rows: Collection[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in _with_looks(rows):
        found[row.item_id].append(row)
    return found


def _with_looks(rows: Collection[Any]) -> list[Any]:
    """Says of each point that an action item stands on whether the reader has been shown it today."""
    for row in rows:
        row.item.is_told = row.is_told
    return list(rows)


def open_before(seen: Seen) -> list[Any]:
    """Gives what was agreed in the group's earlier meetings and is not done, the one due first on top; one query.

    Those who only read see what stands in minutes that are shared.
    """
    return _with_looks(_open_actions(seen.user, seen.today).filter(_waits_from_before(seen)))


def _waits_from_before(seen: Seen) -> Q:
    waits = OPEN & _agreed_before(seen.meeting) & _readable(seen)
    return waits if seen.may_write else waits & Q(item__meeting__minutes__state__in=READY)


def actions_while_writing(seen: Seen, items: Collection[AgendaItem]) -> tuple[dict[int, list[Any]], list[Any]]:
    """Gives the action items of points (`actions_on`) and what waits from earlier meetings (`open_before`); one query."""
    at = tuple(item.pk for item in items)
    rows = list(_actions(seen.user, seen.today).filter(Q(item__in=at) | _waits_from_before(seen)))
    here = sorted((row for row in rows if row.item_id in at), key=lambda row: row.pk)
    return _by_item(here), _with_looks([row for row in rows if row.item_id not in at])


@dataclass(frozen=True)
class Before:
    """What a group had before a meeting: the last one that was held (as `next_at` when the meeting after it begins), the newest minutes
    of those that were held, and what is said where nothing that was agreed is open."""

    last: Any = None
    minutes: Minutes | None = None
    nothing_open: str = NOTHING_AGREED


def before_of(seen: Seen, *, is_open: bool = False) -> Before:
    """Gives what the group had before this meeting; one query. `is_open`: the reader sees something open, so that nothing is to be said
    of there being nothing.

    That all is done is said to a koordinator who sees it all alone, so that nothing is told of what others may not see.
    """
    is_asked = seen.is_coordinator and not is_open
    found = list(_before(seen, is_asked))
    if not found:
        return Before()
    newest = found[0]
    said = NOTHING_SHOWN if newest.is_hidden else ALL_DONE if newest.was_agreed else NOTHING_AGREED
    written = [row.minutes for row in found if row.is_held and getattr(row, "minutes", None)]
    return Before(newest if newest.is_held else None, written[0] if written else None, said)


def _before(seen: Seen, is_asked: bool) -> QuerySet[Any]:
    """The last meeting before this one, those that were held first, and the last of them that minutes are written of."""
    earlier, group = _earlier(seen.meeting), group_of(seen.meeting)
    after = group.filter(starts_at__gt=OuterRef("starts_at")).exclude(state=CANCELLED).order_by("starts_at")
    agreed = _kept().filter(_agreed_before(seen.meeting)).order_by()
    held, order = Case(When(state=HELD, then=Value(1)), default=Value(0)), ("-is_held", "-starts_at", "-pk")
    newest = earlier.annotate(is_held=held).order_by(*order).values("pk")[:1]
    written = meetings_before(seen.meeting).filter(minutes__isnull=False).values("pk")[:1]
    rows: QuerySet[Any] = earlier.filter(Q(pk=Subquery(newest)) | Q(pk=Subquery(written))).annotate(
        is_held=held,
        next_at=Subquery(after.values("starts_at")[:1]),
        was_agreed=Exists(agreed) if is_asked else Value(True),
        is_hidden=Exists(agreed.filter(~_readable(seen))) if is_asked else Value(True),
    )
    return rows.select_related("minutes").order_by(*order)


def _earlier(meeting: Meeting) -> QuerySet[Meeting]:
    return group_of(meeting).filter(starts_at__lt=meeting.starts_at).exclude(pk=meeting.pk)


def _agreed_before(meeting: Meeting) -> Q:
    """The condition on an action item that it is from the group's earlier meetings."""
    return Q(
        item__meeting__kind=meeting.kind, item__meeting__trade=meeting.trade_id, item__meeting__enrolment=meeting.enrolment_id,
        item__meeting__starts_at__lt=meeting.starts_at,
    )  # fmt: skip


def _readable(seen: Seen) -> Q:
    """What was agreed about a participant in a meeting of the group is for those who were there, as all that minutes say of one
    (docs/access.md). A koordinator has every meeting of a group of which one is theirs."""
    theirs = Q(item__enrolment__in=spoken_of(seen.user, seen.today))
    if not seen.is_coordinator:
        theirs &= Q(item__meeting__in=meetings_for(seen.user, seen.today))
    return Q(item__enrolment__isnull=True) | theirs


def taken_over_by(user: User, today: date) -> Q:
    """The condition on an action item that the user has taken over for its owner today. Those about a participant go by the record, and
    are handed over with the scope alone."""
    rows = HandOver.objects.active(today).filter(to_user=user, role__in=roles_of(user, today))
    taken = Exists(rows.filter(from_user=OuterRef("owner"), role=OuterRef("owner_role")))
    return Q(taken, follows__isnull=True, item__enrolment__isnull=True)


def own_actions(user: User, today: date) -> QuerySet[Any]:
    """Gives the user's own action items from minutes that are shared, in meetings that are theirs, and those they have taken over;
    `in_meeting` says whether the user has the meeting."""
    # of one that follows a person, who does it is said there
    is_theirs = Q(follows__isnull=True, owner=user) | Q(follows__owner=user)
    has_meeting = Exists(meetings_for(user, today).filter(pk=OuterRef("item__meeting")))
    mine = _actions(user, today).annotate(in_meeting=has_meeting)
    mine = mine.filter(is_theirs & Q(in_meeting=True) | Q(is_taken_over=True), item__meeting__minutes__state__in=READY)
    mine = mine.select_related("item__meeting__trade")
    return mine.filter(Q(item__enrolment__isnull=True) | Q(item__enrolment__in=spoken_of(user, today)))


def open_own_actions(user: User, today: date) -> QuerySet[Any]:
    """Gives the user's own action items that are not done, the one due first on top."""
    return own_actions(user, today).filter(OPEN)


def done_own_actions(user: User, today: date, most: int) -> list[Any]:
    """Gives the user's own action items that were done last."""
    rows = own_actions(user, today).exclude(OPEN).annotate(was_done=Coalesce(F("follows__done_on"), F("done_on")))
    return list(rows.order_by("-was_done", "-pk")[:most])


def action_of(seen: Seen, public_id: str) -> Any:
    """Gives an action item of the meeting, or of the group's earlier ones. Raises Http404 for what the reader may not read."""
    near = group_of(seen.meeting).filter(starts_at__lte=seen.meeting.starts_at)
    rows = _actions(seen.user, seen.today).filter(_readable(seen), item__meeting__in=near)
    row = rows.filter(public_id=public_id).first()
    if row is None or not may_see_action(seen, row):
        raise Http404
    return row


def changeable_action(seen: Seen, public_id: str) -> Any:
    """Gives an action item that the user may change: about a participant only with the right to write what is said of them and
    what they do. Raises Http404."""
    row = action_of(seen, public_id)
    if not writes_action(row):
        raise Http404
    return row


def writes_action(row: Any) -> bool:
    """Tells whether the user the row was asked for may change it: about a participant only with both rights."""
    return row.item.enrolment_id is None or (row.writes_items and row.writes_actions)


def may_see_action(seen: Seen, row: MeetingAction) -> bool:
    """Tells whether the reader may see an action item: from minutes that are shared, or as one who writes them."""
    return seen.may_write or Minutes.objects.filter(meeting=row.item.meeting_id, state__in=READY).exists()


def may_tick(user: User, row: Any, *, may_write: bool) -> bool:
    """Tells whether the user may say that it is done: the one named or who has taken over, and those who write the minutes; one that
    follows a person only with the right to write their actions."""
    if row.owner_id != user.pk and not row.is_taken_over and not may_write:
        return False
    return row.follows_id is None or row.item.enrolment_id is None or row.writes_actions
