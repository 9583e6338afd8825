"""Every address, for every role, on own, others' and ended relations: the answer is the one the hand-written table gives."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from fagbrev.access.table import sections
from fagbrev.duties.engine import refresh
from fagbrev.duties.models import Duty, HandOver
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import RoleGrant
from fagbrev.people.roles import ROLES as ROLE_CODES
from participants import access
from participants import models as m
from participants.kinds import KINDS
from participants.pages import PAGES
from programmes import models as p
from programmes.models.calendar import Setting
from tests.access import followup, matrix, meetings
from tests.access.conftest import forget
from tests.access.filled import Marks, fill_enrolment, fill_person, fill_placement
from tests.access.matrix import ACTORS, ALLAUTH_OPEN, ALLAUTH_SIGNED_IN, PAGE_ROWS, RECORD_ROWS, ROWS, Row, answered, expected
from tests.cast import Cast, enrol, make_user

LETTER_OF = dict(zip(ROLE_CODES, "KFNALSD", strict=True))
NOBODY = "2222222222zz"  # a public id that no row has


def patterns(resolver: Any = None) -> Iterator[URLPattern]:
    """Every address of the product, included ones too."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


class TestTheTable:
    """The hand-written table covers every address, and agrees with the access table."""

    def test_every_address_has_a_gate(self) -> None:
        bare = [entry.name for entry in patterns() if not hasattr(entry.callback, "gate")]
        assert bare == []

    def test_every_address_has_a_row_and_every_row_an_address(self) -> None:
        names = {entry.name for entry in patterns()}
        rows = set(ROWS) | ALLAUTH_OPEN | ALLAUTH_SIGNED_IN
        assert names - rows == set(), "addresses without a row in tests/access/matrix.py"
        assert rows - names == set(), "rows without an address"

    def test_every_address_of_a_record_is_in_the_record_rows(self) -> None:
        gated = {entry.name for entry in patterns() if entry.callback.gate.kind == "record"}
        assert gated == {row.name for row in RECORD_ROWS}

    def test_the_hand_written_sections_agree_with_access_csv(self) -> None:
        found = {}
        for key, section in sections().items():
            readers = "".join(LETTER_OF[role] for role in ROLE_CODES if section.cells[role] != "none")
            writers = "".join(LETTER_OF[role] for role in ROLE_CODES if section.cells[role] == "write")
            found[key] = (readers, writers)
        assert found == matrix.SECTIONS
        assert {key for key, section in sections().items() if section.subject == "person"} == matrix.PERSON_SECTIONS

    @pytest.mark.parametrize("key", [key for key in PAGES if f"participant_{key}" in ROWS])
    def test_a_page_opens_for_nobody_who_reads_none_of_its_sections(self, key: str) -> None:
        readers = set().union(*(matrix.SECTIONS[section][0] for section in PAGES[key].sections))
        assert set(ROWS[f"participant_{key}"].get) <= readers

    @pytest.mark.parametrize("slug", list(KINDS))
    def test_a_row_is_written_by_nobody_who_may_not_write_its_section(self, slug: str) -> None:
        writers = matrix.SECTIONS[KINDS[slug].section][1]
        names = [name for name in (f"{slug}_new", f"{slug}_new_on", f"{slug}_edit") if name in ROWS]
        assert names
        for name in names:
            assert set(ROWS[name].post) <= set(writers)


