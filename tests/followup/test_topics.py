"""Monthly topics: who writes and reads them, both texts when two write at once, last year's text, publishing, and home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.audit.models import ChangeLog, LookLog, Revision
from fagbrev.dates import months_after, months_before
from followup.models import TopicRead, WorkplaceVisit
from followup.topics_shown import missing_words, suggestions_of, with_name
from participants.models import Consent, Enrolment, Placement
from programmes.models import CompetenceGoal, MonthlyTopic, TeachingAssignment, TopicGoal, TopicWord
from tests.cast import Cast, enrol, place

Browser = Callable[[str], Client]


def text(answer: Any) -> str:
    """The answer's text with entities as signs."""
    return unescape(answer.content.decode())


def make_topic(cast: Cast, month: date, *, trade: str = "BUA", published: date | None = None, **more: Any) -> MonthlyTopic:
    """Gives a topic with a goal and four words, a draft unless it is published."""
    held = {
        "theme": "Måltider og sunn mat", "words": "Vi lærer om mat.", "norwegian": "Ord for mat.",
        "try_first": "å lede et måltid. Deltakeren dekker bordet.", "try_second": "å lage en ukemeny. Snakk om den.",
    } | more  # fmt: skip
    topic = MonthlyTopic.objects.create(trade=cast.trades[trade], month=month, published_on=published, **held)
    goal = CompetenceGoal.objects.filter(goal_set__curriculum=cast.trades[trade].curriculum).order_by("pk").first()
    TopicGoal.objects.create(topic=topic, goal=goal)
    for place_, word in enumerate(("allergi", "kosthold", "porsjon", "meny"), 1):
        TopicWord.objects.create(topic=topic, word=word, explanation=f"forklaring av {word}", place=place_)
    return topic


def page_of(month: date, trade: str = "BUA") -> str:
    return f"{reverse('topic_month', args=[month])}?fag={trade}"


def edit_of(month: date, trade: str = "BUA") -> str:
    return reverse("topic_edit", args=[month, trade])


def posted(topic: MonthlyTopic | None, **changed: Any) -> dict[str, Any]:
    """What the form sends for a topic."""
    found: dict[str, Any] = {
        "theme": "Lek",
        "words": "Vi leker.",
        "try_first": "å leke.",
        "try_second": "å vente.",
        "norwegian": "",
    }
    if topic is not None:
        found = {name: getattr(topic, name) for name in found} | {"version": topic.version}
        for number, row in enumerate(topic.trade_words.order_by("place"), 1):
            found |= {f"word_{number}": row.word, f"explanation_{number}": row.explanation}
        found["goals_chosen"] = list(topic.goals.values_list("goal__public_id", flat=True))
    return found | changed


