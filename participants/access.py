"""Whose records a user has, and which part of them: scope as querysets, and the gate of a record.

The table (fagbrev.access.table) says what a role may; the openings below say for which enrolments. Both are needed, and
nothing else lets anybody in. Source: docs/access.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from fagbrev.access.gate import Gate
from fagbrev.access.restrictions import blocked_participants
from fagbrev.access.table import RANK, Right, allows, sections_of
from fagbrev.access.table import sections as table_sections
from fagbrev.audit.log import note_look
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, roles_of
from fagbrev.periods import holds_on
from fagbrev.sealed import blind_index
from participants.models import CohortMember, Consent, Enrolment, Participant, Placement, PlacementFadder
from participants.pages import PAGES
from participants.workflow import ADMITTED_ON, BEFORE_ADMITTED
from programmes.models import TeachingAssignment, WorkplacePerson

FADDER_SEES_BEFORE_START = timedelta(days=14)
TEACHER_READS_AFTER_END = timedelta(days=30)
BEFORE_ADMISSION_SECTIONS = frozenset({"identity", "intake_background", "admission"})
WITHOUT_CONSENT_SECTIONS = frozenset({"identity", "contact", "progress", "placement", "exam_dates", "visit_plan", "weekly_plan"})
ON_LEAVE_SECTIONS = frozenset({"identity", "progress"})
SHOWING = {200, 409, 422}  # answers that show what the record holds: pages, both texts of a conflict, a form with errors
BEFORE_START_SECTIONS = frozenset({"identity", "agreements"})


@dataclass(frozen=True)
class Opening:
    """One way in: for a role, the enrolments it opens, the sections (None: all the table gives) and the highest right."""

    role: str
    key: str
    where: Callable[[User, date], Q]
    only: frozenset[str] | None = None
    cap: Right = "write"

    def right(self, section: str) -> int:
        """Gives the rank of the right this opening gives to a section: 0 none, 1 read, 2 write."""
        if self.only is not None and section not in self.only:
            return 0
        return min(RANK[self.cap], RANK[table_sections()[section].cells[self.role]])


def _taught(role: str) -> Callable[[User, date], Q]:
    def where(user: User, today: date) -> Q:
        mine = TeachingAssignment.objects.active(today).filter(user=user, role=role)
        # Membership ends with the enrolment; the 30 days after it are the group's teacher's too.
        in_cohort = CohortMember.objects.filter(
            holds_on(today) | Q(ends_on__gte=F("enrolment__ended_on")),
            cohort__in=mine.filter(cohort__isnull=False).values("cohort"),
            enrolment__isnull=False,
        )
        return Q(trade__in=mine.filter(cohort__isnull=True).values("trade")) | Q(pk__in=in_cohort.values("enrolment"))

    return where


def _narrowed(where: Callable[[User, date], Q], by: Callable[[date], Q]) -> Callable[[User, date], Q]:
    return lambda user, today: where(user, today) & by(today)


def _ended_lately(today: date) -> Q:
    return Q(status__in=["completed", "terminated"], ended_on__gte=today - TEACHER_READS_AFTER_END)


def fadder_placements(user: User, today: date) -> QuerySet[Placement]:
    """Gives the placements where the user is fadder, from 14 days before they start to their last day."""
    soon = today + FADDER_SEES_BEFORE_START
    mine = PlacementFadder.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=soon),
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        person__in=WorkplacePerson.objects.filter(holds_on(today), user=user),
    )
    return Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), pk__in=mine.values("placement"), starts_on__lte=soon
    )


def leder_placements(user: User, today: date) -> QuerySet[Placement]:
    """Gives the placements at workplaces the user leads, from the request for a place to their last day."""
    led = WorkplacePerson.objects.leaders(today).filter(user=user).values("workplace")
    return Placement.objects.filter(
        Q(requested_on__lte=today) | Q(starts_on__lte=today), Q(ends_on__isnull=True) | Q(ends_on__gte=today), workplace__in=led
    )


def _refused_consents() -> QuerySet[Consent]:
    return Consent.objects.filter(Q(answer=False) | Q(withdrawn_on__isnull=False), party="workplace", is_current=True)


def _with_consent(placements: QuerySet[Placement], *, given: bool) -> QuerySet[Placement]:
    """Cuts placements to those whose workplace the participant has (not) refused to share with."""
    from django.db.models import Exists, OuterRef

    refused = _refused_consents().filter(
        Q(workplace=OuterRef("workplace")) | Q(workplace__isnull=True), participant=OuterRef("enrolment__participant")
    )
    return placements.filter(~Exists(refused) if given else Exists(refused))


def _at(
    placements: Callable[[User, date], QuerySet[Placement]], *, consent: bool, begun: bool | None = None
) -> Callable[[User, date], Q]:
    def where(user: User, today: date) -> Q:
        rows = _with_consent(placements(user, today), given=consent)
        if begun is not None:
            rows = rows.filter(starts_on__lte=today) if begun else rows.exclude(starts_on__lte=today)
        return Q(pk__in=rows.values("enrolment")) & ~Q(status="on_leave")

    return where


def _on_leave_at(placements: Callable[[User, date], QuerySet[Placement]]) -> Callable[[User, date], Q]:
    return lambda user, today: Q(pk__in=placements(user, today).values("enrolment"), status="on_leave")


OPENINGS: tuple[Opening, ...] = (
    Opening(COORDINATOR, "coordinator", lambda user, today: Q(pk__isnull=False)),
    Opening(
        FAGLAERER, "faglaerer_before", _narrowed(_taught(FAGLAERER), lambda today: Q(status__in=BEFORE_ADMITTED)),
        BEFORE_ADMISSION_SECTIONS,
    ),
    Opening(
        FAGLAERER, "faglaerer",
        _narrowed(_taught(FAGLAERER), lambda today: Q(status__in=[s for s in ADMITTED_ON if s != "completed"])),
    ),
    Opening(FAGLAERER, "faglaerer_after", _narrowed(_taught(FAGLAERER), _ended_lately), cap="read"),
    Opening(
        NORSKLAERER, "norsklaerer",
        _narrowed(_taught(NORSKLAERER), lambda today: Q(status__in=[s for s in ADMITTED_ON if s != "completed"])),
    ),
    Opening(NORSKLAERER, "norsklaerer_after", _narrowed(_taught(NORSKLAERER), _ended_lately), cap="read"),
    Opening(FADDER, "fadder", _at(fadder_placements, consent=True)),
    Opening(FADDER, "fadder_no_consent", _at(fadder_placements, consent=False), WITHOUT_CONSENT_SECTIONS),
    Opening(FADDER, "fadder_leave", _on_leave_at(fadder_placements), ON_LEAVE_SECTIONS, "read"),
    Opening(LEDER, "leder_before", _at(leder_placements, consent=True, begun=False), BEFORE_START_SECTIONS),
    Opening(LEDER, "leder", _at(leder_placements, consent=True, begun=True)),
    Opening(
        LEDER, "leder_no_consent_before", _at(leder_placements, consent=False, begun=False), frozenset({"identity"})
    ),
    Opening(LEDER, "leder_no_consent", _at(leder_placements, consent=False, begun=True), WITHOUT_CONSENT_SECTIONS),
    Opening(LEDER, "leder_leave", _on_leave_at(leder_placements), ON_LEAVE_SECTIONS, "read"),
    Opening(DELTAKER, "deltaker", lambda user, today: Q(participant__user=user, participant__locked_at__isnull=True)),
)  # fmt: skip


def openings_of(user: User, today: date) -> list[Opening]:
    """Gives the openings of the roles the user holds on the day."""
    held = roles_of(user, today)
    return [opening for opening in OPENINGS if opening.role in held]


@lru_cache(maxsize=1024)
def _where(opening: Opening, user_id: int, today: date) -> Q:
    """What an opening asks, put together once for a user and a day: the question alone, never an answer."""
    return opening.where(User(pk=user_id), today)


def _blocked(openings: Iterable[Opening], user: User, today: date) -> tuple[int, ...]:
    """Gives whom restrictions keep the user away from; they do not keep a participant from the own record."""
    return tuple(blocked_participants(user, today)) if any(opening.role != DELTAKER for opening in openings) else ()


def _within(opening: Opening, user_id: int, today: date, blocked: tuple[int, ...]) -> Q:
    where = _where(opening, user_id, today)
    return where & ~Q(participant_id__in=blocked) if blocked and opening.role != DELTAKER else where


def condition_of(opening: Opening, user: User, today: date) -> Q:
    """Gives the condition on Enrolment of one opening for the user, restrictions included."""
    return _within(opening, user.pk, today, _blocked([opening], user, today))


def enrolments_for(
    user: User, section: str, right: Right = "read", *, today: date | None = None, listed: bool = True
) -> QuerySet[Enrolment]:
    """Gives the enrolments for which the user may read (or write) the section.

    `listed` leaves out people with strictly protected addresses, who stand in no list, count or search.
    """
    day = today or timezone.localdate()
    found = Q(pk__in=[])
    for opening in openings_of(user, day):
        if opening.right(section) >= RANK[right]:
            found |= condition_of(opening, user, day)
    rows = Enrolment.objects.filter(found)
    return rows.exclude(participant__address_protection="strengt_fortrolig") if listed else rows


def person_by_number(user: User, number: str) -> Participant | None:
    """Gives the participant with this national identity number, strictly protected ones too, if within the user's scope."""
    mine = enrolments_for(user, "national_id", listed=False).values("participant")
    return Participant.objects.filter(pk__in=mine, national_id_key=blind_index(number, "national_id")).first()


