"""The mail of a day: kinds, counts and a link, whatever the rule; and nothing for what is done, or for those who are gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from fagbrev.duties.mails import write_notices
from fagbrev.duties.models import Duty, Notice, NoticeChoice
from fagbrev.duties.registry import rules
from fagbrev.duties.scan import MAIL_KIND, scan
from fagbrev.mail.actions import send_one
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import RoleGrant, User
from meetings.models import AgendaItem, Invitee, Meeting, MeetingAction, Minutes
from participants.models import Enrolment, IntakeInterview, Participant
from programmes.models import Setting
from tests.cast import Cast

Follow = Callable[[], None]
HEALTH = re.compile(r"\b(syk|sykdom|sykemeld\w*|diagnos\w*|helse(?!fag)|psyk\w*|gravid\w*|medisin\w*|lege)\b", re.IGNORECASE)


def mail_of(user: User) -> OutgoingMail | None:
    return OutgoingMail.objects.filter(kind=MAIL_KIND, user=user).order_by("-pk").first()


def _meeting_of(whose: dict[str, User]) -> Meeting:
    """A meeting that is called, with one of each role invited."""
    starts = timezone.now() + timedelta(days=3)
    made = Meeting.objects.create(
        kind="steering_group", state="called", called_at=timezone.now(), starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    Invitee.objects.bulk_create([Invitee(meeting=made, user=user, role=role) for role, user in whose.items()])
    return made


def _agreed_with(meeting: Meeting, whose: dict[str, User]) -> dict[str, str]:
    """One action item for each role, of minutes that are shared; by role, its public id."""
    Minutes.objects.create(meeting=meeting, state="shared", shared_at=timezone.now())
    item = AgendaItem.objects.create(meeting=meeting, title="Ressurser")
    today = timezone.localdate()
    return {
        role: MeetingAction.objects.create(item=item, words="Ringe", owner=user, owner_role=role, due_on=today).public_id
        for role, user in whose.items()
    }


@pytest.fixture
def of_every_rule(cast: Cast) -> dict[str, list[str]]:
    """A standing duty of every rule and owner about Selma, told to someone of that role today."""
    Duty.objects.all().delete()
    Participant.objects.filter(pk=cast.selma.participant_id).update(
        first_name="Zqfornavn", last_name="Zqetternavn", phone="+4741234567", email="zqpost@example.no"
    )
    found: dict[str, list[str]] = {}
    whose = {"coordinator": cast.koordinator, "faglaerer": cast.faglaerer, "norsklaerer": cast.norsklaerer, "leder": cast.leder,
             "deltaker": cast.deltaker, "fadder": cast.fadder, "styringsgruppe": cast.styringsgruppe}  # fmt: skip
    meeting = _meeting_of(whose)
    agreed = _agreed_with(meeting, whose)
    subjects = {"meeting": dict.fromkeys(whose, meeting.public_id), "meetingaction": agreed}
    for rule in rules().values():
        for owner in rule.owners:
            key = f"{rule.key}:try:{owner}"
            Duty.objects.create(
                key=key, rule=rule.key, source="participants", subject_type="enrolment",
                subject_id=subjects.get(rule.subject, {}).get(owner, cast.selma.public_id),
                owner_role=owner, participant_id=cast.selma.participant_id, enrolment_id=cast.selma.pk,
                placement_id=cast.placements["selma"].pk, trade_id=cast.selma.trade_id, begins_on=cast.today,
                due_on=cast.today, created_on=cast.today,
            )  # fmt: skip
            Notice.objects.create(
                duty_key=key, rule=rule.key, moment="0", recipient=whose[owner], moment_on=cast.today, due_on=cast.today,
                made_on=cast.today, mail_on=cast.today,
            )  # fmt: skip
            found.setdefault(owner, []).append(rule.key)
    return found


@pytest.mark.made_up_duties
def test_no_mail_of_any_rule_holds_a_name_number_or_health_word(cast: Cast, of_every_rule: dict[str, list[str]]) -> None:
    told = 0
    for owner, user in (("coordinator", cast.koordinator), ("faglaerer", cast.faglaerer), ("norsklaerer", cast.norsklaerer),
                        ("leder", cast.leder), ("deltaker", cast.deltaker), ("fadder", cast.fadder),
                        ("styringsgruppe", cast.styringsgruppe)):  # fmt: skip
        mail = OutgoingMail.objects.create(user=user, kind=MAIL_KIND, period=owner, recipient=user.email)
        Notice.objects.filter(recipient=user).update(mail=mail)
        written = write_notices(mail, timezone.now())
        assert written is not None, owner
        for part in (written.subject, written.text, written.html):
            for hidden in ("Zqfornavn", "Zqetternavn", "41234567", "zqpost", "Eksempelvika", cast.selma.public_id,
                           cast.selma.participant.public_id):  # fmt: skip
                assert hidden not in part, (owner, hidden)
            assert not HEALTH.search(part), (owner, HEALTH.search(part))
        for key in of_every_rule[owner]:
            assert rules()[key].mail_kind[0] in written.text or rules()[key].mail_kind[1] in written.text, key
            told += 1
        assert "http" in written.text and "<li>" in written.html
    assert told == sum(len(keys) for keys in of_every_rule.values())


def test_the_kinds_of_every_rule_are_words_without_people() -> None:
    for rule in rules().values():
        assert len(rule.mail_kind) == 2 and all(rule.mail_kind)
        assert not HEALTH.search(" ".join(rule.mail_kind))


class TestWhatIsLeft:
    def test_what_was_done_meanwhile_is_not_in_it(self, cast: Cast, duties: Follow) -> None:
        duties()
        scan(today=cast.today)
        mail = mail_of(cast.koordinator)
        assert mail
        before = write_notices(mail, timezone.now())
        assert before and "intervju etter henvisning" in before.text
        IntakeInterview.objects.create(enrolment=cast.referred, held_on=cast.today)
        duties()
        after = write_notices(mail, timezone.now())
        assert after is None or "intervju etter henvisning" not in after.text

    def test_when_everything_is_done_nothing_is_sent(self, cast: Cast, duties: Follow) -> None:
        duties()
        scan(today=cast.today)
        mail = mail_of(cast.leder)
        assert mail
        Enrolment.objects.filter(pk=cast.selma.pk).update(status="on_leave")
        duties()
        assert send_one(pk=mail.pk, now=timezone.now()) is False
        mail.refresh_from_db()
        assert mail.sent_at is None and mail.dropped_at is not None

    def test_rights_are_asked_for_when_it_is_sent(self, cast: Cast, duties: Follow) -> None:
        duties()
        scan(today=cast.today)
        mail = mail_of(cast.leder)
        assert mail and write_notices(mail, timezone.now())
        RoleGrant.objects.filter(user=cast.leder).update(ends_on=cast.today - timedelta(days=1))
        assert write_notices(OutgoingMail.objects.get(pk=mail.pk), timezone.now()) is None

    def test_what_was_put_off_meanwhile_is_not_in_it(self, cast: Cast, duties: Follow) -> None:
        duties()
        scan(today=cast.today)
        mail = mail_of(cast.leder)
        assert mail and write_notices(mail, timezone.now())
        Duty.objects.update(snoozed_until=cast.today + timedelta(days=3))
        assert write_notices(mail, timezone.now()) is None

    def test_nothing_is_sent_to_one_who_was_deactivated(self, cast: Cast, duties: Follow) -> None:
        duties()
        scan(today=cast.today)
        mail = mail_of(cast.leder)
        assert mail
        User.objects.filter(pk=cast.leder.pk).update(is_active=False)
        assert write_notices(OutgoingMail.objects.get(pk=mail.pk), timezone.now()) is None

    def test_the_deactivated_get_no_notice(self, cast: Cast, duties: Follow) -> None:
        duties()
        User.objects.filter(pk=cast.leder.pk).update(is_active=False)
        scan(today=cast.today)
        assert not Notice.objects.filter(recipient=cast.leder).exists()


class TestRhythm:
    @pytest.fixture(autouse=True)
    def _up_to_date(self, duties: Follow) -> None:
        duties()

    def test_weekly_is_the_rule_and_monday_the_day(self, cast: Cast) -> None:
        scan(today=cast.today)
        for notice in Notice.objects.filter(recipient=cast.koordinator, rule="interview"):
            assert notice.mail_on and (notice.mail_on.isoweekday() == 1 or notice.mail_on == cast.today)

    def test_daily_is_the_same_day(self, cast: Cast) -> None:
        NoticeChoice.objects.create(user=cast.koordinator, rhythm="daily")
        scan(today=cast.today)
        assert set(Notice.objects.filter(recipient=cast.koordinator).values_list("mail_on", flat=True)) == {cast.today}

    def test_off_is_no_mail_but_the_bell(self, cast: Cast) -> None:
        NoticeChoice.objects.create(user=cast.koordinator, rhythm="off")
        scan(today=cast.today)
        assert set(Notice.objects.filter(recipient=cast.koordinator).values_list("mail_on", flat=True)) == {None}
        assert mail_of(cast.koordinator) is None

    def test_the_municipality_may_say_that_all_are_mailed(self, cast: Cast) -> None:
        NoticeChoice.objects.create(user=cast.koordinator, rhythm="off")
        Setting.objects.create(key="mail_may_be_off", value=0, valid_from=cast.today, source="vedtak")
        scan(today=cast.today)
        assert None not in set(Notice.objects.filter(recipient=cast.koordinator).values_list("mail_on", flat=True))

    def test_the_day_of_the_weekly_mail_is_a_setting(self, cast: Cast) -> None:
        Setting.objects.create(key="digest_weekday", value=4, valid_from=cast.today, source="vedtak")
        scan(today=cast.today)
        days = {one.isoweekday() for one in Notice.objects.exclude(mail_on=cast.today).values_list("mail_on", flat=True) if one}
        assert days <= {4}

    def test_one_mail_a_day_and_user(self, cast: Cast) -> None:
        for _time in range(3):
            scan(today=cast.today + timedelta(days=7))
        mails = OutgoingMail.objects.filter(kind=MAIL_KIND)
        assert mails.count() == mails.values("user", "period").distinct().count() > 0
