"""Which reviews a user sees and how they are said: the parts, what was agreed, who signs. A part not shared is its author's alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from fagbrev.audit.models import Revision
from fagbrev.dates import date_words, semester_of
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER
from fagbrev.periods import holds_on
from followup.action_rows import local_day
from followup.models import Action, ReviewConversation, ReviewPart, ReviewSignature
from followup.models.reviews import CALLED, CANCELLED, HELD, LOCKED, REVIEW_ROLES
from participants.access import Record
from participants.extras import url_for
from participants.models import Placement, PlacementFadder
from programmes.duties import terms_on

SUMMER = timedelta(days=62)
FOUR = (DELTAKER, FADDER, FAGLAERER, COORDINATOR)
ROLE_WORDS = dict(REVIEW_ROLES)
QUESTIONS = (("goes_well", "Dette går bra"), ("is_hard", "Dette er vanskelig"), ("next_steps", "Dette bør vi jobbe med"))
OWN_QUESTIONS = (("goes_well", "Dette går bra"), ("is_hard", "Dette er vanskelig"), ("next_steps", "Dette vil jeg jobbe med"))


@dataclass(frozen=True)
class PartShown:
    """One of the four's part as the page draws it; `texts` is empty for what is not shared with the reader."""

    role: str
    title: str
    texts: list[tuple[str, str]]
    note: str
    is_private: bool
    edit_url: str
    edit_label: str


@dataclass(frozen=True)
class Signer:
    """One of the four under the text."""

    role: str
    title: str
    name: str
    signed: str
    may_sign: bool


def semester_key(day: date) -> str:
    """Gives the key of the semester of a day, from the same source as the duties."""
    key, first, _last = terms_on(day).frame["semesters"][0]
    if first > day + SUMMER:  # before the municipality's first own semester
        own = semester_of(day)
        return f"{own.year}-{own.term}"
    return str(key)


def reviews_in(found: Record) -> QuerySet[ReviewConversation]:
    """Gives the reviews at the enrolment's placements in the user's scope."""
    rows = ReviewConversation.objects.filter(placement__in=found.placements("reviews"))
    return rows.select_related("placement__workplace", "placement__enrolment__participant", "called_by")


def open_placement(found: Record) -> Placement | None:
    """Gives the main placement a review is called for: the one that is not over."""
    rows = found.placements("reviews").filter(Q(ends_on__isnull=True) | Q(ends_on__gte=found.today), starts_on__isnull=False)
    return rows.order_by("-is_main", F("starts_on").desc(), "pk").first()


def own_roles(found: Record) -> list[str]:
    """Gives which of the four the user is here."""
    held = found.roles_reading("reviews")
    return [role for role in FOUR if role in held]


def parts_for(review: ReviewConversation, user: User) -> dict[str, ReviewPart]:
    """Gives the parts the user may read, by role: those shared, and the user's own. The database never gives the others."""
    rows = ReviewPart.objects.filter(Q(shared_at__isnull=False) | Q(by=user), review=review).select_related("by")
    return {row.role: row for row in rows}


def texts_of(part: ReviewPart) -> list[tuple[str, str]]:
    """Gives a part's headings and texts, without empty ones."""
    questions = OWN_QUESTIONS if part.role == DELTAKER else QUESTIONS
    return [(label, getattr(part, name)) for name, label in questions if getattr(part, name)]


def parts_shown(review: ReviewConversation, found: Record) -> list[PartShown]:
    """Gives the four parts, each with what the reader may see of it; one query."""
    held, own = parts_for(review, found.user), own_roles(found)
    may_write = found.writes("reviews") and review.state in {CALLED, HELD}
    shown = []
    for role in FOUR:
        part = held.get(role)
        is_mine = role in own and (part is None or part.by_id == found.user.pk)
        is_private = part is not None and part.shared_at is None
        edit_url = f"{url_for('vurdering_part', found, review.public_id)}" if may_write and is_mine else ""
        if edit_url and len(own) > 1:
            edit_url += f"{'&' if '?' in edit_url else '?'}som={role}"
        label = "Skriv din del" if part is None else "Endre din del"
        note = "" if part is not None and part.shared_at else "Ikke delt ennå."
        if is_private:
            note = "Bare du ser dette nå. De andre ser det når du deler."
        title = f"{ROLE_WORDS[role].capitalize()}" + (" (deg)" if is_mine and role in own else "")
        texts = texts_of(part) if part is not None else []
        shown.append(PartShown(role, title, texts, note, is_private, edit_url, label))
    return shown