def with_openings(rows: QuerySet[Enrolment], user: User, *, today: date | None = None) -> QuerySet[Enrolment]:
    """Adds one boolean per opening of the user's roles, so that cells are shown without another query."""
    day = today or timezone.localdate()
    openings = openings_of(user, day)
    return rows.annotate(**_flags(openings, user.pk, day, _blocked(openings, user, day)))


def _flags(openings: Iterable[Opening], user_id: int, day: date, blocked: tuple[int, ...]) -> dict[str, Any]:
    flags: dict[str, Any] = {}
    for opening in openings:
        if opening.role == COORDINATOR and not blocked:
            flags[f"opens_{opening.key}"] = Value(True, output_field=BooleanField())
        else:
            flags[f"opens_{opening.key}"] = Case(
                When(_within(opening, user_id, day, blocked), then=Value(True)), default=Value(False), output_field=BooleanField()
            )
    return flags


@lru_cache(maxsize=256)
def _records(openings: tuple[Opening, ...], user_id: int, day: date, blocked: tuple[int, ...]) -> QuerySet[Enrolment]:
    """What the gate of a record asks at every request, put together once: the question alone. It is narrowed before it is asked."""
    rows = Enrolment.objects.annotate(**_flags(openings, user_id, day, blocked))
    return rows.select_related("participant", "participant__user", "trade", "curriculum").order_by("-started_on", "-pk")