# --- The world the addresses point at -------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage(standing_cast: Cast, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast with selma's and nadia's records filled, and what other addresses name."""
    with django_db_blocker.unblock():
        cast = standing_cast
        for key in ("selma", "nadia"):
            marks = Marks()
            fill_person(cast, marks, cast.enrolments[key].participant)
            fill_enrolment(cast, marks, key)
            fill_placement(cast, marks, key, key)
            cast.__dict__[f"rows_of_{key}"] = marks.rows
            for role, by in (("faglaerer", "faglaerer"), ("norsklaerer", "norsklaerer")):
                m.Readiness.objects.create(
                    enrolment=cast.enrolments[key], kind="written_exam", given_on=cast.today, by=cast.users[by], by_role=role
                )
            restriction = RecordRestriction.objects.create(
                participant_id=cast.enrolments[key].participant_id, kind="deny", user=cast.users["avsluttet_koordinator"],
                reason="prøve", starts_on=cast.today,
            )  # fmt: skip
            marks.rows["sperre", ""] = restriction
        p.ExamWindow.objects.get_or_create(
            opens_on=cast.today, defaults={"name": "Prøvevindu", "closes_on": cast.today + timedelta(days=9)}
        )
        refresh(today=cast.today)
        cast.__dict__["things"] = _things(cast)
        cast.__dict__["clients"] = {letter: _client(cast, key) for letter, key in ACTORS.items()}
        yield cast


