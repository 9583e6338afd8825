"""«Viktig å vite»: the facts one needs at a glance, each only for those who may read its section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fagbrev.dates import date_words, days_words, last_registration
from fagbrev.identity import phone_words
from participants.access import Record
from participants.extras import url_for
from participants.models.exams import PARTS
from participants.queries import exam_windows, main_fadder, norwegian_levels
from participants.shown import Fact
from participants.workflow import BEFORE_ADMITTED
from programmes.queries import last_fitting_window


@dataclass
class Glance:
    """What stands beside the next step."""

    facts: list[Fact] = field(default_factory=list)
    workplace: str = ""
    workplace_url: str = ""
    fadder: str = ""
    window: Any = None
    share: int | None = None
    share_words: str = ""


def glance(found: Record) -> Glance:
    """Gives the facts at a glance; four queries at most."""
    known = Glance()
    enrolment = found.enrolment
    if found.sees_leave_only:
        leave = enrolment.leaves.filter(ended_on__isnull=True).first()
        begins, ends = (leave.starts_on, leave.expected_end_on) if leave else (None, None)
        until = f"{date_words(begins)} til {date_words(ends)}" if begins and ends else ""
        known.facts.append(Fact("Permisjon", until or "datoene er ikke avklart"))
        return known
    if found.reads("contact"):
        person = found.participant
        reach = ", ".join(word for word in (phone_words(person.phone), person.email) if word)
        known.facts.append(Fact("Kontakt", reach, missing=not reach))
    if found.reads("placement") and enrolment.status not in {"referred", "interviewed", "waitlisted", "admitted"}:
        row = main_fadder(
            enrolment, found.today, within=found.placements() if found.sees_own_placements_only("placement") else None
        )
        if row:
            known.workplace, known.fadder = row.placement.workplace.name, row.person.name
            known.workplace_url = url_for("participant_arbeidssted", found)
    end = enrolment.contract_ends_on
    if found.reads("training_contract") and end:
        begin = enrolment.contract_starts_on
        known.facts.append(
            Fact(
                "Kontrakt med fylket",
                f"{date_words(begin) if begin else 'ukjent'}–{date_words(end)}",
                note=days_words((end - found.today).days),
            )  # fmt: skip
        )
        known.facts.append(Fact("Meld opp til fagprøve senest", date_words(last_registration(end))))
        if begin and end > begin:
            gone = max(0, min(100, round(100 * (found.today - begin).days / (end - begin).days)))
            months = max(1, round((end - begin).days / 30.4))
            known.share, known.share_words = gone, f"{round(months * gone / 100)} av {months} måneder"
    if found.reads("exams") and enrolment.is_open and enrolment.status not in BEFORE_ADMITTED:
        windows = exam_windows(found.today)
        known.window = windows[0] if windows else None
        if end:
            fitting = last_fitting_window(end, windows)
            known.facts.append(
                Fact(
                    "Siste eksamensvindu som rekker",
                    f"{date_words(fitting.opens_on)}–{date_words(fitting.closes_on)}" if fitting else "ingen",
                )  # fmt: skip
            )
        known.facts.append(_norwegian(found))
        bankid = {True: "ja", False: "nei", None: ""}[found.participant.has_bankid]
        known.facts.append(Fact("BankID", bankid, note="(trengs til eksamen)", missing=not bankid))
    return known


def _norwegian(found: Record) -> Fact:
    best = norwegian_levels(found.participant)
    trade = found.enrolment.trade
    goal = f"mål {trade.goal_oral.upper()}" if trade else ""
    shown = " · ".join(f"{name} {best[part].get_level_display()}" for part, name in PARTS if part in best)
    return Fact("Norsk", shown, note=f"({goal})" if goal else "", missing=not shown)
