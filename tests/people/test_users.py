"""Coordinators invite people, give and end roles and shut people out; nobody changes their own."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fagbrev.mail.models import OutgoingMail
from fagbrev.people import actions
from fagbrev.people.models import PeopleEvent, RoleGrant, User
from fagbrev.people.roles import (
    COORDINATOR,
    DELTAKER,
    FADDER,
    FAGLAERER,
    LEDER,
    NORSKLAERER,
    ROLES,
    STYRINGSGRUPPE,
    roles_of,
)
from programmes.models import Cohort, TeachingAssignment, Trade, Workplace, WorkplacePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade():
    return Trade.objects.create(code="PRX", name="Prøvefaget", short_name="Prøve")


@pytest.fixture
def cohort(trade):
    return Cohort.objects.create(trade=trade, name="Gruppe 1")


@pytest.fixture
def workplace():
    return Workplace.objects.create(name="Prøvestad barnehage")


@pytest.fixture
def browser(client_of, coordinator):
    return client_of(coordinator)


def fresh(user):
    return User.objects.get(pk=user.pk)


def verbs(user):
    return list(PeopleEvent.objects.filter(user=user).order_by("pk").values_list("verb", flat=True))


INVITED = {"name": "Nora Nyesen", "email": "Nora@Example.no"}


def test_an_invited_teacher_has_role_trade_and_mail_and_can_sign_in_by_code(browser, trade, cohort, today, coordinator):
    answer = browser.post("/brukere/ny/", {**INVITED, "role": FAGLAERER, "trade": "PRX", "cohort": cohort.public_id})
    user = User.objects.get(email="nora@example.no")
    assert answer.url == reverse("user_detail", args=[user.public_id])
    assert roles_of(user, today) == {FAGLAERER}
    assert user.invited_by == coordinator
    assert not user.has_usable_password()
    assignment = TeachingAssignment.objects.get(user=user)
    assert (assignment.trade, assignment.cohort, assignment.starts_on, assignment.ends_on) == (trade, cohort, today, None)
    mail = OutgoingMail.objects.get()
    assert mail.recipient == "nora@example.no"
    assert "/konto/login/" in mail.text
    assert "faglærer" in mail.text
    assert mail.html
    assert verbs(user) == ["invited", "role_given", "scope_given"]
    Client().post("/konto/login/code/", {"email": "nora@example.no"})
    assert OutgoingMail.objects.filter(subject="Koden din til Fagbrev").exists()


@pytest.mark.parametrize(
    ("role", "missing", "words"),
    [
        (FAGLAERER, "trade", "Velg hvilket fag"),
        (NORSKLAERER, "trade", "Velg hvilket fag"),
        (LEDER, "workplace", "Velg hvilket arbeidssted"),
        (FADDER, "workplace", "Velg hvilket arbeidssted"),
    ],
)
def test_a_role_without_its_scope_is_refused_by_the_field(browser, trade, workplace, role, missing, words):
    answer = browser.post("/brukere/ny/", {**INVITED, "role": role})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'id="id_{missing}_error"' in answer.content.decode()
    assert 'value="Nora Nyesen"' in answer.content.decode()
    assert not User.objects.filter(email="nora@example.no").exists()


def test_a_cohort_of_another_trade_is_refused(browser, trade, cohort):
    Trade.objects.create(code="ANX", name="Annetfaget", short_name="Annet")
    data = {**INVITED, "role": FAGLAERER, "trade": "ANX", "cohort": cohort.public_id}
    answer = browser.post("/brukere/ny/", data)
    assert answer.status_code == 422
    assert "annet fag" in answer.content.decode()


def test_a_fadder_is_connected_to_the_person_the_workplace_knows(browser, workplace):
    person = WorkplacePerson.objects.create(workplace=workplace, name="Nora N.", email="nora@example.no")
    browser.post("/brukere/ny/", {**INVITED, "role": FADDER, "workplace": workplace.public_id})
    person.refresh_from_db()
    assert person.user == User.objects.get(email="nora@example.no")
    assert not person.is_leder
    assert WorkplacePerson.objects.count() == 1


def test_a_leder_whom_the_workplace_does_not_know_becomes_a_person_there(browser, workplace):
    browser.post("/brukere/ny/", {**INVITED, "role": LEDER, "workplace": workplace.public_id})
    person = WorkplacePerson.objects.get()
    assert (person.name, person.is_leder, person.user.email) == ("Nora Nyesen", True, "nora@example.no")


def test_a_deltaker_is_not_invited_here_but_from_the_participants_page(browser, coordinator, today):
    assert browser.post("/brukere/ny/", {**INVITED, "role": DELTAKER}).status_code == 422
    user = actions.invite_user(email="dina@example.no", name="Dina Deltaberg", role=DELTAKER, by=coordinator, today=today)
    assert roles_of(user, today) == {DELTAKER}


def test_the_invitation_names_nobody_but_its_reader(browser, coordinator, workplace):
    browser.post("/brukere/ny/", {**INVITED, "role": FADDER, "workplace": workplace.public_id})
    mail = OutgoingMail.objects.get()
    for name in (coordinator.name, workplace.name):
        assert name not in mail.text + mail.html


def test_sending_the_same_form_twice_invites_once(browser):
    data = {**INVITED, "role": STYRINGSGRUPPE, "submission": "samme"}
    assert browser.post("/brukere/ny/", data).url == browser.post("/brukere/ny/", data).url
    assert RoleGrant.objects.filter(user__email="nora@example.no").count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_role_may_be_dated_and_gives_nothing_before_and_after(coordinator, teacher, today):
    start, end = today + timedelta(days=5), today + timedelta(days=9)
    actions.grant_role(user=teacher, role=COORDINATOR, by=coordinator, today=today, starts_on=start, ends_on=end)
    held = {day: COORDINATOR in roles_of(fresh(teacher), today + timedelta(days=day)) for day in (4, 5, 9, 10)}
    assert held == {4: False, 5: True, 9: True, 10: False}


def test_a_period_that_ends_before_it_starts_is_refused(browser):
    data = {**INVITED, "role": STYRINGSGRUPPE, "starts_on": "2027-03-03", "ends_on": "2027-03-02"}
    answer = browser.post("/brukere/ny/", data)
    assert answer.status_code == 422
    assert "før den begynner" in answer.content.decode()


def test_a_new_coordinator_is_told_to_all_coordinators(browser, coordinator, make_user, today):
    make_user("Ola Annesen", COORDINATOR)
    browser.post("/brukere/ny/", {**INVITED, "role": COORDINATOR})
    told = OutgoingMail.objects.filter(subject="Ny koordinator i Fagbrev", text__contains="Nora Nyesen")
    assert sorted(told.values_list("recipient", flat=True)) == ["kari@example.no", "ola@example.no"]


def test_giving_a_role_held_already_makes_no_second_one(coordinator, teacher, today):
    actions.grant_role(user=teacher, role=FAGLAERER, by=coordinator, today=today)
    assert RoleGrant.objects.filter(user=teacher).count() == 1


def test_an_ended_role_gives_nothing_from_the_next_request(browser, client_of, coordinator, make_user, trade, today):
    other = make_user("Ola Annesen", COORDINATOR)
    RoleGrant.objects.filter(user=other).update(starts_on=today - timedelta(days=10))
    client = client_of(other)
    assert client.get("/brukere/").status_code == 200
    grant = RoleGrant.objects.get(user=other)
    answer = browser.post(reverse("user_role_end", args=[other.public_id, grant.public_id]), {})
    assert answer.status_code == 302
    assert client.get("/brukere/").status_code == 403
    grant.refresh_from_db()
    assert grant.ends_on == today - timedelta(days=1)


def test_a_role_given_today_can_end_today(coordinator, teacher, today):
    actions.end_role(grant=RoleGrant.objects.get(user=teacher), by=coordinator, today=today)
    assert roles_of(fresh(teacher), today) == set()
    assert verbs(teacher)[-1] == "role_ended"


def test_a_role_can_end_on_a_day_to_come(browser, teacher, today):
    grant = RoleGrant.objects.get(user=teacher)
    day = today + timedelta(days=14)
    browser.post(reverse("user_role_end", args=[teacher.public_id, grant.public_id]), {"last_day": day.isoformat()})
    assert FAGLAERER in roles_of(fresh(teacher), day)
    assert FAGLAERER not in roles_of(fresh(teacher), day + timedelta(days=1))


def test_a_teachers_trades_end_with_the_role(browser, teacher, trade, today):
    TeachingAssignment.objects.create(user=teacher, role=FAGLAERER, trade=trade, starts_on=today - timedelta(days=30))
    grant = RoleGrant.objects.get(user=teacher)
    browser.post(reverse("user_role_end", args=[teacher.public_id, grant.public_id]), {})
    assert not TeachingAssignment.objects.active(today).filter(user=teacher).exists()


def test_one_trade_can_end_while_the_role_stays(browser, teacher, trade, today):
    row = TeachingAssignment.objects.create(user=teacher, role=FAGLAERER, trade=trade, starts_on=today - timedelta(days=30))
    browser.post(reverse("user_assignment_end", args=[teacher.public_id, row.public_id]), {})
    assert not TeachingAssignment.objects.active(today).exists()
    assert FAGLAERER in roles_of(fresh(teacher), today)


def test_a_deactivated_user_is_out_everywhere_and_cannot_come_in(browser, teacher, today):
    teacher.set_password("et langt nok passord")
    teacher.save()
    client = Client()
    client.post("/konto/login/", {"login": teacher.email, "password": "et langt nok passord"})
    assert UserSession.objects.filter(user=teacher).count() == 1
    assert client.get("/konto/").status_code == 200
    browser.post(reverse("user_deactivate", args=[teacher.public_id]))
    assert not UserSession.objects.filter(user=teacher).exists()
    assert client.get("/konto/").status_code == 302
    answer = Client().post("/konto/login/", {"login": teacher.email, "password": "et langt nok passord"})
    assert answer.url == "/konto/inactive/"
    assert fresh(teacher).deactivated_at
    assert roles_of(fresh(teacher), today) == set()


def test_a_reactivated_user_has_the_roles_that_still_hold(browser, teacher, coordinator, today):
    actions.deactivate(user=teacher, by=coordinator, today=today, at=timezone.now())
    browser.post(reverse("user_reactivate", args=[teacher.public_id]))
    user = fresh(teacher)
    assert user.is_active
    assert user.deactivated_at is None
    assert roles_of(user, today) == {FAGLAERER}


def test_a_deactivated_user_is_not_invited_again_by_the_way(browser, teacher, coordinator, today):
    actions.deactivate(user=teacher, by=coordinator, today=today, at=timezone.now())
    answer = browser.post("/brukere/ny/", {"name": "Tor", "email": teacher.email, "role": STYRINGSGRUPPE})
    assert answer.status_code == 422
    assert "deaktivert" in answer.content.decode()
    assert not fresh(teacher).is_active


def test_the_invitation_can_be_sent_again(browser, teacher):
    browser.post(reverse("user_invite_again", args=[teacher.public_id]))
    assert OutgoingMail.objects.get().recipient == teacher.email


def test_lost_factors_can_be_taken_away_and_the_user_is_told(browser, teacher):
    Authenticator.objects.create(user=teacher, type="webauthn", data={})
    browser.post(reverse("user_reset_factors", args=[teacher.public_id]))
    assert not Authenticator.objects.exists()
    assert OutgoingMail.objects.get().recipient == teacher.email


def test_a_new_address_moves_the_sign_in(browser, teacher):
    browser.post(reverse("user_edit", args=[teacher.public_id]), {"name": "Tor Prøvestad", "email": "NY@example.no"})
    assert fresh(teacher).email == "ny@example.no"
    told = OutgoingMail.objects.all()
    assert "tor@example.no" in told.values_list("recipient", flat=True)  # the one who is moved hears of it at the old address
    assert all("byttet e-postadressen" in mail.text for mail in told)
    told.delete()
    Client().post("/konto/login/code/", {"email": "tor@example.no"})
    assert not OutgoingMail.objects.exists()
    Client().post("/konto/login/code/", {"email": "ny@example.no"})
    assert OutgoingMail.objects.get().recipient == "ny@example.no"


def test_a_koordinator_does_not_change_who_operates_the_installation(browser):
    operator = User.objects.create_superuser("drift@example.no", "Drift Demo")
    answer = browser.post(reverse("user_edit", args=[operator.public_id]), {"name": "Ny", "email": "ny@example.no"})
    assert answer.status_code == 422
    assert fresh(operator).email == "drift@example.no"


def test_an_address_another_has_is_refused(browser, teacher, coordinator):
    answer = browser.post(reverse("user_edit", args=[teacher.public_id]), {"name": "Tor", "email": coordinator.email})
    assert answer.status_code == 422
    assert "En annen bruker har denne" in answer.content.decode()
    assert fresh(teacher).email == "tor@example.no"


OWN_PAGES = ["user_role_add", "user_deactivate", "user_reactivate", "user_invite_again", "user_reset_factors", "user_edit"]


@pytest.mark.parametrize("name", OWN_PAGES)
def test_nobody_changes_their_own_access(browser, coordinator, name):
    before = (RoleGrant.objects.count(), PeopleEvent.objects.count(), OutgoingMail.objects.count())
    data = {"role": STYRINGSGRUPPE, "name": "Ny", "email": "ny@example.no"}
    answer = browser.post(reverse(name, args=[coordinator.public_id]), data)
    assert answer.status_code == 422
    assert "Be en annen koordinator" in answer.content.decode()
    assert (RoleGrant.objects.count(), PeopleEvent.objects.count(), OutgoingMail.objects.count()) == before
    assert fresh(coordinator).is_active
    assert fresh(coordinator).email == "kari@example.no"


def test_nobody_ends_their_own_role_or_invites_themselves_to_one(browser, coordinator, today):
    grant = RoleGrant.objects.get(user=coordinator)
    assert browser.post(reverse("user_role_end", args=[coordinator.public_id, grant.public_id]), {}).status_code == 422
    data = {"name": "Kari", "email": coordinator.email, "role": STYRINGSGRUPPE}
    assert browser.post("/brukere/ny/", data).status_code == 422
    assert roles_of(fresh(coordinator), today) == {COORDINATOR}


def test_the_actions_refuse_one_who_is_no_coordinator(teacher, make_user, today):
    other = make_user("Ola Annesen", STYRINGSGRUPPE)
    with pytest.raises(actions.NotAllowed):
        actions.grant_role(user=other, role=FAGLAERER, by=teacher, today=today)
    with pytest.raises(actions.NotAllowed):
        actions.deactivate(user=other, by=teacher, today=today, at=timezone.now())
    with pytest.raises(actions.NotAllowed):
        actions.invite_user(email="x@example.no", name="X", role=FAGLAERER, by=teacher, today=today)


PAGES = [("user_list", 0), ("user_invite", 0), ("user_detail", 1), *((name, 1) for name in OWN_PAGES)]


@pytest.mark.parametrize(("name", "count"), PAGES)
def test_only_coordinators_and_superusers_reach_the_pages(client, client_of, make_user, coordinator, teacher, name, count):
    path = reverse(name, args=[teacher.public_id][:count])
    assert client.get(path).url.startswith("/konto/login/")
    assert client_of(coordinator).get(path).status_code == 200
    assert client_of(make_user("Sivert Superberg", superuser=True)).get(path).status_code == 200
    for role in set(ROLES) - {COORDINATOR}:
        user = make_user(f"{role} Andresen", role)
        assert client_of(user).get(path).status_code == 403, role
    assert client_of(make_user("Ingen Rollesen")).get(path).status_code == 403


def test_another_users_role_is_not_found_under_ones_name(browser, teacher, coordinator):
    grant = RoleGrant.objects.get(user=coordinator)
    assert browser.get(reverse("user_role_end", args=[teacher.public_id, grant.public_id])).status_code == 404
    assert browser.get("/brukere/finnesikke22/").status_code == 404


def test_the_list_is_searched_filtered_and_paged(browser, teacher, make_user, coordinator, today):
    gone = make_user("Gro Gangsen", STYRINGSGRUPPE)
    actions.deactivate(user=gone, by=coordinator, today=today, at=timezone.now())
    page = browser.get("/brukere/").content.decode()
    assert "Tor Prøvestad" in page
    assert "Gro Gangsen" not in page
    assert "Gro Gangsen" in browser.get("/brukere/?status=all").content.decode()
    assert "Gro Gangsen" in browser.get("/brukere/?status=inactive").content.decode()
    found = browser.get(f"/brukere/?rolle={FAGLAERER}&q=tor").content.decode()
    assert "Tor Prøvestad" in found
    assert 'class="name"><a href="/brukere/' + coordinator.public_id not in found
    assert browser.get("/brukere/?rolle=tull&status=tull&side=tull").status_code == 200


def test_the_list_asks_as_often_for_many_as_for_few(browser, make_user, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get("/brukere/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/brukere/")
    for number in range(20):
        make_user(f"Prøve{number} Massesen", STYRINGSGRUPPE)
    with CaptureQueriesContext(connection) as many:
        browser.get("/brukere/")
    assert len(many) == len(few) <= 8
