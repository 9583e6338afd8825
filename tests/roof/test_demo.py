"""The demo's data: everybody stands where the history says, every account has something to see, nothing is real."""

from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count

from fagbrev.identity import check_national_id
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.roles import roles_of
from fagbrev.roof import demo
from fagbrev.roof.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from participants.access import enrolments_for
from participants.caseload.buckets import BUCKETS, Limits
from participants.demo_carried import small_pdf
from participants.demo_cast import CAST
from participants.demo_people import synthetic_id
from participants.models import Enrolment, Participant, Placement, ReferralInboxItem, StatusChange
from participants.workflow import STATUSES, STEPS
from programmes.models import Workplace

TODAY = date(2027, 1, 11)  # a Monday four days before exam registration opens


def account(name):
    return User.objects.get(email=f"{name}@demo.example")


def of(name):
    first, last = name.split(" ", 1)
    return Enrolment.objects.filter(participant__first_name=first, participant__last_name=last).order_by("-pk").first()


# --- The participants ------------------------------------------------------------------------------


def test_every_status_is_there(seeded):
    assert set(Enrolment.objects.values_list("status", flat=True)) == set(STATUSES)


def test_the_open_ones_are_spread_as_the_picture_of_the_first_page_shows(seeded):
    rows = enrolments_for(account("koordinator"), "identity", today=TODAY).filter(ended_on__isnull=True)
    spread = dict(rows.values_list("trade__code").annotate(Count("pk")).order_by())
    assert spread == {"BUA": 28, "HEA": 19, "ROF": 13, None: 2}


def test_everybody_stands_where_the_cast_says(seeded):
    for member in CAST:
        rows = Enrolment.objects.filter(participant__first_name=member.first, participant__last_name=member.last)
        found = rows.filter(trade__code=member.trade) if member.trade else rows.filter(trade=None)
        assert found.get().status == member.status, member.name


def test_every_history_is_a_way_of_the_workflow_that_ends_in_the_status(seeded):
    for row in Enrolment.objects.prefetch_related("changes"):
        changes = sorted(row.changes.all(), key=lambda change: (change.at, change.pk))
        assert [change.pk for change in changes] == sorted(change.pk for change in changes)
        assert changes[-1].to_status == row.status
        assert changes[-1].happened_on == row.status_since or changes[-1].kind == "correction"
        for before, after in pairwise(changes):
            assert after.from_status == before.to_status
            if after.kind == "step":
                assert before.to_status in STEPS[after.step].sources


def test_steps_happened_in_order_on_working_days_before_the_day(seeded):
    for row in Enrolment.objects.prefetch_related("changes"):
        days = [change.happened_on for change in sorted(row.changes.all(), key=lambda each: each.pk) if change.happened_on]
        assert days == sorted(days)
        assert all(day <= TODAY and day.weekday() < 5 for day in days)


def test_only_those_with_a_reason_have_waived_a_condition(seeded):
    waived = {change.enrolment.participant.full_name for change in StatusChange.objects.exclude(waived={})}
    assert waived == {"Nura Testbakk", "Mehret Testvang", "Daria Testgård"}


def test_contract_copies_equal_the_newest_contract(seeded):
    for row in Enrolment.objects.prefetch_related("contracts"):
        newest = max(row.contracts.all(), key=lambda contract: contract.order, default=None)
        copied = (row.contract_starts_on, row.contract_ends_on)
        assert copied == ((newest.starts_on, newest.ends_on) if newest else (None, None))


def test_everything_the_database_forbids_is_absent(seeded):
    for model in (Participant, Enrolment, Placement):
        for row in model.objects.all():
            row.validate_constraints()


def test_people_are_plainly_made_up(seeded):
    keys = set()
    for person in Participant.objects.all():
        assert person.phone == "" or person.phone.startswith("+4759")
        assert person.email == "" or person.email.endswith("@demo.example")
        if person.national_id:
            digits = person.national_id.open()
            assert check_national_id(digits, allow_synthetic=True) == digits
            assert int(digits[2:4]) > 80
            keys.add(person.national_id_key)
    assert len(keys) > 60


def test_synthetic_numbers_differ_for_the_same_birthday():
    numbers = {synthetic_id(date(1990, 2, 3), number) for number in range(40)}
    assert len(numbers) > 30
    with pytest.raises(ValueError):
        check_national_id(numbers.pop(), allow_synthetic=False)


def test_every_bucket_of_the_caseload_holds_somebody(seeded):
    mine = enrolments_for(account("koordinator"), "identity", today=TODAY)
    limits = Limits(TODAY, 180, 30)
    assert [key for key, bucket in BUCKETS.items() if not mine.filter(bucket.where(limits)).exists()] == []


