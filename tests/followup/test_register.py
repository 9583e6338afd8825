"""The class register: everyone on one page, guests too, all saved at once, and nothing lost when two save."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fagbrev.audit.models import ChangeLog, LookLog
from followup.models import Absence, GuestAbsence, Lesson
from participants.models import CohortMember, Enrolment, Participant
from programmes.models import Cohort, TeachingSession
from tests.cast import Cast, enrol
from tests.followup.absent import WEDNESDAY, signed_in, stand_still, url


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A Wednesday in November."""
    return stand_still(monkeypatch)


@pytest.fixture
def klasse(cast: Cast) -> Cohort:
    """A BUA class with five hours each Wednesday: selma, two more of whom one is on leave, and an ordinary apprentice."""
    cohort = Cohort.objects.create(trade=cast.trades["BUA"], name="Prøveklassen")
    TeachingSession.objects.create(cohort=cohort, weekday=2, starts_at="09:00", hours=5)
    away = cast.enrolments["contract_applied"]
    Enrolment.objects.filter(pk=away.pk).update(status="on_leave", status_before_leave="contract_applied")
    for key in ("selma", "placed", "contract_applied"):
        row = cast.enrolments[key]
        CohortMember.objects.create(participant=row.participant, enrolment=row, cohort=cohort)
    guest = Participant.objects.create(first_name="Lars", last_name="Lærlingsen")
    CohortMember.objects.create(participant=guest, cohort=cohort)
    return cohort


def member(cohort: Cohort, name: str) -> CohortMember:
    """A member of the class by last name."""
    return cohort.members.get(participant__last_name=name)


def register_url(cohort: Cohort, day: date = WEDNESDAY) -> str:
    return f"{reverse('class_register', args=[cohort.public_id])}?dag={day.isoformat()}"


def filled(cohort: Cohort, *, version: int = 0, hours: str = "5", token: str = "", **away: str) -> dict[str, str]:
    """The form as a browser sends it: everyone ticked but those away, by last name: "" for the whole lesson, else hours."""
    sent = {"hours": hours, "version": str(version), "submission": token}
    for row in cohort.members.exclude(enrolment__status="on_leave").select_related("participant"):
        name = row.participant.last_name
        sent[f"{row.public_id}-hours"] = away.get(name, "")
        if name not in away or away[name]:
            sent[f"{row.public_id}-there"] = "on"
    return sent


def kept() -> dict[str, Decimal]:
    """Hours away by last name, guests too."""
    own = Absence.objects.values_list("enrolment__participant__last_name", "hours")
    return dict([*own, *GuestAbsence.objects.values_list("member__participant__last_name", "hours")])


def test_everyone_stands_on_one_page_and_is_there_until_someone_says_otherwise(cast: Cast, klasse: Cohort) -> None:
    answer = signed_in(cast, "norsklaerer").get(register_url(klasse))
    content, lines = answer.content.decode(), answer.context["lines"]
    assert [line.member.participant.last_name for line in lines] == ["Prøvestad", "Prøvestad", "Testesen", "Lærlingsen"]
    assert [line.is_guest for line in lines] == [False, False, False, True]
    assert content.count("Timer borte") == 2 * 3 and content.count('type="checkbox"') == 3 == content.count("checked")
    assert "permisjon" in content and "Onsdag 4. november 2026" in content and "Ikke ført ennå" in content
    assert lines[-1].valid is None  # whether a guest's absence is valid is nobody's business here
    seen = LookLog.objects.filter(user=cast.norsklaerer, page="klassen").values_list("participant_id", flat=True)
    assert set(seen) == set(klasse.members.values_list("participant_id", flat=True))


def test_all_are_saved_at_once_and_a_guest_stands_in_the_register_alone(cast: Cast, klasse: Cohort) -> None:
    client, key = signed_in(cast, "norsklaerer"), member(klasse, "Testesen").public_id
    sent = filled(klasse, Testesen="", Prøvestad="1,5", Lærlingsen="2") | {f"{key}-valid": "True"}
    content = client.post(register_url(klasse), sent, follow=True).content.decode()
    assert "Oppmøtet onsdag 4. november 2026 er lagret." in content and "Ført av Anna Norsklaerer" in content
    assert kept() == {"Testesen": Decimal(5), "Prøvestad": Decimal("1.5"), "Lærlingsen": Decimal(2)}
    lesson = Lesson.objects.get()
    assert (lesson.hours, lesson.version, lesson.kept_by) == (Decimal(5), 1, cast.norsklaerer)
    assert set(Absence.objects.values_list("lesson", "state", "confirmed_by")) == {(lesson.pk, "confirmed", cast.norsklaerer.pk)}
    assert Absence.objects.get(enrolment=cast.selma).is_valid is True
    guest = member(klasse, "Lærlingsen").participant_id
    assert not ChangeLog.objects.filter(participant_id=guest).exists()


