"""What people put on the agenda: participants who are picked, points of their own, and the standing points of the template."""

from __future__ import annotations

import pytest
from django.urls import reverse

from meetings.actions.agenda import move_item
from meetings.forms.agenda import AgendaItemForm
from meetings.models import AgendaItem, Meeting, StandingItem
from tests.cast import Cast, make_user
from tests.meetings.agendas import page
from tests.meetings.group import meet, signed_in, steering


class TestPicking:
    def test_those_behind_are_proposed_and_the_ticked_come_on(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        url = reverse("agenda_pick", args=[row.public_id])
        client = signed_in(cast, "koordinator")
        sent = {"people": [cast.selma.public_id], "shown": [cast.selma.public_id, cast.placed.public_id]}
        client.post(url, sent)
        assert [item.enrolment for item in AgendaItem.objects.filter(kind="participant")] == [cast.selma]
        client.post(url, sent | {"people": [cast.placed.public_id]})
        on = AgendaItem.objects.filter(kind="participant", withdrawn_at__isnull=True)
        assert [item.enrolment for item in on] == [cast.placed]
        assert "På sakslista" in page(cast, row)

    def test_one_on_another_page_stays_as_it_was(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        client, url = signed_in(cast, "koordinator"), reverse("agenda_pick", args=[row.public_id])
        client.post(url, {"people": [cast.selma.public_id], "shown": [cast.selma.public_id]})
        client.post(url, {"people": [], "shown": [cast.placed.public_id]})
        assert AgendaItem.objects.filter(kind="participant", withdrawn_at__isnull=True).count() == 1

    def test_nobody_out_of_scope_or_of_another_trade_comes_on(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        url = reverse("agenda_pick", args=[row.public_id])
        signed_in(cast, "koordinator").post(url, {"people": [cast.nadia.public_id], "shown": [cast.nadia.public_id]})
        assert not AgendaItem.objects.filter(kind="participant").exists()

    def test_a_teacher_does_not_pick(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        assert signed_in(cast, "faglaerer").post(reverse("agenda_pick", args=[row.public_id]), {}).status_code == 403


class TestOwnItems:
    def test_everyone_invited_may_put_a_point_on_and_take_their_own_off(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        client = signed_in(cast, "norsklaerer")
        client.post(reverse("agenda_item_new", args=[row.public_id]), {"title": "Lokale til norsktimene", "words": ""})
        item = AgendaItem.objects.get(kind="own")
        titles = list(AgendaItem.objects.filter(meeting=row).order_by("order", "pk").values_list("title", flat=True))
        assert titles[-2:] == ["Lokale til norsktimene", "Eventuelt"]
        assert "Meldt inn av" in page(cast, row, "faglaerer")
        withdraw = reverse("agenda_item_withdraw", args=[row.public_id, item.public_id])
        assert signed_in(cast, "faglaerer").post(withdraw).status_code == 403
        client.post(withdraw)
        assert "Lokale til norsktimene" not in page(cast, row)

    def test_each_is_told_what_is_theirs_to_do_about_a_participant(self, cast: Cast) -> None:
        group = meet(cast, days=3, who=("koordinator", "faglaerer", "norsklaerer"))
        own = meet(cast, days=3, kind="cooperation", who=("koordinator", "deltaker"), enrolment=cast.selma)

        def said(who: str, row: Meeting) -> str:
            return signed_in(cast, who).get(reverse("agenda_item_new", args=[row.public_id])).content.decode()

        assert "Sett heller deltakeren på sakslista." in said("koordinator", group)
        assert "Be heller koordinator sette deltakeren på sakslista." in said("norsklaerer", group)
        for who in ("koordinator", "deltaker"):
            assert "deltakeren på sakslista" not in said(who, own) and "Ikke skriv" not in said(who, own)
        assert "Ikke skriv navn på deltakere her." in said("styringsgruppe", steering(cast))

    def test_nothing_is_put_on_when_the_meeting_has_begun(self, cast: Cast) -> None:
        row = meet(cast, days=-1)
        signed_in(cast, "norsklaerer").post(reverse("agenda_item_new", args=[row.public_id]), {"title": "For sent"})
        assert not AgendaItem.objects.filter(title="For sent").exists()

    def test_the_koordinator_edits_and_moves_any_point(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        client = signed_in(cast, "koordinator")
        client.post(reverse("agenda_item_new", args=[row.public_id]), {"title": "Ny sak", "words": ""})
        item = AgendaItem.objects.get(kind="own")
        client.post(
            reverse("agenda_item_edit", args=[row.public_id, item.public_id]),
            {"title": "Ny tittel", "words": "Mer", "version": 1},
        )
        client.post(reverse("agenda_item_move", args=[row.public_id, item.public_id]), {"vei": "opp"})
        titles = list(AgendaItem.objects.filter(meeting=row).order_by("order").values_list("title", flat=True))
        assert titles.index("Ny tittel") == len(titles) - 3

    def test_two_who_change_a_point_at_once_see_both_texts(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        client = signed_in(cast, "koordinator")
        client.post(reverse("agenda_item_new", args=[row.public_id]), {"title": "Ny sak", "words": ""})
        item = AgendaItem.objects.get(kind="own")
        url = reverse("agenda_item_edit", args=[row.public_id, item.public_id])
        client.post(url, {"title": "Først", "words": "", "version": 1})
        answer = client.post(url, {"title": "Sist", "words": "", "version": 1})
        assert answer.status_code == 409 and "Først" in answer.content.decode() and "Sist" in answer.content.decode()

    def test_a_point_that_is_moved_while_its_words_are_saved_stands_where_it_was_moved(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = meet(cast, days=3)
        client = signed_in(cast, "koordinator")
        client.post(reverse("agenda_item_new", args=[row.public_id]), {"title": "Ny sak", "words": ""})
        item, claimed = AgendaItem.objects.get(kind="own"), AgendaItemForm.claim_version

        def moved_first(form: AgendaItemForm) -> None:
            for _place in range(2):
                move_item(item=item, up=True, by=cast.koordinator)
            claimed(form)

        monkeypatch.setattr(AgendaItemForm, "claim_version", moved_first)
        url = reverse("agenda_item_edit", args=[row.public_id, item.public_id])
        assert client.post(url, {"title": "Ny tittel", "words": "", "version": 1}).status_code == 302
        titles = list(AgendaItem.objects.filter(meeting=row).order_by("order").values_list("title", flat=True))
        assert titles.index("Ny tittel") == len(titles) - 4


class TestTheTemplate:
    def test_what_is_shipped_is_added_once_and_never_written_over(self, cast: Cast) -> None:
        from meetings.defaults import load

        first = load(today=cast.today)["faste punkter"]
        StandingItem.objects.filter(kind="project_group", code="eventuelt").update(title="Til slutt", is_active=False)
        assert first > 20 and load(today=cast.today) == {"faste punkter": 0}
        assert StandingItem.objects.get(kind="project_group", code="eventuelt").title == "Til slutt"

    def test_a_point_out_of_use_is_in_no_new_agenda(self, cast: Cast) -> None:
        row = meet(cast, days=3)
        StandingItem.objects.filter(kind="project_group", code="ressurser").update(is_active=False)
        assert ">Ressurser" not in page(cast, row).replace("</span> ", ">")

    def test_the_koordinator_adds_changes_and_moves_standing_points(self, cast: Cast) -> None:
        meet(cast, days=3)
        client = signed_in(cast, "koordinator")
        sent = {"title": "Nytt fra fylket", "words": "", "fills": "", "is_active": "on"}
        client.post(reverse("standing_new") + "?type=project_group", sent)
        row = StandingItem.objects.get(title="Nytt fra fylket")
        assert row.kind == "project_group" and row.code
        client.post(reverse("standing_move", args=[row.public_id]), {"vei": "opp"})
        titles = list(StandingItem.objects.filter(kind="project_group").order_by("order").values_list("title", flat=True))
        assert titles[-2:] == ["Nytt fra fylket", "Eventuelt"]
        shown = client.get(reverse("standing_list")).content.decode()
        assert "Nytt fra fylket" in shown and "Avslutningsmøte" in shown

    def test_only_a_koordinator_comes_to_the_template(self, cast: Cast) -> None:
        assert signed_in(cast, "faglaerer").get(reverse("standing_list")).status_code == 403
        other = make_user("Ny Koordinator", "coordinator", today=cast.today)
        cast.users["ny"] = other
        assert signed_in(cast, "ny").get(reverse("standing_list")).status_code == 200