@pytest.fixture(autouse=True)
def _only_the_gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The gate is tried here, not the PDF engine; and thousands of refusals need not be written down."""
    monkeypatch.setattr("participants.views.papers.render_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    monkeypatch.setattr("meetings.documents.render_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _client(cast: Cast, key: str) -> Client:
    client = Client(raise_request_exception=True)
    if key:
        client.force_login(cast.users[key])
    return client


def _things(cast: Cast) -> dict[str, Any]:
    """Rows that are not of a record, for the addresses of the frame."""
    trade, workplace = cast.trades["BUA"], cast.workplaces["barnehage"]
    cohort = p.Cohort.objects.filter(trade=trade).first() or p.Cohort.objects.create(trade=trade, name="Prøvegruppe")
    partner = p.Partner.objects.first() or p.Partner.objects.create(name="Prøvepartner")
    step = p.RoutineStep.objects.first()
    other = make_user("Annen Koordinator", "coordinator", today=cast.today)
    batch = m.ImportBatch(user=other, file_name="a.xlsx", columns={"chosen": []})
    batch.file.save("a.xlsx", ContentFile(b"x"), save=True)
    value = Setting.objects.create(
        key="contract_warning_days", value=180, valid_from=cast.today + timedelta(days=30), source="prøve"
    )
    return {
        "trade": trade, "curriculum": p.Curriculum.objects.first(), "lead": p.TradeLead.objects.create(trade=trade, name="Fia Demoberg"),
        "cohort": cohort,
        "session": p.TeachingSession.objects.create(cohort=cohort, weekday=1, starts_at="09:00", hours=3),
        "assignment": p.TeachingAssignment.objects.filter(trade=trade).first(),
        "criterion": p.Criterion.objects.create(trade=trade, code="prove-krav", text="Prøvekrav"),
        "workplace": workplace, "approval": workplace.approvals.first(), "person": workplace.people.first(), "partner": partner,
        "contact": p.PartnerContact.objects.create(partner=partner, name="Kim Demoberg"),
        "routine": step, "tool": p.RoutineForm.objects.create(step=step, name="Skjema", order=99),
        "semester": p.Semester.objects.first() or p.Semester.objects.create(
            school_year="2031/32", season="autumn", starts_on=cast.today, ends_on=cast.today + timedelta(days=90)),
        "value": value, "batch": batch,
        "duty": Duty.objects.get(rule="interview", enrolment_id=cast.enrolments["referred"].pk),
        "hand_over": HandOver.objects.create(
            role="coordinator", from_user=other, to_user=cast.koordinator, starts_on=cast.today, ends_on=cast.today
        ),
        "mail": OutgoingMail.objects.create(recipient="borte@example.no", subject="Prøve", error="gaierror", attempts=8),
        "filter": m.SavedFilter.objects.create(user=other, name="Mine", query="?q=a"),
        "item": m.ReferralInboxItem.objects.create(first_name="Ny", last_name="Demoberg", sender_name="Nav Prøvestad"),
    }  # fmt: skip


PUBLIC_IDS = {
    "lead_edit": "lead", "lead_remove": "lead", "cohort_edit": "cohort", "cohort_remove": "cohort", "session_new": "cohort",
    "session_edit": "session", "session_remove": "session", "assignment_edit": "assignment", "criterion_edit": "criterion",
    "approval_edit": "approval", "person_edit": "person", "person_remove": "person", "workplace_detail": "workplace",
    "workplace_edit": "workplace", "approval_new": "workplace", "person_new": "workplace", "contact_edit": "contact",
    "contact_remove": "contact", "partner_detail": "partner", "partner_edit": "partner", "contact_new": "partner",
    "tool_edit": "tool", "tool_remove": "tool", "routine_edit": "routine", "tool_new": "routine", "year_row_edit": "semester",
    "year_row_remove": "semester", "setting_edit": "value", "setting_remove": "value",
}  # fmt: skip
PARENTS = {
    "underskrift_new_on": ("avtale", "place"), "fadder_new_on": ("plass", "place"), "forslag_new_on": ("plass", "place"),
}  # fmt: skip
ROW_SLUGS = {"proposal_accept": "forslag", "restriction_end": "sperre"}


def arguments(cast: Cast, row: Row, relation: str = "selma") -> dict[str, Any]:
    """Gives what the address needs, from the cast."""
    wanted = next(entry for entry in patterns() if entry.name == row.name).pattern.converters
    things = cast.__dict__["things"]
    if not row.of_record:
        followed = {name: thing for module in (*followup.modules(), *meetings.modules()) for name, thing in module.THINGS.items()}
        if row.name in followed:
            found_things: dict[str, Any] = followed[row.name](cast)
            return {name: found_things[name] for name in wanted}
        given = {
            "public_id": (things[PUBLIC_IDS[row.name]] if row.name in PUBLIC_IDS else cast.users["fadder"]).public_id,
            "code": things["curriculum" if row.name in {"curriculum_detail", "goal_names"} else "trade"].code,
            "kind": "semester", "key": "interview" if row.name == "rule_detail" else "contract_warning_days",
            "grant_id": cast.users["fadder"].grants.first().public_id,
            "assignment_id": NOBODY, "batch_id": things["batch"].public_id, "filter_id": things["filter"].public_id,
            "item_id": things["item"].public_id, "token": NOBODY, "duty_id": things["duty"].public_id,
            "hand_over_id": things["hand_over"].public_id, "mail_id": things["mail"].public_id,
            "window_id": p.ExamWindow.objects.order_by("pk").values_list("public_id", flat=True)[0],
        }  # fmt: skip
        return {name: given[name] for name in wanted}
    held = cast.__dict__[f"rows_of_{relation}"]
    slug = ROW_SLUGS.get(row.name, row.name.partition("_")[0])
    rows = {place: found for (kind, place), found in held.items() if kind == slug}
    found = rows.get("", rows.get(relation))
    given = {
        "participant_id": cast.enrolments[relation].participant.public_id, "key": "leave",
        "row_id": found.public_id if found is not None else "",
        "parent_id": {"vedlegg_new_on": "references", "punkt_new_on": "attest"}.get(row.name, ""),
        "document_id": held["dokument_application_pack", relation].public_id,
    }  # fmt: skip
    given["placement_id"] = cast.placements[relation].public_id
    if row.name in PARENTS:
        given["parent_id"] = held[PARENTS[row.name][0], relation].public_id
    if "child_id" in wanted:  # a row on a row, such as a hand-in of an assignment: "oppgave.svar"
        given["child_id"] = held[f"{slug}.{row.name.rpartition('_')[2]}", relation].public_id
    if row.name == "klar_edit":
        given["row_id"] = m.Readiness.objects.filter(enrolment=cast.enrolments[relation]).first().public_id
    return {name: given[name] for name in wanted}


def ask(cast: Cast, letter: str, url: str, verb: str, *, htmx: bool = False) -> Any:
    """Asks, and undoes what the answer changed."""
    client = cast.__dict__["clients"][letter]
    headers = {"HX-Request": "true"} if htmx else {}
    with transaction.atomic():
        cookies = client.cookies.copy()
        if verb == "GET":
            response = client.get(url, headers=headers)
        else:
            response = client.post(url, {"submission": "", "prove": "1"}, headers=headers)
        if response.streaming:
            response.close()
        client.cookies = cookies
        transaction.set_rollback(True)
    return response


def differences(cast: Cast, rows: list[Row], letters: str, relation: str = "own", verbs: str = "GET POST") -> list[str]:
    """Gives every address that answers otherwise than the table says; [] when all is as it must be."""
    whose = "nadia" if relation == "other" else "selma"
    found = []
    for place, row in enumerate(rows):
        url = reverse(row.name, kwargs=arguments(cast, row, whose))
        for letter in letters:
            for verb in verbs.split():
                if verb == "POST" and not row.post and letter != "K":
                    continue  # that a page takes no POST is tried once
                response = ask(cast, letter, url, verb, htmx=bool((place + len(verb)) % 2))
                wanted, got = expected(row, letter, verb, relation), answered(response)
                if wanted != got:
                    found.append(f"{row.name} {relation} {letter} {verb}: {got}, must be {wanted}")
    return found


def agrees(*asked: Any) -> None:
    """Demands that every answer is the table's, and lists those that are not."""
    found = differences(*asked)
    assert not found, "\n".join(found)