def rank_in(enrolment: Enrolment, section: str) -> int:
    """Gives the rank of the right to a section, from the booleans `with_openings` put on the row."""
    return max((opening.right(section) for opening in OPENINGS if getattr(enrolment, f"opens_{opening.key}", False)), default=0)


def placements_for(user: User, section: str, right: Right = "read", *, today: date | None = None) -> QuerySet[Placement]:
    """Gives the placements in the user's scope for a section: fadder and leder only their own, the others all in scope."""
    day = today or timezone.localdate()
    found = Q(pk__in=[])
    own = {FADDER: fadder_placements, LEDER: leder_placements}
    for opening in openings_of(user, day):
        if opening.right(section) < RANK[right]:
            continue
        condition = Q(enrolment__in=Enrolment.objects.filter(condition_of(opening, user, day)))
        if opening.role in own:
            condition &= Q(pk__in=own[opening.role](user, day).values("pk"))
        found |= condition
    return Placement.objects.filter(found)


@dataclass
class Record:
    """What the gate hands a view: the participant, the enrolment in question, and the rights to each section."""

    user: User
    today: date
    participant: Participant
    enrolment: Enrolment
    enrolments: list[Enrolment]
    roles: frozenset[str]
    row: Any = None
    _ranks: dict[str, int] = field(default_factory=dict)

    def rank(self, section: str) -> int:
        """Gives 0, 1 or 2 for none, read, write."""
        if section not in self._ranks:
            on_person = section in sections_of("person")
            rows = self.enrolments if on_person else [self.enrolment]
            self._ranks[section] = max(rank_in(row, section) for row in rows)
        return self._ranks[section]

    def reads(self, section: str) -> bool:
        """Tells whether the section may be shown."""
        return self.rank(section) >= RANK["read"]

    def writes(self, section: str) -> bool:
        """Tells whether the section may be changed."""
        return self.rank(section) >= RANK["write"]

    @property
    def readable(self) -> frozenset[str]:
        """Every section the user may read here; templates ask `"exams" in record.readable`."""
        return frozenset(key for key in table_sections() if self.reads(key))

    @property
    def writable(self) -> frozenset[str]:
        """Every section the user may change here."""
        return frozenset(key for key in table_sections() if self.writes(key))

    @property
    def roles_here(self) -> frozenset[str]:
        """The roles that open the enrolment in question."""
        return frozenset(o.role for o in OPENINGS if getattr(self.enrolment, f"opens_{o.key}", False))

    def roles_reading(self, section: str) -> frozenset[str]:
        """The roles through which the user reads the section here; what one role may not, another may."""
        held = [o for o in OPENINGS if getattr(self.enrolment, f"opens_{o.key}", False)]
        return frozenset(o.role for o in held if o.right(section))

    @property
    def is_coordinator(self) -> bool:
        """True for a koordinator on this very record."""
        return bool(getattr(self.enrolment, "opens_coordinator", False))

    @property
    def is_own(self) -> bool:
        """True for the participant looking at the own record."""
        return bool(getattr(self.enrolment, "opens_deltaker", False))

    @property
    def sees_leave_only(self) -> bool:
        """True for a fadder or leder while the participant is on leave: name and leave dates only."""
        keys = {o.key for o in OPENINGS if getattr(self.enrolment, f"opens_{o.key}", False)}
        return bool(keys) and keys <= {"fadder_leave", "leder_leave"}

    def sees_own_placements_only(self, section: str) -> bool:
        """True for those who read a section through a placement: fadder and leder see nothing of another workplace's."""
        return self.roles_reading(section) <= {FADDER, LEDER}

    def placements(self, section: str = "placement") -> QuerySet[Placement]:
        """Gives this enrolment's placements in the user's scope for a section."""
        return placements_for(self.user, section, today=self.today).filter(enrolment=self.enrolment)


