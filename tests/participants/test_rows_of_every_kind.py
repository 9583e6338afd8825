"""Rows of every kind: made and changed once, refused in words, kept when two write at once, and logged by name of field only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fagbrev.audit.log import SILENT_SECTIONS
from fagbrev.audit.models import ChangeLog, Revision
from participants import models as m
from participants.kinds import KINDS
from participants.views.rows import TYPED
from programmes.models import Cohort
from tests.cast import Cast

T = timedelta
# What to type for each kind; a function of the day, since days are typed. "ny" holds what a change types instead.
SAMPLES: dict[str, dict[str, Any]] = {
    "navn": {"first_name": "Selma", "last_name": "Demoberg"},
    "kontakt": {"phone": "90 12 34 56", "email": "selma@example.no"},
    "detaljer": {"birth_date": "3.3.1990", "country": "Eksempelland", "interpreter_needed": "True"},
    "adresse": {"address": "Prøveveien 1", "postal_code": "0123", "postal_place": "Eksempelvik"},
    "fodselsnummer": {"number": "NATIONAL"},
    "henvisning": {"referred_by": "self", "words": "vil bli fagarbeider"},
    "intervju": {"held_on": -9, "education": "ti år", "motivation": "vil jobbe med barn"},
    "livssituasjon": {"life_situation": "har to barn", "obstacles": "henter i barnehagen"},
    "ko": {"queue_place": 3},
    "fag": {"trade": "TRADE"},
    "gruppe": {"cohort": "COHORT", "starts_on": -5, "ends_on": 90, "teaching_share": 100},
    "samtale": {"held_on": -8, "expectations": "møter til tiden", "absence_rules_explained": "on"},
    "avtale": {"kind": "contract", "made_on": -2, "starts_on": -2, "ends_on": 100, "special_terms": "fri onsdager"},
    "underskrift": {"party": "deltaker", "signer_name": "Selma Testesen", "signed_on": -1},
    "attest": {"is_required": "True", "basis": "employer", "in_order": "on", "required_because": "barnehage"},
    "plass": {
        "workplace": "WORKPLACE",
        "starts_on": 5,
        "ends_on": 90,
        "percent": 40,
        "weekdays": ["0", "2"],
        "practical": "nøkkel",
    },
    "fadder": {"person": "PERSON", "starts_on": 0, "is_substitute": "on"},
    "forslag": {"name": "Fia Demoberg", "email": "fia@example.no"},
    "vedlegg": {"state": "not_relevant", "reason": "har ingen"},
    "sending": {"sent_on": -9, "answer": "more", "answered_on": -2, "words": "mangler CV"},
    "kontrakt": {"number": "2026-99", "starts_on": -90, "ends_on": 400, "words": "forlenget"},
    "permisjon": {"starts_on": -20, "expected_end_on": 30, "reason": "care", "words": "omsorg"},
    "klar": {"kind": "trade_test", "given_on": 0, "words": "Du er klar"},
    "skriftlig": {
        "exam_code": "EXAM",
        "state": "passed",
        "grade": 4,
        "exam_on": -30,
        "result_on": -3,
        "registered_by": "participant",
    },
    "fagprove": {"starts_on": -10, "ends_on": -8, "result": "passed", "result_on": -7, "test_site": "Prøveli"},
    "norskprove": {"part": "oral", "state": "taken", "level": "b1", "taken_on": -40},
    "bankid": {"has_bankid": "True"},
    "inntekt": {"kind": "wages", "starts_on": -9, "ends_on": 9},
    "betaling": {"source": "municipality", "starts_on": -9, "ends_on": 9, "words": "avtalt"},
    "tiltak": {"measure": "more_time", "words": "mer tid", "starts_on": -9, "ends_on": 9},
    "lan": {"kind": "ipad", "state": "returned", "label": "nr. 7", "lent_on": -9, "returned_on": 0},
    "notat": {"happened_on": -1, "contact_with": "nav", "what": "ringte om støtte"},
    "punkt": {"done_on": -1},
    "bevis": {"issued_on": -1, "words": "har vært i praksis"},
    "jobb": {"months": 3, "asked_on": -1, "state": "permanent", "employer": "Prøveli"},
}
ACTOR = {"klar": "faglaerer", "forslag": "leder"}
# The last day of a period, typed as a day before the first.
WRONG = {
    "gruppe": ("ends_on", -30), "avtale": ("ends_on", -30), "plass": ("ends_on", 1), "sending": ("answered_on", -30),
    "kontrakt": ("ends_on", -200), "permisjon": ("expected_end_on", -30), "skriftlig": ("result_on", -60), "fagprove": ("ends_on", -30),
    "inntekt": ("ends_on", -30), "betaling": ("ends_on", -30), "tiltak": ("ends_on", -30), "lan": ("returned_on", -30),
    "intervju": ("held_on", 3), "samtale": ("held_on", 3), "underskrift": ("signed_on", 3), "klar": ("given_on", 3),
    "norskprove": ("taken_on", 3), "notat": ("happened_on", 3), "punkt": ("done_on", 3), "bevis": ("issued_on", 3), "jobb": ("asked_on", 3),
    "detaljer": ("birth_date", -10), "adresse": ("postal_code", "12"), "kontakt": ("phone", "12"), "fodselsnummer": ("number", "123"),
    "navn": ("last_name", ""), "ko": ("queue_place", "-1"), "fag": ("trade", "999999"), "vedlegg": ("reason", ""),
    "attest": ("basis", ""), "fadder": ("person", "999999"), "forslag": ("name", ""), "henvisning": ("referred_by", "none"),
    "livssituasjon": ("life_situation", "x" * 4001),
}  # fmt: skip
DAYS = {"ends_on", "starts_on", "held_on", "made_on", "signed_on", "sent_on", "answered_on", "expected_end_on", "given_on", "exam_on",
        "result_on", "taken_on", "lent_on", "returned_on", "happened_on", "done_on", "issued_on", "asked_on"}  # fmt: skip
NATIONAL = "03839012345"


def a_synthetic_number() -> str:
    """Gives a made-up identity number (month + 80) whose two last digits agree."""
    for individual in range(100, 999):
        digits = [int(sign) for sign in f"038390{individual}"]
        first = 11 - sum(a * b for a, b in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
        second = 11 - sum(a * b for a, b in zip([*digits, first % 11], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if first != 10 and second != 10:
            return "".join(map(str, [*digits, first % 11, second % 11]))
    raise AssertionError


class Typist:
    """Types into the forms of selma's record."""

    def __init__(self, cast: Cast, slug: str) -> None:
        self.cast, self.kind = cast, KINDS[slug]
        self.client = Client()
        self.client.force_login(cast.users[ACTOR.get(slug, "koordinator")])
        if slug == "fag":
            m.Enrolment.objects.filter(pk=cast.selma.pk).update(status="interviewed")
        if slug == "plass":
            m.Placement.objects.filter(enrolment=cast.selma).update(is_main=False)
        if slug == "gruppe":
            self.cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Prøvegruppe")
        if slug == "underskrift":
            self.agreement = m.Agreement.objects.create(enrolment=cast.selma, kind="contract", made_on=cast.today)

    def typed(self, **more: Any) -> dict[str, Any]:
        """Gives the sample as a browser sends it."""
        given = {**SAMPLES[self.kind.slug], **more}
        people = self.cast.people
        words = {
            "NATIONAL": a_synthetic_number(), "TRADE": self.cast.trades["HEA"].pk, "WORKPLACE": self.cast.workplaces["barnehage"].pk,
            "PERSON": people["fadder_person"].pk, "EXAM": self.cast.trades["BUA"].written_exam_code,
            "COHORT": getattr(getattr(self, "cohort", None), "pk", ""),
        }  # fmt: skip
        found = {}
        for name, value in given.items():
            if (name in DAYS or name == "birth_date") and isinstance(value, int):
                value = (self.cast.today + T(days=value)).isoformat()
            found[name] = words.get(value, value) if isinstance(value, str) else value
        return found

    def new_url(self) -> str:
        """The address where a row is made."""
        args = [self.cast.selma.participant.public_id]
        if self.kind.parent == "placement":
            args.append(self.cast.placements["selma"].public_id)
        elif self.kind.parent == "agreement":
            args.append(self.agreement.public_id)
        elif self.kind.slug in TYPED:
            args.append("references" if self.kind.slug == "vedlegg" else "county_form")
        name = f"{self.kind.slug}_new_on" if len(args) > 1 else f"{self.kind.slug}_new"
        return reverse(name, args=args)

    def edit_url(self, row: Any) -> str:
        """The address where the row is changed."""
        if self.kind.single:
            return self.new_url()
        return reverse(f"{self.kind.slug}_edit", args=[self.cast.selma.participant.public_id, row.public_id])

    def open(self, url: str) -> dict[str, Any]:
        """Opens the form and gives what it holds hidden."""
        response = self.client.get(url)
        assert response.status_code == 200, url
        form = response.context["form"]
        return {name: form[name].value() or "" for name in ("version", "submission", "owner")}

    def row(self) -> Any:
        """The newest row of the kind."""
        person = {"pk": self.cast.selma.participant_id} if self.kind.model is m.Participant else {}
        if self.kind.model is m.Enrolment:
            person = {"pk": self.cast.selma.pk}
        if not person and hasattr(self.kind.model, "enrolment_id"):
            person = {"enrolment": self.cast.selma.pk}
        return self.kind.model._default_manager.filter(**person).order_by("-pk").first()

    def count(self) -> int:
        """How many rows of the kind there are."""
        return self.kind.model._default_manager.count()


