"""One made-up participant's way, walked through the real steps with the rows each step asks for, on days in the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fagbrev.dates import months_after, months_before
from participants.actions.admission import save_eligibility
from participants.actions.life import answer_consent, extend_contract, name_fadder
from participants.actions.referrals import register
from participants.demo_cast import Member
from participants.demo_people import person
from participants.demo_scene import Scene, working_day
from participants.facts import ASKED_PARTIES
from participants.models import (
    AdmissionVoice,
    Agreement,
    CohortMember,
    CountyApplication,
    Enclosure,
    EndingTask,
    Enrolment,
    IntakeConversation,
    IntakeInterview,
    Participant,
    ParticipationCertificate,
    Placement,
    PoliceCertificate,
    Readiness,
    Signature,
    TradeTest,
    WorkStatus,
)
from participants.models.agreements import NEEDED_SIGNERS
from participants.models.county import ENCLOSURES
from participants.models.ending import ENDING_TASKS
from participants.workflow import ENDED, MAIN_LINE

CONTRACT_MONTHS = 24
# Specials whose contract the county has made longer, and by how many months.
EXTENDED = {"extended": 4, "back_from_leave": 3}
# Days from the status before, at least; a few more for some.
GAPS = {
    "interviewed": 9, "waitlisted": 6, "admitted": 6, "onboarding": 12, "placed": 11, "contract_applied": 8, "training": 36,
    "completed": 35,
}  # fmt: skip
# Who refers: the partner's code ("" is the participant), the contact, and the situation that goes with it.
REFERRERS = [
    ("nav", "Trond Testnav", "job_seeker"),
    ("introduction", "Eskil Demointro", "introduction"),
    ("jobbsjansen", "Frøydis Prøvesjanse", "jobbsjansen"),
    ("employers", "Odd Demosjef", "unskilled_employee"),
    ("", "", "single_provider"),
]
EXPERIENCE = {
    "BUA": "Vikar i barnehage i halvannet år. Passet barn i storfamilien.",
    "HEA": "Assistent på sykehjem i to år. Pleide en slektning hjemme.",
    "ROF": "Renholder på hotell i to år.",
    "": "Har hatt flere korte vikariater.",
}


class Way:
    """Walks one member of the cast to where the member stands."""

    def __init__(self, scene: Scene, member: Member, number: int) -> None:
        self.scene, self.member, self.number = scene, member, number
        self.trade = scene.trades.get(member.trade)
        self.enrolment: Enrolment
        self.placement: Placement
        self.known_person: Participant | None = None
        self.contract = self._contract()
        self.line = self._line()
        self.ages = self._ages()

    # --- When ------------------------------------------------------------------------------------------

    def _contract(self) -> tuple[date, date] | None:
        """First and last day of the county's contract as it stands; it ends with a month."""
        member, today = self.member, self.scene.today
        if member.left is None and member.status != "completed":
            return None
        near = today + timedelta(days=member.left if member.left is not None else 30 - member.ago)
        end = months_after(near.replace(day=1), 1) - timedelta(days=1)
        months = CONTRACT_MONTHS + EXTENDED.get(member.special, 0)
        return months_before(end + timedelta(days=1), months), end

    def _line(self) -> list[str]:
        reached = self.member.reached
        if reached == "waitlisted":
            return ["referred", "interviewed", "waitlisted"]
        line = MAIN_LINE[: MAIN_LINE.index("training" if reached == "on_leave" else reached) + 1]
        return [status for status in line if status != "contract_applied" or self.member.special != "employed_before"]

    def _ages(self) -> dict[str, int]:
        """How many days ago each status began, reckoned backwards from the last."""
        found: dict[str, int] = {}
        after = ""
        for status in reversed(self.line):
            if status == "training" and self.contract:
                found[status] = (self.scene.today - self.contract[0]).days
            elif not after:
                found[status] = self.member.ago + (14 + self.number % 9 if self.member.ended_from else 0)
            else:
                found[status] = found[after] + GAPS[after] + self.number % 6
            after = status
        return found

    def on(self, status: str, later: int = 0) -> date:
        """Gives the day the status began, or a day so many days later; never ahead."""
        return self.scene.day(max(0, self.ages[status] - later))

    # --- Walking ---------------------------------------------------------------------------------------

    def walk(self) -> None:
        """Takes every step of the straight way, then what the member's own status asks for."""
        for status in self.line:
            getattr(self, f"to_{status}")()
        if self.member.status in ENDED and self.member.status != "completed":
            self.end()

    def make_person(self) -> Participant:
        """Gives the person, saved."""
        protection = self.member.protection
        facts: dict[str, Any] = {"address_protection": protection}
        if protection == "strengt_fortrolig":
            facts |= {"address": "", "postal_code": "", "postal_place": ""}
        return self.scene.put(person(self.member.first, self.member.last, self.number, **facts))

    def referral(self) -> dict[str, Any]:
        """Gives who referred, and what was said."""
        code, contact, situation = REFERRERS[(self.number - 1) % len(REFERRERS)]
        return {
            "referred_by": "partner" if code else "self", "partner": self.scene.partners.get(code), "contact_person": contact,
            "knows_of_referral": self.member.special != "not_told", "candidate_kind": situation,
            "words": "Vil gjerne ta fagbrev, og har prøvd seg i faget." if self.number % 2 else "",
        }  # fmt: skip

    def to_referred(self) -> None:
        day = self.on("referred")
        self.enrolment = register(
            first_name=self.member.first, last_name=self.member.last, trade=self.trade, by=self.scene.staff.coordinator, today=day,
            participant=self.known_person or self.make_person(), started_on=day, referral=self.referral(),
        )  # fmt: skip

    def to_interviewed(self) -> None:
        day, number = self.on("interviewed"), self.number
        self.scene.put(
            IntakeInterview(
                enrolment=self.enrolment,
                held_on=day,
                held_by=self.scene.staff.coordinator,
                norwegian_level=("A2", "A1/A2", "B1", "A2", "A2/B1")[number % 5],
                norwegian_training="Norskkurs ved voksenopplæringen.",
                society_course=("yes", "yes", "unknown")[number % 3],
                in_norway_since=self.scene.today.year - 4 - number % 9,
                education=f"{8 + number % 5} års skolegang.",
                right_to_upper_secondary="yes",
                experience=EXPERIENCE[self.member.trade],
                experience_months=14 + number % 20,
                experience_documented="yes" if number % 5 else "no",
                digital_level=("some", "good", "none")[number % 3],
                computer_course=("no", "yes")[number % 2],
                adviser="Trond Testnav, NAV" if number % 3 == 0 else "",
                motivation="Vil ha fast arbeid og forsørge seg selv.",
                suitability="Rolig og tydelig i møte med andre.",
            )  # fmt: skip
        )
        self.scene.take(self.enrolment, "interview", day)
        if self.member.status != "interviewed" or self.member.voices:
            self.weigh(day)

    def weigh(self, day: date) -> None:
        """The criteria one by one, and the voices that are given."""
        unmet = self.member.special == "unmet_criterion" or self.member.end_code == "criteria"
        answers = [
            (criterion, "unmet" if unmet and criterion.code == "relevant_experience" else "met",
             "Elleve måneder er dokumentert." if unmet and criterion.code == "relevant_experience" else "")
            for criterion in self.scene.criteria
        ]  # fmt: skip
        save_eligibility(enrolment=self.enrolment, answers=answers, by=self.scene.staff.coordinator)
        advice = {"waitlisted": "wait", "declined": "decline"}.get(self.member.status, "admit")
        who = {"coordinator": self.scene.staff.coordinator, "faglaerer": self.scene.staff.faglaerere.get(self.member.trade)}
        given = min(self.scene.today, day + timedelta(days=3))
        for voice in self.member.voices:
            words = "Motivert, og kjenner faget." if advice == "admit" else "Det er ikke plass nå." if advice == "wait" else ""
            row = AdmissionVoice(enrolment=self.enrolment, voice=voice, advice=advice, words=words, given_on=given, by=who[voice])
            self.scene.put(row, by=who[voice], verb="voice")

    def to_waitlisted(self) -> None:
        Enrolment.objects.filter(pk=self.enrolment.pk).update(queue_place=self.member.queue)
        self.scene.take(self.enrolment, "waitlist", self.on("waitlisted"))

    def to_admitted(self) -> None:
        waived = {}
        if self.member.special == "unmet_criterion":
            waived["criteria_met"] = "Mangler en måned erfaring, men har god attest fra praksis."
        self.scene.take(self.enrolment, "admit", self.on("admitted"), waived=waived)

    def to_onboarding(self) -> None:
        day = self.on("onboarding")
        self.scene.put(
            IntakeConversation(
                enrolment=self.enrolment,
                held_on=day,
                absence_rules_explained=True,
                interpreter_used=self.number % 6 == 0,
                expectations="Møte presis og gi beskjed før klokka åtte ved fravær. Vi ringer hver fredag den første måneden.",
            )  # fmt: skip
        )
        self.sign("contract", day)
        self.ask_consents(day)
        required = bool(self.trade and self.trade.police_certificate_required)
        self.scene.put(
            PoliceCertificate(
                enrolment=self.enrolment,
                is_required=required,
                basis="" if required else "not_required",
                required_because="Faget krever politiattest." if required else "",
                purpose_form_sent_on=day if required else None,
            )  # fmt: skip
        )
        self.scene.take(self.enrolment, "onboard", day)
        cohorts = self.scene.cohorts.get(self.member.trade, [])
        if cohorts:
            share = 60 if self.member.left is not None and self.member.left < 130 and self.member.trade == "BUA" else 100
            cohort = cohorts[self.number % len(cohorts)]
            row = CohortMember(participant=self.enrolment.participant, cohort=cohort, enrolment=self.enrolment, starts_on=day)
            row.teaching_share = share
            self.scene.put(row)
        if self.member.start_in is not None:
            self.find_place(day, self.scene.ahead(self.member.start_in))

    def sign(self, kind: str, day: date) -> Agreement:
        """Makes an agreement and records that all have signed it; gives it."""
        placement = self.placement if kind == "participation" else None
        number = self.enrolment.agreements.filter(kind=kind).count() + 1
        row = self.scene.put(
            Agreement(enrolment=self.enrolment, kind=kind, number=number, placement=placement, made_on=day, starts_on=day)
        )
        names = {"deltaker": self.member.name, "coordinator": self.scene.staff.coordinator.name}
        if placement and placement.leder:
            names["leder"] = placement.leder.name
        for party in NEEDED_SIGNERS[kind]:
            signature = Signature(agreement=row, party=party, signer_name=names[party], signed_on=day)
            signature.recorded_by = self.scene.staff.coordinator
            self.scene.put(signature)
        return row

    def ask_consents(self, day: date) -> None:
        """Asks about sharing with each party; one answers no to the workplace."""
        refused = {"consent_refused": {"workplace"}}.get(self.member.special, {"nav"} if self.number % 9 == 0 else set())
        for party, _name in ASKED_PARTIES:
            answer_consent(
                enrolment=self.enrolment, party=party, workplace=None, answer=party not in refused, answered_on=day,
                by=self.scene.staff.coordinator,
            )  # fmt: skip

    # --- At work ---------------------------------------------------------------------------------------

    def find_place(self, asked: date, first_day: date, name: str = "") -> None:
        """Gives the participant a place with leder, fadder, days and an interview there."""
        names = self.scene.approved[self.member.trade]
        place, leaders, faddere = self.scene.places[name or self.member.place or names[self.number % len(names)]]
        self.placement = self.scene.put(
            Placement(
                enrolment=self.enrolment,
                workplace=place,
                leder=leaders[0],
                requested_on=asked,
                informed_on=asked,
                starts_on=first_day,
                percent=(80, 100, 60)[self.number % 3],
                weekdays=[0, 2, 3, 4],
                interview_held_on=min(self.scene.today, asked + timedelta(days=3)),
                expectations="Følger vaktplanen. Har tid til å spørre.",
                practical="Møt ved hovedinngangen første dag.",
            )  # fmt: skip
        )
        fadder = next((each for each in faddere if each.name == self.member.fadder), faddere[self.number % len(faddere)])
        name_fadder(
            placement=self.placement, person=fadder, starts_on=first_day, is_substitute=False, by=self.scene.staff.coordinator
        )

    def show_police_certificate(self, day: date) -> None:
        """Records the police certificate as seen, where trade or workplace asks for it."""
        row = PoliceCertificate.objects.get(enrolment=self.enrolment)
        if self.placement.workplace.police_certificate_required and not row.is_required:
            row.is_required, row.required_because = True, "Arbeidsstedet krever politiattest."
        if row.is_required:
            row.basis, row.shown_on, row.seen_by, row.in_order = "shown", day, self.scene.staff.coordinator.name, True
            row.version += 1
            self.scene.put(row, verb="changed")

    def to_placed(self) -> None:
        day = self.on("placed")
        self.find_place(self.on("onboarding", 2), working_day(day + timedelta(days=3)))
        self.placement.extra_person_confirmed_on = day
        self.placement.save(update_fields=["extra_person_confirmed_on"])
        self.sign("participation", day)
        self.show_police_certificate(self.on("onboarding", 6))
        self.scene.take(self.enrolment, "place", day)
        if self.member.status == "placed":
            self.enclose(self.member.enclosures)

    def enclose(self, there: int) -> None:
        """The five enclosures, the first ones there; one without papers from school says why."""
        for place, (kind, _name) in enumerate(ENCLOSURES):
            row = Enclosure(enrolment=self.enrolment, kind=kind, state="there" if place < there else "missing")
            if kind == "references" and self.number % 7 == 0 and place < there:
                row.state, row.reason = "not_relevant", "Papirene ble igjen i hjemlandet."
            self.scene.put(row)

    def to_contract_applied(self) -> None:
        day = self.on("contract_applied")
        self.enclose(5)
        self.scene.put(CountyApplication(enrolment=self.enrolment, sent_on=day, reference=f"DEMO-{self.number:04d}"))
        self.scene.take(self.enrolment, "apply", day)

    def to_training(self) -> None:
        if self.contract is None:
            raise ValueError(f"{self.member.name} is in training without a contract.")
        start, end = self.contract
        day = self.on("training")
        self.enrolment.applications.filter(answer="").update(answer="approved", answered_on=day)
        first_end = months_before(end + timedelta(days=1), EXTENDED.get(self.member.special, 0)) - timedelta(days=1)
        self.add_contract(start, first_end, day)
        self.scene.take(self.enrolment, "train", day)

    def add_contract(self, start: date, end: date, day: date, words: str = "") -> None:
        """Adds a version of the county's contract."""
        extend_contract(
            enrolment=self.enrolment, starts_on=start, ends_on=end, decided_on=day, number=f"OK-DEMO-{self.number:04d}",
            words=words, by=self.scene.staff.coordinator,
        )  # fmt: skip

    # --- The end ---------------------------------------------------------------------------------------

    def recommend(self, day: date) -> None:
        """The faglærer recommends the trade test."""
        teacher = self.scene.staff.faglaerere[self.member.trade]
        row = Readiness(enrolment=self.enrolment, kind="trade_test", given_on=day, by=teacher, by_role="faglaerer")
        row.words = "Du er klar. Øv på å forklare hvorfor du gjør som du gjør."
        self.scene.put(row, by=teacher)

    def to_trade_test(self) -> None:
        from participants.demo_carried import add_exam

        add_exam(self)
        self.recommend(self.on("trade_test", -12))
        waived = {}
        if self.member.exam == "taken":
            waived["exam_passed_or_pending"] = "Eksamen er tatt. Resultatet kommer før prøven."
        if self.member.special == "second_attempt":
            self._fail_first(waived)
        day = self.on("trade_test")
        test = self.enrolment.trade_tests.filter(result="").first() or TradeTest(enrolment=self.enrolment)
        test.registered_on, test.lead_told_on, test.test_site = day, day, "Eksempelvik prøvested"
        test.starts_on = working_day(day + timedelta(days=18))
        test.ends_on = working_day(test.starts_on + timedelta(days=2))
        self.scene.put(test)
        self.scene.take(self.enrolment, "to_test", day, waived=waived)

    def _fail_first(self, waived: Mapping[str, str]) -> None:
        """The first attempt, not passed, a new one planned, and the way back to training."""
        first, back = self.on("trade_test", -70), self.on("trade_test", -40)
        test = TradeTest(enrolment=self.enrolment, registered_on=first, lead_told_on=first, starts_on=first)
        self.scene.put(test)
        self.scene.take(self.enrolment, "to_test", first, waived=waived)
        test.result, test.result_on, test.version = "failed", first + timedelta(days=4), 2
        self.scene.put(test, verb="changed")
        self.scene.put(TradeTest(enrolment=self.enrolment, attempt=2))
        self.scene.take(self.enrolment, "retry", back)

    def to_completed(self) -> None:
        day = self.on("completed")
        test = self.enrolment.trade_tests.order_by("-attempt").first()
        if test is None:
            raise ValueError(f"{self.member.name} has taken no trade test.")
        test.result, test.result_on, test.version = ("passed_merit", "passed")[self.number % 2], day, test.version + 1
        self.scene.put(test, verb="changed")
        certificate = ParticipationCertificate(enrolment=self.enrolment, issued_on=day, issued_by=self.scene.staff.coordinator)
        certificate.words = "Har deltatt i undervisning og praksis, og har tatt fagbrev."
        self.scene.put(certificate)
        self.scene.put(EndingTask(enrolment=self.enrolment, kind="certificate", done_on=day))
        self.scene.take(self.enrolment, "complete", day)
        for months, state in zip((3, 6, 12), self.member.work, strict=False):
            asked = min(self.scene.today, months_after(day, months))
            employer = self.placement.workplace.name if state in {"permanent", "temporary"} else ""
            self.scene.put(WorkStatus(enrolment=self.enrolment, months=months, asked_on=asked, state=state, employer=employer))

    def end(self) -> None:
        """Declines, withdraws or terminates, with the checklist done where there is one."""
        member = self.member
        day = self.scene.day(member.ago)
        if member.status == "terminated":
            self.tick_endings(self.scene.day(member.ago + 4))
        step = {"declined": "decline", "withdrawn": "withdraw", "terminated": "terminate"}[member.status]
        if member.special != "changed_trade":
            self.scene.take(self.enrolment, step, day, reason_code=member.end_code, reason=member.reason)

    def tick_endings(self, day: date) -> None:
        """The ending checklist: all done but the attest, which some workplaces do not write."""
        for kind, _name in ENDING_TASKS:
            row = EndingTask(enrolment=self.enrolment, kind=kind, done_on=day)
            if kind == "attest" and self.number % 2:
                row.done_on, row.waived_reason = None, "Deltakeren ønsker ikke attest."
            self.scene.put(row)
        self.scene.put(ParticipationCertificate(enrolment=self.enrolment, issued_on=day, issued_by=self.scene.staff.coordinator))
