"""The calendar: everyone meets the frame of the year, and of people only counts within the own scope."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fagbrev.people.models import RoleGrant
from fagbrev.roof import calendar_entries
from fagbrev.roof.calendar_entries import Entry, entries_for
from fagbrev.roof.calendar_entry import KINDS
from fagbrev.roof.calendar_shown import duties_by_day, row_of, wheels
from participants.models import Enrolment, NorwegianTest, Participant, TradeTest, WrittenExam
from programmes.models import CalendarBreak, ExamWindow, NorwegianTestWindow
from tests.cast import Cast, contract, enrol

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVERYONE = [
    "koordinator", "faglaerer", "norsklaerer", "fadder", "leder", "styringsgruppe", "deltaker", "ingen", "drift",
]  # fmt: skip
WITHOUT_CONTRACTS = ["norsklaerer", "fadder", "styringsgruppe", "ingen", "drift"]
PAGES = ["/kalender/", "/kalender/?visning=liste", "/kalender/arshjul/"]


def shown(cast: Cast, who: str, url: str) -> str:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    answer = client.get(url)
    assert answer.status_code == 200, (who, url)
    return unescape(answer.content.decode())


def entries(cast: Cast, who: str, *kinds: str, days: int = 400) -> list[Entry]:
    user = type(cast.koordinator).objects.get(pk=cast.users[who].pk)  # roles are asked for anew
    found = entries_for(user, first=cast.today, last=cast.today + timedelta(days=days), today=cast.today)
    return [entry for entry in found if not kinds or entry.kind in kinds]


def ends(cast: Cast, who: str) -> list[tuple[date, str]]:
    return [(entry.day, entry.title) for entry in entries(cast, who, "contract")]


# --- The frame -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("url", PAGES)
def test_everyone_who_is_signed_in_meets_the_calendar(cast: Cast, who: str, url: str) -> None:
    page = shown(cast, who, url)
    assert "Vis årshjulet" in page or "Vis som kalender" in page


def test_a_window_gives_its_sign_up_last_days_exam_days_and_results(cast: Cast) -> None:
    ExamWindow.objects.all().delete()
    day = cast.today + timedelta(days=10)
    ExamWindow.objects.create(
        name="Prøvevindu", opens_on=day, closes_on=day + timedelta(days=14), accommodations_due_on=day + timedelta(days=21),
        exam_from=day + timedelta(days=60), exam_to=day + timedelta(days=70), results_on=day + timedelta(days=90),
    )  # fmt: skip
    found = [(e.kind, (e.day - day).days, (e.last_day - day).days) for e in entries(cast, "ingen") if e.note == "Prøvevindu"]
    assert found == [
        ("registration", 0, 14),
        ("last_day", 14, 14),
        ("last_day", 21, 21),
        ("exam", 60, 70),
        ("results", 90, 90),
    ]


def test_days_that_are_not_known_are_not_guessed(cast: Cast) -> None:
    ExamWindow.objects.all().delete()
    NorwegianTestWindow.objects.all().delete()
    day = cast.today + timedelta(days=10)
    ExamWindow.objects.create(name="Prøvevindu", opens_on=day, closes_on=day)
    NorwegianTestWindow.objects.create(name="Norsk", opens_on=day, closes_on=day + timedelta(days=3))
    kinds = [entry.kind for entry in entries(cast, "ingen") if entry.note in {"Prøvevindu", "Norsk"}]
    assert sorted(kinds) == ["last_day", "norwegian_registration", "registration"]


def test_a_window_is_found_by_its_results_alone(cast: Cast) -> None:
    ExamWindow.objects.all().delete()
    opened = cast.today - timedelta(days=150)
    ExamWindow.objects.create(name="Prøvevindu", opens_on=opened, closes_on=opened, results_on=cast.today + timedelta(days=3))
    assert [entry.kind for entry in entries(cast, "ingen", days=5) if entry.note == "Prøvevindu"] == ["results"]


def test_a_break_with_teaching_is_not_hatched_as_a_school_break(cast: Cast) -> None:
    CalendarBreak.objects.all().delete()
    for stops_teaching in (True, False):
        CalendarBreak.objects.create(
            name="Fri",
            starts_on=cast.today,
            ends_on=cast.today + timedelta(days=2),
            stops_teaching=stops_teaching,
            stops_practice=True,
        )
    assert {entry.kind for entry in entries(cast, "ingen") if entry.title == "Fri"} == {"break", "practice_break"}


def test_without_a_role_one_meets_the_frame_alone(cast: Cast) -> None:
    frame = {
        "registration", "last_day", "results", "exam", "norwegian_registration", "norwegian_test", "semester", "break", "holiday",
    }  # fmt: skip
    for who in ("ingen", "drift", "styringsgruppe"):
        assert {entry.kind for entry in entries(cast, who)} <= frame


# --- Scope -----------------------------------------------------------------------------------------------


def test_the_coordinator_meets_one_count_for_each_day_with_the_trades(cast: Cast) -> None:
    day = cast.today + timedelta(days=300)
    assert ends(cast, "koordinator") == [(day, "2 kontrakter slutter")]
    entry = entries(cast, "koordinator", "contract")[0]
    assert entry.note == "Barn og ungdom 1, Helse 1"
    assert entry.count == 2


def test_the_count_leads_to_those_behind_it(cast: Cast) -> None:
    Enrolment.objects.filter(pk=cast.selma.pk).update(contract_ends_on=cast.today + timedelta(days=20))
    near, far = entries(cast, "koordinator", "contract")
    assert near.url == "/deltakere/?utvalg=kontrakt"
    assert far.url == "/deltakere/?sorter=kontrakt"  # not yet among those that end soon
    assert near.title == "1 kontrakt slutter"
    assert (near.trade_code, near.note) == ("BUA", "")
    assert [entry.url for entry in entries(cast, "leder", "contract")] == [""]


@pytest.mark.parametrize("who", ["faglaerer", "leder"])
def test_a_count_holds_only_those_within_the_own_scope(cast: Cast, who: str) -> None:
    assert ends(cast, who) == [(cast.today + timedelta(days=300), "1 kontrakt slutter")]
    Enrolment.objects.filter(pk=cast.selma.pk).update(contract_ends_on=None)
    assert ends(cast, who) == []


@pytest.mark.parametrize("who", ["annen_faglaerer", "annen_leder"])
def test_others_meet_no_count_of_people_outside_their_scope(cast: Cast, who: str) -> None:
    Enrolment.objects.filter(pk=cast.nadia.pk).update(contract_ends_on=None)
    assert ends(cast, who) == []
    for url in PAGES:
        assert "kontrakt slutter" not in shown(cast, who, url)


@pytest.mark.parametrize("who", WITHOUT_CONTRACTS)
def test_those_who_may_not_read_contracts_meet_none(cast: Cast, who: str) -> None:
    assert ends(cast, who) == []
    assert "contract" not in [
        ring.key for ring in wheels(entries(cast, who), first=_august(cast.today), today=cast.today)[0].rings
    ]


def test_the_leder_meets_no_contract_during_leave(cast: Cast) -> None:
    Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
    assert ends(cast, "leder") == []
    assert ends(cast, "faglaerer") != []


def test_someone_who_left_before_the_contract_ended_is_in_no_count(cast: Cast) -> None:
    Enrolment.objects.filter(pk__in=[cast.selma.pk, cast.nadia.pk]).update(status="terminated", ended_on=cast.today)
    assert ends(cast, "koordinator") == []


def test_the_participant_meets_the_own_contract_and_nobody_elses(cast: Cast) -> None:
    found = entries(cast, "deltaker", "contract")
    assert [entry.title for entry in found] == ["Kontrakten din slutter"]
    assert found[0].url == f"/deltakere/{cast.selma.participant.public_id}/kontrakt/"


def test_one_who_is_participant_and_coordinator_is_not_counted_twice(cast: Cast) -> None:
    RoleGrant.objects.create(user=cast.deltaker, role="coordinator", starts_on=cast.today)
    assert sorted(title for _day, title in ends(cast, "deltaker")) == ["1 kontrakt slutter", "Kontrakten din slutter"]


# --- Exams and tests -------------------------------------------------------------------------------------


def _with_exams(cast: Cast) -> date:
    day = cast.today + timedelta(days=12)
    for key in ("selma", "nadia"):
        row = cast.enrolments[key]
        WrittenExam.objects.create(participant=row.participant, exam_code="X", state="registered", exam_on=day)
        TradeTest.objects.create(enrolment=row, starts_on=day, ends_on=day + timedelta(days=2))
        NorwegianTest.objects.create(participant=row.participant, part="oral", state="registered", taken_on=day)
    return day


OF_PEOPLE = ("exam", "trade_test", "norwegian_test")


def _titles(cast: Cast, who: str) -> set[str]:
    return {entry.title for entry in entries(cast, who, *OF_PEOPLE) if entry.title[0].isdigit() or entry.title.startswith("Du ")}


@pytest.mark.parametrize("who", ["faglaerer", "norsklaerer", "fadder", "leder"])
def test_those_around_meet_the_days_so_that_time_off_is_given(cast: Cast, who: str) -> None:
    _with_exams(cast)
    assert _titles(cast, who) == {"1 har skriftlig eksamen", "1 har fagprøve", "1 har norskprøve"}
    assert _titles(cast, "koordinator") == {"2 har skriftlig eksamen", "2 har fagprøve", "2 har norskprøve"}


@pytest.mark.parametrize("who", ["styringsgruppe", "ingen", "drift"])
def test_those_with_nobody_in_scope_meet_no_days_of_people(cast: Cast, who: str) -> None:
    _with_exams(cast)
    assert _titles(cast, who) == set()


def test_the_participant_meets_the_own_days(cast: Cast) -> None:
    _with_exams(cast)
    assert _titles(cast, "deltaker") == {"Du har skriftlig eksamen", "Du har fagprøve", "Du har norskprøve"}
    url = f"/deltakere/{cast.selma.participant.public_id}/eksamen/"
    assert {entry.url for entry in entries(cast, "deltaker", *OF_PEOPLE) if entry.title.startswith("Du ")} == {url}


def test_exams_that_are_credited_and_levels_known_from_before_have_no_day(cast: Cast) -> None:
    _with_exams(cast)
    WrittenExam.objects.update(state="credited")
    NorwegianTest.objects.update(state="known")
    assert _titles(cast, "koordinator") == {"2 har fagprøve"}


def test_days_of_people_that_are_over_are_left_out(cast: Cast) -> None:
    _with_exams(cast)
    WrittenExam.objects.update(exam_on=cast.today - timedelta(days=1))
    TradeTest.objects.update(starts_on=cast.today - timedelta(days=1), ends_on=cast.today)
    NorwegianTest.objects.update(taken_on=cast.today - timedelta(days=1))
    assert _titles(cast, "fadder") == {"1 har fagprøve"}  # it lasts to the end of the day


# --- Protected addresses and names -----------------------------------------------------------------------


@pytest.mark.parametrize("protection", ["fortrolig", "strengt_fortrolig"])
def test_people_with_protected_addresses_are_in_no_entry_but_their_own(cast: Cast, protection: str) -> None:
    _with_exams(cast)
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection=protection)
    assert [title for _day, title in ends(cast, "koordinator")] == ["1 kontrakt slutter"]
    assert entries(cast, "koordinator", "contract")[0].trade_code == "HEA"
    for who in ("faglaerer", "leder", "fadder"):
        assert ends(cast, who) == []
        assert _titles(cast, who) == set()
    assert [title for _day, title in ends(cast, "deltaker")] == ["Kontrakten din slutter"]
    assert _titles(cast, "deltaker") == {"Du har skriftlig eksamen", "Du har fagprøve", "Du har norskprøve"}


@pytest.mark.parametrize("who", ["koordinator", "faglaerer", "fadder", "leder"])
def test_nobody_is_named(cast: Cast, who: str) -> None:
    day = _with_exams(cast)
    Enrolment.objects.filter(pk=cast.selma.pk).update(contract_ends_on=day)
    for url in [*PAGES, f"/kalender/?maned={day.year}-{day.month:02d}", f"/kalender/?visning=liste&fra={day.isoformat()}"]:
        page = shown(cast, who, url)
        for name in ("Selma", "Testesen", "Nadia", cast.selma.participant.public_id):
            assert name not in page


# --- The pages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "maned=", "maned=2026-13", "maned=2026-0", "maned=99999-01", "maned=abcd-ef", "maned=²026-01", "maned=0001-01", "maned=2026",
        "maned=-", "maned=9999-12", "visning=x", "visning=liste&fra=2026-02-30", "visning=liste&fra=x", "visning=liste&fra=--",
        "visning=liste&fra=0000-00-00", "visning=liste&side=abc", "visning=liste&side=9999", "visning=liste&skolear=1",
        "visning=liste&skolear=99999", "visning=liste&fra=9999-12-31", "maned=2026-11%0A", "visning=liste&fra=2026-11-24%0A",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_as_if_nothing_was_asked(cast: Cast, query: str) -> None:
    assert "Kalender" in shown(cast, "koordinator", f"/kalender/?{query}")


@pytest.mark.parametrize("year", ["", "x", "1", "99999", "-5", "2026%0A", "²026", "2097", "2009"])
def test_a_school_year_that_cannot_be_read_is_todays(cast: Cast, year: str) -> None:
    page = shown(cast, "koordinator", f"/kalender/arshjul/?skolear={year}")
    first = _august(cast.today)
    assert f"Skoleåret {first.year}–{first.year + 1}" in page


@pytest.mark.parametrize("url", ["/kalender/?maned=2010-01", "/kalender/?maned=2097-12", "/kalender/arshjul/?skolear=2010",
                                 "/kalender/arshjul/?skolear=2096", "/kalender/?visning=liste&fra=2010-01-01",
                                 "/kalender/?visning=liste&fra=2096-12-31", "/kalender/?visning=liste&skolear=2096"])  # fmt: skip
def test_the_ends_of_time_are_shown_too(cast: Cast, url: str) -> None:
    page = shown(cast, "koordinator", url)
    for way in ("prev", "next"):
        if f'rel="{way}"' in page:
            step = page.split(f'rel="{way}"')[0].rsplit('href="', 1)[1].partition('"')[0]
            shown(cast, "koordinator", step)


def test_another_month_and_another_year_lead_on(cast: Cast) -> None:
    page = shown(cast, "koordinator", "/kalender/?maned=2026-11")
    assert "?maned=2026-10" in page and "?maned=2026-12" in page and "November 2026" in page
    assert "/kalender/arshjul/?skolear=2026" in page
    wheel = shown(cast, "koordinator", "/kalender/arshjul/?skolear=2027")
    assert "2026–2027" in wheel and "2028–2029" in wheel and "?visning=liste&skolear=2027" in wheel


def test_the_list_is_paged(cast: Cast) -> None:
    CalendarBreak.objects.bulk_create(
        [CalendarBreak(name=f"Fri {n}", starts_on=cast.today, ends_on=cast.today) for n in range(200)]
    )  # fmt: skip
    page = shown(cast, "ingen", "/kalender/?visning=liste")
    assert page.count('class="cal-title"') == 80
    assert "side=2" in page


def test_empty_spans_say_so(cast: Cast) -> None:
    for model in (CalendarBreak, ExamWindow, NorwegianTestWindow):
        model.objects.all().delete()
    assert "Ingenting denne måneden" in shown(cast, "ingen", "/kalender/?maned=2045-10")
    assert "Ingenting er lagt inn for dette skoleåret" in shown(cast, "ingen", "/kalender/arshjul/?skolear=2045")


def test_the_wheel_has_a_text_alternative(cast: Cast) -> None:
    page = shown(cast, "koordinator", "/kalender/arshjul/")
    assert page.count('role="img"') >= 2
    assert "August er øverst" in page
    assert 'style="' not in page


def test_the_feed_is_offered_only_where_there_is_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for url, words in (("", False), ("/kalender/abonner/", True)):
        monkeypatch.setattr("fagbrev.roof.calendar_views.url_of", lambda name, url=url: url)
        for page in PAGES:
            assert ("Få i kalenderen din" in shown(cast, "koordinator", page)) is words


@pytest.mark.parametrize("who", ["koordinator", "faglaerer", "leder", "deltaker"])
@pytest.mark.parametrize("url", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, who: str, url: str) -> None:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)

    def count() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def add(number: int) -> None:
        for n in range(number):
            row = enrol(cast, f"Rad{n} Radsen", "BUA" if n % 2 else "HEA", "training")
            contract(cast, row, days_left=n % 60)
            day = cast.today + timedelta(days=n % 50)
            WrittenExam.objects.create(participant=row.participant, exam_code="X", state="registered", exam_on=day)
            TradeTest.objects.create(enrolment=row, starts_on=day)
            CalendarBreak.objects.create(name="Fri", starts_on=day, ends_on=day)

    _with_exams(cast)
    add(5)
    few = count()
    add(45)
    assert count() == few


class TestNoUnknownVariable:
    """The pages drawn with a marker where a template asks for what is not there."""

    MARK = "!!MANGLER!!"

    @pytest.mark.parametrize("who", ["koordinator", "deltaker", "ingen"])
    def test_no_page_of_the_calendar_asks_for_an_unknown_variable(
        self, cast: Cast, who: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.template import engines

        monkeypatch.setattr(engines["django"].engine, "string_if_invalid", self.MARK)
        _with_exams(cast)
        first = cast.today + timedelta(days=12)
        for url in [*PAGES, f"/kalender/?maned={first.year}-{first.month:02d}", "/kalender/?maned=2045-10",
                    "/kalender/?visning=liste&fra=2045-10-05", "/kalender/arshjul/?skolear=2045"]:  # fmt: skip
            assert self.MARK not in shown(cast, who, url), url


# --- Sources to come -------------------------------------------------------------------------------------


def test_another_source_is_one_more_function(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def duties(user: object, *, first: date, last: date, today: date) -> list[Entry]:
        return [
            Entry(today + timedelta(days=n % 3), today + timedelta(days=n % 3), "duty", f"Avtal intervju {n}", tone="danger")
            for n in range(12)
        ]  # fmt: skip

    monkeypatch.setattr(calendar_entries, "SOURCES", [*calendar_entries.SOURCES, duties])
    wide, _narrow = wheels(entries(cast, "ingen"), first=_august(cast.today), today=cast.today)
    assert "duty" in [ring.key for ring in wide.rings]
    assert sum(point.mark.count for point in wide.points if point.mark.ring == "duty") == 12
    page = shown(cast, "ingen", "/kalender/arshjul/")
    assert "4 frister" in page
    assert "Avtal intervju" in shown(cast, "ingen", "/kalender/?visning=liste")


def test_a_duty_whose_day_has_passed_is_late_in_words_and_never_pale(today: date) -> None:
    day = today - timedelta(days=9)
    row = row_of(Entry(day, day, "duty", "Avtal intervju"), today=today)
    assert (row["note"], row["is_late"], row["is_past"], row["sign"].tone) == ("9 dager over", True, False, "danger")
    other = row_of(Entry(day, day, "break", "Fri"), today=today)
    assert (other["note"], other["is_late"], other["is_past"]) == ("", False, True)


def test_several_duties_of_a_day_are_one_row_beside_the_wheel(today: date) -> None:
    one = Entry(today, today, "duty", "Alene", url="/x/")
    assert duties_by_day([one], more_url="?fra=") == [one]
    other = Entry(today, today, "duty", "Alene", url="/y/")
    made = duties_by_day([one, Entry(today, today, "break", "Fri"), other], more_url="?fra=")
    assert [(entry.kind, entry.title) for entry in made] == [("duty", "2 frister"), ("break", "Fri")]
    assert made[0].url == f"?fra={today.isoformat()}"


def test_every_kind_that_a_source_gives_is_known(cast: Cast) -> None:
    _with_exams(cast)
    assert {entry.kind for who in EVERYONE for entry in entries(cast, who)} <= set(KINDS)


def _august(day: date) -> date:
    return date(day.year if day.month >= 8 else day.year - 1, 8, 1)


def test_each_part_of_a_norwegian_test_stands_on_its_own_day(cast: Cast) -> None:
    day = cast.today + timedelta(days=40)
    NorwegianTestWindow.objects.create(
        name="Vinteren", opens_on=cast.today, closes_on=cast.today + timedelta(days=9), reading_on=day, listening_on=day,
        oral_on=day + timedelta(days=3), source="prøve",
    )  # fmt: skip
    found = entries_for(cast.deltaker, first=day, last=day + timedelta(days=5), today=cast.today)
    told = [(entry.day, entry.title) for entry in found if entry.kind == "norwegian_test"]
    assert told == [(day, "Norskprøve: lese, lytte"), (day + timedelta(days=3), "Norskprøve: muntlig")]
