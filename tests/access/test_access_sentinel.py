"""A unique text in every column of one record, looked for in every answer that each role can get.

The record: one person with two ways, BUA and HEA. BUA has a main workplace, a second one, and a former one, each with its own
leder and fadder; HEA has its own. Who may see what is written here by hand, from docs/access.md.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pymupdf
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from fagbrev.mail.models import OutgoingMail
from participants import models as m
from participants.actions.life import name_fadder
from programmes.models import Workplace, WorkplacePerson
from tests.access import meetings
from tests.access.conftest import forget
from tests.access.filled import Mark, Marks, fill_enrolment, fill_person, fill_placement
from tests.access.matrix import RECORD_ROWS, SECTIONS
from tests.access.test_access_matrix import PARENTS, ROW_SLUGS, patterns
from tests.cast import Cast, enrol, make_user, place

# actor: letter, enrolments in scope, placements in scope (None: all of the enrolments in scope)
SCOPE: dict[str, tuple[str, set[str], set[str] | None]] = {
    "koordinator": ("K", {"selma", "second"}, None),
    "faglaerer": ("F", {"selma"}, None),
    "annen_faglaerer": ("F", {"second"}, None),
    "norsklaerer": ("N", {"selma"}, None),
    "annen_norsklaerer": ("N", {"second"}, None),
    "fadder": ("A", {"selma"}, {"selma"}),
    "side_fadder": ("A", {"selma"}, {"side"}),
    "former_fadder": ("A", set(), set()),
    "annen_fadder": ("A", {"second"}, {"second"}),
    "leder": ("L", {"selma"}, {"selma"}),
    "side_leder": ("L", {"selma"}, {"side"}),
    "former_leder": ("L", set(), set()),
    "annen_leder": ("L", {"second"}, {"second"}),
    "styringsgruppe": ("S", set(), set()),
    "deltaker": ("D", {"selma", "second"}, None),
    "annen_deltaker": ("D", set(), set()),
    "ingen": ("I", set(), set()),
    "drift": ("X", set(), set()),
    "": ("U", set(), set()),
}
PLACED = "AL"
# Sections nobody but a koordinator and the participant may see together with whose record it is, in lists and heads, too.
NAMES = {"former_workplace": "Zqformerq barnehage", "side_workplace": "Zqsideq barnehage"}


# Workplaces and the people there stand in lists of the frame as well, whoever is placed with them.
OF_THE_FRAME = {
    "name of the workplace", "name of the leder", "name of the fadder",
    *(f"{key} {role}" for key in ("side", "former") for role in ("leder", "fadder")),
    *(f"name of the {key} workplace" for key in ("side", "former")),
}  # fmt: skip


def may_see(mark: Mark, actor: str) -> bool:
    """Tells whether the actor may meet the mark anywhere, by the access table and the scope."""
    letter, enrolments, placements = SCOPE[actor]
    if letter not in (mark.only or SECTIONS.get(mark.section, ("", ""))[0]) or letter not in SECTIONS[mark.section][0]:
        return False
    if mark.enrolment and mark.enrolment not in enrolments:
        return False
    if not mark.enrolment and not enrolments:
        return False
    return not (mark.placement and placements is not None and mark.placement not in placements)


@pytest.fixture(scope="module")
def record(standing_cast: Cast, django_db_blocker: Any) -> Iterator[tuple[Cast, Marks]]:
    """The filled record."""
    with django_db_blocker.unblock():
        cast, marks, today = standing_cast, Marks(), standing_cast.today
        person = cast.selma.participant
        cast.enrolments["second"] = enrol(cast, "", "HEA", "training", participant=person)
        for key, name, is_over in (("side", NAMES["side_workplace"], False), ("former", NAMES["former_workplace"], True)):
            workplace = cast.workplaces[key] = Workplace.objects.create(name=name)
            for role in ("leder", "fadder"):
                user = cast.users[f"{key}_{role}"] = make_user(f"{key.title()} {role.title()}", role, today=today)
                cast.people[f"{key}_{role}"] = WorkplacePerson.objects.create(
                    workplace=workplace, name=marks.new("placement", "selma", key, f"{key} {role}"), user=user,
                    is_leder=role == "leder",
                )  # fmt: skip
            cast.placements[key] = m.Placement.objects.create(
                enrolment=cast.selma, workplace=workplace, is_main=False, leder=cast.people[f"{key}_leder"],
                starts_on=today - timedelta(days=190), requested_on=today - timedelta(days=195),
                ends_on=today - timedelta(days=101) if is_over else None,
            )  # fmt: skip
            name_fadder(placement=cast.placements[key], person=cast.people[f"{key}_fadder"], starts_on=today - timedelta(days=190),
                        is_substitute=False, by=cast.koordinator)  # fmt: skip
            marks.known(name, "placement", "selma", f"name of the {key} workplace")
            marks.found[-1] = Mark(name, "placement", "selma", key, f"name of the {key} workplace")
        for key, workplace, own in (("selma", "barnehage", ""), ("second", "sykehjem", "annen_")):
            marks.found.append(Mark(cast.workplaces[workplace].name, "placement", key, key, "name of the workplace"))
            for role in ("leder", "fadder"):
                known = marks.new("placement", key, key, f"name of the {role}")
                WorkplacePerson.objects.filter(pk=cast.people[f"{own}{role}_person"].pk).update(name=known)
        m.Consent.objects.filter(participant=person).delete()
        cast.placements["second"] = place(
            cast, cast.enrolments["second"], "sykehjem", leder="annen_leder_person", fadder="annen_fadder_person"
        )
        fill_person(cast, marks, person)
        for key in ("selma", "second"):
            cast.enrolments[key].refresh_from_db()
            fill_enrolment(cast, marks, key)
        for key, placement in (("selma", "selma"), ("selma", "side"), ("selma", "former"), ("second", "second")):
            cast.placements[placement].refresh_from_db()
            fill_placement(cast, marks, key, placement)
        m.FadderProposal.objects.filter(placement=cast.placements["former"]).delete()
        marks.found = [mark for mark in marks.found if not (mark.placement == "former" and "FadderProposal" in mark.column)]
        yield cast, marks


def addresses(cast: Cast, marks: Marks, ways: list[str]) -> list[str]:
    """Every address of the person that answers a GET: pages for both ways, forms for the ways in the actor's scope, and every
    row there is, each for its own way and some for the other."""
    person = cast.selma.participant.public_id
    lops = {key: f"?lop={cast.enrolments[key].public_id}" for key in ("selma", "second")}
    found = []
    for row in RECORD_ROWS:
        if row.no_get or row.name.startswith("paper_"):
            continue
        wanted = set(next(entry for entry in patterns() if entry.name == row.name).pattern.converters) - {"participant_id"}
        if wanted and wanted != {"key"} and row.name not in {"vedlegg_new_on", "punkt_new_on"}:
            found += _rows_of(row.name, person, marks, lops)
            continue
        more = {"step": ["terminate", "place", "to-test"], "vedlegg_new_on": ["cv"], "punkt_new_on": ["county_form"]}
        for key in ways if row.post else lops:
            for part in more.get(row.name, [""]):
                found.append(reverse(row.name, args=[person, part] if part else [person]) + lops[key])
    lists = ["participant_list", "participant_search", "caseload_export"]
    asked = ["", "?q=selma", "?q=testesen&avsluttet=1", "?sorter=kontrakt", "?utvalg=kontrakt", "?utvalg=mangler"]
    found += [reverse(name) + query for name in lists for query in asked]
    found += [reverse(name) for name in ("home", "workplace_list", "partner_list", "user_list", "referral_inbox", "routine_list")]
    found += [url for module in meetings.modules() if hasattr(module, "addresses") for url in module.addresses(cast)]
    return [*found, "/personvern/hvem-ser-hva/"]


def _rows_of(name: str, person: str, marks: Marks, lops: dict[str, str]) -> list[str]:
    kind = PARENTS[name][0] if name in PARENTS else ROW_SLUGS.get(name, name.partition("_")[0])
    found = []
    for (slug, owner), held in marks.rows.items():
        if held is None or (slug != kind and not (kind == "document" and slug.startswith("dokument_"))):
            continue
        own = "second" if owner == "second" else "selma"
        url = reverse(name, args=[person, held.public_id])
        found.append(url + lops[own])
        if len(found) % 4 == 1:
            found.append(url + lops["selma" if own == "second" else "second"])
    return found


def text_of(response: Any) -> str:
    """Gives everything an answer says: text, headers, and what stands inside a spreadsheet, a PDF or a file."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if "spreadsheet" in kind and response.status_code == 200:
        rows = load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
        inside = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    elif kind == "application/pdf" and body.startswith(b"%PDF-"):
        inside = "\n".join(page.get_text() for page in pymupdf.open(stream=body, filetype="pdf"))
    else:
        inside = body.decode("utf-8", "replace")
    return inside + "\n" + "\n".join(f"{key}: {value}" for key, value in response.headers.items())


