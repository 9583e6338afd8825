"""The four printed papers: what stands on them, who gets them, and that they can be read aloud."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import outloud
import pdfua
import pikepdf
import pytest
from django.test import Client

from fagbrev.audit.models import LookLog
from fagbrev.pdf import PdfError
from participants import papers
from participants.access import record_of
from participants.actions.life import answer_consent
from participants.models import (
    Agreement,
    Enrolment,
    NorwegianTest,
    Participant,
    ParticipationCertificate,
    Placement,
    PoliceCertificate,
    Signature,
    TradeTest,
    WrittenExam,
)
from participants.views import papers as paper_views
from programmes.models import Setting
from tests.cast import Cast

CONTRACT, AGREEMENT = "avtaler/kontrakt.pdf", "avtaler/avtale-om-deltakelse.pdf"
CERTIFICATE, PURPOSE = "avslutning/deltakerbevis.pdf", "politiattest/formalsskjema.pdf"
FOUR = (CONTRACT, AGREEMENT, CERTIFICATE, PURPOSE)
PAGES_AT_MOST = {CONTRACT: 2, AGREEMENT: 2, CERTIFICATE: 1, PURPOSE: 1}


def address(enrolment: Enrolment, paper: str) -> str:
    """The address of a participant's paper."""
    return f"/deltakere/{enrolment.participant.public_id}/{paper}"


def content_of(answer: Any) -> bytes:
    """The bytes of a download."""
    return b"".join(answer.streaming_content)


def text_of(content: bytes) -> str:
    """The words of a PDF, with lines joined."""
    import pymupdf

    with pymupdf.open(stream=content) as pdf:
        return " ".join(" ".join(page.get_text() for page in pdf).split())


def fill(cast: Cast) -> Enrolment:
    """Selma with an agreement, signatures, exams and a certificate."""
    selma: Enrolment = cast.selma
    Participant.objects.filter(pk=selma.participant_id).update(birth_date=date(1990, 3, 3), address="Demovegen 7")
    made = cast.today - timedelta(days=120)
    contract = Agreement.objects.create(
        enrolment=selma, kind="contract", made_on=made, special_terms="Fri hver fredag etter kl. 13."
    )
    Signature.objects.create(agreement=contract, party="deltaker", signer_name="Selma Testesen", signed_on=made)
    Agreement.objects.create(enrolment=selma, kind="participation", made_on=made, placement=cast.placements["selma"])
    WrittenExam.objects.create(participant=selma.participant, exam_code="BUA3103", state="failed", grade=1)
    WrittenExam.objects.create(
        participant=selma.participant, exam_code="BUA3103", state="passed", grade=4, result_on=date(2026, 6, 1)
    )
    TradeTest.objects.create(enrolment=selma, attempt=1, result="failed", result_on=date(2026, 8, 1))
    TradeTest.objects.create(enrolment=selma, attempt=2, result="passed", result_on=date(2026, 10, 5))
    NorwegianTest.objects.create(participant=selma.participant, part="oral", level="b1")
    NorwegianTest.objects.create(participant=selma.participant, part="oral", level="a2")
    ParticipationCertificate.objects.create(
        enrolment=selma, issued_on=cast.today, issued_by=cast.koordinator, words="Selma har laget uteleker for barn."
    )
    return selma


# --- Accessible -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", FOUR)
@pytest.mark.parametrize("is_filled", [True, False], ids=["filled", "empty"])
def test_every_paper_passes_two_checkers_of_pdf_ua(
    cast: Cast, client: Client, tmp_path: Path, paper: str, is_filled: bool
) -> None:
    enrolment = fill(cast) if is_filled else cast.onboarding
    client.force_login(cast.koordinator)
    answer = client.get(address(enrolment, paper))
    assert answer["Content-Type"] == "application/pdf"
    made = tmp_path / "paper.pdf"
    made.write_bytes(content_of(answer))
    result = outloud.check(str(made))
    assert result.error is None
    assert [finding for finding in result.findings if str(finding.severity).lower().endswith("error")] == []
    assert [finding.message for finding in pdfua.validate(str(made)).findings if finding.severity.name == "ERROR"] == []
    with pikepdf.open(made) as pdf:
        assert len(pdf.pages) <= PAGES_AT_MOST[paper]
        assert [round(float(side)) for side in pdf.pages[0].MediaBox[2:]] == [595, 842]
        assert str(pdf.Root.Lang) == "nb"
        assert b"<pdfuaid:part>1" in pdf.Root.Metadata.read_bytes() or b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
        assert str(pdf.docinfo["/Title"])


# --- What stands there ------------------------------------------------------------------------------------


