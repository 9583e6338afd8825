"""What a window means for one participant, in plain words: numbered steps, the dates, and the one thing to do now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from participants.access import Record
from participants.exam_window_pages import period_words
from participants.exam_windows import (
    Window,
    eligible_for_exam,
    eligible_for_norwegian,
    exam_row,
    is_open_on,
    is_registered,
    levels_of,
    norwegian_rows,
    parts_below_goal,
)
from participants.models import Enrolment, NorwegianTest, WrittenExam
from participants.models.exams import PARTS
from programmes.defaults.routines import NORWEGIAN_TEST, PRIVATIST
from programmes.models import ExamWindow, NorwegianTestWindow
from programmes.queries import all_exam_windows, all_norwegian_windows, routine_link
from programmes.settings_in_force import setting

DONE, NOW, LATER, STOPPED = "done", "now", "later", "stopped"
PART_NAMES = dict(PARTS)


def blocks_for(found: Record | Enrolment, today: date) -> list[dict[str, Any]]:
    """Gives a block for each window that matters to the participant now, the written exam first.

    A window matters while it is open, from so many days before it opens as the setting says, and, for one who has registered,
    until the last day of the exam. Of each kind only the first such window is shown, and only the first block has a filled button.
    """
    enrolment = enrolment_of(found)
    near = today + timedelta(days=int(setting("exam_window_near_days", today)))
    kinds: list[list[Any]] = [all_exam_windows(), all_norwegian_windows()]
    blocks = []
    for windows in kinds:
        for window in windows:
            if last_day_of(window) >= today and window.opens_on <= near and concerns(enrolment, window, today):
                blocks.append(window_block(enrolment, window, today))
                break
    for block in blocks[1:]:
        if any(step["is_main"] for step in blocks[0]["steps"]):
            _put_second(block)
    return blocks


def _put_second(block: dict[str, Any]) -> None:
    """Leaves the filled button to the block above: a page has one."""
    block["is_first"] = False
    for step in block["steps"]:
        step["is_main"] = False


def enrolment_of(found: Record | Enrolment) -> Enrolment:
    """Gives the enrolment in question."""
    return found if isinstance(found, Enrolment) else found.enrolment


def last_day_of(window: Window) -> date:
    """Gives the last day on which something happens in the window: of the exam or test, else of the sign-up."""
    if isinstance(window, ExamWindow):
        return window.exam_to or window.exam_from or window.closes_on
    return window.test_to or window.test_from or window.closes_on


def concerns(enrolment: Enrolment, window: Window, today: date) -> bool:
    """Tells whether the window is the participant's: who may register until it closes, and who has until the exam is over."""
    if isinstance(window, ExamWindow):
        exam = exam_row(enrolment, window)
        if exam is not None and (is_registered(exam) or exam.said_registered_on):
            return exam.state in {"planned", "registered"}
        return window.closes_on >= today and eligible_for_exam(window, today).filter(pk=enrolment.pk).exists()
    rows = norwegian_rows(enrolment, window)
    if any(is_registered(row) or row.said_registered_on for row in rows):
        return any(row.state in {"planned", "registered"} for row in rows)
    return window.closes_on >= today and eligible_for_norwegian(window, today).filter(pk=enrolment.pk).exists()


def window_block(found: Record | Enrolment, window: Window, today: date) -> dict[str, Any]:
    """Gives what participants/_window_steps.html shows: title, lead, dates and steps."""
    is_exam = isinstance(window, ExamWindow)
    steps = window_steps(found, window, today)
    is_told = any(step["key"] == "register" and step["state"] == DONE for step in steps)
    if window.opens_on > today:
        title = _("Gjør deg klar til skriftlig eksamen") if is_exam else _("Gjør deg klar til norskprøven")
    elif is_told:
        title = _("Du skal ta skriftlig eksamen") if is_exam else _("Du skal ta norskprøven")
    else:
        title = _("Meld deg på skriftlig eksamen") if is_exam else _("Meld deg på norskprøven")
    return {
        "key": window.public_id,
        "is_first": True,
        "is_done": is_told and not any(step["is_main"] for step in steps),
        "title": title,
        "lead": _("Du må melde deg på selv. Spør koordinator hvis du trenger hjelp.") if not is_told else "",
        "dates": [
            {"label": _("Påmeldingen åpner") if window.opens_on > today else _("Påmeldingen åpnet"), "day": date_words(window.opens_on)},
            {"label": _("Siste dag"), "day": date_words(window.closes_on)},
        ]
        if window.closes_on >= today
        else [],
        "steps": steps,
    }  # fmt: skip


