"""What is said of a placement each semester: that the participant is an extra person there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once
from fagbrev.people.roles import COORDINATOR, LEDER
from fagbrev.web.asking import back_or
from participants.access import Record, placements_for, record
from participants.actions.life import confirm_extra_person
from participants.views.rows import page_url


@record("arbeidssted", write=True, sections=("placement",), writers=frozenset({COORDINATOR, LEDER}))
def extra_person(request: HttpRequest, found: Record, placement_id: str) -> HttpResponse:
    """leder confirms that the participant is an extra person and replaces no employee (V6)."""
    places = placements_for(found.user, "placement", "write", today=found.today).filter(enrolment=found.enrolment)
    placement = places.filter(public_id=placement_id).select_related("workplace", "enrolment").first()
    if placement is None:
        raise Http404
    form = SentForm(posted(request), request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            confirm_extra_person(placement=placement, confirmed_on=found.today, by=found.user)
            messages.success(request, "Takk. Bekreftelsen er lagret.")
            return back_or(request, page_url(found, "arbeidssted"))

        return save_once(request, form, save)
    context = {
        "record": found,
        "form": form,
        "title": "Bekreft at deltakeren er en ekstra person",
        "lead": f"{found.participant.first_name} er i praksis hos {placement.workplace.name}, kommer i tillegg til de ansatte og "
        "erstatter ingen av dem.",
        "verb": "Ja, det bekrefter jeg",
        "back_url": back_or(request, page_url(found, "arbeidssted")),
        "seen_by": seen_by_words("placement"),
    }
    return render(request, "participants/act.html", context)
