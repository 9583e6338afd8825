"""Referrals: the koordinator's form, the open form with its limits, and the inbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from participants import rates
from participants.actions.referrals import accept_inbox_item
from participants.forms.referrals import NoIdentityNumber
from participants.known import known_people, phone_digits
from participants.models import Enrolment, Participant, ReferralInboxItem
from programmes.models import Partner
from tests.cast import Cast, make_user

NEW, OPEN, INBOX = "/deltakere/ny/", "/henvis/", "/henvisninger/"


@pytest.fixture
def koordinator(cast: Cast, client: Client) -> Client:
    """A client signed in as koordinator."""
    client.force_login(cast.koordinator)
    return client


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the koordinator types for a person nobody knows."""
    return {
        "first_name": "Ukjenta", "last_name": "Demoberg", "phone": "400 00 111", "email": "", "trade": cast.trades["BUA"].pk,
        "referred_on": cast.today.isoformat(), "referred_by": "partner", "partner": "", "partner_text": "Prøvekontoret",
        "knows_of_referral": "yes", "words": "Har jobbet i barnehage.", **changes,
    }  # fmt: skip


def sent(**changes: Any) -> dict[str, Any]:
    """What a partner types in the open form."""
    return {
        "is_self": "other", "first_name": "Ukjenta", "last_name": "Demoberg", "phone": "400 00 111", "email": "", "trade": "",
        "words": "Vil jobbe med barn.", "sender_name": "Henrik Henviser", "sender_organisation": "Prøvekontoret",
        "sender_email": "henrik@example.no", "sender_phone": "", "knows_of_referral": "on", "website": "", **changes,
    }  # fmt: skip


def item(**changes: Any) -> ReferralInboxItem:
    """A referral in the inbox."""
    given = {"first_name": "Ukjenta", "last_name": "Demoberg", "phone": "40000111", "sender_name": "Henrik Henviser"}
    return ReferralInboxItem.objects.create(**given | changes)


# --- The koordinator's form ---------------------------------------------------------------------------


def test_koordinator_registers_a_referral_and_is_led_to_the_participant(cast: Cast, koordinator: Client) -> None:
    answer = koordinator.post(NEW, typed(cast))
    made = Enrolment.objects.get(participant__last_name="Demoberg")
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert (made.status, made.started_on, made.trade.code) == ("referred", cast.today, "BUA")
    assert made.referral.partner_text == "Prøvekontoret"
    assert made.referral.knows_of_referral is True
    assert "Henvisningen er registrert." in koordinator.get(answer.url).content.decode()


def test_trade_may_wait_and_the_partner_may_be_chosen(cast: Cast, koordinator: Client) -> None:
    partner = Partner.objects.create(name="Prøve-NAV", refers=True)
    koordinator.post(NEW, typed(cast, trade="", partner=partner.pk, partner_text="", knows_of_referral="no"))
    made = Enrolment.objects.get(participant__last_name="Demoberg")
    assert made.trade is None
    assert made.referral.partner == partner
    assert made.referral.knows_of_referral is False