class TestWhoReads:
    """Published topics of the trades in one's scope; drafts are their writers'."""

    @pytest.mark.parametrize("who", ["koordinator", "faglaerer", "norsklaerer", "fadder", "leder", "deltaker"])
    def test_those_around_the_trade_read_what_is_published(self, cast: Cast, browser: Browser, month: date, who: str) -> None:
        make_topic(cast, month, published=cast.today)
        page = text(browser(who).get(page_of(month)))
        assert "Måltider og sunn mat" in page and "Kilde: Udir, NLOD 2.0" in page and "forklaring av allergi" in page

    @pytest.mark.parametrize("who", ["annen_faglaerer", "annen_norsklaerer", "annen_fadder", "annen_leder", "annen_deltaker"])
    def test_those_of_another_trade_do_not_find_it(self, cast: Cast, browser: Browser, month: date, who: str) -> None:
        make_topic(cast, month, published=cast.today)
        assert browser(who).get(page_of(month)).status_code == 404
        assert "Måltider" not in text(browser(who).get("/temaer/"))
        assert "Måltider" not in text(browser(who).get(reverse("topic_month", args=[month])))

    @pytest.mark.parametrize("who", ["fadder", "leder", "deltaker"])
    @pytest.mark.parametrize("ahead", [None, 1])
    def test_a_draft_and_one_of_a_day_ahead_are_not_shown(
        self, cast: Cast, browser: Browser, month: date, who: str, ahead: int | None
    ) -> None:
        make_topic(cast, month, published=None if ahead is None else cast.today + timedelta(days=ahead))
        page = text(browser(who).get(page_of(month)))
        assert "Måltider" not in page and "ikke publisert ennå" in page
        assert "Måltider" not in text(browser(who).get("/temaer/")) + text(browser(who).get("/"))

    @pytest.mark.parametrize("who", ["koordinator", "faglaerer", "norsklaerer"])
    def test_its_writers_see_the_draft(self, cast: Cast, browser: Browser, month: date, who: str) -> None:
        make_topic(cast, month)
        assert "Dette er et utkast" in text(browser(who).get(page_of(month)))
        assert "Utkast" in text(browser(who).get("/temaer/"))

    def test_a_fadder_whose_placement_ended_yesterday_sees_none_of_it(self, cast: Cast, browser: Browser, month: date) -> None:
        topic = make_topic(cast, month, published=cast.today)
        Placement.objects.filter(pk=cast.placements["selma"].pk).update(ends_on=cast.today - timedelta(days=1))
        bente = browser("fadder")
        assert bente.get(page_of(month)).status_code == 404
        assert bente.get(reverse("topic_month", args=[month])).status_code == 404
        assert bente.post(reverse("topic_read", args=[month, "BUA"])).status_code == 404
        for path in ("/", "/temaer/"):
            page = text(bente.get(path))
            assert topic.theme not in page and "Selma" not in page

    def test_on_leave_there_is_no_topic(self, cast: Cast, browser: Browser, month: date) -> None:
        make_topic(cast, month, published=cast.today)
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave", status_before_leave="training")
        assert browser("fadder").get(page_of(month)).status_code == 404
        assert "Måltider" not in text(browser("fadder").get("/"))

    def test_a_month_that_is_none_is_not_there(self, browser: Browser) -> None:
        for wrong in ("2026-13", "2026-00", "2026-1", "٢٠٢٦-٠١"):
            assert browser("koordinator").get(f"/temaer/{wrong}/").status_code == 404

    def test_the_list_has_as_many_queries_for_a_full_year_as_for_an_empty_one(
        self, cast: Cast, browser: Browser, month: date
    ) -> None:
        client = browser("koordinator")
        client.get("/temaer/")
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get("/temaer/")
        begins = date(month.year if month.month >= 7 else month.year - 1, 8, 1)
        for count in range(11):
            for trade in ("BUA", "HEA", "ROF"):
                make_topic(cast, months_after(begins, count), trade=trade, published=cast.today)
        with CaptureQueriesContext(connection) as many:
            assert "Måltider" in text(client.get("/temaer/"))
        assert len(many) == len(few)


