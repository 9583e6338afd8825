"""Registering the good rows of a spreadsheet: everything or nothing, and nobody twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db import IntegrityError, connection, models
from django.utils.translation import gettext as _

from fagbrev.audit.acting import acting
from fagbrev.audit.models import ChangeLog
from fagbrev.names import folded
from fagbrev.people.models import User
from fagbrev.sealed import Sealed
from participants.actions.steps import begin_many
from participants.importing.lookups import CHUNK, Places, known_people, national_id_key, places, same_name
from participants.importing.plan import CREATED, RowPlan, RowValues, judge
from participants.importing.values import Contact
from participants.models import (
    ContactNote,
    Enrolment,
    IncomePeriod,
    IntakeInterview,
    Leave,
    Loan,
    NorwegianTest,
    Participant,
    Placement,
    PlacementFadder,
    Referral,
    TradeTest,
    TrainingContract,
    WrittenExam,
)
from programmes.models import Workplace, WorkplacePerson

FROM_SHEET = "regneark"
END_UNKNOWN = "slutt før importen, dato ukjent"
_OWN_WISH = frozenset({"selv", "seg selv", "deltakeren selv", "deltaker selv", "egen henvendelse"})
_WORKPLACE_KINDS = (
    ("barnehage", "kindergarten"), ("skole", "school"), ("sfo", "school"), ("hjemmetjeneste", "home_care"),
    ("sykehjem", "nursing_home"), ("bosenter", "nursing_home"), ("bo og aktivitetssenter", "nursing_home"), ("renhold", "cleaning"),
)  # fmt: skip
_LOCK = 7205759403792794  # one number for imports among PostgreSQL's advisory locks
_TRIES = 3


class ImportCollided(Exception):
    """Someone else registered the same people meanwhile; the text is a sentence for the user."""


def judged(rows: Sequence[RowPlan], *, by: User | None, today: date) -> list[RowPlan]:
    """Gives the rows held against those in the system now."""
    return judge(rows, people=known_people(rows, by=by, today=today), index=cache(national_id_key))


def import_rows(*, rows: Sequence[RowPlan], by: User | None, today: date) -> list[RowPlan]:
    """Registers every row that is «created» when held against the system once more, in one transaction; gives the rows as
    they were judged then. Two imports wait for each other. Raises ImportCollided."""
    for attempt in range(_TRIES):
        try:
            with acting():
                _wait_for_other_imports()
                final = judged(rows, by=by, today=today)
                _Registration(by=by, today=today, places=places()).register([row for row in final if row.verdict == CREATED])
                return final
        except IntegrityError:
            if attempt == _TRIES - 1:
                raise ImportCollided(
                    _("Noen registrerte de samme personene akkurat nå. Ingenting ble importert. Prøv igjen.")
                ) from None
    raise AssertionError


def _wait_for_other_imports() -> None:
    """One import at a time: SQLite lets only one transaction write (they begin as IMMEDIATE), PostgreSQL is asked for a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


