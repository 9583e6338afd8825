"""What happens to single members of the cast beside the straight way: each special by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from participants.actions.life import (
    answer_consent,
    change_trade,
    change_workplace,
    extend_contract,
    name_fadder,
    withdraw_consent,
)
from participants.actions.referrals import accept_inbox_item, register
from participants.actions.steps import correct_step
from participants.demo_carried import exam_day_before
from participants.demo_people import made_up_mail, made_up_phone
from participants.demo_way import Way
from participants.models import (
    ContactNote,
    CountyApplication,
    Enrolment,
    FadderProposal,
    Leave,
    Participant,
    Placement,
    PlacementFadder,
    ReferralInboxItem,
    WrittenExam,
)

# --- Instead of the straight way -------------------------------------------------------------------


def from_inbox(way: Way) -> None:
    """Wrote the open form herself; the koordinator made a participant of it."""
    scene, member = way.scene, way.member
    item = ReferralInboxItem.objects.create(
        first_name=member.first, last_name=member.last, phone=made_up_phone(way.number), trade=way.trade, sender_name=member.name,
        is_self=True, knows_of_referral=True, words="Jeg har vært vikar i barnehage og vil ta fagbrev.",
    )  # fmt: skip
    received = timezone.make_aware(datetime.combine(way.on("referred"), time(9, 12)))
    ReferralInboxItem.objects.filter(pk=item.pk).update(received_at=received)
    made = accept_inbox_item(item=item, by=scene.staff.coordinator, today=way.on("referred"))
    if made is None:
        raise ValueError("The referral was answered already.")
    way.enrolment = made


def from_elsewhere(way: Way) -> None:
    """Comes in the middle from another municipality: earlier steps were done there, consent and agreement are made anew."""
    scene, day = way.scene, way.scene.day(way.member.ago)
    way.enrolment = register(
        first_name=way.member.first, last_name=way.member.last, trade=way.trade, by=scene.staff.coordinator, today=day,
        participant=way.make_person(), started_on=day, status="training", kind="elsewhere", source="Prøvestad kommune",
        origin="elsewhere", referral={"referred_by": "staff", "partner_text": "Prøvestad kommune", "knows_of_referral": True,
                                      "candidate_kind": "unskilled_employee"},
    )  # fmt: skip
    way.ages = dict.fromkeys(way.ages, way.member.ago)
    way.sign("contract", day)
    way.ask_consents(day)
    way.find_place(day, day)
    way.sign("participation", day)
    if way.contract is None or way.trade is None:
        raise ValueError("Someone in training has a contract and a trade.")
    way.add_contract(*way.contract, day=day)
    scene.put(
        WrittenExam(
            participant=way.enrolment.participant, exam_code=way.trade.written_exam_code, state="credited", result_on=day,
            source="Tatt i Prøvestad kommune",
        )
    )  # fmt: skip


def imported(way: Way) -> None:
    """From the old spreadsheet, with gaps: no birth date, no days of the phases, a contract without a number."""
    scene, member = way.scene, way.member
    row = scene.put(Participant(first_name=member.first, last_name=member.last, phone=made_up_phone(way.number)))
    way.enrolment = register(
        first_name="", last_name="", participant=row, trade=way.trade, by=scene.staff.coordinator, today=scene.day(30),
        status="training", kind="import", source="før systemet", origin="import", referral={"referred_by": "partner",
        "partner_text": "Arbeidsgiver"},
    )  # fmt: skip
    place, leaders, _faddere = scene.places[member.place]
    way.placement = scene.put(Placement(enrolment=way.enrolment, workplace=place, leder=leaders[0]))
    if way.contract:
        extend_contract(
            enrolment=way.enrolment, starts_on=way.contract[0], ends_on=way.contract[1], decided_on=None, number="", words="",
            by=scene.staff.coordinator,
        )  # fmt: skip
    note = ContactNote(enrolment=way.enrolment, happened_on=scene.day(30), contact_with="import")
    note.what = "Ring helst etter klokka 14."
    scene.put(note)


def fagbrev_before(way: Way) -> None:
    """Took a first fagbrev earlier, and is now on the way to another: two enrolments, two workplaces."""
    first = replace(
        way.member, trade="BUA", status="completed", ago=520, left=None, exam="passed", work=("temporary", "permanent")
    )
    earlier = Way(way.scene, first, way.number)
    earlier.walk()
    way.known_person = earlier.enrolment.participant
    way.walk()


# --- After the straight way ------------------------------------------------------------------------


def corrected(way: Way) -> None:
    """Was put on the waiting list by mistake, and the step was corrected."""
    Enrolment.objects.filter(pk=way.enrolment.pk).update(queue_place=9)
    waived = {"coordinator_voice": "Avklart på telefon.", "faglaerer_voice": "Avklart på telefon."}
    way.scene.take(way.enrolment, "waitlist", way.on("interviewed", 1), waived=waived)
    Enrolment.objects.filter(pk=way.enrolment.pk).update(queue_place=None)
    correct_step(
        enrolment=way.enrolment, by=way.scene.staff.coordinator, today=way.on("interviewed", 2),
        reason="Feil person. Det var en annen som skulle på venteliste.",
    )  # fmt: skip


def fadder_proposed(way: Way) -> None:
    """The leder proposes another fadder."""
    row = FadderProposal(placement=way.placement, name="Oda Testvær", email=made_up_mail("Oda", "Testvær"), has_fagbrev=True)
    row.proposed_by = way.scene.staff.leder
    way.scene.put(row, by=way.scene.staff.leder)


def fadder_left(way: Way) -> None:
    """The fadder changed jobs four days ago, and nobody has come instead."""
    PlacementFadder.objects.filter(placement=way.placement).update(ends_on=way.scene.day(4))


def selma(way: Way) -> None:
    """The one who signs in: a substitute fadder, and Norwegian on the way up."""
    _place, _leaders, faddere = way.scene.places["Solhaug barnehage"]
    substitute = next(each for each in faddere if each.name == "Nils Eksempel")
    name_fadder(
        placement=way.placement,
        person=substitute,
        starts_on=way.on("training"),
        is_substitute=True,
        by=way.scene.staff.coordinator,
    )
    person_row = way.enrolment.participant
    person_row.user = way.scene.staff.deltaker
    person_row.version += 1
    way.scene.put(person_row, verb="gave_sign_in")


def _leave(way: Way, ago: int, *, reason: str, expected: int | None, form_sent: bool, words: str = "") -> Leave:
    day, scene = way.scene.day(ago), way.scene
    row = Leave(enrolment=way.enrolment, starts_on=day, reason=reason, words=words)
    row.expected_end_on = scene.today + timedelta(days=expected) if expected is not None else None
    row.county_form_sent_on = min(scene.today, day + timedelta(days=3)) if form_sent else None
    scene.put(row)
    scene.take(way.enrolment, "leave", day)
    return row


def leave_open(way: Way) -> None:
    """On leave without a known end."""
    _leave(way, way.member.ago, reason="illness", expected=None, form_sent=True)


def leave_long(way: Way) -> None:
    """On leave for months, and the county's form is not sent yet."""
    row = _leave(way, way.member.ago, reason="parental", expected=240, form_sent=False)
    if way.contract:
        row.proposed_contract_end = way.contract[1] + timedelta(days=245)
    row.save(update_fields=["proposed_contract_end"])


