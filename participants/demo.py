"""The participants' part of the demo: made-up people over every phase, walked through the real steps."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils import timezone

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.acting import acting
from fagbrev.audit.log import note_look
from fagbrev.people.roles import roles_of
from participants.actions.access import restrict
from participants.actions.referrals import decline_inbox_item
from participants.demo_carried import add_papers, carry
from participants.demo_cast import APPRENTICE, CAST
from participants.demo_people import made_up_mail, made_up_phone, person
from participants.demo_scene import Scene, Staff
from participants.demo_specials import AFTER, INSTEAD
from participants.demo_way import Way
from participants.demo_windows import fill_windows
from participants.models import CohortMember, Document, Participant, ReferralInboxItem, SavedFilter, StatusChange
from programmes.models import Cohort, Criterion, ExamWindow, Partner, Trade, WorkplaceApproval, WorkplacePerson

# Workplaces that only those named in the cast go to: whom the demo's leder and fadder see is decided there.
RESERVED = {"Solhaug barnehage"}
WITH_PAPERS = ("Selma Testesen", "Kidist Testlid")
FILTERS = [
    ("Kontrakt slutter, barn og ungdom", "?fag=BUA&utvalg=kontrakt"),
    ("Venter på fylket", "?utvalg=fylket"),
    ("Oppstart og utplassert", "?fase=onboarding&fase=placed"),
]
# First and last name, trade, days ago, sender, organisation, knows of it, words, reason when declined.
INBOX = [
    ("Zaynab", "Testås", "BUA", 6, "Trond Testnav", "NAV Eksempelvik", True, "Har vært vikar i barnehage i to år.", ""),
    ("Olha", "Demobakk", "HEA", 3, "Eskil Demointro", "Introduksjonsprogrammet", True, "Var sykepleier i hjemlandet.", ""),
    ("Miriam", "Prøvetun", "", 1, "Kirsten Demosjef", "Demokroken kafé", False, "Flink og stabil. Vil videre.", ""),
    ("Jonas", "Eksempel", "ROF", 25, "Odd Demosjef", "Private arbeidsgivere", True, "",
     "Bor i en annen kommune. Vi har gitt beskjed om hvor han kan søke."),
]  # fmt: skip


@acting()
def seed(*, today: date, staff: Staff) -> int:
    """Adds the demo's participants; gives how many. Needs the frame's demo, and accounts whose roles reach years back."""
    scene = scene_on(today, staff)
    written: list[Document] = []
    try:
        for number, member in enumerate(CAST, 1):
            way = Way(scene, member, number)
            INSTEAD.get(member.special, Way.walk)(way)
            if member.special in AFTER:
                AFTER[member.special](way)
            if member.special != "imported":
                carry(way)
            if member.name in WITH_PAPERS:
                add_papers(way, written)
        _around(scene)
        fill_windows(scene)
        _register_when_it_happened(today)
    except BaseException:
        for row in written:  # a rolled back seed leaves no files either
            row.file.delete(save=False)
        raise
    return Participant.objects.count()


def scene_on(today: date, staff: Staff) -> Scene:
    """Gives the frame as the ways need it: places with their people, those approved per trade, cohorts, criteria."""
    scene = Scene(today, staff)
    scene.trades = {trade.code: trade for trade in Trade.objects.select_related("curriculum")}
    scene.partners = {partner.code: partner for partner in Partner.objects.exclude(code=None) if partner.code}
    scene.criteria = list(Criterion.objects.filter(is_active=True, trade=None).order_by("order"))
    scene.windows = list(ExamWindow.objects.order_by("opens_on"))
    for cohort in Cohort.objects.select_related("trade").order_by("name"):
        scene.cohorts.setdefault(cohort.trade.code, []).append(cohort)
    people = WorkplacePerson.objects.select_related("workplace").order_by("workplace_id", "pk")
    for place, group in groupby(people, key=lambda row: row.workplace):
        here = list(group)
        scene.places[place.name] = (place, [row for row in here if row.is_leder], [row for row in here if row.may_be_fadder])
    approvals = (
        WorkplaceApproval.objects.filter(state="approved").select_related("workplace", "trade").order_by("workplace__name")
    )
    for approval in approvals:
        if approval.workplace.name not in RESERVED and approval.workplace.name in scene.places:
            scene.approved.setdefault(approval.trade.code, []).append(approval.workplace.name)
    return scene


def _around(scene: Scene) -> None:
    """What is not one participant's way: the inbox, an ordinary apprentice, saved filters, restrictions, looks."""
    _inbox(scene)
    apprentice = scene.put(person(*APPRENTICE, 950, national_id=None, national_id_key=""))
    cohort = scene.cohorts["HEA"][0]
    scene.put(CohortMember(participant=apprentice, cohort=cohort, starts_on=scene.day(80)))
    SavedFilter.objects.bulk_create(
        [SavedFilter(user=scene.staff.coordinator, name=name, query=query) for name, query in FILTERS]
    )
    strict = Participant.objects.get(address_protection="strengt_fortrolig")
    neighbour = Participant.objects.get(first_name="Lul")
    for row, kind, user, why in (
        (strict, RecordRestriction.ONLY, scene.staff.coordinator, "strengt fortrolig adresse"),
        (neighbour, RecordRestriction.DENY, scene.staff.colleague, "kjenner familien"),
    ):
        restrict(
            participant=row,
            kind=kind,
            user=user,
            reason=why,
            starts_on=scene.day(30),
            by=scene.staff.coordinator,
            today=scene.today,
        )
    own = Participant.objects.get(user=scene.staff.deltaker)
    for user, page, sections in (
        (scene.staff.coordinator, "oversikt", ["identity", "progress", "placement"]),
        (scene.staff.faglaerere["BUA"], "eksamen", ["exams"]),
        (scene.staff.fadder, "oversikt", ["identity", "progress"]),
    ):
        note_look(
            user=user, roles=roles_of(user, scene.today), participant_id=own.pk, enrolment_id=None, page=page, sections=sections
        )


def _inbox(scene: Scene) -> None:
    for number, (first, last, code, ago, sender, organisation, knows, words, declined) in enumerate(INBOX):
        item = ReferralInboxItem.objects.create(
            first_name=first, last_name=last, trade=scene.trades.get(code), phone=made_up_phone(900 + number), sender_name=sender,
            sender_organisation=organisation, sender_email=made_up_mail(*sender.split(" ", 1)), knows_of_referral=knows, words=words,
        )  # fmt: skip
        at = _moment(scene.day(ago), number)
        ReferralInboxItem.objects.filter(pk=item.pk).update(received_at=at)
        if declined:
            decline_inbox_item(item=item, by=scene.staff.coordinator, reason=declined)
            ReferralInboxItem.objects.filter(pk=item.pk).update(answered_at=_moment(scene.day(ago - 2), number))


def _register_when_it_happened(today: date) -> None:
    """Dates each change's registration to the day it happened, in the order it was made; unknown days to the import's."""
    rows = list(StatusChange.objects.select_related("enrolment").order_by("enrolment_id", "pk"))
    for enrolment, group in groupby(rows, key=lambda row: row.enrolment):
        last = None
        for row in group:
            at = _moment(row.happened_on or enrolment.imported_on or enrolment.started_on or today, 0)
            row.at = max(at, last + timedelta(minutes=1)) if last else at
            last = row.at
    StatusChange.objects.bulk_update(rows, ["at"], 200)


def _moment(day: date, number: int) -> datetime:
    """A time of a working day."""
    return timezone.make_aware(datetime.combine(day, time(9, 10 + number % 40)))
