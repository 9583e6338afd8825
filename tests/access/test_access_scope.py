"""Scope by itself: each opening on the day before, on and after its boundary, and what narrows or widens it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from fagbrev.people.models import RoleGrant, User
from participants import models as m
from participants.access import (
    BEFORE_ADMISSION_SECTIONS,
    WITHOUT_CONSENT_SECTIONS,
    blocked_participants,
    enrolments_for,
    placements_for,
    record_of,
)
from participants.actions.access import AccessRefused, end_restriction, restrict
from participants.actions.life import answer_consent
from participants.workflow import STATUSES
from programmes.models import Cohort, TeachingAssignment, WorkplacePerson
from tests.access.conftest import forget
from tests.access.matrix import SECTIONS
from tests.cast import Cast, enrol, make_user, place

DAY = timedelta(days=1)


def reads(cast: Cast, user: User, enrolment: m.Enrolment | None = None, *, on: date | None = None) -> set[str]:
    """Gives every section the user may read of the enrolment (selma's) on the day; asked both ways, which must agree."""
    return _sections(cast, user, enrolment or cast.selma, "read", on or cast.today)


def writes(cast: Cast, user: User, enrolment: m.Enrolment | None = None, *, on: date | None = None) -> set[str]:
    """Gives every section the user may change."""
    return _sections(cast, user, enrolment or cast.selma, "write", on or cast.today)


def _sections(cast: Cast, user: User, enrolment: m.Enrolment, right: str, on: date) -> set[str]:
    forget(user)
    try:
        found = record_of(user, enrolment.participant.public_id, enrolment.public_id, today=on)
        by_gate = set(found.readable if right == "read" else found.writable)
    except Http404:
        by_gate = set()
    if enrolment.participant.enrolments.count() == 1:
        by_query = {
            key for key in SECTIONS
            if enrolments_for(user, key, right, today=on, listed=False).filter(pk=enrolment.pk).exists()  # type: ignore[arg-type]
        }  # fmt: skip
        assert by_gate == by_query
    return by_gate


def table(letter: str, right: str = "read") -> set[str]:
    """Gives what the table gives a role."""
    return {key for key, cells in SECTIONS.items() if letter in cells[0 if right == "read" else 1]}


def change(row: Any, **columns: Any) -> None:
    """Changes a row behind everybody's back."""
    type(row).objects.filter(pk=row.pk).update(**columns)


class TestRoles:
    """With a relation that holds, the table decides."""

    @pytest.mark.parametrize(
        ("user", "letter"),
        [("koordinator", "K"), ("faglaerer", "F"), ("norsklaerer", "N"), ("fadder", "A"), ("leder", "L"), ("deltaker", "D")],
    )
    def test_a_relation_that_holds_gives_what_the_table_gives(self, world: Cast, user: str, letter: str) -> None:
        assert reads(world, world.users[user]) == table(letter)
        assert writes(world, world.users[user]) == table(letter, "write")

    @pytest.mark.parametrize(
        "user",
        ["annen_faglaerer", "annen_norsklaerer", "annen_fadder", "annen_leder", "annen_deltaker", "styringsgruppe", "ingen", "drift",
         "avsluttet_koordinator"],
    )  # fmt: skip
    def test_no_relation_gives_nothing(self, world: Cast, user: str) -> None:
        assert reads(world, world.users[user]) == set()

    @pytest.mark.parametrize(("offset", "sees"), [(-1, False), (0, True), (1, True)])
    def test_a_role_begins_on_its_first_day(self, world: Cast, offset: int, sees: bool) -> None:
        RoleGrant.objects.filter(user=world.koordinator).update(starts_on=world.today)
        assert bool(reads(world, world.koordinator, on=world.today + offset * DAY)) is sees

    @pytest.mark.parametrize(("offset", "sees"), [(-1, True), (0, True), (1, False)])
    def test_a_role_ends_after_its_last_day(self, world: Cast, offset: int, sees: bool) -> None:
        RoleGrant.objects.filter(user=world.fadder).update(ends_on=world.today)
        assert bool(reads(world, world.fadder, on=world.today + offset * DAY)) is sees

    def test_a_deactivated_user_holds_no_role(self, world: Cast) -> None:
        change(world.koordinator, is_active=False)
        assert reads(world, world.koordinator) == set()

    def test_a_locked_record_is_closed_to_its_own_participant(self, world: Cast) -> None:
        change(world.selma.participant, locked_at=timezone.now())
        assert reads(world, world.deltaker) == set()
        assert reads(world, world.koordinator) == table("K")


class TestTeachers:
    """faglærer and norsklærer."""

    @pytest.mark.parametrize("status", STATUSES)
    def test_a_faglaerer_sees_three_sections_before_admission_and_nothing_after_a_no(self, world: Cast, status: str) -> None:
        change(
            world.selma,
            status=status,
            ended_on=world.today if status in {"completed", "terminated", "declined", "withdrawn"} else None,
        )
        before = status in {"referred", "interviewed", "waitlisted"}
        gone = status in {"declined", "withdrawn"}
        ended = status in {"completed", "terminated"}
        assert reads(world, world.faglaerer) == (set() if gone else set(BEFORE_ADMISSION_SECTIONS) if before else table("F"))
        assert writes(world, world.faglaerer) == (set() if gone or ended else {"admission"} if before else table("F", "write"))
        assert reads(world, world.norsklaerer) == (set() if gone or before else table("N"))
        assert writes(world, world.norsklaerer) == (set() if gone or before or ended else table("N", "write"))

    @pytest.mark.parametrize(("days", "sees"), [(0, True), (29, True), (30, True), (31, False)])
    @pytest.mark.parametrize("status", ["completed", "terminated"])
    @pytest.mark.parametrize("role", ["faglaerer", "norsklaerer"])
    def test_after_the_end_teachers_read_for_30_days(self, world: Cast, role: str, status: str, days: int, sees: bool) -> None:
        change(world.selma, status=status, ended_on=world.today - days * DAY)
        assert reads(world, world.users[role]) == (table(role[0].upper()) if sees else set())
        assert writes(world, world.users[role]) == set()

    @pytest.mark.parametrize(("offset", "sees"), [(-1, True), (0, True), (1, False)])
    def test_an_assignment_ends_after_its_last_day(self, world: Cast, offset: int, sees: bool) -> None:
        TeachingAssignment.objects.filter(user=world.faglaerer).update(ends_on=world.today)
        assert bool(reads(world, world.faglaerer, on=world.today + offset * DAY)) is sees

    def test_an_assignment_as_norsklaerer_gives_nothing_as_faglaerer(self, world: Cast) -> None:
        TeachingAssignment.objects.filter(user=world.faglaerer).update(role="norsklaerer")
        assert reads(world, world.faglaerer) == set()

    def test_an_assignment_to_a_group_gives_only_that_group_and_stays_for_the_30_days(self, world: Cast) -> None:
        group = Cohort.objects.create(trade=world.trades["BUA"], name="Bare denne")
        TeachingAssignment.objects.filter(user=world.faglaerer).update(cohort=group)
        assert reads(world, world.faglaerer) == set()
        member = m.CohortMember.objects.create(participant=world.selma.participant, enrolment=world.selma, cohort=group)
        assert reads(world, world.faglaerer) == table("F")
        change(member, ends_on=world.today - DAY)
        assert reads(world, world.faglaerer) == set()
        change(world.selma, status="completed", ended_on=world.today - DAY)
        assert reads(world, world.faglaerer) == table("F")
        assert writes(world, world.faglaerer) == set()


class TestFadder:
    """fadder: own placements, from 14 days before to the last day."""

    @pytest.mark.parametrize(("days", "sees"), [(13, True), (14, True), (15, False)])
    def test_a_fadder_sees_from_14_days_before_the_start(self, world: Cast, days: int, sees: bool) -> None:
        starts = world.today + days * DAY
        change(world.placements["selma"], starts_on=starts)
        m.PlacementFadder.objects.filter(placement=world.placements["selma"]).update(starts_on=starts)
        assert reads(world, world.fadder) == (table("A") if sees else set())

    @pytest.mark.parametrize(("days", "sees"), [(1, True), (0, True), (-1, False)])
    def test_a_fadder_sees_to_the_last_day_of_the_placement(self, world: Cast, days: int, sees: bool) -> None:
        change(world.placements["selma"], ends_on=world.today + days * DAY)
        assert bool(reads(world, world.fadder)) is sees

    @pytest.mark.parametrize(("days", "sees"), [(1, True), (0, True), (-1, False)])
    def test_a_fadder_who_is_replaced_sees_to_the_own_last_day(self, world: Cast, days: int, sees: bool) -> None:
        m.PlacementFadder.objects.filter(placement=world.placements["selma"]).update(ends_on=world.today + days * DAY)
        assert bool(reads(world, world.fadder)) is sees

    def test_a_placement_without_a_first_day_is_not_open(self, world: Cast) -> None:
        change(world.placements["selma"], starts_on=None)
        assert reads(world, world.fadder) == set()

    def test_rows_of_another_placement_are_not_in_scope(self, world: Cast) -> None:
        other = m.Placement.objects.create(
            enrolment=world.selma, workplace=world.workplaces["sykehjem"], is_main=False, starts_on=world.today - DAY
        )
        found = placements_for(world.fadder, "placement", today=world.today)
        assert other not in found
        assert list(found) == [world.placements["selma"]]
        assert other in placements_for(world.faglaerer, "placement", today=world.today)


class TestLeder:
    """leder: from the request for a place."""

    def asked(self, world: Cast, days: int, starts: date | None) -> None:
        change(world.placements["selma"], requested_on=world.today + days * DAY, starts_on=starts)

    @pytest.mark.parametrize(("days", "sees"), [(-1, True), (0, True), (1, False)])
    def test_before_the_start_a_leder_sees_name_and_agreement_from_the_request_on(
        self, world: Cast, days: int, sees: bool
    ) -> None:
        self.asked(world, days, None)
        assert reads(world, world.leder) == ({"identity", "agreements"} if sees else set())
        assert writes(world, world.leder) == ({"agreements"} if sees else set())

    @pytest.mark.parametrize(("days", "begun"), [(1, False), (0, True), (-1, True)])
    def test_the_rest_opens_on_the_first_day(self, world: Cast, days: int, begun: bool) -> None:
        self.asked(world, -20, world.today + days * DAY)
        assert reads(world, world.leder) == (table("L") if begun else {"identity", "agreements"})

    @pytest.mark.parametrize(("days", "sees"), [(1, True), (0, True), (-1, False)])
    def test_a_leder_sees_to_the_last_day(self, world: Cast, days: int, sees: bool) -> None:
        change(world.placements["selma"], ends_on=world.today + days * DAY)
        assert bool(reads(world, world.leder)) is sees

    @pytest.mark.parametrize(("days", "sees"), [(1, True), (0, True), (-1, False)])
    def test_one_who_no_longer_leads_sees_nothing(self, world: Cast, days: int, sees: bool) -> None:
        WorkplacePerson.objects.filter(user=world.leder).update(ends_on=world.today + days * DAY)
        assert bool(reads(world, world.leder)) is sees


class TestLeaveAndConsent:
    """What closes for fadder and leder."""

    @pytest.mark.parametrize("role", ["fadder", "leder"])
    def test_on_leave_fadder_and_leder_see_name_and_leave_only(self, world: Cast, role: str) -> None:
        change(world.selma, status="on_leave", status_before_leave="training")
        assert reads(world, world.users[role]) == {"identity", "progress"}
        assert writes(world, world.users[role]) == set()
        assert reads(world, world.faglaerer) == table("F")

    @pytest.mark.parametrize(("role", "letter"), [("fadder", "A"), ("leder", "L")])
    @pytest.mark.parametrize("which", ["all", "this"])
    def test_a_no_closes_and_a_new_yes_opens(self, world: Cast, role: str, letter: str, which: str) -> None:
        workplace = world.workplaces["barnehage"] if which == "this" else None

        def answer(yes: bool) -> None:
            answer_consent(enrolment=world.selma, party="workplace", workplace=workplace, answer=yes, answered_on=world.today,
                           by=world.koordinator)  # fmt: skip

        answer(False)
        assert reads(world, world.users[role]) == table(letter) & WITHOUT_CONSENT_SECTIONS
        answer(True)
        assert reads(world, world.users[role]) == table(letter)
        m.Consent.objects.filter(participant=world.selma.participant, is_current=True).update(withdrawn_on=world.today)
        assert reads(world, world.users[role]) == table(letter) & WITHOUT_CONSENT_SECTIONS

    def test_a_no_to_another_workplace_or_party_closes_nothing(self, world: Cast) -> None:
        for party, workplace in (("nav", None), ("workplace", world.workplaces["sykehjem"])):
            answer_consent(enrolment=world.selma, party=party, workplace=workplace, answer=False, answered_on=world.today,
                           by=world.koordinator)  # fmt: skip
        assert reads(world, world.fadder) == table("A")

    def test_before_the_start_a_no_leaves_the_leder_with_the_name(self, world: Cast) -> None:
        change(world.placements["selma"], starts_on=world.today + DAY)
        answer_consent(
            enrolment=world.selma, party="workplace", workplace=None, answer=False, answered_on=world.today, by=world.koordinator
        )
        assert reads(world, world.leder) == {"identity"}


class TestRestrictions:
    """Relatives, and the few who are named."""

    def bar(self, world: Cast, kind: str, user: User, **more: Any) -> RecordRestriction:
        return RecordRestriction.objects.create(
            participant_id=world.selma.participant_id, kind=kind, user=user, reason="prøve", **{"starts_on": world.today, **more}
        )

    def test_one_who_is_denied_sees_nothing_and_others_as_before(self, world: Cast) -> None:
        self.bar(world, "deny", world.koordinator)
        self.bar(world, "deny", world.faglaerer)
        assert reads(world, world.koordinator) == reads(world, world.faglaerer) == set()
        assert reads(world, world.koordinator, world.nadia) == table("K")
        assert reads(world, world.fadder) == table("A")

    def test_only_those_named_see_and_the_participant_still_does(self, world: Cast) -> None:
        self.bar(world, "only", world.koordinator)
        assert reads(world, world.koordinator) == table("K")
        assert reads(world, world.faglaerer) == reads(world, world.fadder) == reads(world, world.leder) == set()
        assert reads(world, world.deltaker) == table("D")

    def test_being_named_gives_no_more_than_the_role(self, world: Cast) -> None:
        self.bar(world, "only", world.ingen)
        self.bar(world, "only", world.drift)
        self.bar(world, "only", world.fadder)
        assert reads(world, world.ingen) == reads(world, world.drift) == set()
        assert reads(world, world.fadder) == table("A")

    def test_denied_wins_over_named(self, world: Cast) -> None:
        self.bar(world, "only", world.koordinator)
        self.bar(world, "deny", world.koordinator)
        assert reads(world, world.koordinator) == set()

    @pytest.mark.parametrize(("offset", "sees"), [(-2, True), (-1, False), (0, False), (1, False), (2, True)])
    def test_a_restriction_holds_from_its_first_to_its_last_day(self, world: Cast, offset: int, sees: bool) -> None:
        self.bar(world, "deny", world.koordinator, starts_on=world.today - DAY, ends_on=world.today + DAY)
        assert bool(reads(world, world.koordinator, on=world.today + offset * DAY)) is sees

    def test_the_last_koordinator_is_not_shut_out(self, world: Cast) -> None:
        person = world.selma.participant
        with pytest.raises(AccessRefused):
            restrict(participant=person, kind="deny", user=world.koordinator, reason="x", starts_on=world.today, by=world.koordinator,
                     today=world.today)  # fmt: skip
        second = make_user("Nina Koordinator", "coordinator", today=world.today)
        row = restrict(participant=person, kind="deny", user=world.koordinator, reason="x", starts_on=world.today, by=second,
                       today=world.today)  # fmt: skip
        assert reads(world, world.koordinator) == set()
        end_restriction(restriction=row, participant=person, by=second, today=world.today)
        assert reads(world, world.koordinator) == table("K")

    def test_a_strictly_protected_record_never_lies_open(self, world: Cast) -> None:
        person = world.selma.participant
        change(person, address_protection="strengt_fortrolig", address="")
        person.refresh_from_db()
        row = self.bar(world, "only", world.koordinator)
        with pytest.raises(AccessRefused), transaction.atomic():
            end_restriction(restriction=row, participant=person, by=world.koordinator, today=world.today)
        assert reads(world, world.faglaerer) == set()

    def test_restrictions_cost_one_question_a_request(self, world: Cast, django_assert_num_queries: Any) -> None:
        forget(world.koordinator)
        with django_assert_num_queries(1):
            blocked_participants(world.koordinator, world.today)
            blocked_participants(world.koordinator, world.today)

    def test_strictly_protected_people_stand_in_no_list(self, world: Cast) -> None:
        change(world.selma.participant, address_protection="strengt_fortrolig", address="")
        for user in (world.koordinator, world.faglaerer, world.fadder):
            forget(user)
            assert world.selma not in enrolments_for(user, "identity", today=world.today)


class TestSeveralRoles:
    """Rights add up per participant, each in its own scope."""

    def test_a_fadder_who_also_teaches_another_trade_keeps_both_apart(self, world: Cast) -> None:
        RoleGrant.objects.create(user=world.fadder, role="faglaerer", starts_on=world.today)
        TeachingAssignment.objects.create(user=world.fadder, role="faglaerer", trade=world.trades["HEA"], starts_on=world.today)
        assert reads(world, world.fadder) == table("A")
        assert reads(world, world.fadder, world.nadia) == table("F")

    def test_two_roles_for_the_same_participant_add_up(self, world: Cast) -> None:
        RoleGrant.objects.create(user=world.fadder, role="norsklaerer", starts_on=world.today)
        TeachingAssignment.objects.create(user=world.fadder, role="norsklaerer", trade=world.trades["BUA"], starts_on=world.today)
        assert reads(world, world.fadder) == table("A") | table("N")
        assert writes(world, world.fadder) == table("A", "write") | table("N", "write")

    def test_a_superuser_with_a_role_sees_what_the_role_sees(self, world: Cast) -> None:
        RoleGrant.objects.create(user=world.drift, role="faglaerer", starts_on=world.today)
        TeachingAssignment.objects.create(user=world.drift, role="faglaerer", trade=world.trades["BUA"], starts_on=world.today)
        assert reads(world, world.drift) == table("F")

    def test_of_two_ways_each_teacher_and_workplace_sees_the_own_one(self, world: Cast) -> None:
        second = enrol(world, "", "HEA", "training", participant=world.selma.participant)
        place(world, second, "sykehjem", leder="annen_leder_person", fadder="annen_fadder_person")
        for role in ("faglaerer", "norsklaerer", "fadder", "leder"):
            letter = role[0].upper() if role != "fadder" else "A"
            own, other = world.users[role], world.users[f"annen_{role}"]
            assert reads(world, own, world.selma) == table(letter)
            assert reads(world, own, second) == set()
            assert reads(world, other, second) == table(letter)
            assert reads(world, other, world.selma) == set()
        assert reads(world, world.deltaker, second) == table("D")

    def test_a_person_section_opens_by_any_way_in_scope_and_an_enrolment_section_by_its_own(self, world: Cast) -> None:
        second = enrol(world, "", "BUA", "completed", participant=world.nadia.participant)
        change(second, ended_on=world.today - 5 * DAY)
        TeachingAssignment.objects.create(
            user=world.annen_faglaerer, role="faglaerer", trade=world.trades["BUA"], starts_on=world.today
        )
        found = record_of(world.annen_faglaerer, world.nadia.participant.public_id, second.public_id, today=world.today)
        assert not found.writes("training_plan")
        assert found.reads("training_plan")
        found = record_of(world.annen_norsklaerer, world.nadia.participant.public_id, today=world.today)
        assert found.enrolment == world.nadia
        assert found.writes("exams")