def test_one_who_refers_oneself_knows(cast: Cast, koordinator: Client) -> None:
    koordinator.post(NEW, typed(cast, referred_by="self", partner_text="", knows_of_referral=""))
    assert Enrolment.objects.get(participant__last_name="Demoberg").referral.knows_of_referral is True


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first_name": ""}, "Du må fylle ut dette."),
        ({"phone": "", "email": ""}, "Skriv telefon eller e-post"),
        ({"phone": "ring meg"}, "Skriv telefonnummeret med tall"),
        ({"partner_text": ""}, "Velg hvem som henviser"),
        ({"knows_of_referral": ""}, "Velg om personen vet om henvisningen."),
        ({"referred_on": "31.2.2026"}, "er ikke en dato"),
        ({"referred_on": "2098-01-01"}, "Datoen er fram i tid."),
        ({"trade": "999999999999999999999"}, "Velg et gyldig valg"),
        ({"partner": "abc"}, "Velg et gyldig valg"),
        ({"from_elsewhere": "on"}, "Velg hvilken fase personen er i."),
        ({"from_elsewhere": "on", "start_status": "training", "source": ""}, "Skriv hvor stegene før ble gjort."),
        ({"from_elsewhere": "on", "start_status": "training", "source": "X", "trade": ""}, "Velg fag."),
        ({"from_elsewhere": "on", "start_status": "completed", "source": "X"}, "Velg et gyldig valg"),
        ({"first_name": "A\x00"}, "Null"),
        ({"words": "x" * 1001}, "1000"),
    ],
)
def test_what_is_missing_is_said_by_the_field_and_nothing_is_lost(
    cast: Cast, koordinator: Client, changes: dict[str, str], sentence: str
) -> None:
    before = Participant.objects.count()
    answer = koordinator.post(NEW, typed(cast, **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Demoberg" in page
    assert Participant.objects.count() == before


def test_one_from_another_municipality_starts_in_the_middle(cast: Cast, koordinator: Client) -> None:
    koordinator.post(NEW, typed(cast, from_elsewhere="on", start_status="training", source="Annenvik kommune"))
    made = Enrolment.objects.get(participant__last_name="Demoberg")
    assert (made.status, made.origin, made.came_from) == ("training", "elsewhere", "Annenvik kommune")
    assert {change.source for change in made.changes.all()} == {"Annenvik kommune"}


def test_already_employed_is_a_sentence_in_the_referral(cast: Cast, koordinator: Client) -> None:
    koordinator.post(NEW, typed(cast, already_employed="on"))
    assert Enrolment.objects.get(participant__last_name="Demoberg").referral.words.endswith(
        "Er allerede ansatt på et arbeidssted."
    )


def test_double_post_makes_one_participant(cast: Cast, koordinator: Client) -> None:
    page = koordinator.get(NEW)
    data = typed(cast, submission=page.context["form"]["submission"].value())
    first, second = koordinator.post(NEW, data), koordinator.post(NEW, data | {"same_as": "ny"})
    assert Participant.objects.filter(last_name="Demoberg").count() == 1
    assert second.status_code in (302, 422) and first.status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "Selma", "last_name": "Tæstesen", "phone": "400 00 222"},
        {"first_name": "Testesen", "last_name": "Selma", "phone": "400 00 222"},
        {"first_name": "Helt", "last_name": "Annen", "phone": "+47 99 90 00 00"},
        {"first_name": "Helt", "last_name": "Annen", "phone": "", "email": "DELTAKER@example.no"},
    ],
)
def test_a_person_we_may_know_is_asked_about_before_anything_is_saved(
    cast: Cast, koordinator: Client, changes: dict[str, str]
) -> None:
    before = Participant.objects.count()
    answer = koordinator.post(NEW, typed(cast, trade="", **changes))
    assert answer.status_code == 422
    assert "Vi kjenner kanskje denne personen" in answer.content.decode()
    assert "Selma Testesen" in answer.content.decode()
    assert Participant.objects.count() == before
    assert koordinator.post(NEW, typed(cast, trade="", same_as="ny", **changes)).status_code == 302
    assert Participant.objects.count() == before + 1


def test_same_person_gets_a_new_enrolment_and_keeps_the_folder(cast: Cast, koordinator: Client) -> None:
    person = cast.selma.participant
    data = typed(cast, first_name="Selma", last_name="Testesen", trade=cast.trades["HEA"].pk, same_as=person.public_id)
    assert koordinator.post(NEW, data).status_code == 302
    made = person.enrolments.get(trade__code="HEA")
    assert made.status == "referred"
    assert "400 00 111" in made.referral.words
    person.refresh_from_db()
    assert person.phone == "+4799900000"


def test_an_open_enrolment_in_the_trade_is_refused_with_a_sentence(cast: Cast, koordinator: Client) -> None:
    data = typed(cast, first_name="Selma", last_name="Testesen", same_as=cast.selma.participant.public_id)
    answer = koordinator.post(NEW, data)
    assert answer.status_code == 422
    assert "Selma Testesen har allerede et åpent løp i" in answer.content.decode()
    assert cast.selma.participant.enrolments.count() == 1


def test_a_foreign_id_is_no_answer_to_the_question(cast: Cast, koordinator: Client) -> None:
    data = typed(cast, first_name="Selma", last_name="Testesen", trade=cast.trades["HEA"].pk)
    answer = koordinator.post(NEW, data | {"same_as": cast.completed.participant.public_id + "x"})
    assert answer.status_code == 422
    assert cast.selma.participant.enrolments.count() == 1


