"""What the reports lack and what records lack are two lists, with words that cannot be taken for each other; each count is its list's."""

from __future__ import annotations

import re

from django.urls import reverse

from participants.models import Enrolment, Participant
from tests.cast import Cast, enrol
from tests.meetings.arranged import signed_in


def test_the_tile_leads_to_exactly_the_list_it_counts(cast: Cast) -> None:
    enrol(cast, "Uten Fag", "", "admitted")
    Participant.objects.filter(pk=cast.enrolments["selma"].participant_id).update(birth_date=None)
    Enrolment.objects.filter(pk=cast.enrolments["withdrawn"].pk).update(end_code="")
    browser = signed_in(cast, "koordinator")
    (tile,) = [one for one in browser.get("/").context["tiles"] if one["label"] == "Mangler opplysninger"]
    assert (tile["count"] > 0, tile["note"]) == (True, "deltakere, også avsluttede")
    page = browser.get(tile["url"]).content.decode()
    shown = re.search(r'id="shown"><span><b>(\d+) ', page)
    assert shown and int(shown[1]) == tile["count"]
    assert browser.get(reverse("report_missing")).context["people_url"] == tile["url"].split("#")[0]


def test_what_a_report_lacks_has_a_name_of_its_own_and_counts_its_own(cast: Cast) -> None:
    browser = signed_in(cast, "koordinator")
    assert "Registrer før rapporten</a>" in browser.get(reverse("report_list")).content.decode()
    page = browser.get(reverse("report_missing"))
    content = page.content.decode()
    assert "<h1>Registrer før rapporten</h1>" in content
    assert "mangler" not in re.sub(r"<[^>]+>", "", content.split("<h1>")[1].split("</h1>")[0]).lower()
    total = sum(kind["count"] for kind in page.context["kinds"])
    assert f"når disse {total} tingene er registrert." in content
    assert f'href="{page.context["people_url"]}">Mangler opplysninger</a>' in content