def record_of(user: User, participant_id: str, enrolment_id: str = "", *, today: date) -> Record:
    """Finds the participant within the user's scope. Raises Http404 alike for what is not there and what is not theirs.

    `enrolment_id` chooses another enrolment in scope; without it the newest open one, else the newest.
    """
    openings = tuple(openings_of(user, today))
    rows = _records(openings, user.pk, today, _blocked(openings, user, today))
    found = [row for row in rows.filter(participant__public_id=participant_id) if rank_in(row, "identity")]
    if not found:
        raise Http404
    chosen = next((row for row in found if row.is_open), found[0])
    if enrolment_id:
        matching = [row for row in found if row.public_id == enrolment_id]
        if not matching:
            raise Http404
        chosen = matching[0]
    roles = frozenset(opening.role for opening in OPENINGS for row in found if getattr(row, f"opens_{opening.key}", False))
    return Record(user, today, chosen.participant, chosen, found, roles)


View = Callable[..., HttpResponse]


def record(
    key: str,
    *,
    write: bool = False,
    act: str = "look",
    methods: tuple[str, ...] = ("GET", "HEAD", "POST"),
    log: bool = True,
    sections: tuple[str, ...] = (),
    writers: frozenset[str] = frozenset(),
) -> Callable[[View], View]:
    """The gate of a page about one participant: scope (404), then table (403), then method (405); one look row.

    `key` names the page in participants.pages.PAGES, which says which sections it shows. `write` demands the right to
    change at least one of them. `sections` narrows the page's; `writers` narrows who among those who may write.
    The view is called with the request, the Record, and what else the address holds.
    """
    page = PAGES[key]
    asked_for = sections or page.sections

    def wrap(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, participant_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
            today = timezone.localdate()
            wanted = request.GET.get("lop", "")
            found = record_of(request.user, participant_id, wanted, today=today)  # type: ignore[arg-type]
            asked = found.writes if write else found.reads
            if not any(asked(section) for section in asked_for):
                raise PermissionDenied
            if (page.roles and not found.roles_here & page.roles) or (writers and not found.roles_here & writers):
                raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            response = view(request, found, *args, **kwargs)
            if log and request.method != "HEAD" and response.status_code in SHOWING:
                look(found, key, act=act, shown=asked_for)
            return response

        gated.gate = Gate("record", frozenset(), key, methods)  # type: ignore[attr-defined]
        gated.writes = write  # type: ignore[attr-defined]
        return gated

    return wrap


def look(found: Record, page: str, *, shown: Iterable[str], act: str = "look") -> None:
    """Writes the one look row of a request: the sections among `shown` that the user may read."""
    note_look(
        user=found.user,
        roles=found.roles,
        participant_id=found.participant.pk,
        enrolment_id=found.enrolment.pk,
        page=page,
        sections=[section for section in shown if found.reads(section)],
        act=act,
    )


def may_see_anyone(user: User, section: str, today: date) -> bool:
    """Tells whether any of the user's roles gives the section at all, for columns and filters."""
    return any(allows(section, role) for role in roles_of(user, today))