class TestEveryAddress:
    """The matrix itself."""

    @pytest.mark.parametrize("letter", ACTORS)
    def test_own_records_answer_as_the_table_says(self, stage: Cast, world: Cast, letter: str) -> None:
        agrees(stage, RECORD_ROWS, letter)

    @pytest.mark.parametrize("letter", [letter for letter in ACTORS if letter not in "KU"])
    def test_records_of_others_are_not_there(self, stage: Cast, world: Cast, letter: str) -> None:
        agrees(stage, RECORD_ROWS, letter, "other", "GET")
        agrees(stage, RECORD_ROWS[ord(letter) % 3 :: 3], letter, "other", "POST")

    @pytest.mark.parametrize("letter", ACTORS)
    def test_pages_that_are_nobodys_record_answer_as_the_table_says(self, stage: Cast, world: Cast, letter: str) -> None:
        agrees(stage, PAGE_ROWS, letter)

    def test_account_pages_ask_the_signed_out_to_sign_in_and_refuse_nobody_else(self, stage: Cast, world: Cast) -> None:
        more = {"uidb36": "1", "key": "x", "pk": 1}
        for name in ALLAUTH_OPEN | ALLAUTH_SIGNED_IN:
            wanted = next(entry for entry in patterns() if entry.name == name).pattern.converters
            kwargs = {"uidb36": "1", "key": "x"} if name.endswith("from_key") else {key: more[key] for key in wanted}
            url = reverse(name, kwargs=kwargs)
            for letter in "UKDI":
                response = ask(stage, letter, url, "GET")
                assert response.status_code in {200, 302, 404}, (name, letter, response.status_code)
                if letter == "U" and name in ALLAUTH_SIGNED_IN:
                    assert answered(response) == "login", name
                if response.status_code == 404:
                    assert name.startswith("mfa_"), name  # a factor that one does not have

    @pytest.mark.parametrize("name", ["participant_detail", "kontakt_new", "plass_edit", "document_file", "paper_agreement"])
    def test_delete_and_put_are_refused(self, stage: Cast, world: Cast, name: str) -> None:
        url = reverse(name, kwargs=arguments(stage, ROWS[name]))
        for verb in ("delete", "put", "patch"):
            assert getattr(stage.__dict__["clients"]["K"], verb)(url).status_code == 405