class _Registration:
    """The rows of one import on their way into the database: collected per table, written table by table."""

    def __init__(self, *, by: User | None, today: date, places: Places) -> None:
        self.by, self.today, self.places = by, today, places
        self.people: dict[int, Participant] = {}  # id of the judged Person -> the row
        self.enrolments: list[tuple[RowPlan, Enrolment]] = []
        self.held: set[tuple[Any, ...]] = set()  # what the person has already: exams, levels, loans
        self.batches: dict[type[models.Model], list[Any]] = {}
        self.touched: set[tuple[int, str]] = set()  # position of the enrolment, section

    def register(self, rows: Sequence[RowPlan]) -> None:
        """Writes everything the rows say."""
        self._write_people(rows)
        self._write_workplaces(rows)
        self._write_enrolments(rows)
        for position, (row, enrolment) in enumerate(self.enrolments):
            self._collect(position, row, enrolment)
        for model, batch in self.batches.items():
            model._default_manager.bulk_create(batch, CHUNK)
        starts = [(enrolment, row.values.status) for row, enrolment in self.enrolments]
        begin_many(starts=starts, by=self.by, kind="import", source="før systemet")
        self._note_changes()

    # --- People and places ---------------------------------------------------------------------------

    def _write_people(self, rows: Sequence[RowPlan]) -> None:
        known = [row.person.pk for row in rows if row.person and row.person.pk]
        for start in range(0, len(known), CHUNK):
            in_system = Participant.objects.in_bulk(known[start : start + CHUNK])
            self.people.update(
                {id(row.person): in_system[row.person.pk] for row in rows if row.person and row.person.pk in in_system}
            )
        self._remember_what_they_have(known)
        new: dict[int, Participant] = {}
        for row in rows:
            assert row.person and row.values.name
            if id(row.person) in self.people:
                self._add_national_id(self.people[id(row.person)], row)
            elif id(row.person) not in new:
                new[id(row.person)] = self._participant(row.values)
            elif row.values.national_id and not new[id(row.person)].national_id_key:
                _set_national_id(new[id(row.person)], row.values.national_id)
        Participant.objects.bulk_create(new.values(), CHUNK)
        self.people.update(new)

    def _participant(self, values: RowValues) -> Participant:
        assert values.name
        person = Participant(
            first_name=values.name.first, last_name=values.name.last, phone=values.phone, email=values.email,
            mother_tongue=values.mother_tongue, created_by=self.by,
        )  # fmt: skip
        if values.national_id:
            _set_national_id(person, values.national_id)
        person.set_name_keys()
        return person

    def _add_national_id(self, person: Participant, row: RowPlan) -> None:
        if row.values.national_id and not person.national_id_key:
            _set_national_id(person, row.values.national_id)
            person.version += 1
            person.save(update_fields=["national_id", "national_id_key", "version"])

    def _remember_what_they_have(self, known: Collection[int | None]) -> None:
        ids = sorted({pk for pk in known if pk})
        for start in range(0, len(ids), CHUNK):
            mine = {"participant__in": ids[start : start + CHUNK]}
            exams = WrittenExam.objects.filter(**mine).values_list("participant_id", "exam_code", "state")
            tests = NorwegianTest.objects.filter(**mine, state="known").values_list("participant_id", "part", "level")
            loans = Loan.objects.filter(**mine, kind="ipad").values_list("participant_id", "label")
            self.held |= {("exam", *found) for found in exams} | {("test", *found) for found in tests}
            self.held |= {("ipad", *found) for found in loans}

    def _write_workplaces(self, rows: Sequence[RowPlan]) -> None:
        missing = {same_name(row.values.workplace): row.values.workplace for row in rows if row.values.workplace}
        new = [
            Workplace(
                name=name, kind=_kind_of(name), ownership="private" if name.endswith(" AS") else "municipal", created_by=self.by
            )
            for key, name in missing.items()
            if key not in self.places.workplaces
        ]
        Workplace.objects.bulk_create(new, CHUNK)
        self.places.workplaces.update({same_name(workplace.name): workplace for workplace in new})
        people: dict[tuple[int, str], WorkplacePerson] = {}
        for row in rows:
            if row.values.workplace:
                workplace = self._workplace(row.values)
                for contact, is_leder in [*((who, False) for who in row.values.faddere), *_leder(row.values)]:
                    self._add_person(people, workplace, contact, is_leder)
        WorkplacePerson.objects.bulk_create(people.values(), CHUNK)
        self.places.people.update(people)

    def _add_person(
        self, new: dict[tuple[int, str], WorkplacePerson], workplace: Workplace, contact: Contact, is_leder: bool
    ) -> None:
        """A person, never a user; one who is known is left as is, since a spreadsheet must give nobody rights."""
        key = (workplace.pk, same_name(contact.name))
        if key in self.places.people:
            return
        person = new.get(key)
        if person is None:
            person = new[key] = WorkplacePerson(
                workplace=workplace, name=contact.name, email=contact.email, may_be_fadder=not is_leder, created_by=self.by
            )
        person.is_leder = person.is_leder or is_leder
        person.may_be_fadder = person.may_be_fadder or not is_leder
        person.email = person.email or contact.email

    def _workplace(self, values: RowValues) -> Workplace:
        return self.places.workplaces[same_name(values.workplace)]

    # --- The enrolment and what hangs on it ----------------------------------------------------------

    def _write_enrolments(self, rows: Sequence[RowPlan]) -> None:
        for row in rows:
            values = row.values
            first, last = values.contract or (None, None)
            enrolment = Enrolment(
                participant=self.people[id(row.person)], trade_id=values.trade.pk if values.trade else None,
                curriculum_id=values.trade.curriculum_id if values.trade else None, started_on=values.referred_on, origin="import",
                imported_on=self.today, norwegian_at_start=values.norwegian, contract_starts_on=first, contract_ends_on=last,
                created_by=self.by,
            )  # fmt: skip
            self.enrolments.append((row, enrolment))
        Enrolment.objects.bulk_create([enrolment for _row, enrolment in self.enrolments], CHUNK)

    def _add(self, position: int, section: str, row: models.Model) -> None:
        row.created_by = self.by  # type: ignore[attr-defined]
        self.batches.setdefault(type(row), []).append(row)
        self.touched.add((position, section))

    def _collect(self, position: int, row: RowPlan, enrolment: Enrolment) -> None:
        values = row.values
        self.touched.add((position, "identity"))
        if row.person and row.person.pk is None:
            sections = (("contact", values.phone or values.email), ("person_details", values.mother_tongue),
                        ("national_id", values.national_id))  # fmt: skip
            self.touched |= {(position, section) for section, told in sections if told}
        self._add(position, "referral", self._referral(values, enrolment))
        if values.arrived or values.norwegian:
            interview = IntakeInterview(enrolment=enrolment, in_norway_since=values.arrived, norwegian_level=values.norwegian)
            self._add(position, "intake_background", interview)
        if values.workplace:
            self._collect_practice(position, values, enrolment)
        if values.contract:
            contract = TrainingContract(enrolment=enrolment, order=1, starts_on=values.contract[0], ends_on=values.contract[1])
            self._add(position, "training_contract", contract)
        for kind, programme in values.incomes:
            self._add(position, "income_funding", IncomePeriod(enrolment=enrolment, kind=kind, programme=programme))
        if values.status == "on_leave":
            self._add(position, "progress", Leave(enrolment=enrolment))
        self._collect_exams(position, values, enrolment)
        if values.ipad and self._is_new("ipad", enrolment.participant_id, values.ipad):
            loan = Loan(participant_id=enrolment.participant_id, kind="ipad", label=values.ipad, state="lent")
            self._add(position, "equipment", loan)
        if values.note:
            note = ContactNote(
                enrolment=enrolment, happened_on=values.sheet_day or self.today, contact_with="import", what=values.note
            )
            self._add(position, "contact_log", note)

    def _referral(self, values: RowValues, enrolment: Enrolment) -> Referral:
        words = folded(values.referred_by)
        is_self = words in _OWN_WISH
        partner = self.places.partners.get(words)
        return Referral(
            enrolment=enrolment, referred_by="self" if is_self else "partner", partner=partner,
            partner_text="" if partner or is_self else values.referred_by, referred_on=values.referred_on,
            knows_of_referral=True if is_self else None,
        )  # fmt: skip

    def _collect_practice(self, position: int, values: RowValues, enrolment: Enrolment) -> None:
        workplace = self._workplace(values)
        first, last = values.practice_days(self.today)
        leder = self.places.people[workplace.pk, same_name(values.leder.name)] if values.leder else None
        placement = Placement(
            enrolment=enrolment, workplace=workplace, leder=leder, starts_on=first, ends_on=last,
            end_reason=END_UNKNOWN if last else "",
        )  # fmt: skip
        self._add(position, "placement", placement)
        for name in dict.fromkeys(same_name(fadder.name) for fadder in values.faddere):
            person = self.places.people[workplace.pk, name]
            self._add(position, "placement", PlacementFadder(placement=placement, person=person, ends_on=last))

    def _collect_exams(self, position: int, values: RowValues, enrolment: Enrolment) -> None:
        person = enrolment.participant_id
        for part, level in values.norwegian_parts.items():
            if self._is_new("test", person, part, level):
                test = NorwegianTest(participant_id=person, part=part, level=level, state="known", source=FROM_SHEET)
                self._add(position, "exams", test)
        exam, code = values.written_exam, values.trade.written_exam_code if values.trade else ""
        if exam and code and self._is_new("exam", person, code, exam.state):
            written = WrittenExam(
                participant_id=person, exam_code=code, state=exam.state, grade=exam.grade, source=exam.source or FROM_SHEET
            )
            self._add(position, "exams", written)
        if values.trade_test is not None or values.status == "trade_test":
            self._add(position, "exams", TradeTest(enrolment=enrolment, attempt=1, result=values.trade_test or ""))

    def _is_new(self, *what: Any) -> bool:
        if what in self.held:
            return False
        self.held.add(what)
        return True

    def _note_changes(self) -> None:
        """One row per enrolment and section: that it came with an import, never what it holds."""
        noted = []
        for position, section in sorted(self.touched):
            enrolment = self.enrolments[position][1]
            noted.append(
                ChangeLog(
                    user=self.by,
                    participant_id=enrolment.participant_id,
                    enrolment_id=enrolment.pk,
                    section=section,
                    verb="imported",
                    subject_type=enrolment._meta.label_lower,
                    subject_id=enrolment.public_id,
                )  # fmt: skip
            )
        ChangeLog.objects.bulk_create(noted, CHUNK)


def _leder(values: RowValues) -> list[tuple[Contact, bool]]:
    return [(values.leder, True)] if values.leder else []


def _set_national_id(person: Participant, digits: str) -> None:
    person.national_id = Sealed.of(digits)  # type: ignore[assignment]
    person.national_id_key = national_id_key(digits)


def _kind_of(name: str) -> str:
    words = folded(name)
    return next((kind for part, kind in _WORKPLACE_KINDS if part in words), "other")
