"""The way from referral to fagbrev counts from the first day anybody came: where a referral is not kept, the day the way began."""

from __future__ import annotations

from datetime import date, timedelta

from fagbrev.figures import TOTAL, Cut
from meetings.report_numbers import counted
from participants.models import Enrolment, Participant, Referral
from tests.cast import Cast
from tests.meetings.reported import draft
from tests.participants import slowly


def test_one_who_came_before_the_first_referral_is_in_the_funnel_too(cast: Cast) -> None:
    first = min(Referral.objects.values_list("referred_on", flat=True), default=cast.today)
    begun = first - timedelta(days=400)
    Referral.objects.filter(enrolment=cast.selma).delete()
    Enrolment.objects.filter(pk=cast.selma.pk).update(started_on=begun)
    report = draft(cast)
    found = counted(report)
    assert date.fromisoformat(found["since"]) == begun.replace(day=1)
    world, cut = slowly.World(), Cut(begun.replace(day=1), report.as_of)
    assert found["periods"][0]["values"]["funnel"][TOTAL] == {
        key: value for key, value in slowly.funnel(world, cut).rows[TOTAL].items() if value
    }
    dated = [each for each in world.cut(cut) if (day := slowly.referred_on(each)) and day <= report.as_of]
    moved = {each.continues_id for each in world.enrolments}
    assert found["periods"][0]["values"]["funnel"][TOTAL]["referred"] == len([one for one in dated if one.pk not in moved])


def test_nobody_who_is_in_no_figure_says_when_it_began(cast: Cast) -> None:
    Enrolment.objects.filter(pk=cast.selma.pk).update(started_on=cast.today - timedelta(days=4000))
    Referral.objects.filter(enrolment=cast.selma).delete()
    Participant.objects.filter(pk=cast.selma.participant_id).update(address_protection="strengt_fortrolig")
    assert date.fromisoformat(counted(draft(cast))["since"]) > cast.today - timedelta(days=3000)