def test_contract_holds_absence_rules_and_consent_by_named_party(cast: Cast, client: Client) -> None:
    selma = fill(cast)
    answer_consent(enrolment=selma, party="nav", workplace=None, answer=False, answered_on=date(2026, 3, 3), by=cast.koordinator)
    client.force_login(cast.deltaker)
    text = text_of(content_of(client.get(address(selma, CONTRACT))))
    for words in ("Eksempelvik kommune", "Selma Testesen", "minst 80 prosent", "Fri hver fredag", "tekst 2026-1", "B1 muntlig"):
        assert words in text
    assert "Nei, svart 3. mars 2026" in text
    assert "Fylkeskommunen" in text
    assert "Demovegen" not in text


def test_absence_rule_follows_the_setting(cast: Cast) -> None:
    Setting.objects.create(key="participation_percent", value=75, valid_from=cast.today, source="Vedtak")
    found = record_of(cast.koordinator, cast.selma.participant.public_id, today=cast.today)
    assert papers.contract(found)["percent"] == 75


def test_consents_without_an_answer_have_boxes(cast: Cast) -> None:
    found = record_of(cast.koordinator, cast.onboarding.participant.public_id, today=cast.today)
    assert [row["party"] for row in papers.consents(found)] == [
        "Arbeidsstedet", "NAV", "Den videregående skolen", "Voksenopplæringen", "Fylkeskommunen",
    ]  # fmt: skip
    assert {row["answer"] for row in papers.consents(found)} == {""}


def test_participation_agreement_names_parties_days_and_duties(cast: Cast, client: Client) -> None:
    selma = fill(cast)
    client.force_login(cast.leder)
    text = text_of(content_of(client.get(address(selma, AGREEMENT))))
    for words in (
        "Eksempelvika barnehage", "Lise Leder", "Bente Fadder", "80 %", "mandag, tirsdag, onsdag og torsdag",
        "erstatter ingen ansatt", "Koordinatoren", "Sted og dato",
    ):  # fmt: skip
        assert words in text
    assert "Demovegen" not in text


def test_certificate_says_what_was_done_and_passed_alone(cast: Cast, client: Client) -> None:
    selma = fill(cast)
    client.force_login(cast.deltaker)
    text = text_of(content_of(client.get(address(selma, CERTIFICATE))))
    for words in (
        "Selma Testesen", "født 3. mars 1990", "Eksempelvika barnehage", "bestått 1. juni 2026", "bestått 5. oktober 2026",
        "muntlig B1", "uteleker", "Kari Koordinator",
    ):  # fmt: skip
        assert words in text
    for words in ("ikke bestått", "Demovegen", "fravær", "A2"):
        assert words not in text


def test_certificate_of_a_protected_person_names_no_workplace(cast: Cast, client: Client) -> None:
    selma = fill(cast)
    Participant.objects.filter(pk=selma.participant_id).update(address_protection="fortrolig")
    client.force_login(cast.koordinator)
    assert "Eksempelvika" not in text_of(content_of(client.get(address(selma, CERTIFICATE))))


def test_a_draft_says_so_and_is_the_koordinators_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.koordinator)
    assert "Utkast" in text_of(content_of(client.get(address(cast.selma, CERTIFICATE))))
    client.force_login(cast.deltaker)
    assert client.get(address(cast.selma, CERTIFICATE)).status_code == 404


def test_purpose_form_names_purpose_and_law_by_kind_of_workplace(cast: Cast, client: Client, settings: Any) -> None:
    cast.workplaces["barnehage"].kind = "kindergarten"
    cast.workplaces["barnehage"].save()
    client.force_login(cast.koordinator)
    text = text_of(content_of(client.get(address(cast.selma, PURPOSE))))
    assert "barnehageloven § 30" in text
    assert "opplæringslova" not in text
    assert "høyst 3 måneder" in text
    settings.POLICE_PURPOSES = {"kindergarten": "Praksis i barnehage etter kommunens egen tekst."}
    assert "kommunens egen tekst" in text_of(content_of(client.get(address(cast.selma, PURPOSE))))


def test_purpose_form_without_a_workplace_has_boxes(cast: Cast) -> None:
    found = record_of(cast.koordinator, cast.onboarding.participant.public_id, today=cast.today)
    assert len(papers.purpose_form(found)["purposes"]) == 3


def test_purpose_form_holds_nothing_of_the_answer(cast: Cast, client: Client) -> None:
    PoliceCertificate.objects.create(
        enrolment=cast.selma, is_required=True, basis="shown", shown_on=date(2026, 2, 2), seen_by="Siri Settesen", in_order=True
    )
    client.force_login(cast.koordinator)
    text = text_of(content_of(client.get(address(cast.selma, PURPOSE))))
    assert "Settesen" not in text and "februar" not in text


def test_no_purpose_form_where_none_is_needed(cast: Cast, client: Client) -> None:
    client.force_login(cast.koordinator)
    assert client.get(address(cast.completed, PURPOSE)).status_code == 302
    PoliceCertificate.objects.create(enrolment=cast.selma, is_required=False)
    assert client.get(address(cast.selma, PURPOSE)).status_code == 302