def test_the_same_register_sent_twice_is_kept_once(cast: Cast, klasse: Cohort) -> None:
    client, sent = signed_in(cast, "norsklaerer"), filled(klasse, token="r" * 20, Testesen="")
    first, second = (client.post(register_url(klasse), sent) for _ in range(2))
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert Lesson.objects.get().version == 1 and Absence.objects.count() == 1
    assert ChangeLog.objects.filter(section="absence").count() == 1


def test_one_who_came_after_all_is_ticked_and_the_absence_goes(cast: Cast, klasse: Cohort) -> None:
    client = signed_in(cast, "norsklaerer")
    client.post(register_url(klasse), filled(klasse, Testesen="", Lærlingsen=""))
    client.post(register_url(klasse), filled(klasse, version=1))
    assert kept() == {} and Lesson.objects.get().version == 2
    assert list(ChangeLog.objects.filter(section="absence").order_by("pk").values_list("verb", flat=True)) == [
        "created",
        "removed",
    ]


def test_two_who_save_at_once_see_both_texts_and_nothing_is_laid_over(cast: Cast, klasse: Cohort) -> None:
    first, second = signed_in(cast, "norsklaerer"), signed_in(cast, "faglaerer")
    first.post(register_url(klasse), filled(klasse, Testesen="", Lærlingsen="2"))
    held = kept()
    mine = filled(klasse, Prøvestad="1,5", Lærlingsen="0,75")
    answer = second.post(register_url(klasse), mine)
    content = answer.content.decode()
    assert answer.status_code == 409 and "Noen andre førte denne dagen før deg" in content
    assert "Du skrev: til stede" in content  # of selma, whom the first said was away
    assert "Du skrev: borte 1,5 timer" in content and "Du skrev: borte 0,75 timer" in content
    assert "Ført av Anna Norsklaerer" in content and 'value="2"' in content  # what is kept stands in the boxes
    assert kept() == held and Lesson.objects.get().version == 1
    assert second.post(register_url(klasse), mine | {"version": "1"}).status_code == 302
    assert kept() == {"Prøvestad": Decimal("1.5"), "Lærlingsen": Decimal("0.75")}
    assert (Lesson.objects.get().version, Lesson.objects.get().kept_by) == (2, cast.faglaerer)


def test_a_version_of_a_register_that_is_not_there_keeps_nothing(cast: Cast, klasse: Cohort) -> None:
    assert signed_in(cast, "norsklaerer").post(register_url(klasse), filled(klasse, version=3, Testesen="")).status_code == 409
    assert not Lesson.objects.exists() and not Absence.objects.exists()


@pytest.mark.parametrize(
    ("hours", "away", "words"),
    [
        ("5", "6", "kan ikke være borte lenger enn timen varte"),
        ("5", "et par", ""),
        ("5", "-1", ""),
        ("13", "2", ""),
        ("", "2", ""),
    ],
)
def test_refused_input_keeps_nothing_and_loses_nothing(cast: Cast, klasse: Cohort, hours: str, away: str, words: str) -> None:
    sent = filled(klasse, hours=hours, Testesen=away, Lærlingsen="2,25", Prøvestad="")
    answer = signed_in(cast, "norsklaerer").post(register_url(klasse), sent)
    content = answer.content.decode()
    assert answer.status_code == 422 and words in content
    assert not Lesson.objects.exists() and not Absence.objects.exists() and not GuestAbsence.objects.exists()
    assert f'value="{away}"' in content and 'value="2,25"' in content
    assert content.count("checked") == 2  # the one who was unticked still is


