"""Who may open the frame's pages, and that lists ask the database as much for fifty rows as for five."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.people.roles import COORDINATOR, FAGLAERER, LEDER, NORSKLAERER, ROLES
from programmes.models import (
    Cohort,
    ExamWindow,
    Partner,
    PartnerContact,
    RoutineForm,
    RoutineStep,
    Setting,
    TeachingSession,
    Trade,
    TradeLead,
    Workplace,
    WorkplaceApproval,
    WorkplacePerson,
)
from programmes.urls import urlpatterns

STAFF = {COORDINATOR, FAGLAERER, NORSKLAERER}
READERS = {
    "trade_list": set(ROLES),
    "trade_detail": set(ROLES),
    "curriculum_detail": set(ROLES),
    "routine_list": set(ROLES),
    "workplace_list": STAFF | {LEDER},
    "workplace_detail": STAFF | {LEDER},
    "partner_list": STAFF,
    "partner_detail": STAFF,
    "year_list": STAFF,
}


@pytest.fixture
def addresses(frame, workplace, today) -> dict[str, str]:
    """An address of every page, by name."""
    trade = Trade.objects.get(code="BUA")
    cohort = Cohort.objects.create(trade=trade, name="Prøvegruppa")
    ids = {
        "lead": TradeLead.objects.create(trade=trade, name="Dagny Eksempelstad"),
        "cohort": cohort,
        "session": TeachingSession.objects.create(cohort=cohort, weekday=1, starts_at="08:30", hours=2),
        "approval": WorkplaceApproval.objects.create(workplace=workplace, trade=trade, state="approved", approved_on=today),
        "person": workplace.people.get(is_leder=False),
        "workplace": workplace,
        "partner": Partner.objects.get(code="nav"),
        "contact": PartnerContact.objects.create(partner=Partner.objects.get(code="nav"), name="Trond Testnav"),
        "routine": RoutineStep.objects.get(code="referral"),
        "tool": RoutineForm.objects.filter(step__code="referral").first(),
        "setting": Setting.objects.create(key="G", value=1, valid_from=today + timedelta(days=5), source="Prøve"),
    }
    from programmes.models import TeachingAssignment

    ids["assignment"] = TeachingAssignment.objects.create(
        trade=trade, user=workplace.people.get(is_leder=True).user, role="faglaerer", starts_on=today
    )
    special = {
        "curriculum_detail": ["BUA03-02"],
        "goal_names": ["BUA03-02"],
        "criterion_edit": ["BUA", trade_criterion()],
        "year_row_new": ["ferie"],
        "year_row_edit": ["eksamen", ExamWindow.objects.first().public_id],
        "year_row_remove": ["eksamen", ExamWindow.objects.first().public_id],
        "setting_detail": ["G"],
        "setting_new": ["G"],
        "setting_edit": ["G", ids["setting"].public_id],
        "setting_remove": ["G", ids["setting"].public_id],
        "approval_new": [workplace.public_id],
        "person_new": [workplace.public_id],
        "contact_new": [ids["partner"].public_id],
        "tool_new": [ids["routine"].public_id],
        "session_new": [cohort.public_id],
    }
    found = {}
    for pattern in urlpatterns:
        name = pattern.name
        wanted = pattern.pattern.converters
        if name in special:
            arguments = special[name]
        elif "code" in wanted:
            arguments = ["BUA"]
        elif "public_id" in wanted:
            arguments = [ids[name.split("_")[0]].public_id]
        else:
            arguments = []
        found[name] = reverse(name, args=arguments)
    return found


def trade_criterion() -> str:
    from programmes.models import Criterion

    return Criterion.objects.first().public_id


def test_each_page_opens_for_those_who_may_read_it_and_nobody_else(addresses, as_role) -> None:
    for role in (*ROLES, "nobody"):
        client = as_role(role)
        for name, address in addresses.items():
            may = role in READERS.get(name, {COORDINATOR})
            assert client.get(address).status_code == (200 if may else 403), (role, name)


def test_the_signed_out_are_led_to_sign_in(addresses) -> None:
    for name, address in addresses.items():
        response = Client().get(address)
        assert response.status_code == 302 and response.url.startswith("/konto/"), name


def test_only_a_coordinator_can_send_a_form(addresses, as_role) -> None:
    for role in (*ROLES, "nobody"):
        if role == COORDINATOR:
            continue
        client = as_role(role)
        for name, address in addresses.items():
            may_read = role in READERS.get(name, {COORDINATOR})
            assert client.post(address, {}).status_code == (405 if may_read else 403), (role, name)


def test_an_empty_form_is_refused_with_422_and_never_500(addresses, koordinator) -> None:
    for name, address in addresses.items():
        status = koordinator.post(address, {}).status_code if not name.endswith("_remove") else 302
        assert status in ({405} if name in READERS or name in ("setting_list", "setting_detail") else {422, 302}), name


def test_an_address_that_does_not_exist_is_404(koordinator, frame) -> None:
    for address in ("/fag/XXX/", "/laresteder/aaaaaaaaaaaa/", "/partnere/aaaaaaaaaaaa/", "/rutiner/aaaaaaaaaaaa/", "/aret/x/ny/",
                    "/aret/ferie/aaaaaaaaaaaa/", "/innstillinger/x/", "/fag/lareplan/XXX00-00/"):  # fmt: skip
        assert koordinator.get(address).status_code == 404, address


def test_a_leder_sees_the_workplaces_they_lead_and_no_other(as_role, workplace, people, today) -> None:
    other = Workplace.objects.create(name="Annenstad skole")
    client = as_role("leder")
    shown = client.get("/laresteder/").content.decode()
    assert workplace.name in shown and other.name not in shown
    assert client.get(workplace.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    WorkplacePerson.objects.filter(user=people["leder"]).update(ends_on=today - timedelta(days=1))
    assert client.get(workplace.get_absolute_url()).status_code == 404
    assert workplace.name not in client.get("/laresteder/").content.decode()


def test_a_fadder_tied_to_the_workplace_does_not_lead_it(as_role, workplace, people) -> None:
    place = Workplace.objects.create(name="Annenstad skole")
    WorkplacePerson.objects.create(workplace=place, name="Ikke Leder", user=people["leder"], is_leder=False)
    assert as_role("leder").get(place.get_absolute_url()).status_code == 404


def test_names_around_a_trade_are_for_coordinator_and_teachers(addresses, as_role) -> None:
    for role in ROLES:
        shown = as_role(role).get("/fag/BUA/").content.decode()
        assert ("Dagny Eksempelstad" in shown) == ("Prøvegruppa" in shown) == (role in STAFF), role


def test_renhold_is_shown_in_nynorsk_with_its_language_and_source(frame, as_role) -> None:
    shown = as_role("deltaker").get("/fag/ROF/").content.decode()
    assert 'lang="nn"' in shown and "NLOD" in shown and "nynorsk" in shown


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def more_rows(start: int, count: int) -> None:
    trade = Trade.objects.get(code="BUA")
    for number in range(start, start + count):
        place = Workplace.objects.create(name=f"Prøvested {number}")
        WorkplaceApproval.objects.create(workplace=place, trade=trade, state="applied")
        WorkplacePerson.objects.create(workplace=place, name="Leder", is_leder=True)
        partner = Partner.objects.create(name=f"Prøvepartner {number}")
        PartnerContact.objects.create(partner=partner, name="Kontakt")
        step = RoutineStep.objects.create(code=f"prove{number}", number=number + 100, what="a", who="b", when="c", how="d")
        RoutineForm.objects.create(step=step, name="Skjema")
        step.trades.add(trade)
        new = Trade.objects.create(code=f"X{number}", name=f"Fag {number}", short_name="x")
        Cohort.objects.create(trade=new, name="Gruppe")
        cohort = Cohort.objects.create(trade=trade, name=f"Gruppe {number}")
        TeachingSession.objects.create(cohort=cohort, weekday=1, starts_at="08:30", hours=2)


@pytest.mark.parametrize(
    "address", ["/fag/", "/fag/BUA/", "/laresteder/", "/laresteder/?fag=BUA&status=applied&q=sted", "/partnere/", "/rutiner/",
                "/rutiner/?fag=BUA&fase=ordningen", "/aret/", "/innstillinger/"]
)  # fmt: skip
def test_a_list_asks_the_database_as_much_for_fifty_rows_as_for_five(address, frame, koordinator) -> None:
    more_rows(0, 5)
    few = queries(koordinator, address)
    more_rows(5, 45)
    assert queries(koordinator, address) == few


def test_lists_are_paged_and_take_any_page_number(frame, koordinator) -> None:
    more_rows(0, 30)
    assert "Prøvested 9" not in koordinator.get("/laresteder/").content.decode()
    assert "Prøvested 9" in koordinator.get("/laresteder/?side=2").content.decode()
    for page in ("0", "-1", "999", "x"):
        assert koordinator.get(f"/laresteder/?side={page}").status_code == 200


@pytest.mark.parametrize(
    "query", ["q=" + "a" * 500, "fag=finnesikke", "status=x", "bruk=x", "fase=x", "gjor=x", "aar=x", "aar=9999/00"]
)
def test_nonsense_in_the_address_is_no_error(query, frame, koordinator) -> None:
    for address in ("/laresteder/", "/partnere/", "/rutiner/", "/aret/", "/fag/"):
        assert koordinator.get(f"{address}?{query}").status_code == 200


def test_a_search_finds_norwegian_letters_whatever_their_size(frame, koordinator) -> None:
    Workplace.objects.create(name="Åsveien ØSTRE barnehage")
    for typed in ("åsveien", "ÅSVEIEN", "østre", "Østre", "barnehage"):
        assert "ØSTRE" in koordinator.get("/laresteder/", {"q": typed}).content.decode(), typed


def test_the_handbook_is_cut_by_phase_and_trade(frame, koordinator) -> None:
    referred = koordinator.get("/rutiner/?fase=referred").content.decode()
    assert "Henvisning av deltaker" in referred and "Styringsgruppemøte" not in referred
    assert "Nettverkssamling" not in koordinator.get("/rutiner/?fag=BUA").content.decode()
    assert "Nettverkssamling" in koordinator.get("/rutiner/?fag=HEA").content.decode()
    assert "Styringsgruppemøte" in koordinator.get("/rutiner/?fase=ordningen").content.decode()
