"""Norwegian levels: the page, one level, a whole class on one page, who is told what, and norsklærer's home."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertHTMLEqual

from fagbrev.audit.models import ChangeLog, LookLog, Revision
from followup.forms.cells import CellInput, CellSelect, CellTick
from followup.level_chart import chart_of
from followup.models import LanguageLevel
from participants.models import CohortMember, Participant
from programmes.models import Cohort
from programmes.models.topics import MonthlyTopic, TopicWord
from tests.cast import Cast, enrol, make_user

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend=BACKEND)
    return client


@pytest.fixture
def klasse(cast: Cast) -> Cohort:
    """A BUA class with selma, one more, and an ordinary apprentice."""
    cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Prøveklassen")
    for key in ("selma", "placed"):
        put_in(cohort, cast.enrolments[key])
    guest = Participant.objects.create(first_name="Lars", last_name="Lærlingsen")
    CohortMember.objects.create(participant=guest, cohort=cohort)
    return cohort


def put_in(cohort: Cohort, enrolment: Any) -> None:
    CohortMember.objects.create(participant=enrolment.participant, enrolment=enrolment, cohort=cohort)


def level(cast: Cast, part: str, held: str, *, ago: int = 0, by: str = "norsklaerer", who: str = "selma") -> LanguageLevel:
    return LanguageLevel.objects.create(
        participant=cast.enrolments[who].participant, part=part, level=held, observed_on=cast.today - timedelta(days=ago),
        by=cast.users[by],
    )  # fmt: skip


def class_url(cohort: Cohort) -> str:
    return reverse("class_page", args=[cohort.public_id])


def posted(cast: Cast, *cells: tuple[str, str, str], on: date | None = None, token: str = "") -> dict[str, str]:
    found = {"observed_on": (on or cast.today).isoformat(), "submission": token}
    return found | {f"{cast.enrolments[who].public_id}-{part}": chosen for who, part, chosen in cells}


def norsk(cast: Cast, who: str) -> Any:
    return signed_in(cast, who).get(reverse("participant_norsk", args=[cast.selma.participant.public_id]))


# --- The page ---------------------------------------------------------------------------------------------


def test_the_page_draws_each_part_against_the_goal_and_says_the_same_in_words(cast: Cast) -> None:
    level(cast, "oral", "a2", ago=60)
    level(cast, "oral", "b1")
    text = norsk(cast, "norsklaerer").content.decode()
    assert 'aria-label="Muntlig: A2 ' in text
    assert "Målet er B1." in text
    assert "målet er nådd" in text
    assert "Ikke vurdert ennå." in text


def test_only_those_who_read_exams_see_tests_and_only_norsklaerer_is_led_to_advice(cast: Cast) -> None:
    assert "Prøver som er tatt" not in norsk(cast, "fadder").content.decode()
    for who in ("koordinator", "faglaerer", "norsklaerer", "deltaker"):
        assert "Prøver som er tatt" in norsk(cast, who).content.decode()
        assert ("Gi råd om norskprøve" in norsk(cast, who).content.decode()) == (who == "norsklaerer")
    assert norsk(cast, "leder").status_code == 403


def test_trade_words_are_shown_once_this_months_topic_is_published(cast: Cast) -> None:
    topic = MonthlyTopic.objects.create(trade=cast.trades["BUA"], month=cast.today.replace(day=1))
    TopicWord.objects.create(topic=topic, word="garderobe", explanation="rommet der barna har tøyet sitt")
    assert "garderobe" not in norsk(cast, "deltaker").content.decode()
    MonthlyTopic.objects.update(published_on=cast.today)
    assert "garderobe" in norsk(cast, "deltaker").content.decode()


def test_a_level_is_saved_once_logged_and_kept(cast: Cast) -> None:
    url = reverse("niva_new", args=[cast.selma.participant.public_id])
    data = {"part": "oral", "level": "b1", "observed_on": cast.today.isoformat(), "words": "beskjeder", "submission": "en-gang"}
    client = signed_in(cast, "norsklaerer")
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 302
    row = LanguageLevel.objects.get()
    assert (row.level, row.by) == ("b1", cast.norsklaerer)
    assert ChangeLog.objects.filter(subject_id=row.public_id, section="language", verb="created").count() == 1
    assert Revision.objects.get(subject_id=row.public_id).content["language"]["level"] == "b1"


def test_a_second_level_the_same_day_and_a_day_ahead_are_refused_by_the_field(cast: Cast) -> None:
    level(cast, "oral", "a2")
    url = reverse("niva_new", args=[cast.selma.participant.public_id])
    for day, words in ((cast.today, "Det står allerede et nivå"), (cast.today + timedelta(days=1), "Datoen er fram i tid.")):
        data = {"part": "oral", "level": "b1", "observed_on": day.isoformat(), "words": "noe jeg skrev"}
        answer = signed_in(cast, "norsklaerer").post(url, data)
        assert answer.status_code == 422
        assert words in answer.context["form"].errors["observed_on"][0]
        assert "noe jeg skrev" in answer.content.decode()
    assert LanguageLevel.objects.count() == 1


def test_two_who_change_the_same_level_are_shown_both(cast: Cast) -> None:
    row = level(cast, "oral", "a2")
    url = reverse("niva_edit", args=[cast.selma.participant.public_id, row.public_id])
    data = {"level": "b1", "observed_on": cast.today.isoformat(), "words": "", "version": "1"}
    assert signed_in(cast, "norsklaerer").post(url, data).status_code == 302
    assert signed_in(cast, "koordinator").post(url, data | {"level": "b2"}).status_code == 409
    row.refresh_from_db()
    assert row.level == "b1"


def test_the_drawing_goes_in_steps_inside_its_frame() -> None:
    assert chart_of("Muntlig", [], "b1") is None
    begun = date(2026, 1, 5)
    chart = chart_of("Muntlig", [(begun, "a1"), (begun + timedelta(days=90), "c1")], "b1")
    assert chart is not None
    assert [line.name for line in chart.lines if line.is_goal] == ["B1"]
    assert all(62 <= dot.x <= 308 and 14 <= dot.y <= 126 for dot in chart.dots)
    assert chart.dots[0].y > chart.dots[1].y
    assert chart_of("Muntlig", [(begun, "under_a1")], "b1") is not None


# --- The class --------------------------------------------------------------------------------------------


def test_a_teacher_has_the_classes_of_the_own_trade_and_no_others(cast: Cast, klasse: Cohort) -> None:
    assert "Prøveklassen" in signed_in(cast, "norsklaerer").get("/klassen/").content.decode()
    assert "Prøveklassen" not in signed_in(cast, "annen_norsklaerer").get("/klassen/").content.decode()
    assert signed_in(cast, "annen_norsklaerer").get(class_url(klasse)).status_code == 404
    assert signed_in(cast, "fadder").get("/klassen/").status_code == 403


def test_only_changed_cells_are_saved_and_a_look_is_logged_for_each(cast: Cast, klasse: Cohort) -> None:
    level(cast, "reading", "a2", ago=40)
    client = signed_in(cast, "norsklaerer")
    page = client.get(class_url(klasse)).content.decode()
    assert "Selma Testesen" in page
    assert "Lars Lærlingsen" in page
    looks = LookLog.objects.filter(user=cast.norsklaerer, page="klassen", act="list")
    assert looks.filter(participant_id=cast.selma.participant_id, sections=["identity", "language"]).count() == 1
    assert looks.count() == 3
    data = posted(cast, ("selma", "oral", "b1"), ("selma", "writing", "a2"), ("placed", "oral", "a2"), token="klasse")
    for _twice in range(2):
        assert client.post(class_url(klasse), data).status_code == 302
    assert LanguageLevel.objects.filter(observed_on=cast.today).count() == 3
    assert ChangeLog.objects.filter(section="language", verb="created").count() == 3
    assert "Lagret 3 nivåer for 2 deltakere." in client.get(class_url(klasse)).content.decode()


def test_what_another_saved_the_same_day_is_told_and_not_overwritten_but_ones_own_is_changed(cast: Cast, klasse: Cohort) -> None:
    theirs, mine = level(cast, "oral", "a2", by="koordinator"), level(cast, "reading", "a2")
    client = signed_in(cast, "norsklaerer")
    client.post(class_url(klasse), posted(cast, ("selma", "oral", "b1"), ("selma", "reading", "b1"), ("placed", "oral", "b1")))
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (theirs.level, mine.level, mine.version) == ("a2", "b1", 2)
    told = client.get(class_url(klasse)).content.decode()
    assert "Ikke lagret for Selma Testesen" in told
    assert "muntlig er A2, lagret av Kari Koordinator" in told
    assert "Lagret 2 nivåer for 2 deltakere." in told


def test_an_empty_class_form_and_a_day_ahead_are_refused_and_what_was_chosen_stays(cast: Cast, klasse: Cohort) -> None:
    client = signed_in(cast, "norsklaerer")
    empty = client.post(class_url(klasse), posted(cast))
    assert empty.status_code == 422
    assert "Velg minst ett nivå" in empty.content.decode()
    ahead = client.post(class_url(klasse), posted(cast, ("selma", "oral", "b1"), on=cast.today + timedelta(days=1)))
    assert ahead.status_code == 422
    assert '<option value="b1" selected>' in ahead.content.decode()
    assert not LanguageLevel.objects.exists()


def test_a_faglaerer_reads_the_class_and_saves_nothing_and_nobody_outside_the_scope_is_saved(cast: Cast, klasse: Cohort) -> None:
    put_in(klasse, cast.nadia)
    faglaerer = signed_in(cast, "faglaerer")
    assert "level-cell" not in faglaerer.get(class_url(klasse)).content.decode()
    assert faglaerer.post(class_url(klasse), posted(cast, ("selma", "oral", "b1"))).status_code == 403
    norsklaerer = signed_in(cast, "norsklaerer")
    assert "Nadia" not in norsklaerer.get(class_url(klasse)).content.decode()
    norsklaerer.post(class_url(klasse), posted(cast, ("nadia", "oral", "b1"), ("selma", "oral", "b1")))
    assert list(LanguageLevel.objects.values_list("participant", flat=True)) == [cast.selma.participant_id]


def test_sixty_in_the_class_and_on_home_take_as_many_queries_as_twelve(cast: Cast, klasse: Cohort) -> None:
    client = signed_in(cast, "norsklaerer")

    def queries(url: str) -> int:
        client.get(url)  # what is shown once a day is logged the first time
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    def fill(start: int, stop: int) -> None:
        for number in range(start, stop):
            one = enrol(cast, f"Prøve{number} Klassesen", "BUA", "training")
            put_in(klasse, one)
            for part in ("oral", "writing"):
                LanguageLevel.objects.create(
                    participant=one.participant, part=part, level="a2", observed_on=cast.today, by=cast.norsklaerer
                )

    fill(0, 10)
    few = [queries(url) for url in (class_url(klasse), "/klassen/", "/")]
    fill(10, 58)
    assert [queries(url) for url in (class_url(klasse), "/klassen/", "/")] == few


# --- Home and the front page of a record ------------------------------------------------------------------


def test_norsklaerers_home_puts_those_furthest_from_the_goal_first_and_leads_to_the_class(cast: Cast) -> None:
    for part in ("oral", "writing", "reading", "listening"):
        level(cast, part, "b1")
    level(cast, "oral", "a2", who="placed")
    page = signed_in(cast, "norsklaerer").get("/")
    text = page.content.decode()
    assert "Muntlig B1 av B1 · Skriftlig B1 av B1" in text
    assert "Muntlig A2 av B1 · Skriftlig ikke vurdert av B1" in text
    assert page.context["learners"][-1].name == "Selma Testesen"
    assert 'href="/klassen/"' in text
    assert "Nadia" not in text
    assert LookLog.objects.filter(user=cast.norsklaerer, participant_id=cast.selma.participant_id, page="norsk").count() == 1
    signed_in(cast, "norsklaerer").get("/")
    assert LookLog.objects.filter(user=cast.norsklaerer, participant_id=cast.selma.participant_id, page="norsk").count() == 1


def test_one_who_is_faglaerer_too_keeps_the_faglaerers_home(cast: Cast) -> None:
    cast.users["begge"] = make_user("Begge Deler", "faglaerer", "norsklaerer", today=cast.today)
    page = signed_in(cast, "begge").get("/")
    assert "learners" not in page.context
    assert page.context["is_teacher"]


def test_the_front_page_says_where_the_norwegian_stands(cast: Cast) -> None:
    level(cast, "oral", "b1")
    level(cast, "writing", "a2", ago=3)
    url = reverse("participant_detail", args=[cast.selma.participant.public_id])
    assert "muntlig B1 av B1, skriftlig A2 av B1" in signed_in(cast, "fadder").get(url).content.decode()
    assert "muntlig B1" not in signed_in(cast, "leder").get(url).content.decode()


def test_each_box_of_the_class_page_says_whose_and_what_it_is(cast: Cast, klasse: Cohort) -> None:
    content = signed_in(cast, "norsklaerer").get(class_url(klasse)).content.decode()
    assert content.count('aria-label="Selma Testesen, ') == 4
    name = f"{cast.selma.public_id}-oral"
    assert re.search(
        rf'<select name="{name}" aria-label="Selma Testesen, muntlig" class="ds-input level-cell" id="id_{name}">', content
    )


def test_a_box_is_drawn_as_django_draws_it(cast: Cast) -> None:
    choices = [("", "–"), ("a<1", "A & <1>"), ("b1", "B1")]
    for value in ("", "a<1", "b1", None):
        ours = CellSelect(says="x", attrs={"class": "c"})
        theirs = forms.Select(attrs={"aria-label": "x", "class": "c"})
        ours.choices = theirs.choices = choices
        assertHTMLEqual(ours.render("n", value, {"id": "i"}), theirs.render("n", value, {"id": "i"}))
        box = CellInput(attrs={"inputmode": "decimal"}), forms.TextInput(attrs={"inputmode": "decimal"})
        assertHTMLEqual(*(one.render("n", value, {"id": "i"}) for one in box))
    for ticked in (True, False, None):
        assertHTMLEqual(*(one().render("n", ticked, {"id": "i"}) for one in (CellTick, forms.CheckboxInput)))
