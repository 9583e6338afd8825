"""What the form of a point remembers while the minutes are written, and the texts that others have written beside it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fagbrev.dates import date_words
from fagbrev.people.models import User
from meetings.access import Seen
from meetings.actions.minutes import Written
from meetings.forms.minutes import ItemForm
from meetings.item_looks import note_items
from meetings.minutes_queries import other_texts
from meetings.minutes_text import BOXES, fingerprint, plain
from meetings.models import AgendaItem, ItemOtherText
from meetings.models.minutes import DRAFT

BOX_LABELS = {"discussion": "Dette snakket vi om", "decision": "Dette ble vi enige om"}


@dataclass
class Beside:
    """A text that stands beside a point's until somebody chooses, or that was set aside: box by box, with what stands there."""

    id: str
    by: str
    when: str
    is_own: bool
    met: str  # what happened, in words
    take: str  # the button that takes it in
    boxes: list[dict[str, str]]  # label, stands, beside, stands_by, stands_when
    settle_url: str
    mark: str  # of the texts as they are now, by which the page sees whether it has it


@dataclass
class FormState:
    """What the form of a point remembers between two savings, and what it says of the last one."""

    id: str
    version: Any
    base_discussion: str
    base_decision: str
    submission: str
    beside: str = ""
    saved: str = ""
    met: str = ""  # what happened, where the text is kept beside the point's
    others: list[Beside] = field(default_factory=list)
    newer: dict[str, dict[str, str]] = field(default_factory=dict)  # box -> text and fingerprint of what another has saved there


def clock_words(at: datetime) -> str:
    """Gives a moment as «kl. 10.42», with its day when that is another."""
    local = timezone.localtime(at)
    clock = f"kl. {local:%H.%M}"
    return clock if local.date() == timezone.localdate() else f"{date_words(local.date())} {clock}"


def state_of(form: ItemForm, item: AgendaItem) -> FormState:
    """Gives what a point's form remembers when its page is opened."""
    return FormState(
        id=item.public_id, version=form["version"].value(), base_discussion=form["base_discussion"].value(),
        base_decision=form["base_decision"].value(), submission=form["submission"].value(), beside=form["beside"].value() or "",
        saved=f"Lagret {clock_words(item.written_at)}" if item.written_at else "",
    )  # fmt: skip


def state_after(seen: Seen, form: ItemForm, done: Written) -> FormState:
    """Gives what a point's form is told after it saved itself, by what came of it.

    A box that now holds what was sent begins anew from there. One where another's text stands keeps what it was based on, so that
    it can never be laid over a text its writer has not seen.
    """
    sent, based_on, item, kept = form.sent, form.based_on, done.item, done.beside
    held = {box: getattr(item, box) for box in BOXES}
    base = {box: fingerprint(held[box]) if plain(sent[box]) == held[box] else based_on[box] for box in BOXES}
    newer = {
        box: {"text": held[box], "base": fingerprint(held[box])}
        for box in BOXES
        if fingerprint(sent[box]) == based_on[box] and held[box] != plain(sent[box])
    }
    return FormState(
        id=item.public_id, version=item.version, base_discussion=base["discussion"], base_decision=base["decision"],
        submission=secrets.token_urlsafe(20), beside=kept.public_id if kept else "", saved=f"Lagret {clock_words(timezone.now())}",
        met=met_words(done), newer=newer,
        others=[beside(seen, item, one, is_late=done.is_late) for one in other_texts([item])[item.pk]],
    )  # fmt: skip


def met_words(done: Written) -> str:
    """Gives in a sentence why what was written is kept beside the point's text; "" when it is not."""
    if done.beside is None:
        return ""
    if done.is_late:
        return "Referatet ble delt mens du skrev."
    return "Du skrev også i et annet vindu." if _met_own(done.item, done.beside) else "En annen skrev her samtidig."


def _met_own(item: AgendaItem, row: ItemOtherText) -> bool:
    """Tells whether a text stands beside what its own writer wrote, in another window, and beside nobody else's."""
    return all(getattr(item, f"{box}_by_id") == row.by_id for box in BOXES if getattr(row, box))


def _what_happened(item: AgendaItem, row: ItemOtherText, *, is_own: bool, is_late: bool) -> str:
    if is_late:  # while the minutes were a draft, they could not be shared before somebody had chosen
        return "Referatet ble delt mens du skrev" if is_own else f"Referatet ble delt mens {row.by.name} skrev"
    if _met_own(item, row):
        return "Du skrev også i et annet vindu" if is_own else f"{row.by.name} skrev i to vinduer"
    return "Du skrev samtidig som en annen" if is_own else f"{row.by.name} skrev samtidig"


def beside(seen: Seen, item: AgendaItem, row: ItemOtherText, *, is_late: bool = False) -> Beside:
    """Gives a text that stands beside a point as its page draws it, with what stands there: who wrote each, and when.

    `is_late`: the minutes were shared meanwhile, though `seen` says that they are a draft.
    """
    is_own, is_both = row.by_id == seen.user.pk, _met_own(item, row)
    return Beside(
        id=row.public_id, by=row.by.name, when=clock_words(row.at), is_own=is_own,
        met=_what_happened(item, row, is_own=is_own, is_late=is_late or seen.minutes_state != DRAFT),
        take="Bruk teksten ved siden av" if is_both else "Bruk teksten din" if is_own else f"Bruk teksten fra {row.by.name}",
        boxes=[_box(seen, item, row, box) for box in BOXES if getattr(row, box)],
        settle_url=reverse("minutes_settle", args=[seen.meeting.public_id, item.public_id, row.public_id]),
        mark=f"{row.public_id}-{fingerprint(''.join(getattr(one, box) for one in (row, item) for box in BOXES))}",
    )  # fmt: skip


def chosen_words(row: ItemOtherText, user: User) -> str:
    """Gives who has chosen already what stands of a text, as the one who chooses too late is told. One query."""
    row.refresh_from_db(fields=["settled_by"])
    return "Du har valgt allerede, i et annet vindu." if row.settled_by_id == user.pk else "Noen andre har valgt allerede."


def _box(seen: Seen, item: AgendaItem, row: ItemOtherText, box: str) -> dict[str, str]:
    """One box of a text beside a point's: what stands there, by whom, and when where that one wrote on the point last."""
    writer = getattr(item, f"{box}_by")
    return {
        "label": BOX_LABELS[box], "stands": getattr(item, box), "beside": getattr(row, box),
        "stands_by": "" if writer is None else "deg" if writer.pk == seen.user.pk else writer.name,
        "stands_when": clock_words(item.written_at) if item.written_at and writer and writer.pk == item.written_by_id else "",
    }  # fmt: skip


def newly_beside(seen: Seen, drawn: Collection[str]) -> list[tuple[str, list[Beside]]]:
    """Gives the points beside which stands a text that the reader's page has not drawn as it is now, by the point's public id with all
    that stands there; logged as read. `drawn` are the marks of what the page has. One query when there is nothing."""
    found = [
        (rows[0].item, [beside(seen, rows[0].item, row) for row in rows]) for rows in other_texts(seen.items()).values()
    ]  # fmt: skip
    news = [(item, texts) for item, texts in found if any(one.mark not in drawn for one in texts)]
    note_items(seen.user, seen.today, [item for item, _texts in news])
    return [(item.public_id, texts) for item, texts in news]