def _ends(cast: Cast, what: str) -> None:
    """Ends a relation to selma."""
    yesterday = cast.today - timedelta(days=1)
    selma = m.Enrolment.objects.filter(pk=cast.selma.pk)
    if what in {"completed", "terminated"}:
        selma.update(status=what, ended_on=cast.today - timedelta(days=40))
        m.Placement.objects.filter(enrolment=cast.selma).update(ends_on=cast.today - timedelta(days=40))
    elif what in {"declined", "withdrawn"}:
        selma.update(status=what, ended_on=cast.today)
        m.Placement.objects.filter(enrolment=cast.selma).update(starts_on=None, ends_on=yesterday)
    elif what == "placement":
        m.Placement.objects.filter(enrolment=cast.selma).update(ends_on=yesterday)
    elif what == "fadder":
        m.PlacementFadder.objects.filter(placement__enrolment=cast.selma).update(ends_on=yesterday)
    elif what == "leder":
        p.WorkplacePerson.objects.filter(user=cast.leder).update(ends_on=yesterday)
    elif what == "assignment":
        p.TeachingAssignment.objects.update(ends_on=yesterday)
    elif what == "locked":
        m.Participant.objects.filter(pk=cast.selma.participant_id).update(locked_at=timezone.now())
    elif what == "strict":
        RecordRestriction.objects.create(
            participant_id=cast.selma.participant_id,
            kind="only",
            user=cast.avsluttet_koordinator,
            reason="prøve",
            starts_on=cast.today,
        )


class TestEndedRelations:
    """What has ended gives nothing from the next request on."""

    @pytest.mark.parametrize(
        ("what", "letters"),
        [
            ("completed", "FNAL"), ("terminated", "FNAL"), ("declined", "FNAL"), ("withdrawn", "FNAL"), ("placement", "AL"),
            ("fadder", "A"), ("leder", "L"), ("assignment", "FN"), ("locked", "D"), ("strict", "FNAL"),
        ],
    )  # fmt: skip
    def test_an_ended_relation_answers_as_if_the_record_were_not_there(
        self, stage: Cast, world: Cast, what: str, letters: str
    ) -> None:
        _ends(stage, what)
        rows = RECORD_ROWS if what in {"terminated", "locked"} else RECORD_ROWS[len(what) % 6 :: 6]
        agrees(stage, rows, letters, "ended", "GET")
        agrees(stage, [ROWS["kontakt_new"], ROWS["fadder_new_on"], ROWS["klar_new"]], letters, "ended", "POST")

    @pytest.mark.parametrize("letter", "KFNALSD")
    def test_an_ended_role_opens_no_page_but_ones_own_account(self, stage: Cast, world: Cast, letter: str) -> None:
        RoleGrant.objects.filter(user=stage.users[ACTORS[letter]]).update(ends_on=stage.today - timedelta(days=1))
        for row in [*RECORD_ROWS[::4], *PAGE_ROWS]:
            url = reverse(row.name, kwargs=arguments(stage, row))
            assert answered(ask(stage, letter, url, "GET")) == expected(row, "I", "GET"), row.name

    def test_a_deactivated_user_is_signed_out(self, stage: Cast, world: Cast) -> None:
        type(stage.faglaerer).objects.filter(pk=stage.faglaerer.pk).update(is_active=False)
        url = reverse("participant_detail", args=[stage.selma.participant.public_id])
        assert answered(ask(stage, "F", url, "GET")) == "login"


# --- Out of scope and absent answer alike ------------------------------------------------------------------


def _bare(response: Any, *ids: str) -> str:
    text = response.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', r'\1""', text)
    for public_id in ids:
        text = text.replace(public_id, "ID")
    return text


def _answer(cast: Cast, letter: str, url: str, verb: str, *ids: str) -> tuple[int, str, dict[str, str], int]:
    with CaptureQueriesContext(connection) as queries:
        response = ask(cast, letter, url, verb)
    headers = {key: value for key, value in response.headers.items() if key != "Content-Length"}
    return response.status_code, _bare(response, *ids), headers, len(queries)