@pytest.fixture
def typist(cast: Cast, request: pytest.FixtureRequest) -> Typist:
    """Someone who types into one kind's form."""
    return Typist(cast, request.param)


every_kind = pytest.mark.parametrize("typist", list(KINDS), indirect=True)


def test_every_kind_has_a_sample_and_a_wrong_one() -> None:
    assert set(SAMPLES) == set(KINDS)
    assert set(KINDS) - set(WRONG) == {"bankid"}, "two radios cannot be typed wrong"


@every_kind
def test_a_row_is_made_changed_and_kept_once(typist: Typist) -> None:
    url, kind = typist.new_url(), typist.kind
    hidden, before = typist.open(url), typist.count()
    first = typist.client.post(url, {**typist.typed(), **hidden})
    assert first.status_code == 302, first.context and first.context["form"].errors
    made = typist.count() - before
    assert made <= 1
    again = typist.client.post(url, {**typist.typed(), **hidden})
    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert typist.count() - before == made
    row = typist.row()
    logged = ChangeLog.objects.filter(section=kind.section).order_by("-pk").first()
    assert logged is not None
    assert logged.participant_id == typist.cast.selma.participant_id
    for value in SAMPLES[kind.slug].values():
        if isinstance(value, str) and " " in value:
            assert value not in str(logged.fields)
    if kind.section in SILENT_SECTIONS:
        assert not Revision.objects.filter(section=kind.section).exists()
    elif not kind.single or made:
        assert Revision.objects.filter(subject_id=row.public_id, subject_type=row._meta.label_lower).exists(), "no revision"
    # and changed
    edit = typist.edit_url(row)
    response = typist.client.post(edit, {**typist.typed(), **typist.open(edit)})
    assert response.status_code == 302, response.context and response.context["form"].errors
    assert typist.count() - before == made


