"""A review called, prepared, held, signed and locked; what is changed after the first signature clears the signatures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from fagbrev.audit.acting import acting
from fagbrev.audit.log import keep_revision, note_change
from fagbrev.forms.base import Conflict
from fagbrev.people.models import User
from followup.models import Action, ReviewConversation, ReviewPart, ReviewSignature
from followup.models.reviews import CALLED, CANCELLED, HELD, LOCKED
from followup.review_rows import FOUR, point_said, points_of, semester_key, texts_of
from participants.actions.rows import save_row
from participants.models import Placement


def _note(review: ReviewConversation, row: Any, *, by: User, verb: str, fields: tuple[str, ...] | list[str] = ()) -> None:
    enrolment = review.placement.enrolment
    note_change(
        by=by, row=row, section="reviews", verb=verb, participant_id=enrolment.participant_id, enrolment_id=enrolment.pk,
        fields=fields,
    )  # fmt: skip


def _held(review: ReviewConversation) -> ReviewConversation:
    """The review as it is now, locked for this act."""
    return ReviewConversation.objects.select_for_update(of=("self",)).select_related("placement__enrolment").get(pk=review.pk)


def keep_text(review: ReviewConversation, by: User) -> None:
    """Keeps the whole text as it stands at its version: what was agreed, and the parts that are shared."""
    parts = ReviewPart.objects.filter(review=review, shared_at__isnull=False)
    content = {
        "held_on": review.held_on.isoformat() if review.held_on else "",
        "summary": review.summary,
        "points": [point_said(row) for row in points_of(review)],
        "parts": {part.role: texts_of(part) for part in parts},
        "signed": [
            {"role": row.role, "name": row.signer_name, "at": row.signed_at.isoformat(), "of_version": row.of_version}
            for row in ReviewSignature.objects.filter(review=review).order_by("signed_at")
        ],
    }
    keep_revision(by=by, row=review, section="reviews", participant_id=review.placement.enrolment.participant_id, content=content)


def _text_changed(review: ReviewConversation, by: User) -> int:
    """Gives the text a new version, and clears the signatures under the old one; gives how many there were."""
    review.version += 1
    review.save(update_fields=["version"])
    return _clear(review, by)


def _clear(review: ReviewConversation, by: User) -> int:
    count, _kinds = ReviewSignature.objects.filter(review=review).delete()
    if count:
        _note(review, review, by=by, verb="signatures_cleared")
    keep_text(review, by)
    return count


@acting()
def save_call(*, form: Any, meets_at: datetime, by: User) -> ReviewConversation:
    """Calls the four to a review, or moves it. Raises Conflict when another has called one in the same semester."""
    row: ReviewConversation = form.instance
    row.meets_at = meets_at
    row.semester = semester_key(timezone.localtime(meets_at).date())
    Placement.objects.select_for_update(of=("self",)).get(pk=row.placement_id)
    same = (
        ReviewConversation.objects.filter(placement=row.placement_id, semester=row.semester)
        .exclude(state=CANCELLED)
        .exclude(pk=row.pk)
    )
    if (other := same.first()) is not None:
        raise Conflict(other)
    is_new = row._state.adding
    if is_new:
        row.called_by = by
    saved: ReviewConversation = save_row(form=form, by=by, verb="called" if is_new else "moved")
    return saved


@acting()
def cancel(*, review: ReviewConversation, by: User) -> bool:
    """Calls off a review that has not been held; gives False when it has."""
    row = _held(review)
    if row.state != CALLED:
        return False
    row.state, row.version = CANCELLED, row.version + 1
    row.save(update_fields=["state", "version"])
    _note(row, row, by=by, verb="cancelled", fields=["state"])
    return True


@acting()
def save_part(*, form: Any, share: bool, by: User) -> tuple[bool, int]:
    """Saves one's own part, and shares it when asked; a part not shared leaves no text in any log.

    Gives whether it was saved (False: another has begun on the role's part, or the review is locked), and how many signatures a
    changed text cleared. Raises Conflict when one has saved a newer text oneself, on another device.
    """
    part: ReviewPart = form.instance
    review = _held(part.review)
    other = ReviewPart.objects.filter(review=review, role=part.role).exclude(pk=part.pk).first()
    if review.state not in {CALLED, HELD} or (other is not None and other.by_id != by.pk):
        return False, 0
    if other is not None:
        raise Conflict(other)
    is_new, changed = part._state.adding, bool(form.changed_columns)
    form.claim_version()
    part.by = by
    shares_now = share and part.shared_at is None
    if shares_now:
        part.shared_at = timezone.now()
    part.save()
    verb = "shared" if shares_now else "created" if is_new else "changed"
    _note(review, part, by=by, verb=verb, fields=form.changed_columns)
    if part.shared_at is None or not (shares_now or changed):
        return True, 0
    keep_revision(
        by=by, row=part, section="reviews", participant_id=review.placement.enrolment.participant_id,
        content={name: getattr(part, name) for name in ("goes_well", "is_hard", "next_steps")},
    )  # fmt: skip
    return True, _text_changed(review, by) if review.state == HELD else 0


@acting()
def save_held(*, form: Any, by: User) -> int:
    """Records the day and what was agreed; gives how many signatures the change cleared. Raises Conflict."""
    row: ReviewConversation = form.instance
    current = _held(row)
    if current.state not in {CALLED, HELD}:
        raise Conflict(current)
    row.state = HELD
    save_row(form=form, by=by, verb="held" if current.state == CALLED else "changed")
    return _clear(row, by)


@acting()
def add_point(*, form: Any, review: ReviewConversation, by: User, today: date) -> tuple[bool, int]:
    """Makes an agreed focus area an action that follows the person; gives whether, and how many signatures that cleared."""
    row = _held(review)
    if row.state not in {CALLED, HELD}:
        return False, 0
    action: Action = form.instance
    action.review, action.made_on = row, today
    save_row(form=form, by=by)
    return True, _text_changed(row, by) if row.state == HELD else 0


@acting()
def sign(*, review: ReviewConversation, role: str, name: str, version: int, by: User, in_room: bool = False) -> str:
    """Signs the text as it stood at a version, and locks it when all four have; gives why not, "" when it was done."""
    row = _held(review)
    if row.state != HELD:
        return "Samtalen kan ikke underskrives nå."
    if row.version != version:
        return "Teksten er endret siden du åpnet siden. Les den på nytt, og trykk igjen."
    if not name:
        return "Vi vet ikke hvem som skal skrive under. Registrer fadder og faglærers del først."
    _row, is_new = ReviewSignature.objects.get_or_create(
        review=row, role=role,
        defaults={"signer_name": name, "by": by, "in_room": in_room, "signed_at": timezone.now(), "of_version": version},
    )  # fmt: skip
    if not is_new:
        return ""
    _note(row, row, by=by, verb="signed", fields=[role])
    if set(ReviewSignature.objects.filter(review=row, of_version=version).values_list("role", flat=True)) >= set(FOUR):
        row.state, row.locked_at, row.version = LOCKED, timezone.now(), row.version + 1
        row.save(update_fields=["state", "locked_at", "version"])
        _note(row, row, by=by, verb="locked", fields=["state"])
        keep_text(row, by)
    return ""


@acting()
def point_changed(*, action: Action, by: User) -> int:
    """Clears the signatures of a review that is not locked, when one of its focus areas is changed; gives how many."""
    if action.review_id is None:
        return 0
    row = _held(ReviewConversation(pk=action.review_id))
    return _text_changed(row, by) if row.state == HELD else 0