def window_steps(found: Record | Enrolment, window: Window, today: date) -> list[dict[str, Any]]:
    """Gives the participant's steps in a window, in order, in plain words (V8 row 12, V6).

    Each step: number, key (bankid, register, pay, day), state (done, now, later, stopped), title, text, day (in large type),
    and what can be pressed: link {url, label, is_outside}, send {url, label, window}, undo {url, label, window}. At most one
    step has `is_main`: its button is the filled one.
    """
    enrolment = enrolment_of(found)
    exam = exam_row(enrolment, window) if isinstance(window, ExamWindow) else None
    if isinstance(window, ExamWindow) and exam is not None and exam.registered_by == "company":
        steps = [_company(exam), _exam_day(window, exam)]
    elif isinstance(window, ExamWindow):
        said, confirmed = (exam.said_registered_on, is_registered(exam)) if exam else (None, False)
        steps = [
            _bankid(enrolment, is_told=bool(said or confirmed)),
            _register_exam(enrolment, window, today, said=said, confirmed=confirmed),
            _pay(exam, is_told=bool(said or confirmed)),
            _exam_day(window, exam),
        ]
    else:
        rows = norwegian_rows(enrolment, window)
        told = any(row.said_registered_on or is_registered(row) for row in rows)
        steps = [
            _bankid(enrolment, is_told=told),
            _register_norwegian(enrolment, window, today, rows),
            _test_days(window, rows),
        ]
    return _numbered(steps)


