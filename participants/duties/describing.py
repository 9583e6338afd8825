"""What a list says of a duty about a participant: name, page, sign of the trade, and the place where it may be told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from fagbrev.duties.reading import Described
from participants.models import Enrolment, Placement
from programmes.models import Trade

OPEN_PLACE = {"without_fadder_leder", "without_fadder_coordinator", "police_certificate", "approval_lapsed", "extra_person",
              "agreement_missing", "county_untold"}  # fmt: skip


def described(duties: Collection[Any]) -> dict[int, Described]:
    """Gives the words by the duty's id; three queries at most. The caller has cut the duties to the reader's scope.

    Only rules that rest on the placement tell the workplace, and never that of someone with a protected address.
    """
    rows = Enrolment.objects.filter(pk__in={duty.enrolment_id for duty in duties}).select_related("participant")
    enrolments = {row.pk: row for row in rows}
    trades = {trade.pk: trade for trade in Trade.objects.filter(pk__in={duty.trade_id for duty in duties if duty.trade_id})}
    wanted = {duty.placement_id for duty in duties if duty.rule in OPEN_PLACE and duty.placement_id and not duty.protection}
    places = dict(Placement.objects.filter(pk__in=wanted).values_list("pk", "workplace__name")) if wanted else {}
    found = {}
    for duty in duties:
        enrolment = enrolments.get(duty.enrolment_id)
        if enrolment is None:
            continue
        trade = trades.get(duty.trade_id)
        found[duty.pk] = Described(
            name=enrolment.participant.full_name,
            participant_id=enrolment.participant.public_id,
            enrolment_id=enrolment.public_id,
            url=f"{reverse('participant_detail', args=[enrolment.participant.public_id])}?lop={enrolment.public_id}",
            sign={"shape": trade.shape, "colour": trade.colour, "name": trade.short_name or trade.name}
            if trade
            else {"shape": "ring", "colour": "neutral", "name": "fag er ikke avklart"},
            note=places.get(duty.placement_id, ""),
        )
    return found