def test_files_have_no_names_of_people_and_stay_out_of_caches(cast: Cast, client: Client) -> None:
    client.force_login(cast.koordinator)
    answer = client.get(address(cast.selma, CONTRACT))
    assert answer["Content-Disposition"] == f'attachment; filename="kontrakt-{cast.selma.participant.public_id}.pdf"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")


def test_typed_text_is_text_also_in_a_pdf(cast: Cast, client: Client) -> None:
    Agreement.objects.create(
        enrolment=cast.selma, kind="contract", made_on=cast.today, special_terms='<img src="file:///etc/passwd"><b>fet</b>'
    )
    client.force_login(cast.koordinator)
    assert '<img src="file:///etc/passwd"><b>fet</b>' in text_of(content_of(client.get(address(cast.selma, CONTRACT))))


def test_logo_of_the_municipality_stands_on_top(cast: Cast, client: Client, settings: Any) -> None:
    settings.LOGO_FILE = str(Path(settings.BASE_DIR) / "static" / "logo.svg")
    client.force_login(cast.koordinator)
    with pikepdf.open(io.BytesIO(content_of(client.get(address(cast.selma, CONTRACT))))) as pdf:
        assert any(str(found.get("/S")) == "/Figure" for found in pdf.objects if isinstance(found, pikepdf.Dictionary))


def test_a_pdf_that_cannot_be_made_is_a_message(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> bytes:
        raise PdfError("too slow")

    monkeypatch.setattr(paper_views, "render_pdf", fail)
    client.force_login(cast.koordinator)
    answer = client.get(address(cast.selma, CONTRACT), follow=True)
    assert "Vi fikk ikke laget PDF-en." in answer.content.decode()


# --- Access -------------------------------------------------------------------------------------------------


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rendering where only access is tried."""
    monkeypatch.setattr(paper_views, "render_pdf", lambda *_args, **_kwargs: b"%PDF-1.7 tom")


MAY = {
    CONTRACT: {"koordinator", "deltaker"},
    AGREEMENT: {"koordinator", "deltaker", "leder"},
    CERTIFICATE: {"koordinator", "deltaker"},
    PURPOSE: {"koordinator", "deltaker"},
}
INSIDE = {"koordinator", "deltaker", "leder", "fadder", "faglaerer", "norsklaerer"}


@pytest.mark.parametrize("paper", FOUR)
def test_each_role_gets_its_papers_and_no_others(cast: Cast, client: Client, cheap: None, paper: str) -> None:
    fill(cast)
    for who, user in cast.users.items():
        client.force_login(user)
        want = 200 if who in MAY[paper] else 403 if who in INSIDE else 404
        assert client.get(address(cast.selma, paper)).status_code == want, who
        assert client.get(f"/deltakere/abcdefgh2345/{paper}").status_code == 404, who
    client.logout()
    assert "/konto/login/" in client.get(address(cast.selma, paper)).url


@pytest.mark.parametrize("paper", FOUR)
def test_papers_are_read_never_posted(cast: Cast, client: Client, cheap: None, paper: str) -> None:
    client.force_login(cast.koordinator)
    assert client.post(address(cast.selma, paper)).status_code == 405


def test_a_leder_gets_the_agreement_of_own_workplace_alone(cast: Cast, client: Client) -> None:
    second = Placement.objects.create(
        enrolment=cast.selma, workplace=cast.workplaces["sykehjem"], leder=cast.people["annen_leder_person"], is_main=False,
        requested_on=cast.today - timedelta(days=30), starts_on=cast.today - timedelta(days=20),
    )  # fmt: skip
    client.force_login(cast.annen_leder)
    text = text_of(content_of(client.get(address(cast.selma, AGREEMENT))))
    assert "Prøveli sykehjem" in text and "Eksempelvika" not in text
    first = cast.placements["selma"].public_id
    assert client.get(address(cast.selma, AGREEMENT) + f"?praksisplass={first}").status_code == 404
    client.force_login(cast.koordinator)
    text = text_of(content_of(client.get(address(cast.selma, AGREEMENT) + f"?praksisplass={second.public_id}")))
    assert "Prøveli sykehjem" in text


def test_ended_placement_gives_the_leder_nothing(cast: Cast, client: Client, cheap: None) -> None:
    Placement.objects.filter(pk=cast.placements["selma"].pk).update(ends_on=cast.today - timedelta(days=1))
    client.force_login(cast.leder)
    assert client.get(address(cast.selma, AGREEMENT)).status_code == 404


def test_every_fetched_paper_is_in_the_look_log(cast: Cast, client: Client, cheap: None) -> None:
    fill(cast)
    client.force_login(cast.koordinator)
    for paper in FOUR:
        client.get(address(cast.selma, paper))
    rows = LookLog.objects.filter(act="pdf", participant_id=cast.selma.participant_id).order_by("pk")
    assert [row.page for row in rows] == ["avtaler", "avtaler", "avslutning", "politiattest"]
    assert rows[0].sections == ["agreements", "consents", "identity"]
