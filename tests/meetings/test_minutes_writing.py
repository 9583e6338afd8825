"""Boxes that save themselves: by several at once, without script, and only by those who write."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fagbrev.audit.models import LookLog
from fagbrev.drafts.models import Draft
from meetings.actions.agenda import pick_people
from meetings.actions.minutes import start_minutes
from meetings.minutes_text import fingerprint
from meetings.models import AgendaItem, ItemOtherText, Meeting, Minutes
from tests.cast import Cast, enrol
from tests.meetings.group import GROUP, held, signed_in
from tests.meetings.minuted import about, shared, url

HTMX = {"HX-Request": "true"}


class TestWritingOnThePage:
    def sent(self, item: AgendaItem, **typed: str) -> dict[str, str]:
        base = {f"base_{box}": fingerprint(getattr(item, box)) for box in ("discussion", "decision")}
        return {"discussion": item.discussion, "decision": item.decision, "version": str(item.version), **base, **typed}

    def test_a_box_saves_itself_and_says_when(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        client = signed_in(cast, "faglaerer")
        page = client.get(url("minutes_page", meeting)).content.decode()
        assert f'hx-post="{url("minutes_item", meeting, item.public_id)}"' in page and "delay:600ms" in page
        answer = client.post(url("minutes_item", meeting, item.public_id), self.sent(item, discussion="Går fint"), headers=HTMX)
        item.refresh_from_db()
        assert item.discussion == "Går fint"
        said = answer.content.decode()
        assert re.search(r"Lagret kl\. \d\d\.\d\d", said)
        assert f'name="version" value="{item.version}"' in said and fingerprint("Går fint") in said

    def test_without_script_the_button_saves_and_leads_back_to_the_point(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        client = signed_in(cast, "faglaerer")
        answer = client.post(url("minutes_item", meeting, item.public_id), self.sent(item, decision="Mer norsk"))
        assert answer.url == f"{url('minutes_page', meeting)}#punkt-{item.public_id}"
        assert "Mer norsk" in client.get(answer.url).content.decode()

    def test_both_are_told_when_two_have_written_the_same_and_both_texts_stand_side_by_side(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        item = about(meeting, cast.selma)
        first, second = signed_in(cast, "faglaerer"), signed_in(cast, "norsklaerer")
        address = url("minutes_item", meeting, item.public_id)
        first.post(address, self.sent(item, discussion="Olas ord"), headers=HTMX)
        answer = second.post(address, self.sent(item, discussion="Annas ord"), headers=HTMX).content.decode()
        assert "En annen skrev her samtidig" in answer and "Du skrev samtidig som en annen" in answer and "Annas ord" in answer
        assert re.search(
            rf"av {cast.faglaerer.name} kl\. .*?<blockquote[^>]*>Olas ord<.*?av deg kl\. .*?>Annas ord<", answer, re.DOTALL
        )
        for choice in ("Behold begge", "Bruk teksten din", "Behold teksten slik den står"):
            assert choice in answer
        item.refresh_from_db()
        assert item.discussion == "Olas ord"
        told = first.post(address, self.sent(item, discussion="Olas ord og mer"), headers=HTMX).content.decode()
        assert "Anna" in told and "skrev samtidig" in told and "Annas ord" in told
        assert f"Bruk teksten fra {cast.norsklaerer.name}" in told
        other = ItemOtherText.objects.get()
        first.post(url("minutes_settle", meeting, item.public_id, other.public_id), {"how": "join"})
        item.refresh_from_db()
        assert item.discussion == "Olas ord og mer\n\nAnnas ord"
        assert "skrev samtidig" not in first.get(url("minutes_page", meeting)).content.decode()

    def test_one_who_writes_in_two_windows_is_told_so_and_keeps_both_texts(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        address, client = url("minutes_item", meeting, item.public_id), signed_in(cast, "faglaerer")
        sent = self.sent(item)
        client.post(address, sent | {"discussion": "Fra den ene"}, headers=HTMX)
        answer = client.post(address, sent | {"discussion": "Fra den andre"}, headers=HTMX).content.decode()
        assert answer.count("Du skrev også i et annet vindu") == 2 and "En annen" not in answer and "som en annen" not in answer
        assert "Fra den ene" in answer and "Fra den andre" in answer
        for choice in ("Behold begge", "Bruk teksten ved siden av", "Behold teksten slik den står"):
            assert choice in answer
        page = client.get(url("minutes_page", meeting)).content.decode()
        assert "Du skrev også i et annet vindu" in page and "som en annen" not in page
        seen = signed_in(cast, "norsklaerer").get(url("minutes_page", meeting)).content.decode()
        assert f"{cast.faglaerer.name} skrev i to vinduer" in seen and "skrev samtidig" not in seen
        other = ItemOtherText.objects.get()
        settle = url("minutes_settle", meeting, item.public_id, other.public_id)
        client.post(settle, {"how": "join"})
        item.refresh_from_db()
        assert item.discussion == "Fra den ene\n\nFra den andre"
        again = client.post(settle, {"how": "taken"}, follow=True).content.decode()
        assert "Du har valgt allerede, i et annet vindu. Se hva som står nå." in again
        others = signed_in(cast, "norsklaerer").post(settle, {"how": "left"}, follow=True).content.decode()
        assert "Noen andre har valgt allerede. Se hva som står nå." in others

    def test_without_script_one_is_told_of_the_own_window_too(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        address, client = url("minutes_item", meeting, item.public_id), signed_in(cast, "faglaerer")
        sent = self.sent(item)
        client.post(address, sent | {"decision": "Fra den ene"})
        page = client.post(address, sent | {"decision": "Fra den andre"}, follow=True).content.decode()
        assert "Du skrev også i et annet vindu. Begge tekstene er tatt vare på. Velg hva som skal stå." in page
        assert "En annen skrev" not in page

    def test_who_stands_in_a_box_is_the_one_who_wrote_in_that_box(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        address, client = url("minutes_item", meeting, item.public_id), signed_in(cast, "faglaerer")
        sent = self.sent(item)
        signed_in(cast, "norsklaerer").post(address, sent | {"discussion": "Annas ord"}, headers=HTMX)
        client.post(address, sent | {"decision": "Olas vedtak"}, headers=HTMX)
        answer = client.post(address, sent | {"discussion": "Olas ord"}, headers=HTMX).content.decode()
        assert "Du skrev samtidig som en annen" in answer and "annet vindu" not in answer
        assert f"skrevet av {cast.norsklaerer.name}" in answer

    def test_what_one_writes_after_somebody_has_shared_them_is_said_to_be_so(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        address, client = url("minutes_item", meeting, item.public_id), signed_in(cast, "faglaerer")
        sent = self.sent(item)
        client.post(address, sent | {"discussion": "Olas ord"}, headers=HTMX)
        shared(cast, meeting)
        answer = client.post(address, sent | {"discussion": "Olas siste ord"}, headers=HTMX).content.decode()
        assert answer.count("Referatet ble delt mens du skrev") == 2 and "annet vindu" not in answer and "En annen" not in answer
        assert "Olas siste ord" in answer and ItemOtherText.objects.get().discussion == "Olas siste ord"

    @pytest.mark.parametrize(("how", "stands", "aside"), [("left", "Olas ord", "Annas ord"), ("taken", "Annas ord", "Olas ord")])
    def test_the_text_that_was_not_chosen_can_still_be_read_by_those_who_write(
        self, cast: Cast, meeting: Meeting, how: str, stands: str, aside: str
    ) -> None:
        item = about(meeting, cast.selma)
        sent, client = self.sent(item), signed_in(cast, "faglaerer")
        client.post(url("minutes_item", meeting, item.public_id), sent | {"discussion": "Olas ord"}, headers=HTMX)
        signed_in(cast, "norsklaerer").post(
            url("minutes_item", meeting, item.public_id), sent | {"discussion": "Annas ord"}, headers=HTMX
        )
        client.post(url("minutes_settle", meeting, item.public_id, ItemOtherText.objects.get().public_id), {"how": how})
        page = client.get(url("minutes_page", meeting)).content.decode()
        kept = page.split("Tekster som er lagt til side (1)")[1].split("</details>")[0]
        item.refresh_from_db()
        assert item.discussion == stands and aside in kept and stands not in kept

    def test_the_first_is_told_of_the_seconds_text_without_writing_and_once_alone(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        first, second = signed_in(cast, "faglaerer"), signed_in(cast, "norsklaerer")
        address, asked = url("minutes_item", meeting, item.public_id), url("minutes_others", meeting)
        page = first.get(url("minutes_page", meeting)).content.decode()
        assert f'hx-get="{asked}"' in page and "Asked-By-Itself" in page
        first.post(address, self.sent(item, discussion="Olas ord"), headers=HTMX)
        assert first.get(asked).status_code == 204
        answer = second.post(address, self.sent(item, discussion="Annas ord"), headers=HTMX).content.decode()
        assert second.get(asked, {"drawn": re.findall(r'name="drawn" value="([^"]+)"', answer)}).status_code == 204
        told = first.get(asked).content.decode()
        assert f'id="andre-{item.public_id}" hx-swap-oob="true"' in told and "skrev samtidig" in told and "Annas ord" in told
        drawn = re.findall(r'name="drawn" value="([^"]+)"', told)
        assert first.get(asked, {"drawn": drawn}).status_code == 204
        kept = ItemOtherText.objects.get().public_id
        more = self.sent(item, discussion="Annas ord og flere", beside=kept)
        second.post(address, more, headers=HTMX)
        assert "Annas ord og flere" in first.get(asked, {"drawn": drawn}).content.decode()

    def test_one_is_told_nothing_of_a_point_out_of_scope_nor_when_the_minutes_are_shared(self, cast: Cast) -> None:
        row = held(cast, days=0, who=(*GROUP, "annen_faglaerer"))
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        ItemOtherText.objects.create(item=about(row, cast.selma), by=cast.faglaerer, at=timezone.now(), discussion="Om Selma")
        asked = url("minutes_others", row)
        assert signed_in(cast, "annen_faglaerer").get(asked).status_code == 204
        assert "Om Selma" in signed_in(cast, "norsklaerer").get(asked).content.decode()
        assert LookLog.objects.filter(user=cast.norsklaerer, participant_id=cast.selma.participant_id, page="referat").exists()
        Minutes.objects.filter(meeting=row).update(state="shared", shared_at=timezone.now())
        assert signed_in(cast, "norsklaerer").get(asked).status_code == 204

    def test_a_form_never_bases_its_next_saving_on_a_text_its_writer_has_not_seen(self, cast: Cast, meeting: Meeting) -> None:
        item = about(meeting, cast.selma)
        address, base = url("minutes_item", meeting, item.public_id), fingerprint("")
        sent = self.sent(item, discussion="", decision="Annas")
        signed_in(cast, "faglaerer").post(address, self.sent(item, discussion="Olas"), headers=HTMX)
        answer = signed_in(cast, "norsklaerer").post(address, sent, headers=HTMX).content.decode()
        assert f'name="base_discussion" value="{base}"' in answer
        assert f'data-newer="discussion" data-base="{fingerprint("Olas")}" value="Olas"' in answer

    def test_a_draft_of_what_could_not_be_sent_comes_back_on_the_page_and_is_gone_when_it_is_saved(
        self, cast: Cast, meeting: Meeting
    ) -> None:
        item = about(meeting, cast.selma)
        client = signed_in(cast, "faglaerer")
        page = client.get(url("minutes_page", meeting)).content.decode()
        tokens = re.findall(r'data-draft-address="([^"]+)"', page)
        place = [row.public_id for row in AgendaItem.objects.filter(meeting=meeting)]
        assert len(tokens) == len(place)
        form = re.search(rf'id="punkt-{item.public_id}".*?data-draft-address="([^"]+)"', page, re.DOTALL)
        fields = json.dumps({"discussion": ["Ikke sendt"], "base_discussion": [fingerprint("")]})
        client.post("/kladd/", {"draft": form[1], "fields": fields})
        assert "Ikke sendt" in client.get(url("minutes_page", meeting)).content.decode()
        client.post(
            url("minutes_item", meeting, item.public_id), self.sent(item, discussion="Ikke sendt", draft=form[1]), headers=HTMX
        )
        assert not Draft.objects.exists()

    def test_the_page_asks_as_many_queries_for_twelve_participants_as_for_two(self, cast: Cast, meeting: Meeting) -> None:
        client = signed_in(cast, "koordinator")

        def counted() -> int:
            client.get(url("minutes_page", meeting))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url("minutes_page", meeting)).status_code == 200
            return len(queries)

        few = counted()
        more = [enrol(cast, f"Nora{number} Prøvestad", "BUA", "training") for number in range(10)]
        pick_people(meeting=meeting, chosen=more, among=more, by=cast.koordinator, at=timezone.now())
        assert counted() == few <= 15

    def test_one_who_is_only_invited_in_another_role_writes_nothing(self, cast: Cast) -> None:
        row = held(cast, days=0, kind="cooperation", who=("koordinator", "fadder"), enrolment=cast.selma)
        start_minutes(meeting=row, by=cast.koordinator)
        item = AgendaItem.objects.filter(meeting=row).first()
        answer = signed_in(cast, "fadder").post(url("minutes_item", row, item.public_id), {"discussion": "x"})
        assert answer.status_code == 403

    def test_a_writer_writes_nothing_on_a_point_out_of_scope(self, cast: Cast) -> None:
        row = held(cast, days=0, who=(*GROUP, "annen_faglaerer"))
        pick_people(meeting=row, chosen=[cast.selma], among=[cast.selma], by=cast.koordinator, at=timezone.now())
        start_minutes(meeting=row, by=cast.koordinator)
        answer = signed_in(cast, "annen_faglaerer").post(
            url("minutes_item", row, about(row, cast.selma).public_id), {"discussion": "x"}
        )
        assert answer.status_code == 404