def test_what_the_participant_said_is_shown_and_confirmed_by_the_register(cast: Cast, klasse: Cohort) -> None:
    signed_in(cast, "deltaker").post(url(cast, "fravar_report"), {"place": "teaching", "hours": "2"})
    client = signed_in(cast, "norsklaerer")
    answer = client.get(register_url(klasse))
    line = next(line for line in answer.context["lines"] if line.name.endswith("Testesen"))
    assert line.is_reported and "har sagt fra selv" in answer.content.decode() and line.hours.value() == "2"
    client.post(register_url(klasse), filled(klasse, Testesen="2"))
    row = Absence.objects.get()
    assert (row.state, row.confirmed_by, row.recorded_by, row.hours) == ("confirmed", cast.norsklaerer, cast.deltaker, Decimal(2))


def test_one_who_follows_half_the_teaching_is_away_half_the_hours(cast: Cast, klasse: Cohort) -> None:
    CohortMember.objects.filter(enrolment=cast.selma).update(teaching_share=50)
    client = signed_in(cast, "norsklaerer")
    client.post(register_url(klasse), filled(klasse, Testesen=""))
    assert kept() == {"Testesen": Decimal("2.5")}
    line = next(line for line in client.get(register_url(klasse)).context["lines"] if line.name.endswith("Testesen"))
    assert line.there.value() is False


@pytest.mark.parametrize(
    ("day", "shown", "said"),
    [
        ("", "Onsdag 4. november 2026", ""),
        ("2026-11-05", "Onsdag 4. november 2026", ""),  # ahead
        ("30. februar", "Onsdag 4. november 2026", ""),
        ("2026-10-28", "Onsdag 28. oktober 2026", ""),
        ("2026-11-03", "Tirsdag 3. november 2026", "Timeplanen har ingen undervisning denne dagen."),
        ("2026-09-30", "Onsdag 30. september 2026", "ikke undervisning etter kalenderen"),  # the autumn break
    ],
)
def test_the_day_asked_for_is_shown_with_what_is_to_be_known_of_it(
    cast: Cast, klasse: Cohort, day: str, shown: str, said: str
) -> None:
    content = (
        signed_in(cast, "norsklaerer").get(f"{reverse('class_register', args=[klasse.public_id])}?dag={day}").content.decode()
    )
    assert shown in content and said in content


@pytest.mark.parametrize(
    ("who", "status"),
    [("koordinator", 200), ("faglaerer", 200), ("norsklaerer", 200), ("annen_faglaerer", 404), ("annen_norsklaerer", 404),
     ("fadder", 403), ("leder", 403), ("deltaker", 403), ("styringsgruppe", 403)],
)  # fmt: skip
def test_only_those_whose_class_it_is_open_the_register(cast: Cast, klasse: Cohort, who: str, status: int) -> None:
    client = signed_in(cast, who)
    assert client.get(register_url(klasse)).status_code == status
    assert client.post(register_url(klasse), filled(klasse, Testesen="")).status_code == (302 if status == 200 else status)
    assert Lesson.objects.exists() == (status == 200)


def test_a_class_that_is_not_there_answers_as_one_that_is_not_theirs(cast: Cast, klasse: Cohort) -> None:
    client = signed_in(cast, "annen_norsklaerer")
    assert client.get(reverse("class_register", args=["2222222222zz"])).status_code == 404


def test_the_page_and_saving_ask_as_often_for_few_as_for_many_there(cast: Cast, klasse: Cohort) -> None:
    client = signed_in(cast, "norsklaerer")

    def asked() -> tuple[int, int]:
        client.get(register_url(klasse))
        with CaptureQueriesContext(connection) as page:
            client.get(register_url(klasse))
        version = getattr(Lesson.objects.first(), "version", 0)
        with CaptureQueriesContext(connection) as saved:
            assert client.post(register_url(klasse), filled(klasse, version=version)).status_code == 302
        return len(page), len(saved)

    asked()
    few = asked()
    for number in range(20):
        row = enrol(cast, f"Prøve Elev{chr(65 + number)}", "BUA", "training")
        CohortMember.objects.create(participant=row.participant, enrolment=row, cohort=klasse)
        guest = Participant.objects.create(first_name="Gjest", last_name=f"Elev{chr(65 + number)}")
        CohortMember.objects.create(participant=guest, cohort=klasse, starts_on=WEDNESDAY - timedelta(days=9))
    found: Any = asked()
    assert found[0] == few[0]
    assert found[1] - few[1] <= 2 * 20  # a guest's row is looked for and taken away one by one
