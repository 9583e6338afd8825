"""What the frame's forms take, refuse with a sentence by the field, and save once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fagbrev.audit.models import ChangeLog
from programmes.models import (
    CalendarBreak,
    Cohort,
    Criterion,
    ExamWindow,
    Partner,
    PartnerContact,
    RoutineForm,
    RoutineStep,
    Semester,
    Setting,
    TeachingAssignment,
    TeachingSession,
    Trade,
    TradeLead,
    Workplace,
    WorkplaceApproval,
    WorkplacePerson,
)

pytestmark = pytest.mark.usefixtures("frame")
FAR = "2031-01-01"
TRADE = {
    "code": "KOK", "name": "Kokk", "short_name": "Kokk", "shape": "diamond", "colour": "extra1", "order": "40",
    "visit_interval_days": "28", "project_meeting_interval_days": "28", "goal_oral": "b1", "goal_written": "b1",
}  # fmt: skip


def text_of(response: Any) -> str:
    return response.content.decode()


def refused(client: Any, address: str, sent: dict[str, Any], sentence: str) -> None:
    """The form comes back with the sentence and with what was typed."""
    response = client.post(address, sent)
    assert response.status_code == 422, response.status_code
    assert sentence in text_of(response)


def test_a_fourth_trade_needs_no_code(koordinator) -> None:
    assert koordinator.post("/fag/nytt/", TRADE).url == "/fag/KOK/"
    assert koordinator.get("/fag/KOK/").status_code == 200
    assert "Kokk" in text_of(koordinator.get("/fag/"))


def test_a_trade_is_refused_with_words(koordinator) -> None:
    refused(koordinator, "/fag/nytt/", TRADE | {"code": "BUA"}, "Et annet fag har denne koden.")
    refused(koordinator, "/fag/nytt/", TRADE | {"code": "æ/"}, "store bokstaver")
    refused(koordinator, "/fag/nytt/", TRADE | {"visit_interval_days": "0"}, "id_visit_interval_days")
    refused(koordinator, "/fag/nytt/", TRADE | {"runs_from": "2027-01-02", "runs_to": "1.1.2027"}, "Dagen er før")


def test_a_trades_code_never_changes(koordinator) -> None:
    trade = Trade.objects.get(code="BUA")
    koordinator.post("/fag/BUA/endre/", TRADE | {"version": trade.version})
    trade.refresh_from_db()
    assert (trade.code, trade.name, trade.version) == ("BUA", "Kokk", 2)


def test_a_change_is_logged_with_names_of_fields_only(koordinator, people) -> None:
    partner = Partner.objects.get(code="nav")
    sent = {"name": "NAV Demoby", "kind": "nav", "refers": "on", "is_active": "on", "version": 1}
    koordinator.post(f"/partnere/{partner.public_id}/endre/", sent)
    row = ChangeLog.objects.get(subject_id=partner.public_id)
    assert row.user == people["coordinator"] and "name" in row.fields and "Demoby" not in str(row.fields)


def test_the_same_form_sent_twice_makes_one_row(koordinator) -> None:
    sent = {"name": "Dobbelt sted", "kind": "other", "ownership": "private", "is_active": "on", "submission": "enogbareen"}
    first, second = koordinator.post("/laresteder/nytt/", sent), koordinator.post("/laresteder/nytt/", sent)
    assert first.status_code == 302
    assert second.status_code in (302, 422)
    assert Workplace.objects.filter(name="Dobbelt sted").count() == 1


def test_two_coordinators_who_change_the_same_row_see_both_texts(koordinator, workplace) -> None:
    address = f"/laresteder/{workplace.public_id}/endre/"
    sent = {"name": workplace.name, "kind": "kindergarten", "ownership": "municipal", "is_active": "on", "version": 1}
    assert koordinator.post(address, sent | {"note": "Den førstes tekst"}).status_code == 302
    response = koordinator.post(address, sent | {"note": "Den andres tekst"})
    assert response.status_code == 409
    assert "Den førstes tekst" in text_of(response) and "Den andres tekst" in text_of(response)
    workplace.refresh_from_db()
    assert workplace.note == "Den førstes tekst"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "Prøvetoppen barnehage"}, "Det finnes allerede et arbeidssted med dette navnet."),
        ({"organisation_number": "123456789"}, "Organisasjonsnummeret stemmer ikke."),
        ({"organisation_number": "12"}, "ni siffer"),
        ({"phone": "ring meg"}, "bare tall"),
        ({"kind": "x"}, "id_kind"),
        ({"name": "a" * 121}, "id_name"),
        ({"name": "\x00"}, "id_name"),
    ],
)
def test_a_workplace_is_refused_with_words(changed, sentence, koordinator, workplace) -> None:
    sent = {"name": "Nytt sted", "kind": "other", "ownership": "private", "is_active": "on"}
    refused(koordinator, "/laresteder/nytt/", sent | changed, sentence)


def test_a_workplace_takes_a_right_organisation_number(koordinator) -> None:
    sent = {"name": "Nytt sted", "kind": "other", "ownership": "private", "organisation_number": "974 760 673", "is_active": "on"}
    assert koordinator.post("/laresteder/nytt/", sent).status_code == 302
    assert Workplace.objects.get(name="Nytt sted").organisation_number == "974760673"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"state": "applied"}, "Skriv når det ble søkt."),
        ({"state": "approved"}, "Skriv når stedet ble godkjent."),
        ({"state": "refused"}, "Skriv når det ble avslått."),
        ({"state": "lapsed"}, "Skriv når godkjenningen falt bort."),
        ({"state": "approved", "applied_on": "2026-03-02", "approved_on": "2026-03-01"}, "Dagen er før"),
        ({"state": "lapsed", "approved_on": "2026-03-02", "lapsed_on": "2026-03-01"}, "før det ble søkt eller godkjent"),
        ({"state": "approved", "approved_on": "2026-03-02", "lapsed_on": "2026-03-03"}, "kan ikke ha falt bort"),
        ({"state": "approved", "approved_on": "31.2.2026"}, "er ikke en dato"),
    ],
)
def test_an_approval_demands_days_that_fit_its_state(sent, sentence, koordinator, workplace) -> None:
    trade = Trade.objects.get(code="BUA").pk
    refused(koordinator, f"/laresteder/{workplace.public_id}/godkjenning/", sent | {"trade": trade}, sentence)


def test_an_approval_comes_once_per_trade_and_can_be_changed(koordinator, workplace) -> None:
    address = f"/laresteder/{workplace.public_id}/godkjenning/"
    sent = {"trade": Trade.objects.get(code="BUA").pk, "state": "applied", "applied_on": "2026-03-01"}
    assert koordinator.post(address, sent).status_code == 302
    refused(koordinator, address, sent, "har allerede en rad for dette faget")
    row = WorkplaceApproval.objects.get(workplace=workplace)
    changed = {"state": "approved", "applied_on": "2026-03-01", "approved_on": "1. april 2026", "version": 1}
    koordinator.post(f"/laresteder/godkjenning/{row.public_id}/", changed)
    row.refresh_from_db()
    assert (row.state, row.approved_on) == ("approved", date(2026, 4, 1))


def test_a_person_at_a_workplace(koordinator, workplace, people) -> None:
    address = f"/laresteder/{workplace.public_id}/person/"
    refused(koordinator, address, {"name": "Fadder Prøvesen", "may_be_fadder": "on"}, "står allerede på arbeidsstedet")
    refused(koordinator, address, {"name": "Ny Demoberg"}, "Kryss av for leder")
    refused(koordinator, address, {"name": "Ny Demoberg", "is_leder": "on", "user": people["leder"].pk}, "allerede knyttet")
    refused(koordinator, address, {"name": "Ny Demoberg", "is_leder": "on", "user": people["deltaker"].pk}, "id_user")
    sent = {"name": "Ny Demoberg", "may_be_fadder": "on", "email": "NY@Demo.example", "has_fagbrev": "False", "ends_on": FAR}
    assert koordinator.post(address, sent).status_code == 302
    person = WorkplacePerson.objects.get(name="Ny Demoberg")
    assert (person.email, person.has_fagbrev, person.workplace) == ("ny@demo.example", False, workplace)


def test_a_person_keeps_not_known_as_not_known(koordinator, workplace) -> None:
    person = workplace.people.get(is_leder=True)
    sent = {"name": person.name, "is_leder": "on", "user": person.user_id, "has_fagbrev": "", "version": 1}
    assert koordinator.post(f"/laresteder/person/{person.public_id}/", sent).status_code == 302
    person.refresh_from_db()
    assert person.has_fagbrev is None


def test_a_person_can_be_removed(koordinator, workplace) -> None:
    person = workplace.people.get(is_leder=False)
    assert koordinator.post(f"/laresteder/person/{person.public_id}/fjern/").status_code == 302
    assert not WorkplacePerson.objects.filter(pk=person.pk).exists()


def test_a_cohort_its_timetable_and_its_teacher(koordinator, people, today) -> None:
    koordinator.post("/fag/BUA/gruppe/", {"name": "BUA høst"})
    refused(koordinator, "/fag/BUA/gruppe/", {"name": "BUA høst"}, "allerede en gruppe med dette navnet")
    cohort = Cohort.objects.get(name="BUA høst")
    address = f"/fag/gruppe/{cohort.public_id}/okt/"
    session = {"weekday": "1", "starts_at": "08.30", "hours": "2,5", "kind": "combined"}
    assert koordinator.post(address, session).status_code == 302
    assert TeachingSession.objects.get().hours == Decimal("2.5")
    refused(koordinator, address, session, "allerede en økt på denne tiden")
    refused(koordinator, address, session | {"hours": "0"}, "id_hours")
    refused(koordinator, address, session | {"hours": "NaN"}, "id_hours")
    refused(koordinator, address, session | {"weekday": "6"}, "id_weekday")
    given = {"user": people["faglaerer"].pk, "role": "faglaerer", "cohort": cohort.pk, "starts_on": today.isoformat()}
    refused(koordinator, "/fag/BUA/larer/", given | {"role": "norsklaerer"}, "har ikke denne rollen")
    refused(koordinator, "/fag/HEA/larer/", given, "id_cohort")
    assert koordinator.post("/fag/BUA/larer/", given).status_code == 302
    refused(koordinator, "/fag/BUA/larer/", given, "har allerede dette oppdraget")
    assert TeachingAssignment.objects.get().trade.code == "BUA"
    shown = text_of(koordinator.get("/fag/BUA/"))
    assert "2,5 timer i uka" in shown and people["faglaerer"].name in shown


def test_a_cohort_with_a_teacher_is_not_removed(koordinator, people, today) -> None:
    cohort = Cohort.objects.create(trade=Trade.objects.get(code="BUA"), name="I bruk")
    TeachingAssignment.objects.create(
        trade=cohort.trade, cohort=cohort, user=people["faglaerer"], role="faglaerer", starts_on=today
    )
    response = koordinator.post(f"/fag/gruppe/{cohort.public_id}/fjern/", follow=True)
    assert "kan ikke fjernes" in text_of(response) and Cohort.objects.filter(pk=cohort.pk).exists()


def test_a_criterion_of_the_trade_or_of_all(koordinator) -> None:
    assert koordinator.post("/fag/BUA/krav/", {"text": "Kan svømme", "order": "5", "is_active": "on"}).status_code == 302
    refused(koordinator, "/fag/BUA/krav/", {"text": "Kan svømme", "order": "5"}, "finnes fra før")
    koordinator.post("/fag/BUA/krav/?felles=1", {"text": "Kan svømme", "order": "5", "is_active": "on"})
    rows = Criterion.objects.filter(text="Kan svømme").order_by("pk")
    assert [row.trade.code if row.trade else None for row in rows] == ["BUA", None]
    assert len({row.code for row in rows}) == 2
    assert koordinator.get(f"/fag/HEA/krav/{rows[0].public_id}/").status_code == 404


def test_a_trade_lead(koordinator) -> None:
    koordinator.post("/fag/BUA/fagansvarlig/", {"name": "Dagny Eksempelstad", "email": "d@demo.example"})
    assert TradeLead.objects.get().trade.code == "BUA"
    refused(koordinator, "/fag/BUA/fagansvarlig/", {"name": "X", "starts_on": FAR, "ends_on": "2030-01-01"}, "Dagen er før")


def test_a_partner_and_its_contacts(koordinator) -> None:
    response = koordinator.post("/partnere/ny/", {"name": "Demohuset", "kind": "help", "helps": "on", "is_active": "on"})
    partner = Partner.objects.get(name="Demohuset")
    assert response.url == partner.get_absolute_url()
    refused(koordinator, "/partnere/ny/", {"name": "Demohuset", "kind": "help"}, "allerede en partner")
    refused(koordinator, f"{response.url}kontakt/", {"name": "Signe Demo"}, "Skriv e-post eller telefon.")
    koordinator.post(f"{response.url}kontakt/", {"name": "Signe Demo", "phone": "00 00 00 00"})
    contact = PartnerContact.objects.get(name="Signe Demo")
    koordinator.post(f"/partnere/kontakt/{contact.public_id}/fjern/")
    assert not partner.contacts.exists()


def test_a_partner_web_address_cannot_be_a_script(koordinator) -> None:
    refused(koordinator, "/partnere/ny/", {"name": "X", "kind": "help", "web": "javascript:alert(1)"}, "id_web")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/\\ond.example", "data:text/html,x"])
def test_a_routine_link_cannot_lead_astray(url, koordinator) -> None:
    step = RoutineStep.objects.get(code="referral")
    refused(koordinator, f"/rutiner/{step.public_id}/skjema/", {"name": "Skjema", "url": url, "order": "1"}, "nettadresse")


@pytest.mark.parametrize(("typed", "kept"), [("/henvis/", "/henvis/"), ("www.udir.no", "https://www.udir.no"), ("", "")])
def test_a_routine_link_is_a_page_of_ours_or_a_web_address(typed, kept, koordinator) -> None:
    step = RoutineStep.objects.get(code="recruitment")
    koordinator.post(f"/rutiner/{step.public_id}/skjema/", {"name": "Lenka", "url": typed, "order": "9"})
    assert RoutineForm.objects.get(name="Lenka").url == kept


def test_a_routine_is_added_changed_and_put_away(koordinator) -> None:
    sent = {"number": "28", "what": "Åpen dag", "who": "Koordinator", "roles": ["coordinator"], "when": "Mai", "how": "Vis fram",
            "is_required": "on", "is_active": "on"}  # fmt: skip
    refused(koordinator, "/rutiner/ny/", sent | {"due_days": "5"}, "Skriv hva fristen regnes fra.")
    response = koordinator.post("/rutiner/ny/", sent)
    step = RoutineStep.objects.get(what="Åpen dag")
    assert response.url == f"/rutiner/{step.public_id}/" and step.roles == ["coordinator"] and step.code
    trade = Trade.objects.get(code="HEA")
    koordinator.post(
        response.url, {key: value for key, value in sent.items() if key != "is_active"} | {"trades": [trade.pk], "version": 1}
    )
    step.refresh_from_db()
    assert not step.is_active and list(step.trades.all()) == [trade]
    assert "Åpen dag" not in text_of(koordinator.get("/rutiner/"))
    assert "Åpen dag" in text_of(koordinator.get("/rutiner/?bruk=nei"))


@pytest.mark.parametrize(
    ("kind", "sent", "sentence"),
    [
        ("semester", {"school_year": "2026/28", "season": "autumn", "starts_on": FAR, "ends_on": FAR}, "Skriv skoleåret slik"),
        ("semester", {"school_year": "2030/31", "season": "spring", "starts_on": FAR, "ends_on": "2032-01-01"}, "ikke i skoleåret"),
        ("semester", {"school_year": "2030/31", "season": "spring", "starts_on": FAR, "ends_on": "2030-12-01"}, "Dagen er før"),
        ("ferie", {"name": "Fri", "starts_on": FAR, "ends_on": FAR}, "Kryss av for undervisning"),
        ("ferie", {"name": "Fri", "starts_on": FAR, "ends_on": "2030-12-31", "stops_teaching": "on"}, "Dagen er før"),
        ("eksamen", {"name": "X", "opens_on": FAR, "closes_on": "2030-12-31"}, "Dagen er før"),
        ("eksamen", {"name": "X", "opens_on": FAR, "closes_on": "2031-01-15", "exam_from": "2031-01-10"}, "Dagen er før"),
        ("eksamen", {"name": "X", "opens_on": FAR, "closes_on": "2031-01-15", "exam_from": "2031-03-10", "results_on": "2031-03-01"},
         "Resultatet kan ikke komme før eksamen."),
        ("norsk", {"name": "X", "opens_on": FAR, "closes_on": "2031-01-15", "test_from": "2031-03-10", "test_to": "2031-03-01"},
         "Dagen er før"),
    ],
)  # fmt: skip
def test_impossible_days_of_the_year_are_refused(kind, sent, sentence, koordinator) -> None:
    refused(koordinator, f"/aret/{kind}/ny/", sent, sentence)


def test_days_of_the_year_do_not_overlap(koordinator) -> None:
    window, semester, holiday = ExamWindow.objects.first(), Semester.objects.first(), CalendarBreak.objects.first()
    refused(
        koordinator,
        "/aret/eksamen/ny/",
        {"name": "X", "opens_on": window.opens_on, "closes_on": window.closes_on},
        "allerede et vindu",
    )
    near = window.opens_on + timedelta(days=1)
    refused(koordinator, "/aret/eksamen/ny/", {"name": "X", "opens_on": near, "closes_on": near}, "overlapper")
    again = {
        "school_year": semester.school_year,
        "season": semester.season,
        "starts_on": semester.starts_on,
        "ends_on": semester.ends_on,
    }
    refused(koordinator, "/aret/semester/ny/", again, "finnes fra før")
    same = {"name": holiday.name, "starts_on": holiday.starts_on, "ends_on": holiday.ends_on, "stops_teaching": "on"}
    refused(koordinator, "/aret/ferie/ny/", same, "finnes allerede")


def test_a_break_is_added_and_removed_and_leads_back_to_its_year(koordinator) -> None:
    sent = {"name": "Planleggingsdag", "starts_on": FAR, "ends_on": FAR, "stops_teaching": "on"}
    assert koordinator.post("/aret/ferie/ny/", sent).url == "/aret/?aar=2030/31"
    row = CalendarBreak.objects.get(name="Planleggingsdag")
    koordinator.post(f"/aret/ferie/{row.public_id}/fjern/")
    assert not CalendarBreak.objects.filter(pk=row.pk).exists()


def test_a_setting_gets_a_new_value_and_the_old_one_stays(koordinator, today) -> None:
    sent = {"value": "135 000,50", "valid_from": today.isoformat(), "source": "Nav"}
    assert koordinator.post("/innstillinger/G/ny/", sent).status_code == 302
    assert Setting.objects.get(key="G", valid_from=today).value == Decimal("135000.50")
    assert Setting.objects.filter(key="G").count() == 4
    refused(koordinator, "/innstillinger/G/ny/", sent, "allerede en verdi fra denne dagen")


@pytest.mark.parametrize("value", ["-1", "abc", "NaN", "1e9999", "Infinity", "1,234"])
def test_a_setting_is_a_plain_number(value, koordinator, today) -> None:
    sent = {"value": value, "valid_from": today.isoformat(), "source": "Nav"}
    assert koordinator.post("/innstillinger/G/ny/", sent).status_code == 422


def test_a_share_is_at_most_a_hundred(koordinator, today) -> None:
    sent = {"value": "101", "valid_from": today.isoformat(), "source": "Vedtak"}
    refused(koordinator, "/innstillinger/participation_percent/ny/", sent, "høyere enn 100")


def test_only_a_value_that_has_not_begun_can_be_changed(koordinator, today) -> None:
    held = Setting.objects.get(key="interview_days")
    ahead = Setting.objects.create(key="interview_days", value=10, valid_from=today + timedelta(days=1), source="Vedtak")
    sent = {"value": "9", "valid_from": (today + timedelta(days=2)).isoformat(), "source": "Vedtak", "version": 1}
    for row, status in ((held, 404), (ahead, 302)):
        assert koordinator.post(f"/innstillinger/interview_days/{row.public_id}/", sent).status_code == status
    for row, status in ((held, 404), (ahead, 302)):
        assert koordinator.post(f"/innstillinger/interview_days/{row.public_id}/fjern/").status_code == status
    assert Setting.objects.filter(key="interview_days").count() == 1