@pytest.mark.parametrize("typist", list(WRONG), indirect=True)
def test_what_is_wrong_is_said_by_the_field_and_what_was_typed_stays(typist: Typist) -> None:
    url, (name, value) = typist.new_url(), WRONG[typist.kind.slug]
    hidden, before = typist.open(url), typist.count()
    data = {**typist.typed(**{name: value}), **hidden}
    response = typist.client.post(url, data)
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors.get(name), form.errors
    assert all(len(text) > 10 and text.strip().endswith((".", "?", ")")) for text in form.errors[name]), form.errors[name]
    for typed in (key for key in data if key in form.fields and key not in hidden):
        assert form[typed].value() not in (None, "") or data[typed] == "", typed
    assert typist.count() == before
    assert not ChangeLog.objects.filter(section=typist.kind.section, verb="created").exclude(user=None).exists() or before


EDITABLE = [slug for slug in KINDS if slug not in {"fodselsnummer", "fag"}]


@pytest.mark.parametrize("typist", EDITABLE, indirect=True)
def test_the_second_saver_sees_both_texts_and_chooses(typist: Typist) -> None:
    url = typist.new_url()
    typist.client.post(url, {**typist.typed(), **typist.open(url)})
    row = typist.row()
    edit = typist.edit_url(row)
    mine, theirs = typist.open(edit), typist.open(edit)
    assert typist.client.post(edit, {**typist.typed(), **theirs}).status_code == 302
    late = typist.client.post(edit, {**typist.typed(), **mine})
    assert late.status_code == 409
    row.refresh_from_db()
    version = row.version
    chosen = {**typist.typed(), **mine, "version": late.context["version"], "conflict": "1", "submission": "valgt" + str(row.pk)}
    assert typist.client.post(edit, chosen).status_code == 302
    row.refresh_from_db()
    assert row.version == version + 1