class TestWriting:
    """Faglærer and norsklærer write together; koordinator too."""

    @pytest.mark.parametrize("who", ["koordinator", "faglaerer", "norsklaerer"])
    def test_theme_words_and_goals_are_saved_once(self, cast: Cast, browser: Browser, month: date, who: str) -> None:
        goal = CompetenceGoal.objects.filter(goal_set__curriculum=cast.trades["BUA"].curriculum).first()
        sent = posted(None, word_1="mopp", explanation_1="det vi vasker med", goals_chosen=[goal.public_id], submission="a" * 20)
        client = browser(who)
        first, second = client.post(edit_of(month), sent), client.post(edit_of(month), sent)
        assert first.status_code == second.status_code == 302 and first.url == second.url == page_of(month)
        topic = MonthlyTopic.objects.get()
        assert (topic.theme, topic.version, topic.created_by) == ("Lek", 1, cast.users[who])
        assert list(topic.trade_words.values_list("word", "explanation")) == [("mopp", "det vi vasker med")]
        assert list(topic.goals.values_list("goal_id", flat=True)) == [goal.pk]
        line = ChangeLog.objects.get(subject_type="programmes.monthlytopic")
        assert line.verb == "created" and "trade_words" in line.fields and "mopp" not in str(line.fields)
        assert Revision.objects.get(subject_id=topic.public_id).content["programmes"]["trade_words"] == [
            ["mopp", "det vi vasker med"]
        ]

    def test_a_teacher_of_another_trade_does_not_write_it(self, cast: Cast, browser: Browser, month: date) -> None:
        make_topic(cast, month)
        for name in ("topic_edit", "topic_publish", "topic_take_back"):
            url = reverse(name, args=[month, "BUA"])
            assert browser("annen_faglaerer").post(url, posted(None)).status_code == 404
        TeachingAssignment.objects.filter(user=cast.faglaerer).update(ends_on=cast.today - timedelta(days=1))
        assert browser("faglaerer").get(edit_of(month)).status_code == 404

    def test_two_who_write_at_once_see_both_texts_words_and_goals(self, cast: Cast, browser: Browser, month: date) -> None:
        topic = make_topic(cast, month)
        opened = posted(
            topic, theme="Mat fra hele verden", word_5="halal", explanation_5="mat etter reglene i islam", goals_chosen=[]
        )
        browser("norsklaerer").post(edit_of(month), posted(topic, theme="Sunn mat", word_5="krydder", explanation_5="gir smak"))
        answer = browser("faglaerer").post(edit_of(month), opened)
        page = text(answer)
        assert answer.status_code == 409
        for words in ("Mat fra hele verden", "Sunn mat", "halal", "krydder", "Kompetansemål"):
            assert words in page
        topic.refresh_from_db()
        assert topic.theme == "Sunn mat"
        chosen = opened | {"conflict": "1", "version": topic.version, "choice_theme": "mine", "choice_word_5": "theirs",
                           "choice_explanation_5": "theirs", "choice_goals_chosen": "theirs"}  # fmt: skip
        assert browser("faglaerer").post(edit_of(month), chosen).status_code == 302
        topic.refresh_from_db()
        assert topic.theme == "Mat fra hele verden" and topic.goals.count() == 1
        assert list(topic.trade_words.order_by("place").values_list("word", flat=True))[-1] == "krydder"

    def test_two_who_begin_the_same_month_at_once_meet_each_other(self, cast: Cast, browser: Browser, month: date) -> None:
        browser("norsklaerer").post(edit_of(month), posted(None, theme="Den første"))
        answer = browser("faglaerer").post(edit_of(month), posted(None, theme="Den andre"))
        assert answer.status_code == 409 and "Den første" in text(answer) and "Den andre" in text(answer)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"word_1": "mopp"}, "Forklar ordet med enkle ord."),
            ({"explanation_2": "noe"}, "Skriv ordet som forklares."),
            ({"word_1": "a", "explanation_1": "b", "word_2": "A", "explanation_2": "c"}, "Dette ordet står der allerede."),
            ({"words": "x" * 601}, "høyst 600 tegn"),
        ],
    )
    def test_what_is_wrong_is_said_by_the_field_and_the_text_is_kept(
        self, browser: Browser, month: date, wrong: dict[str, str], said: str
    ) -> None:
        answer = browser("faglaerer").post(edit_of(month), posted(None, theme="Skrevet alt", **wrong))
        assert answer.status_code == 422
        assert said in text(answer) and "Skrevet alt" in text(answer)
        assert not MonthlyTopic.objects.exists()

    def test_at_most_six_goals(self, cast: Cast, browser: Browser, month: date) -> None:
        goals = CompetenceGoal.objects.filter(goal_set__curriculum=cast.trades["BUA"].curriculum)[:7]
        answer = browser("faglaerer").post(edit_of(month), posted(None, goals_chosen=[goal.public_id for goal in goals]))
        assert answer.status_code == 422 and "Velg høyst seks mål" in text(answer)

    def test_a_goal_of_another_trade_is_not_taken(self, cast: Cast, browser: Browser, month: date) -> None:
        other = CompetenceGoal.objects.filter(goal_set__curriculum=cast.trades["HEA"].curriculum).first()
        assert browser("faglaerer").post(edit_of(month), posted(None, goals_chosen=[other.public_id])).status_code == 422

    def test_last_years_text_is_offered_and_nothing_is_saved_before_one_saves(
        self, cast: Cast, browser: Browser, month: date
    ) -> None:
        make_topic(cast, months_before(month, 12), published=cast.today - timedelta(days=300))
        client = browser("faglaerer")
        assert "Hent teksten fra i fjor" in text(client.get(edit_of(month)))
        page = text(client.get(f"{edit_of(month)}?kopi=1"))
        assert "å lede et måltid" in page and 'value="kosthold"' in page and "checked" in page
        assert not MonthlyTopic.objects.filter(month=month).exists()

    def test_the_form_keeps_a_draft(self, browser: Browser, month: date) -> None:
        assert "data-draft" in text(browser("faglaerer").get(edit_of(month)))