def leave_ends(way: Way) -> None:
    """On leave that ends soon."""
    _leave(way, way.member.ago, reason="abroad", expected=10, form_sent=True)


def back_from_leave(way: Way) -> None:
    """Was on leave and is back; the county made the contract longer."""
    _leave(way, 130, reason="care", expected=-45, form_sent=True)
    back = way.scene.day(45)
    way.scene.take(way.enrolment, "return", back)
    if way.contract:
        way.add_contract(*way.contract, day=back, words="Forlenget etter permisjon.")


def extended(way: Way) -> None:
    """The county made the contract longer because the exam was not passed."""
    if way.contract:
        way.add_contract(*way.contract, day=way.scene.day(35), words="Forlenget for å ta eksamen på nytt.")


def consent_withdrawn(way: Way) -> None:
    """Said yes to sharing with NAV, and took it back."""
    consent = way.enrolment.participant.consents.get(party="nav", is_current=True)
    withdraw_consent(consent=consent, enrolment=way.enrolment, withdrawn_on=way.scene.day(50), by=way.scene.staff.coordinator)


def consent_refused(way: Way) -> None:
    """Said no to the workplace at the start, and says no to this workplace too."""
    answer_consent(
        enrolment=way.enrolment, party="workplace", workplace=way.placement.workplace, answer=False, answered_on=way.on("placed"),
        by=way.scene.staff.coordinator,
    )  # fmt: skip