def test_life_beside_the_straight_way_is_there(seeded):
    assert of("Meron Demofoss").trade_tests.count() == 2
    assert of("Dawit Prøvestrand").placements.count() == 2
    assert of("Rahel Øvstad").continues.end_code == "changed_trade"
    assert of("Nasrin Skissedal").participant.enrolments.count() == 2
    assert of("Wafa Utkastsen").origin == "elsewhere"
    assert of("Nahid Utkast").origin == "import"
    assert of("Iryna Mønsterdal").contracts.count() == 2
    assert of("Halima Eksempelmoen").leaves.get().ended_on is not None
    assert of("Ibrahim Testsund").changes.filter(to_status="contract_applied").count() == 0
    assert of("Daria Testgård").changes.filter(kind="correction").count() == 1
    assert of("Alem Prøvestu").work_statuses.count() == 3
    assert list(ReferralInboxItem.objects.order_by("state").values_list("state", flat=True)) == [
        "accepted", "declined", "new", "new", "new",
    ]  # fmt: skip


# --- The accounts ----------------------------------------------------------------------------------


def test_each_account_signs_in_with_the_password_of_the_demo(seeded):
    for named in DEMO_ACCOUNTS:
        user = User.objects.get(email=named["email"])
        assert user.check_password(DEMO_PASSWORD)
        assert authenticate(None, username=user.email, password=DEMO_PASSWORD) == user
        assert EmailAddress.objects.filter(user=user, verified=True, primary=True, email=user.email).exists()
        assert roles_of(user, TODAY)
        assert user.confidentiality_version


def test_each_account_has_something_to_see(seeded):
    seen = {
        named["email"].partition("@")[0]: enrolments_for(User.objects.get(email=named["email"]), "progress", today=TODAY).count()
        for named in DEMO_ACCOUNTS
    }
    assert seen.pop("styringsgruppe") == 0
    assert (seen["fadder"], seen["leder"], seen["deltaker"]) == (2, 3, 1)
    assert min(seen.values()) > 0


def test_a_substitute_and_one_who_has_left_are_there(seeded):
    substitute = RoleGrant.objects.get(user=account("vegard.testvikar"))
    assert substitute.starts_on < TODAY < substitute.ends_on
    left = account("fredrik.provevik")
    assert not left.is_active and not roles_of(left, TODAY)


def test_the_strictly_protected_one_is_in_no_list_and_opens_for_one_coordinator_alone(seeded):
    strict = Participant.objects.get(address_protection="strengt_fortrolig")
    for user in User.objects.all():
        assert not enrolments_for(user, "identity", today=TODAY).filter(participant=strict).exists()
        opened = enrolments_for(user, "identity", today=TODAY, listed=False).filter(participant=strict).exists()
        assert opened == (user == account("koordinator"))


def test_who_refuses_the_workplace_shows_it_less(seeded):
    assert Workplace.objects.filter(placements__enrolment=of("Hanna Prøvevik")).exists()
    assert of("Hanna Prøvevik").participant.consents.filter(answer=False, party="workplace", is_current=True).count() == 2


# --- The command -----------------------------------------------------------------------------------


def test_a_second_call_says_so_and_changes_nothing(seeded, settings):
    settings.DEMO = True
    before, told = Participant.objects.count(), StringIO()
    call_command("seed_demo", stdout=told)
    assert told.getvalue() == "Det er data her fra før. Ingenting er endret.\n"
    call_command("seed_demo", "--if-empty", stdout=(silent := StringIO()))
    assert silent.getvalue() == ""
    assert Participant.objects.count() == before


def test_outside_demo_and_development_it_is_refused(settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("seed_demo")


@pytest.mark.parametrize("number", ["-1", "100001"])
def test_an_impossible_number_of_participants_is_refused(settings, number):
    settings.DEMO = True
    with pytest.raises(CommandError):
        call_command("seed_demo", f"--participants={number}")


@pytest.mark.django_db
def test_an_interrupted_seed_leaves_nothing(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(demo, "seed_participants", lambda **given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("seed_demo")
    assert not User.objects.exists() and not Workplace.objects.exists()


@pytest.mark.django_db
def test_the_command_fills_up_to_the_number_asked_for(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(demo, "seed_participants", lambda **given: 0)
    call_command("seed_demo", "--participants=60", stdout=(told := StringIO()))
    assert told.getvalue() == "Lagt inn: 60 deltakere.\n"
    assert Participant.objects.count() == 60
    assert not Participant.objects.filter(sort_name="").exists()
    for row in Enrolment.objects.prefetch_related("changes", "contracts"):
        assert max(row.changes.all(), key=lambda change: change.pk).to_status == row.status
        assert [contract.ends_on for contract in row.contracts.all()] == ([row.contract_ends_on] if row.contract_ends_on else [])


def test_the_small_pdf_is_accepted_as_an_upload():
    from django.core.files.uploadedfile import SimpleUploadedFile

    from fagbrev.files import accept_upload

    accepted = accept_upload(SimpleUploadedFile("CV.pdf", small_pdf("CV: Selma Testesen (demo)")), max_mb=1)
    assert accepted.content_type == "application/pdf"