def test_strictly_protected_and_denied_people_are_never_shown(cast: Cast, koordinator: Client) -> None:
    Participant.objects.exclude(pk=cast.selma.participant_id).update(phone="", email="")
    asked = {"first_name": "Selma", "last_name": "Testesen", "today": cast.today}
    assert [known.participant for known in known_people(cast.koordinator, **asked)] == [cast.selma.participant]
    other = make_user("Koko Slektning", "coordinator", today=cast.today)
    RecordRestriction.objects.create(
        participant_id=cast.selma.participant_id, kind="deny", user=other, reason="slekt", starts_on=cast.today
    )
    assert known_people(other, **asked) == []
    assert known_people(cast.faglaerer, **asked) == []
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig", address="")
    assert known_people(cast.koordinator, **asked) == []
    answer = koordinator.post(NEW, typed(cast, first_name="Selma", last_name="Testesen", trade=cast.trades["HEA"].pk))
    assert answer.status_code == 302


def test_the_same_name_comes_before_many_with_the_same_telephone(cast: Cast) -> None:
    found = known_people(cast.koordinator, first_name="Selma", last_name="Testesen", phone="99900000", email="", today=cast.today)
    assert len(found) == 10
    assert (found[0].participant, found[0].reasons) == (cast.selma.participant, ("samme navn", "samme telefon"))


def test_telephone_numbers_are_compared_by_their_last_eight_digits() -> None:
    assert phone_digits("+47 912 34 567") == phone_digits("91234567") == "91234567"
    assert phone_digits("1234") == ""


# --- The open form ------------------------------------------------------------------------------------


def test_open_form_needs_no_sign_in_and_leads_to_thanks(cast: Cast, client: Client) -> None:
    assert client.get(OPEN).status_code == 200
    answer = client.post(OPEN, sent(), follow=True)
    assert answer.redirect_chain == [("/henvis/takk/", 302)]
    assert "Takk for henvisningen" in answer.content.decode()
    held = ReferralInboxItem.objects.get()
    assert (held.state, held.sender_name, held.knows_of_referral, held.is_self) == ("new", "Henrik Henviser", True, False)
    assert mail.outbox == []


def test_open_form_never_tells_whether_someone_is_known(cast: Cast, client: Client) -> None:
    unknown = client.post(OPEN, sent())
    known = client.post(OPEN, sent(first_name="Selma", last_name="Testesen", phone="+4799900000"))
    assert (known.status_code, known.url, known.content) == (unknown.status_code, unknown.url, unknown.content)
    assert Participant.objects.filter(last_name="Demoberg").count() == 0