def test_the_conflict_page_shows_both_texts_and_their_choice_is_kept(cast: Cast) -> None:
    typist = Typist(cast, "notat")
    note = m.ContactNote.objects.create(enrolment=cast.selma, happened_on=cast.today, contact_with="nav", what="først")
    url = typist.edit_url(note)
    mine, theirs = typist.open(url), typist.open(url)
    typist.client.post(url, {**typist.typed(what="deres tekst"), **theirs})
    late = typist.client.post(url, {**typist.typed(what="min tekst"), **mine})
    text = late.content.decode()
    assert late.status_code == 409
    assert "deres tekst" in text
    assert "min tekst" in text
    for choice, wanted in (("theirs", "deres tekst"), ("mine", "min tekst")):
        note.refresh_from_db()
        data = {**typist.typed(what="min tekst"), **mine, "version": note.version, "conflict": "1", "choice_what": choice,
                "submission": f"valg-{choice}"}  # fmt: skip
        assert typist.client.post(url, data).status_code == 302
        note.refresh_from_db()
        assert note.what == wanted


def test_a_new_form_has_today_where_today_is_meant(cast: Cast) -> None:
    for slug, name in (("sending", "sent_on"), ("notat", "happened_on"), ("klar", "given_on"), ("jobb", "asked_on")):
        typist = Typist(cast, slug)
        assert typist.client.get(typist.new_url()).context["form"][name].value() == cast.today, slug


def test_a_row_with_columns_of_two_sections_keeps_what_both_held(cast: Cast) -> None:
    typist = Typist(cast, "intervju")
    url = typist.new_url()
    typist.client.post(url, {**typist.typed(), **typist.open(url)})
    kept = {row.section: row.content for row in Revision.objects.filter(subject_type="participants.intakeinterview")}
    everything = str(kept)
    assert "ti år" in everything
    assert "vil jobbe med barn" in everything


def test_a_leave_keeps_its_days_but_never_why(cast: Cast) -> None:
    typist = Typist(cast, "permisjon")
    url = typist.new_url()
    typist.client.post(url, {**typist.typed(words="hemmelig grunn"), **typist.open(url)})
    contents = str([row.content for row in Revision.objects.filter(subject_type="participants.leave")])
    assert "starts_on" in contents
    assert "hemmelig" not in contents
    fields = [name for row in ChangeLog.objects.filter(subject_type="participants.leave") for name in row.fields]
    assert {"words", "reason", "starts_on"} <= set(fields)


@pytest.mark.parametrize(
    ("slug", "data"),
    [
        ("notat", {"happened_on": "i går", "what": "x"}), ("notat", {"happened_on": "32.13.2026", "contact_with": "\x00"}),
        ("kontrakt", {"starts_on": "0001-01-01", "ends_on": "9999-12-31", "number": "x" * 999}),
        ("plass", {"workplace": "x", "percent": "1e9", "weekdays": ["9", "a"]}), ("skriftlig", {"grade": "99999999999999999999"}),
        ("ko", {"queue_place": "99999999999999999999"}), ("lan", {"kind": ["ipad", "book"], "version": "abc"}),
        ("intervju", {"in_norway_since": "-5", "experience_months": "999999999"}),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words_and_never_breaks_the_page(cast: Cast, slug: str, data: dict[str, Any]) -> None:
    typist = Typist(cast, slug)
    assert typist.client.post(typist.new_url(), data).status_code == 422