class TestPublishing:
    """An act, now or from a day."""

    def test_it_is_published_today_and_said_to_be_changed_when_it_is(self, cast: Cast, browser: Browser, month: date) -> None:
        topic = make_topic(cast, month)
        teacher = browser("faglaerer")
        url = reverse("topic_publish", args=[month, "BUA"])
        assert teacher.post(url, {"day": cast.today.isoformat()}).status_code == 302
        topic.refresh_from_db()
        assert (topic.published_on, topic.published_by) == (cast.today, cast.faglaerer)
        assert "Endret" not in text(browser("fadder").get(page_of(month)))
        teacher.post(edit_of(month), posted(topic, theme="Mat"))
        topic.refresh_from_db()
        assert topic.published_on == cast.today
        assert "Endret" in text(browser("fadder").get(page_of(month)))

    def test_an_edit_begun_before_does_not_take_it_back(self, cast: Cast, browser: Browser, month: date) -> None:
        topic = make_topic(cast, month)
        before = posted(topic, theme="Skrevet mens det ble publisert")
        browser("norsklaerer").post(reverse("topic_publish", args=[month, "BUA"]), {"day": cast.today.isoformat()})
        assert browser("faglaerer").post(edit_of(month), before).status_code == 302
        topic.refresh_from_db()
        assert topic.published_on == cast.today and topic.changed_on == cast.today

    def test_what_is_missing_is_said(self, cast: Cast, browser: Browser, month: date) -> None:
        topic = make_topic(cast, month, try_second="", words=" ")
        assert missing_words(topic) == ["hva klassen lærer", "det andre forslaget"]
        answer = browser("faglaerer").post(reverse("topic_publish", args=[month, "BUA"]), {"day": cast.today.isoformat()})
        assert answer.status_code == 422 and "det andre forslaget" in text(answer)
        topic.refresh_from_db()
        assert topic.published_on is None

    @pytest.mark.parametrize("days", [-1, 400])
    def test_a_day_that_cannot_be_is_said(self, cast: Cast, browser: Browser, month: date, days: int) -> None:
        make_topic(cast, month)
        day = cast.today + timedelta(days=days)
        answer = browser("faglaerer").post(reverse("topic_publish", args=[month, "BUA"]), {"day": day.isoformat()})
        assert answer.status_code == 422 and "Velg" in text(answer)

    def test_it_is_taken_back_and_is_a_draft_again(self, cast: Cast, browser: Browser, month: date) -> None:
        topic = make_topic(cast, month, published=cast.today)
        browser("norsklaerer").post(reverse("topic_take_back", args=[month, "BUA"]))
        topic.refresh_from_db()
        assert topic.published_on is None
        assert "Måltider" not in text(browser("fadder").get(page_of(month)))


