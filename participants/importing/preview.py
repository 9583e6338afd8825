"""How a judged row is shown before and after the import: who, what will be created, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fagbrev.dates import date_words
from participants.importing.lookups import same_name
from participants.importing.plan import CREATED, ERROR, EXISTS, VERDICT_NAMES, RowPlan, RowValues, status_words
from participants.models.exams import EXAM_STATES, TRADE_TEST_RESULTS
from participants.models.support import INCOME_KINDS

TONES = {CREATED: "success", EXISTS: "", ERROR: "danger"}
_EXAMS, _TESTS, _INCOMES = dict(EXAM_STATES), dict(TRADE_TEST_RESULTS), dict(INCOME_KINDS)


@dataclass(frozen=True)
class RowView:
    """One row of the preview, in words."""

    sheet_row: int
    verdict: str
    verdict_words: str
    tone: str
    name: str
    trade: str
    phase: str
    workplace: str
    is_new_workplace: bool
    contract_from: str
    contract_to: str
    more: tuple[str, ...]
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def has_words(self) -> bool:
        """True when there is something to say of the row."""
        return bool(self.more or self.reasons or self.remarks)


def shown(rows: Iterable[RowPlan], workplaces: Collection[str]) -> list[RowView]:
    """Gives the rows in words; `workplaces` are the names there are, in small letters."""
    return [_view(row, workplaces) for row in rows]


def _view(row: RowPlan, workplaces: Collection[str]) -> RowView:
    values = row.values
    name = f"{values.name.first} {values.name.last}".strip() if values.name else ""
    is_created = row.verdict == CREATED
    return RowView(
        sheet_row=row.sheet_row, verdict=row.verdict, verdict_words=str(VERDICT_NAMES[row.verdict]), tone=TONES[row.verdict],
        name=name or _("Uten navn"), trade=values.trade.short_name if values.trade else "", phase=status_words(values),
        workplace=values.workplace,
        is_new_workplace=bool(values.workplace) and is_created and same_name(values.workplace) not in workplaces,
        contract_from=date_words(values.contract[0]) if values.contract else "",
        contract_to=date_words(values.contract[1]) if values.contract else "",
        more=tuple(_more(values)) if is_created else (), reasons=row.reasons, remarks=row.remarks if is_created else (),
    )  # fmt: skip


def _more(values: RowValues) -> Iterable[str]:
    """What else is registered, each in a few words."""
    if values.workplace:
        first = values.starts_on
        if first and not values.is_ended:
            yield _("praksis fra %(day)s") % {"day": date_words(first)}
        for fadder in values.faddere:
            yield _("fadder: %(name)s") % {"name": fadder.name}
        if values.leder:
            yield _("leder: %(name)s") % {"name": values.leder.name}
    for kind, _programme in values.incomes:
        yield _("inntekt: %(kind)s") % {"kind": _INCOMES[kind]}
    if values.norwegian:
        yield _("norsk: %(level)s") % {"level": values.norwegian}
    if values.written_exam and values.trade and values.trade.written_exam_code:
        yield _("skriftlig eksamen: %(state)s") % {"state": _EXAMS[values.written_exam.state]}
    if values.trade_test is not None:
        yield _("fagprøve: %(result)s") % {"result": _TESTS[values.trade_test]}
    if values.status == "on_leave":
        yield _("permisjon uten dato")
    if values.ipad:
        yield _("utlånt iPad: %(label)s") % {"label": values.ipad}
    if values.note:
        yield _("merknad, bare for koordinator")
