"""Minutes are written by many, shared, approved and corrected; what is shared is locked, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from fagbrev.audit.models import ChangeLog
from meetings.actions.agenda import lay_agenda, pick_people
from meetings.actions.minutes import (
    MinutesRefused,
    approve_minutes,
    correct_item,
    settle_text,
    share_minutes,
    start_minutes,
    write_item,
)
from meetings.minutes_text import BOXES, fingerprint, plain
from meetings.models import AgendaItem, ItemOtherText, Meeting, MinutesVersion
from meetings.models.meetings import COOPERATION
from meetings.models.minutes import APPROVED, JOINED, LEFT, SHARED, TAKEN, VersionLocked
from tests.cast import Cast, make_user
from tests.meetings.group import as_held, held, meet


def based(item: AgendaItem) -> dict[str, str]:
    return {box: fingerprint(getattr(item, box)) for box in BOXES}


def begun(cast: Cast, meeting: Meeting | None = None) -> AgendaItem:
    """Minutes that are begun, and the point about the participants."""
    row = meeting or held(cast, days=0)
    start_minutes(meeting=row, by=cast.koordinator)
    return AgendaItem.objects.get(meeting=row, standing__fills="participants")


def write(item: AgendaItem, by, base: dict[str, str] | None = None, **sent: str):
    return write_item(item=item, sent=sent, based_on=base or based(item), by=by, at=timezone.now())


class TestWriting:
    def test_minutes_begin_with_the_points_of_the_template_in_its_order(self, cast: Cast) -> None:
        begun(cast)
        titles = list(AgendaItem.objects.order_by("order").values_list("title", flat=True))
        assert titles[0] == "Godkjenning av forrige referat"
        assert titles[-1] == "Eventuelt"
        assert len(titles) == 7

    def test_beginning_twice_gives_the_same_minutes(self, cast: Cast) -> None:
        row = held(cast, days=0)
        first = start_minutes(meeting=row, by=cast.koordinator)
        assert start_minutes(meeting=row, by=cast.faglaerer) == first
        assert lay_agenda(meeting=row, by=cast.koordinator) == 0

    def test_what_is_typed_is_saved_and_logged_once_in_ten_minutes_without_its_words(self, cast: Cast) -> None:
        item = begun(cast)
        base = based(item)
        for text in ("Vi", "Vi så", "Vi så på plassene"):
            done = write(item, cast.faglaerer, base, discussion=text)
            base = based(done.item)
        item.refresh_from_db()
        assert (item.discussion, item.written_by, item.version) == ("Vi så på plassene", cast.faglaerer, 4)
        logged = ChangeLog.objects.filter(subject_id=item.public_id, verb="written")
        assert [(row.user, row.fields) for row in logged] == [(cast.faglaerer, ["discussion"])]

    def test_the_second_writers_text_is_kept_beside_and_grows_with_each_keystroke(self, cast: Cast) -> None:
        item = begun(cast)
        base = based(item)
        write(item, cast.faglaerer, base, discussion="Ola skrev dette")
        first = write(item, cast.norsklaerer, base, discussion="Anna")
        again = write_item(
            item=item, sent={"discussion": "Anna skrev noe annet"}, based_on=base, by=cast.norsklaerer, at=timezone.now(),
            beside_id=first.beside.public_id,
        )  # fmt: skip
        item.refresh_from_db()
        assert item.discussion == "Ola skrev dette"
        assert again.beside == first.beside
        assert [(row.by, row.discussion) for row in ItemOtherText.objects.all()] == [(cast.norsklaerer, "Anna skrev noe annet")]

    def test_two_tabs_of_one_writer_keep_a_text_each(self, cast: Cast) -> None:
        item = begun(cast)
        base = based(item)
        write(item, cast.faglaerer, base, discussion="Ola")
        write(item, cast.norsklaerer, base, discussion="Fane en")
        write(item, cast.norsklaerer, base, discussion="Fane to")
        assert sorted(ItemOtherText.objects.values_list("discussion", flat=True)) == ["Fane en", "Fane to"]


class TestChoosing:
    @pytest.fixture
    def other(self, cast: Cast) -> ItemOtherText:
        item = begun(cast)
        base = based(item)
        write(item, cast.faglaerer, base, discussion="Olas tekst")
        return write(item, cast.norsklaerer, base, discussion="Annas tekst").beside

    @pytest.mark.parametrize(
        ("how", "stands"), [(TAKEN, "Annas tekst"), (JOINED, "Olas tekst\n\nAnnas tekst"), (LEFT, "Olas tekst")]
    )
    def test_anybody_who_writes_chooses_what_stands(self, cast: Cast, other: ItemOtherText, how: str, stands: str) -> None:
        assert settle_text(other=other, how=how, by=cast.koordinator, at=timezone.now())
        item = AgendaItem.objects.get(pk=other.item_id)
        assert item.discussion == stands
        kept = {item.discussion, *ItemOtherText.objects.values_list("discussion", flat=True)}
        assert all(any(text in one for one in kept) for text in ("Olas tekst", "Annas tekst"))

    def test_the_second_who_chooses_changes_nothing(self, cast: Cast, other: ItemOtherText) -> None:
        settle_text(other=other, how=LEFT, by=cast.koordinator, at=timezone.now())
        assert not settle_text(other=other, how=TAKEN, by=cast.faglaerer, at=timezone.now())
        assert AgendaItem.objects.get(pk=other.item_id).discussion == "Olas tekst"

    def test_minutes_with_two_texts_on_a_point_are_not_shared(self, cast: Cast, other: ItemOtherText) -> None:
        with pytest.raises(MinutesRefused, match="to tekster"):
            share_minutes(meeting=other.item.meeting, by=cast.koordinator, at=timezone.now())


class TestSharing:
    def test_minutes_of_a_meeting_that_was_not_held_are_not_shared(self, cast: Cast) -> None:
        row = meet(cast, days=1)
        start_minutes(meeting=row, by=cast.koordinator)
        with pytest.raises(MinutesRefused, match="holdt"):
            share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
        share_minutes(meeting=as_held(row), by=cast.koordinator, at=timezone.now())

    def test_sharing_and_approving_make_a_version_each(self, cast: Cast) -> None:
        item = begun(cast)
        write(item, cast.faglaerer, discussion="Slik var det")
        first = share_minutes(meeting=item.meeting, by=cast.koordinator, at=timezone.now())
        later = meet(cast, days=28)
        second = approve_minutes(meeting=item.meeting, by=cast.faglaerer, at=later.starts_at, approved_in=later)
        assert [(row.number, row.state) for row in (first, second)] == [(1, SHARED), (2, APPROVED)]
        assert any(one["discussion"] == "Slik var det" for one in first.content["items"])
        row = item.meeting.minutes
        assert (row.approved_by, row.approved_in) == (cast.faglaerer, later)
        with pytest.raises(MinutesRefused, match="godkjent"):
            approve_minutes(meeting=item.meeting, by=cast.koordinator, at=timezone.now())

    def test_what_comes_after_sharing_is_kept_beside_and_changes_nothing(self, cast: Cast) -> None:
        item = begun(cast)
        base = based(item)
        share_minutes(meeting=item.meeting, by=cast.koordinator, at=timezone.now())
        done = write(item, cast.norsklaerer, base, discussion="Jeg skrev fortsatt")
        item.refresh_from_db()
        assert (item.discussion, done.beside.discussion) == ("", "Jeg skrev fortsatt")

    def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(self, cast: Cast) -> None:
        item = begun(cast)
        write(item, cast.faglaerer, decision="Vi ber om to plasser")
        first = share_minutes(meeting=item.meeting, by=cast.koordinator, at=timezone.now())
        second = correct_item(
            item=item, texts={"decision": "Vi ber om tre plasser"}, reason="Feil tall", by=cast.koordinator, at=timezone.now()
        )
        assert (second.number, second.reason) == (2, "Feil tall")
        first.refresh_from_db()
        kept = {one["decision"] for one in first.content["items"]}
        assert "Vi ber om to plasser" in kept and "Vi ber om tre plasser" not in kept

    def test_a_correction_that_changes_nothing_makes_no_version(self, cast: Cast) -> None:
        item = begun(cast)
        share_minutes(meeting=item.meeting, by=cast.koordinator, at=timezone.now())
        assert correct_item(item=item, texts={"decision": ""}, reason="x", by=cast.koordinator, at=timezone.now()) is None
        assert MinutesVersion.objects.count() == 1

    def test_a_version_is_never_changed_nor_deleted(self, cast: Cast) -> None:
        item = begun(cast)
        version = share_minutes(meeting=item.meeting, by=cast.koordinator, at=timezone.now())
        version.reason = "omskrevet"
        with pytest.raises(VersionLocked):
            version.save()
        with pytest.raises(DatabaseError), transaction.atomic():
            MinutesVersion.objects.update(reason="omskrevet")
        with pytest.raises(DatabaseError), transaction.atomic():
            MinutesVersion.objects.all().delete()

    def test_a_version_names_participants_by_public_id_alone(self, cast: Cast) -> None:
        row = held(cast, days=0)
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        version = share_minutes(meeting=row, by=cast.koordinator, at=timezone.now())
        assert "Testesen" not in str(version.content)
        assert cast.selma.public_id in {one["enrolment"] for one in version.content["items"]}


steps = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["type", "save", "reload", TAKEN, JOINED, LEFT]), st.sampled_from(BOXES)),
    max_size=18,
)


class TestTwoWriters(HypothesisTestCase):
    """Whatever two writers type, save, reload and choose, and in whatever order: every text saved stands or is kept."""

    @given(steps)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_nothing_is_ever_lost(self, steps: list[tuple[str, str, str]]) -> None:
        at, today = timezone.now(), timezone.localdate()
        users = {who: make_user(f"Skriver {who}", today=today) for who in "AB"}
        meeting = Meeting.objects.create(kind=COOPERATION, starts_at=at, ends_at=at + timedelta(hours=1))
        item = AgendaItem.objects.create(meeting=meeting, title="Hvordan går det?")
        start_minutes(meeting=meeting, by=users["A"])
        pages = {who: {"boxes": dict.fromkeys(BOXES, ""), "base": based(item), "beside": "", "typed": set()} for who in users}
        saved: set[str] = set()
        for number, (who, what, box) in enumerate(steps):
            page = pages[who]
            item.refresh_from_db()
            if what == "type":
                page["boxes"][box] += f" <{who}{number}>"
                page["typed"].add(f"<{who}{number}>")
            elif what == "reload":
                page |= {"boxes": {one: getattr(item, one) for one in BOXES}, "base": based(item), "beside": "", "typed": set()}
            elif what == "save":
                done = write_item(
                    item=item, sent=page["boxes"], based_on=page["base"], by=users[who], at=at, beside_id=page["beside"]
                )
                stands = {one: plain(page["boxes"][one]) == getattr(done.item, one) for one in BOXES}
                page["base"] = {one: based(done.item)[one] if stands[one] else page["base"][one] for one in BOXES}
                page["beside"] = done.beside.public_id if done.beside else ""
                saved |= page["typed"]
            else:
                other = ItemOtherText.objects.filter(item=item, settled_at__isnull=True).first()
                if other:
                    settle_text(other=other, how=what, by=users[who], at=at)
            item.refresh_from_db()
            kept = ItemOtherText.objects.filter(item=item).values_list(*BOXES)
            everything = " ".join([item.discussion, item.decision, *(text for row in kept for text in row)])
            assert [token for token in saved if token not in everything] == []