def county_returned(way: Way) -> None:
    """The county asked for more, so the application is to be sent again."""
    scene = way.scene
    way.enrolment.enclosures.update(state="there")
    sent, back = scene.day(way.member.ago - 6), scene.day(5)
    row = scene.put(CountyApplication(enrolment=way.enrolment, sent_on=sent, reference=f"DEMO-{way.number:04d}"))
    scene.take(way.enrolment, "apply", sent)
    row.answer, row.answered_on, row.words, row.version = "more", back, "Den interne planen må si hvilke mål som øves hvor.", 2
    scene.put(row, verb="changed")
    scene.take(way.enrolment, "county_returns", back, reason="Fylket ber om en ny intern plan.")
    way.enrolment.enclosures.filter(kind="internal_plan").update(state="missing")


def placement_failed(way: Way) -> None:
    """Was placed, and the workplace could not go on."""
    way.find_place(way.on("onboarding", 3), way.on("onboarding", 24), "Rådhuset, renhold")
    way.sign("participation", way.on("onboarding", 10))
    way.show_police_certificate(way.on("onboarding", 10))
    way.scene.take(way.enrolment, "place", way.on("onboarding", 20))
    way.scene.take(way.enrolment, "placement_fails", way.scene.day(12), reason="Avdelingen flytter og har ikke fadder i år.")


def changed_workplace(way: Way) -> None:
    """Moved to another workplace two months ago, with leder, fadder and agreement anew."""
    scene, last = way.scene, way.scene.day(62)
    first = scene.day(59)
    place, leaders, faddere = scene.places["Testlia skole"]
    way.placement = change_workplace(
        enrolment=way.enrolment, workplace=place, last_day=last, first_day=first, reason="Kortere reisevei", today=last,
        by=scene.staff.coordinator,
    )  # fmt: skip
    way.placement.leder, way.placement.percent, way.placement.interview_held_on = leaders[0], 80, last
    way.placement.weekdays = [0, 1, 2, 3]
    scene.put(way.placement, verb="changed")
    name_fadder(placement=way.placement, person=faddere[0], starts_on=first, is_substitute=False, by=scene.staff.coordinator)
    way.sign("participation", last)


def changed_trade(way: Way) -> None:
    """Ended one trade and begins another, with what was found out at intake along."""
    new = change_trade(
        enrolment=way.enrolment, trade=way.scene.trades["BUA"], by=way.scene.staff.coordinator, today=way.scene.day(way.member.ago),
        reason=way.member.reason,
    )  # fmt: skip
    if new.status != "interviewed":
        raise ValueError("The new enrolment goes on from the interview.")


def second_exam(way: Way) -> None:
    """Failed the exam half a year before it was passed."""
    passed = way.enrolment.participant.written_exams.get(state="passed")
    if passed.exam_on is None:
        raise ValueError("A passed exam has its day.")
    failed_on = exam_day_before(passed.exam_on)
    row = WrittenExam(
        participant=way.enrolment.participant, exam_code=passed.exam_code, state="failed", exam_on=failed_on, grade=1
    )
    row.registered_on = row.fee_paid_on = failed_on - timedelta(days=75)
    row.result_on = failed_on + timedelta(days=32)
    way.scene.put(row)


def lacks_grade(way: Way) -> None:
    """Passed the exam, but the grade was never registered."""
    scene, code = way.scene, way.trade.written_exam_code if way.trade else ""
    row = WrittenExam(participant=way.enrolment.participant, exam_code=code, state="passed", source="Fortalt av deltakeren")
    scene.put(row)


def lacks_birth_date(way: Way) -> None:
    """The birth date was never asked for."""
    person = way.enrolment.participant
    person.birth_date, person.national_id, person.national_id_key = None, None, ""
    person.save()


def lacks_reach(way: Way) -> None:
    """Has a new telephone whose number nobody has."""
    person = way.enrolment.participant
    person.phone = person.email = ""
    person.save()


INSTEAD: dict[str, Callable[[Way], None]] = {run.__name__: run for run in (from_inbox, from_elsewhere, imported, fagbrev_before)}
AFTER: dict[str, Callable[[Way], None]] = {
    run.__name__: run
    for run in (
        corrected, fadder_proposed, fadder_left, selma, leave_open, leave_long, leave_ends, back_from_leave, extended,
        consent_withdrawn, consent_refused, county_returned, placement_failed, changed_workplace, changed_trade,
        lacks_grade, lacks_birth_date, lacks_reach, second_exam,
    )
}  # fmt: skip