def _numbered(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers the steps and leaves one of them as the one to do now; its button is the filled one."""
    first = next((step for step in steps if step["state"] == NOW), None)
    for number, step in enumerate(steps, 1):
        if step["state"] == NOW and step is not first:
            step["state"] = LATER
        step |= {"number": number, "is_main": step is first}
    return steps


def _step(key: str, state: str, title: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "state": state,
        "title": title,
        "text": text,
        "day": "",
        "link": None,
        "send": None,
        "undo": None,
        "days": [],
    } | more


def _address(name: str, enrolment: Enrolment) -> str:
    return f"{reverse(name, args=[enrolment.participant.public_id])}?lop={enrolment.public_id}"


def _bankid(enrolment: Enrolment, *, is_told: bool) -> dict[str, Any]:
    """BankID must work before the window opens; who has registered has shown that it does."""
    title, works = _("Sjekk at BankID virker"), enrolment.participant.has_bankid
    if works or is_told:
        return _step("bankid", DONE, title, _("BankID virker."))
    text = _("Du trenger BankID for å melde deg på.")
    if works is False:
        text = _("Du har sagt at BankID ikke virker. Snakk med banken din. Si fra her når den virker.")
    link = {"url": _address("bankid_new", enrolment), "label": _("Sjekk BankID"), "is_outside": False}
    return _step("bankid", NOW, title, text, link=link)


def _day_of_year(day: date) -> str:
    return date_words(day).rsplit(" ", 1)[0]


def _register_exam(
    enrolment: Enrolment, window: ExamWindow, today: date, *, said: date | None, confirmed: bool
) -> dict[str, Any]:
    step = _before_or_after(window, today, said, confirmed, enrolment)
    if step is not None:
        return step
    portal = {"url": routine_link("written_exam", PRIVATIST), "label": _("Gå til påmeldingen"), "is_outside": True}
    send = {"url": _address("exam_said", enrolment), "label": _("Jeg har meldt meg på"), "window": window.public_id}
    text = _("Gå til påmeldingen, og meld deg på. Kom tilbake hit etterpå, og trykk på «Jeg har meldt meg på».")
    return _step("register", NOW, _("Meld deg på"), text, link=portal, send=send)


def _register_norwegian(
    enrolment: Enrolment, window: NorwegianTestWindow, today: date, rows: list[NorwegianTest]
) -> dict[str, Any]:
    said = max((row.said_registered_on for row in rows if row.said_registered_on), default=None)
    step = _before_or_after(window, today, said, any(is_registered(row) for row in rows), enrolment)
    if step is None:
        portal = {"url": routine_link("norwegian_test", NORWEGIAN_TEST), "label": _("Gå til påmeldingen"), "is_outside": True}
        send = {
            "url": _address("norwegian_said", enrolment), "label": _("Jeg har meldt meg på norskprøven"), "window": window.public_id,
        }  # fmt: skip
        text = _("Gå til påmeldingen, og meld deg på. Kom tilbake hit etterpå, og trykk på «Jeg har meldt meg på norskprøven».")
        step = _step("register", NOW, _("Meld deg på"), text, link=portal, send=send)
    trade = enrolment.trade
    wanted = parts_below_goal(levels_of(enrolment.participant_id), trade) if trade else []
    if step["state"] in {NOW, LATER} and wanted:
        step["text"] = _("Du trenger %(parts)s. %(text)s") % {
            "parts": _and([PART_NAMES[part] for part in wanted]),
            "text": step["text"],
        }
    return step


def _before_or_after(
    window: Window, today: date, said: date | None, confirmed: bool, enrolment: Enrolment
) -> dict[str, Any] | None:
    """The sign-up's step when there is nothing to press to register: confirmed, said, not open yet, or closed."""
    title = _("Meld deg på")
    if confirmed:
        return _step("register", DONE, title, _("Du er påmeldt. Vi har sjekket det."))
    if said:
        undo = {"url": _address("exam_unsaid", enrolment), "label": _("Jeg tok feil"), "window": window.public_id}
        text = _("Du sa fra %(day)s at du har meldt deg på. Vi skal sjekke det.") % {"day": _day_of_year(said)}
        return _step("register", DONE, title, text, undo=undo)
    if window.opens_on > today:
        return _step("register", LATER, title, _("Knappen kommer her %(day)s.") % {"day": _day_of_year(window.opens_on)})
    if not is_open_on(window, today):
        return _step("register", STOPPED, title, _("Påmeldingen er stengt. Snakk med koordinator."))
    return None


def _pay(exam: WrittenExam | None, *, is_told: bool) -> dict[str, Any]:
    title = _("Betal avgiften")
    if exam is not None and exam.fee_paid_on:
        return _step("pay", DONE, title, _("Betalt %(day)s.") % {"day": _day_of_year(exam.fee_paid_on)})
    if is_told:
        text = _("Har du ikke betalt ennå? Betal med kort i dag. Vis kvitteringen til koordinator.")
        return _step("pay", NOW, title, text)
    return _step("pay", LATER, title, _("Betal med kort samme dag som du melder deg på. Ta vare på kvitteringen."))


def _company(exam: WrittenExam) -> dict[str, Any]:
    text = _("Arbeidsplassen melder deg på. Du trenger ikke å gjøre noe.")
    if is_registered(exam):
        return _step("register", DONE, _("Påmelding"), _("Arbeidsplassen har meldt deg på."))
    return _step("register", LATER, _("Påmelding"), text)


def _exam_day(window: ExamWindow, exam: WrittenExam | None) -> dict[str, Any]:
    text = _("Resultatet kommer %(day)s.") % {"day": date_words(window.results_on)} if window.results_on else ""
    if exam is not None and exam.exam_on:
        return _step("day", LATER, _("Ta eksamen"), text, day=date_words(exam.exam_on))
    if window.exam_from:
        text = (
            f"{_('Du får vite hvilken dag.')} {text}".strip() if window.exam_to and window.exam_to != window.exam_from else text
        )
        return _step("day", LATER, _("Ta eksamen"), text, day=period_words(window.exam_from, window.exam_to))
    return _step("day", LATER, _("Ta eksamen"), f"{_('Dagen er ikke bestemt ennå. Du ser den her.')} {text}".strip())


def _test_days(window: NorwegianTestWindow, rows: list[NorwegianTest]) -> dict[str, Any]:
    own = {row.part: row.taken_on for row in rows if row.taken_on}
    days = [(name, own.get(part) or getattr(window, f"{part}_on")) for part, name in PARTS]
    known = [{"label": name.capitalize(), "day": date_words(day)} for name, day in days if day]
    if known:
        return _step("day", LATER, _("Ta prøven"), _("Du får vite tid og sted når du er påmeldt."), days=known)
    if window.test_from:
        day = period_words(window.test_from, window.test_to)
        return _step("day", LATER, _("Ta prøven"), _("Du får vite dag, tid og sted når du er påmeldt."), day=day)
    return _step("day", LATER, _("Ta prøven"), _("Dagene er ikke bestemt ennå. Du ser dem her."))


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {_('og')} {words[-1]}"