class TestAbsentAndForbidden:
    """A record out of scope answers with the same bytes and as many queries as one that does not exist."""

    @pytest.mark.parametrize("letter", "FNALSDIX")
    def test_another_record_and_no_record_answer_alike(self, stage: Cast, world: Cast, letter: str) -> None:
        real = stage.nadia.participant.public_id
        for row in RECORD_ROWS[:: 5 if letter in "FA" else 15]:
            given = arguments(stage, row, "nadia")
            for verb in ("GET", "POST") if row.post else ("GET",):
                url = reverse(row.name, kwargs=given)
                absent = reverse(row.name, kwargs={**given, "participant_id": NOBODY})
                assert _answer(stage, letter, url, verb, real) == _answer(stage, letter, absent, verb, NOBODY), (row.name, verb)

    @pytest.mark.parametrize("name", ["plass_edit", "fadder_edit", "klar_edit", "document_file", "norskprove_edit", "jobb_edit"])
    def test_a_row_of_another_record_and_no_row_answer_alike(self, stage: Cast, world: Cast, name: str) -> None:
        row = ROWS[name]
        theirs = arguments(stage, row, "nadia")
        mine = {**theirs, "participant_id": stage.selma.participant.public_id}
        part = "document_id" if name == "document_file" else "row_id"
        for letter in row.get:
            url, absent = reverse(name, kwargs=mine), reverse(name, kwargs={**mine, part: NOBODY})
            found, none = _answer(stage, letter, url, "GET", mine[part]), _answer(stage, letter, absent, "GET", NOBODY)
            assert found[0] == 404
            assert found == none, letter

    def test_another_enrolment_and_no_enrolment_answer_alike(self, stage: Cast, world: Cast) -> None:
        second = enrol(stage, "", "HEA", "training", participant=stage.selma.participant)
        url = reverse("participant_detail", args=[stage.selma.participant.public_id])
        for letter in "FNAL":
            found = _answer(stage, letter, f"{url}?lop={second.public_id}", "GET", second.public_id)
            assert found == _answer(stage, letter, f"{url}?lop={NOBODY}", "GET", NOBODY)
            assert found[0] == 404


# --- Breaking one scope turns it red ------------------------------------------------------------------------


def _everything(user: Any, today: Any) -> Any:
    from django.db.models import Q

    return Q(pk__isnull=False)


def _broken(key: str) -> Callable[[], tuple[Any, ...]]:
    return lambda: tuple(replace(o, where=_everything) if o.key == key else o for o in access.OPENINGS)


class TestTheMatrixItself:
    """The matrix sees a scope that is broken."""

    @pytest.mark.parametrize("opening", [o for o in access.OPENINGS if o.key != "coordinator"], ids=lambda o: o.key)
    def test_an_opening_that_lets_in_too_many_turns_the_matrix_red(
        self, stage: Cast, world: Cast, opening: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = [ROWS["participant_detail"]]
        letter = LETTER_OF[opening.role]
        agrees(stage, rows, letter, "other")
        monkeypatch.setattr(access, "OPENINGS", _broken(opening.key)())
        assert differences(stage, rows, letter, "other") != []

    def test_a_coordinator_opening_without_the_role_turns_the_matrix_red(
        self, stage: Cast, world: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(access, "roles_of", lambda user, today: frozenset({"coordinator"}))
        assert len(differences(stage, RECORD_ROWS[:3], "FNALSDIX", "other", "GET")) > 10

    def test_restrictions_that_are_not_asked_turn_the_matrix_red(
        self, stage: Cast, world: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _ends(stage, "strict")
        monkeypatch.setattr(access, "blocked_participants", lambda user, today: [])
        assert differences(stage, RECORD_ROWS[:3], "F", "ended", "GET") != []

    def test_a_cell_that_gives_too_much_turns_the_matrix_red(
        self, stage: Cast, world: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(access.table_sections()["contact_log"].cells, "fadder", "read")
        assert differences(stage, [ROWS["participant_kontaktlogg"]], "A", "own", "GET") != []


def test_the_cast_remembers_nothing_between_requests(world: Cast) -> None:
    forget(world.faglaerer)
    assert "_roles_by_day" not in world.faglaerer.__dict__