def test_one_can_refer_oneself_without_writing_the_name_twice(cast: Cast, client: Client) -> None:
    data = sent(is_self="self", sender_name="", sender_organisation="", sender_email="", knows_of_referral="")
    assert client.post(OPEN, data).status_code == 302
    held = ReferralInboxItem.objects.get()
    assert (held.is_self, held.sender_name, held.knows_of_referral) == (True, "Ukjenta Demoberg", True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"is_self": ""}, "Du må velge noe her."),
        ({"last_name": ""}, "Du må fylle ut dette."),
        ({"phone": ""}, "Skriv telefon eller e-post til personen."),
        ({"sender_name": ""}, "Skriv navnet ditt."),
        ({"sender_email": ""}, "Skriv e-posten eller telefonen din"),
        ({"sender_email": "henrik"}, "e-post"),
        ({"words": "x" * 1001}, "1000"),
        ({"words": "Fødselsnummeret er 418392 12345."}, "Dette ser ut som et fødselsnummer."),
        ({"last_name": "41839212345"}, "Dette ser ut som et fødselsnummer."),
        ({"trade": "ROF"}, "Velg et gyldig valg"),
        ({"words": "a\x00b"}, "Null"),
    ],
)
def test_open_form_says_what_is_wrong_and_keeps_the_text(
    cast: Cast, client: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = client.post(OPEN, sent(**changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Prøvekontoret" in answer.content.decode()
    assert not ReferralInboxItem.objects.exists()


def test_open_form_asks_for_no_file_and_no_identity_number(cast: Cast, client: Client) -> None:
    page = client.get(OPEN)
    assert 'type="file"' not in page.content.decode()
    assert "Ikke skriv fødselsnummer" in page.content.decode()
    assert not {"national_id", "file"} & set(page.context["form"].fields)


def test_telephone_numbers_are_no_identity_numbers() -> None:
    for text in ("+47 912 34 567", "004791234567", "2026-11-23", "12345678"):
        NoIdentityNumber()(text)


def test_honeypot_stores_nothing_and_looks_like_success(cast: Cast, client: Client) -> None:
    answer = client.post(OPEN, sent(website="https://spam.example"))
    assert (answer.status_code, answer.url) == (302, "/henvis/takk/")
    assert not ReferralInboxItem.objects.exists()


def test_sixth_sending_from_an_address_within_an_hour_waits_with_its_text(cast: Cast, client: Client) -> None:
    for _number in range(5):
        assert client.post(OPEN, sent()).status_code == 302
    answer = client.post(OPEN, sent())
    assert answer.status_code == 429
    assert "Vent litt før du sender" in answer.content.decode()
    assert "Vil jobbe med barn." in answer.content.decode()
    assert ReferralInboxItem.objects.count() == 5
    assert client.post(OPEN, sent(), REMOTE_ADDR="10.0.0.9").status_code == 302


def test_limits_are_counted_by_address_for_an_hour_and_in_all_for_a_day(rf: Any) -> None:
    now = timezone.now().timestamp()
    first = rf.post(OPEN, REMOTE_ADDR="10.0.0.1")
    for number in range(5):
        rates.note_sending(first, now=now + number)
    assert rates.too_many(first, now=now + 3599)
    assert not rates.too_many(first, now=now + 3606)
    for number in range(195):
        rates.note_sending(rf.post(OPEN, REMOTE_ADDR=f"10.0.1.{number}"), now=now)
    assert rates.too_many(rf.post(OPEN, REMOTE_ADDR="10.9.9.9"), now=now + 3 * 3600)
    assert not rates.too_many(rf.post(OPEN, REMOTE_ADDR="10.9.9.9"), now=now + 24 * 3600 + 6)


def test_double_post_of_the_open_form_is_one_referral(cast: Cast, client: Client) -> None:
    token = client.get(OPEN).context["form"]["submission"].value()
    client.post(OPEN, sent(submission=token))
    assert client.post(OPEN, sent(submission=token)).url == "/henvis/takk/"
    assert ReferralInboxItem.objects.count() == 1


def test_open_form_demands_the_csrf_token(cast: Cast) -> None:
    assert Client(enforce_csrf_checks=True).post(OPEN, sent()).status_code == 403


# --- The inbox ----------------------------------------------------------------------------------------


def test_inbox_shows_what_waits_first_and_pages(cast: Cast, koordinator: Client) -> None:
    item(last_name="Svart", state="declined", answered_at=timezone.now(), answered_by=cast.koordinator)
    for number in range(26):
        item(last_name=f"Venter{number:02}")
    page = koordinator.get(INBOX)
    rows = list(page.context["page"].object_list)
    assert len(rows) == 25
    assert rows[0].last_name == "Venter00"
    assert "26 henvisninger venter på svar." in page.content.decode()
    last = list(koordinator.get(INBOX + "?side=2").context["page"].object_list)
    assert [row.last_name for row in last] == ["Venter25", "Svart"]
    assert koordinator.get(INBOX + "?side=tull").status_code == 200


def test_a_referral_becomes_a_participant(cast: Cast, koordinator: Client) -> None:
    held = item(trade=cast.trades["BUA"], sender_organisation="Prøvekontoret", words="Vil lære.")
    answer = koordinator.post(f"{INBOX}{held.public_id}/", {"act": "accept"})
    made = Enrolment.objects.get(participant__last_name="Demoberg")
    assert answer.url == made.get_absolute_url()
    assert (made.referral.words, made.referral.partner_text) == ("Vil lære.", "Prøvekontoret")
    page = koordinator.get(f"{INBOX}{held.public_id}/").content.decode()
    assert "Åpne deltakeren" in page


def test_inbox_asks_about_a_person_we_may_know(cast: Cast, koordinator: Client) -> None:
    held = item(first_name="Selma", last_name="Testesen", trade=cast.trades["HEA"])
    address = f"{INBOX}{held.public_id}/"
    assert "Vi kjenner kanskje denne personen" in koordinator.get(address).content.decode()
    assert koordinator.post(address, {"act": "accept"}).status_code == 422
    assert koordinator.post(address, {"act": "accept", "same_as": cast.selma.participant.public_id}).status_code == 302
    assert cast.selma.participant.enrolments.count() == 2


def test_inbox_refuses_a_second_open_enrolment_in_the_trade(cast: Cast, koordinator: Client) -> None:
    held = item(first_name="Selma", last_name="Testesen", trade=cast.trades["BUA"])
    answer = koordinator.post(f"{INBOX}{held.public_id}/", {"act": "accept", "same_as": cast.selma.participant.public_id})
    assert answer.status_code == 422
    assert "har allerede et åpent løp" in answer.content.decode()
    held.refresh_from_db()
    assert held.state == "new"


def test_declining_needs_a_reason(cast: Cast, koordinator: Client) -> None:
    held = item()
    address = f"{INBOX}{held.public_id}/"
    assert koordinator.post(address, {"act": "decline", "reason": " "}).status_code == 422
    assert koordinator.post(address, {"act": "decline", "reason": "Bor i en annen kommune."}).url == INBOX
    held.refresh_from_db()
    assert (held.state, held.decline_reason, held.answered_by) == ("declined", "Bor i en annen kommune.", cast.koordinator)
    assert "Bor i en annen kommune." in koordinator.get(address).content.decode()


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_the_second_koordinator_is_told_and_changes_nothing(cast: Cast, koordinator: Client, act: str) -> None:
    held = item()
    other = make_user("Kine Kollega", "coordinator", today=cast.today)
    accept_inbox_item(item=held, by=other, today=cast.today)
    answer = koordinator.post(f"{INBOX}{held.public_id}/", {"act": act, "reason": "Annet."}, follow=True)
    assert "Kine Kollega svarte på denne henvisningen før deg. Svaret er: registrert." in answer.content.decode()
    assert Participant.objects.filter(last_name="Demoberg").count() == 1
    held.refresh_from_db()
    assert held.answered_by == other


def test_one_who_answers_twice_is_led_to_what_was_made(cast: Cast, koordinator: Client) -> None:
    held = item()
    address = f"{INBOX}{held.public_id}/"
    first, second = koordinator.post(address, {"act": "accept"}), koordinator.post(address, {"act": "accept"})
    assert first.url == second.url
    assert Participant.objects.filter(last_name="Demoberg").count() == 1


def test_a_referral_that_became_a_person_out_of_scope_is_not_there(cast: Cast, koordinator: Client) -> None:
    held = item()
    accept_inbox_item(item=held, by=cast.koordinator, today=cast.today)
    Participant.objects.filter(last_name="Demoberg").update(address_protection="strengt_fortrolig")
    assert koordinator.get(f"{INBOX}{held.public_id}/").status_code == 404
    assert "Demoberg" not in koordinator.get(INBOX).content.decode()


# --- Access -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [
    "faglaerer", "norsklaerer", "fadder", "leder", "styringsgruppe", "deltaker", "ingen", "drift", "avsluttet_koordinator",
])  # fmt: skip
def test_only_koordinator_opens_the_form_and_the_inbox(cast: Cast, client: Client, who: str) -> None:
    held = item()
    client.force_login(cast.users[who])
    for address in (NEW, INBOX, f"{INBOX}{held.public_id}/"):
        assert client.get(address).status_code == 403, address
        if address != INBOX:
            assert client.post(address, {"act": "accept"}).status_code == 403, address
    held.refresh_from_db()
    assert held.state == "new"


def test_signed_out_is_led_to_sign_in_and_unknown_ids_are_not_there(cast: Cast, client: Client) -> None:
    for address in (NEW, INBOX, f"{INBOX}abcdefgh2345/"):
        assert "/konto/login/" in client.get(address).url
    client.force_login(cast.koordinator)
    assert client.get(f"{INBOX}abcdefgh2345/").status_code == 404
    assert client.get(f"{INBOX}%00/").status_code == 404
    assert client.post(INBOX).status_code == 405


def test_dates_may_be_typed_as_norwegians_do(cast: Cast, koordinator: Client) -> None:
    day = cast.today - timedelta(days=3)
    koordinator.post(NEW, typed(cast, referred_on=f"{day.day}.{day.month}.{day.year}"))
    assert Enrolment.objects.get(participant__last_name="Demoberg").started_on == day


def test_addresses_have_their_names() -> None:
    assert reverse("referral_new") == reverse("participant_new") == NEW
    assert (reverse("referral_public"), reverse("referral_inbox")) == (OPEN, INBOX)