class TestHome:
    """The fadder opens on «Denne måneden»."""

    def test_the_first_thing_is_the_theme_with_the_participants_name_and_one_button(
        self, cast: Cast, browser: Browser, month: date
    ) -> None:
        make_topic(cast, month, published=cast.today)
        page = text(browser("fadder").get("/")).partition("<main")[2]
        order = ["Du er fadder for Selma", "Denne måneden", "Måltider og sunn mat", "La Selma prøve", "… å lede et måltid",
                 "Selma dekker bordet.", "Jeg har lest temaet", "Ord å øve på", "Vis alle 4 ord", "Deltakere du er fadder for"]  # fmt: skip
        places = [page.index(words) for words in order]
        assert places == sorted(places)
        assert page.count("Jeg har lest temaet") == 1

    def test_one_tap_and_it_is_read_and_a_second_changes_nothing(self, cast: Cast, browser: Browser, month: date) -> None:
        topic = make_topic(cast, month, published=cast.today)
        bente = browser("fadder")
        for _time in range(2):
            answer = bente.post(reverse("topic_read", args=[month, "BUA"]) + "?neste=/")
            assert (answer.status_code, answer.url) == (302, "/")
        assert TopicRead.objects.get().user == cast.fadder
        assert ChangeLog.objects.filter(subject_type="followup.topicread").count() == 1
        page = text(bente.get("/"))
        assert "Du leste temaet" in page and "Jeg har lest temaet" not in page
        assert "Jeg har lest temaet" in text(browser("deltaker").get(page_of(topic.month)))

    def test_without_a_topic_it_says_so(self, browser: Browser) -> None:
        assert "er ikke klart ennå" in text(browser("fadder").get("/"))

    def test_two_in_one_trade_are_named_and_one_in_another_has_a_topic_of_its_own(
        self, cast: Cast, browser: Browser, month: date
    ) -> None:
        for name, trade in (("Amir Prøvestad", "BUA"), ("Noor Demodal", "HEA")):
            place(cast, enrol(cast, name, trade, "training"), "barnehage", leder="leder_person", fadder="fadder_person")
        make_topic(cast, month, published=cast.today)
        make_topic(cast, month, trade="HEA", published=cast.today, theme="Matlyst")
        page = text(browser("fadder").get("/"))
        assert "La Amir og Selma prøve" in page and "Deltakeren dekker bordet" in page
        assert "La Noor prøve" in page and "Noor dekker bordet" in page and "Matlyst" in page
        assert "Du er fadder for Amir, Noor og Selma" in page

    def test_the_queries_are_the_same_for_one_and_for_four(self, cast: Cast, browser: Browser, month: date) -> None:
        make_topic(cast, month, published=cast.today)
        when = cast.today + timedelta(days=3)
        bente = browser("fadder")

        def plan(placement: Any) -> None:
            WorkplaceVisit.objects.create(placement=placement, state="agreed", planned_at=f"{when}T10:00:00+01:00")

        plan(cast.placements["selma"])
        bente.get("/")
        with CaptureQueriesContext(connection) as few:
            bente.get("/")
        for number in range(3):
            enrolment = enrol(cast, f"Amir{number} Prøvestad", "BUA", "training")
            plan(place(cast, enrolment, "barnehage", leder="leder_person", fadder="fadder_person"))
        bente.get("/")
        with CaptureQueriesContext(connection) as many:
            assert text(bente.get("/")).count("Besøk av faglærer") == 4
        assert len(many) == len(few)

    def test_the_next_visit_is_shown_and_logged_once_a_day(self, cast: Cast, browser: Browser) -> None:
        when = cast.today + timedelta(days=3)
        WorkplaceVisit.objects.create(placement=cast.placements["selma"], state="agreed", planned_at=f"{when}T10:00:00+01:00")
        WorkplaceVisit.objects.create(placement=cast.placements["nadia"], state="agreed", planned_at=f"{when}T11:00:00+01:00")
        bente = browser("fadder")
        page = text(bente.get("/"))
        bente.get("/")
        assert "Besøk av faglærer" in page and "du og Selma" in page and "Nadia" not in page
        assert LookLog.objects.filter(page="hjem", participant_id=cast.selma.participant_id).count() == 1

    def test_a_refused_consent_leaves_the_topic_and_the_visit(self, cast: Cast, browser: Browser, month: date) -> None:
        make_topic(cast, month, published=cast.today)
        Consent.objects.filter(participant=cast.selma.participant, party="workplace").update(answer=False)
        assert "La Selma prøve" in text(browser("fadder").get("/"))


class TestWords:
    """What a suggestion becomes."""

    @pytest.mark.parametrize(
        ("written", "name", "read"),
        [
            ("Deltakeren dekker bordet.", "Selma", "Selma dekker bordet."),
            ("Se på deltakerens plan.", "Selma", "Se på Selmas plan."),
            ("Se på deltakerens plan.", "Jonas", "Se på Jonas’ plan."),
            ("Deltakeren dekker bordet.", "", "Deltakeren dekker bordet."),
            ("deltakerne", "Selma", "deltakerne"),
        ],
    )
    def test_the_participants_name_stands_for_the_word(self, written: str, name: str, read: str) -> None:
        assert with_name(written, name) == read

    def test_the_first_sentence_is_what_and_the_rest_is_how(self) -> None:
        topic = MonthlyTopic(try_first="å lede. Slik gjør dere. Og mer.", try_second="bare dette.")
        assert [(one.title, one.how) for one in suggestions_of(topic)] == [
            ("å lede", "Slik gjør dere. Og mer."),
            ("bare dette", ""),
        ]