def points_of(review: ReviewConversation) -> list[Action]:
    """Gives the focus areas that were agreed, by date."""
    return list(Action.objects.filter(review=review).order_by(F("due_on").asc(nulls_last=True), "pk"))


def points_said(review: ReviewConversation) -> list[dict[str, str]]:
    """Gives the focus areas in words; of a locked review as they stood when it was locked, whatever became of them."""
    if review.state == LOCKED:
        kept = Revision.objects.filter(
            subject_type=review._meta.label_lower, subject_id=review.public_id, version=review.version
        ).first()
        if kept is not None:
            return list(kept.content.get("reviews", {}).get("points", []))
    return [point_said(row) for row in points_of(review)]


def point_said(row: Action) -> dict[str, str]:
    """Gives a focus area in words."""
    return {"words": row.words, "who": row.get_owner_role_display(), "due": date_words(row.due_on) if row.due_on else ""}


def fadder_name(placement: Placement, today: date) -> str:
    """Gives the name of the fadder of the day, the substitute only when there is no other; "" when there is none."""
    rows = PlacementFadder.objects.filter(holds_on(today), placement=placement).select_related("person")
    first = rows.order_by("is_substitute", "pk").first()
    return first.person.name if first else ""


def signer_names(review: ReviewConversation, found: Record, parts: dict[str, ReviewPart]) -> dict[str, str]:
    """Gives the name that each of the four signs with in the room."""
    own = own_roles(found)
    teacher = parts.get(FAGLAERER)
    faglaerer = teacher.by.name if teacher and teacher.shared_at else found.user.name if FAGLAERER in own else ""
    return {
        DELTAKER: review.placement.enrolment.participant.full_name,
        FADDER: fadder_name(review.placement, found.today),
        FAGLAERER: faglaerer,
        COORDINATOR: found.user.name if COORDINATOR in own else review.called_by.name,
    }


def signers(review: ReviewConversation, found: Record, *, in_room: bool = False) -> list[Signer]:
    """Gives the four with whether they have signed, and whether this device may sign for them now; three queries."""
    done = {row.role: row for row in ReviewSignature.objects.filter(review=review)}
    names, own = signer_names(review, found, parts_for(review, found.user)), own_roles(found)
    is_open = review.state == HELD and found.writes("reviews")
    shown = []
    for role in FOUR:
        row = done.get(role)
        signed = f"Enig {date_words(local_day(row.signed_at))}" if row else ""
        if row and row.in_room:
            signed += ", på samme enhet"
        may = is_open and row is None and (in_room or role in own)
        shown.append(Signer(role, ROLE_WORDS[role].capitalize(), row.signer_name if row else names[role], signed, may))
    return shown


def state_words(review: ReviewConversation, today: date) -> tuple[str, str]:
    """Gives a review's state in words and the tag's tone."""
    if review.state == CALLED:
        return ("skal føres", "warning") if local_day(review.meets_at) < today else ("innkalt", "")
    return {HELD: ("holdt, ikke underskrevet av alle", "warning"), LOCKED: ("underskrevet og låst", "success")}.get(
        review.state, ("avlyst", "")
    )


def review_list_of(found: Record) -> list[dict[str, Any]]:
    """Gives the rows of the list, the newest first; one query."""
    rows = []
    for row in reviews_in(found).order_by("-meets_at", "-pk"):
        words, tone = state_words(row, found.today)
        rows.append({"row": row, "state": words, "tone": tone, "url": url_for("vurdering_detail", found, row.public_id)})
    return rows


__all__ = ["CALLED", "CANCELLED", "FOUR", "HELD", "LOCKED", "PartShown", "Signer"]