def seen_in(text: str, marks: Marks) -> list[Mark]:
    """Gives the marks that stand in a text, however it spaces its digits."""
    close = "".join(text.split())
    return [mark for mark in marks.found if mark.text in text or (mark.text.isdigit() and mark.text in close)]


def client_of(cast: Cast, actor: str) -> Client:
    """A browser signed in as the actor."""
    client = Client()
    if actor:
        client.force_login(cast.users[actor])
        forget(cast.users[actor])
    return client


class TestEveryAnswer:
    """Nothing is seen by one who may not see it, and the koordinator sees it all."""

    @pytest.mark.parametrize("actor", SCOPE)
    def test_no_answer_holds_what_the_actor_may_not_see(
        self, record: tuple[Cast, Marks], world: Cast, actor: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        cast, marks = record
        client, leaks, met = client_of(cast, actor), [], set()
        ways = sorted(SCOPE[actor][1]) or ["selma"]
        urls = addresses(cast, marks, ways)[:: 1 if SCOPE[actor][1] else 4]
        with caplog.at_level(logging.DEBUG):
            for place_, url in enumerate(urls):
                response = client.get(url, headers={"HX-Request": "true"} if place_ % 5 == 4 else {})
                assert response.status_code < 500, url
                for mark in seen_in(text_of(response), marks):
                    met.add(mark.text)
                    if url.startswith("/laresteder/") and mark.column in OF_THE_FRAME:
                        continue
                    if not may_see(mark, actor):
                        leaks.append(
                            f"{mark.column} of {mark.placement or mark.enrolment or 'the person'} ({mark.section}) in {url}"
                        )
        assert not leaks, "\n".join(leaks)
        assert seen_in(caplog.text, marks) == []
        if actor == "koordinator":
            own = [mark for mark in marks.found if may_see(mark, actor)]  # an unshared part of a review is its author's alone
            unseen = {mark.column for mark in own if mark.text not in met and mark.section != "national_id"}
            assert unseen == NEVER_SHOWN
        elif SCOPE[actor][1]:
            assert met

    @pytest.mark.parametrize(
        ("actor", "name", "lop"),
        [
            ("deltaker", "paper_contract", "selma"), ("leder", "paper_agreement", "selma"),
            ("side_leder", "paper_agreement", "selma"), ("koordinator", "paper_certificate", "second"),
        ],
    )  # fmt: skip
    def test_no_paper_holds_what_its_reader_may_not_see(
        self, record: tuple[Cast, Marks], world: Cast, actor: str, name: str, lop: str
    ) -> None:
        cast, marks = record
        url = reverse(name, args=[cast.selma.participant.public_id]) + f"?lop={cast.enrolments[lop].public_id}"
        response = client_of(cast, actor).get(url)
        assert response.headers["Content-Type"] == "application/pdf"
        found = seen_in(text_of(response), marks)
        assert found
        assert [mark.column for mark in found if not may_see(mark, actor)] == []

    @pytest.mark.parametrize("actor", ["leder", "side_leder", "annen_leder", "deltaker"])
    def test_the_agreement_of_anothers_placement_is_not_printed(
        self, record: tuple[Cast, Marks], world: Cast, actor: str
    ) -> None:
        cast, _marks = record
        client = client_of(cast, actor)
        _letter, _enrolments, placements = SCOPE[actor]
        for key in ("selma", "side", "former", "second"):
            if placements is None or key in placements:
                continue
            url = reverse("paper_agreement", args=[cast.selma.participant.public_id])
            assert client.get(f"{url}?praksisplass={cast.placements[key].public_id}").status_code == 404

    def test_the_number_is_shown_to_those_who_ask_and_may(self, record: tuple[Cast, Marks], world: Cast) -> None:
        cast, marks = record
        url = reverse("reveal_national_id", args=[cast.selma.participant.public_id])
        for actor, (letter, enrolments, _placements) in SCOPE.items():
            shown = seen_in(text_of(client_of(cast, actor).post(url)), marks)
            wanted = letter in "KD" and bool(enrolments)
            assert ("national_id" in {mark.section for mark in shown}) is wanted, actor

    def test_what_is_logged_kept_or_mailed_names_no_text_of_silent_sections(
        self, record: tuple[Cast, Marks], world: Cast, caplog: pytest.LogCaptureFixture
    ) -> None:
        from fagbrev.audit.log import SILENT_SECTIONS
        from fagbrev.audit.models import ChangeLog, LookLog, Revision

        cast, marks = record
        client = client_of(cast, "koordinator")
        person = cast.selma.participant.public_id
        with caplog.at_level(logging.DEBUG):
            for slug, text in (("livssituasjon", "life_situation"), ("attest", "seen_by"), ("permisjon", "words")):
                name = f"{slug}_new"
                url = reverse(name, args=[person])
                form = client.get(url).context["form"]
                data = {name: form[name].value() or "" for name in form.fields} | {text: "Zqnewq", "starts_on": cast.today}
                client.post(url, data)
        everything = [
            *(str(row.__dict__) for model in (ChangeLog, LookLog, OutgoingMail) for row in model.objects.all()),
            *(str(row.content) for row in Revision.objects.filter(section__in=SILENT_SECTIONS)), caplog.text,
        ]  # fmt: skip
        for text in everything:
            assert "Zqnewq" not in text
            assert seen_in(text, marks) == []
        for row in Revision.objects.all():
            assert "Zqnewq" not in str(row.content), row


# Texts the product has no page for: they belong to the record, and nobody is shown them there.
NEVER_SHOWN = {"Enrolment.came_from", "Enrolment.norwegian_at_start", "Placement.end_reason"}


class TestForeignKeysAndFields:
    """What is posted beyond one's rights changes nothing."""

    def post(self, cast: Cast, actor: str, name: str, *args: str, lop: str = "selma", **data: Any) -> Any:
        url = reverse(name, args=[cast.selma.participant.public_id, *args]) + f"?lop={cast.enrolments[lop].public_id}"
        return client_of(cast, actor).post(url, data)

    def test_a_deltaker_changes_own_contact_but_not_the_name_posted_with_it(self, record: Any, world: Cast) -> None:
        cast, _marks = record
        before = m.Participant.objects.get(pk=cast.selma.participant_id)
        answer = self.post(
            cast, "deltaker", "kontakt_new", phone="90909090", email="ny@example.no", first_name="Hacket", has_bankid="True",
            address_protection="fortrolig", user=cast.drift.pk, locked_at="", version=before.version,
        )  # fmt: skip
        assert answer.status_code == 302
        after = m.Participant.objects.get(pk=cast.selma.participant_id)
        assert after.phone.endswith("90909090")
        assert (after.first_name, after.address_protection, after.user_id) == ("Selma", before.address_protection, before.user_id)

    def test_a_deltaker_does_not_set_the_protection_of_the_address(self, record: Any, world: Cast) -> None:
        cast, _marks = record
        version = m.Participant.objects.get(pk=cast.selma.participant_id).version
        self.post(cast, "deltaker", "adresse_new", address="Ny vei 1", address_protection="fortrolig", version=version)
        after = m.Participant.objects.get(pk=cast.selma.participant_id)
        assert (after.address, after.address_protection) == ("Ny vei 1", "")

    def test_a_leder_names_no_fadder_from_another_workplace(self, record: Any, world: Cast) -> None:
        cast, _marks = record
        place_ = cast.placements["selma"]
        answer = self.post(
            cast, "leder", "fadder_new_on", place_.public_id, person=cast.people["annen_fadder_person"].pk, starts_on=cast.today
        )
        assert answer.status_code == 422
        assert place_.faddere.count() == 1

    @pytest.mark.parametrize("key", ["side", "former", "second"])
    def test_a_leder_names_no_fadder_on_a_placement_of_another(self, record: Any, world: Cast, key: str) -> None:
        cast, _marks = record
        place_ = cast.placements[key]
        answer = self.post(
            cast, "leder", "fadder_new_on", place_.public_id, person=cast.people["fadder_person"].pk, starts_on=cast.today
        )
        assert answer.status_code == 404
        assert place_.faddere.count() == 1

    def test_a_leder_changes_nothing_else_of_a_placement(self, record: Any, world: Cast) -> None:
        cast, _marks = record
        place_ = cast.placements["selma"]
        assert self.post(cast, "leder", "plass_edit", place_.public_id, percent=10, version=place_.version).status_code == 403
        place_.refresh_from_db()
        assert place_.percent == 80

    def test_a_norsklaerer_recommends_no_trade_test(self, record: Any, world: Cast) -> None:
        cast, _marks = record
        before = m.Readiness.objects.count()
        assert self.post(cast, "norsklaerer", "klar_new", kind="trade_test", given_on=cast.today).status_code == 422
        assert m.Readiness.objects.count() == before

    def test_a_scan_of_another_person_is_not_taken_as_signature(self, record: Any, world: Cast) -> None:
        cast, marks = record
        theirs = m.Document.objects.create(
            participant=cast.nadia.participant, enrolment=cast.nadia, section="agreements", kind="other", title="x", size=1
        )
        agreement = marks.rows["avtale", "selma"]
        answer = self.post(
            cast, "koordinator", "underskrift_new_on", agreement.public_id, party="coordinator", signer_name="Kari", scan=theirs.pk,
            signed_on=cast.today,
        )  # fmt: skip
        assert answer.status_code == 422
        assert not m.Signature.objects.filter(scan=theirs).exists()

    def test_a_document_of_another_way_is_no_enclosure(self, record: Any, world: Cast) -> None:
        cast, marks = record
        other = marks.rows["dokument_application_pack", "second"]
        answer = self.post(cast, "koordinator", "vedlegg_new_on", "references", state="there", document=other.pk)
        assert answer.status_code == 422

    def test_a_faglaerer_speaks_with_own_voice_only(self, record: Any, world: Cast) -> None:
        cast, _marks = record
        before = m.AdmissionVoice.objects.get(enrolment=cast.selma, voice="coordinator").advice
        answer = self.post(cast, "faglaerer", "voice_give", voice="coordinator", advice="decline", given_on=cast.today)
        assert answer.status_code == 302
        assert m.AdmissionVoice.objects.get(enrolment=cast.selma, voice="coordinator").advice == before
        assert m.AdmissionVoice.objects.get(enrolment=cast.selma, voice="faglaerer").advice == "decline"

    def test_a_row_is_not_moved_to_another_record(self, record: Any, world: Cast) -> None:
        cast, marks = record
        loan = m.Loan.objects.get(pk=marks.rows["lan", ""].pk)
        self.post(
            cast, "koordinator", "lan_edit", loan.public_id, kind="book", state="lent", label="ny", version=loan.version,
            participant=cast.nadia.participant_id, enrolment=cast.nadia.pk,
        )  # fmt: skip
        loan.refresh_from_db()
        assert (loan.label, loan.participant_id) == ("ny", cast.selma.participant_id)
