"""The rules about reviews and actions: pure functions of facts, and the facts in bulk (V6, V8 row 10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta
from textwrap import shorten
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from fagbrev.duties.models import HandOver
from fagbrev.duties.rules import Due, Rule, Terms
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER
from followup.action_rows import local_day
from followup.models import Action, ReviewConversation, ReviewPart
from followup.models.reviews import CALLED, CANCELLED
from participants.duties.scope import candidates
from participants.models import Placement, WorkStatus
from participants.workflow import OPEN, WITH_PLACEMENT

DAY = timedelta(days=1)
CALL_BY = {"autumn": (10, 1), "spring": (3, 1)}  # not called by 1 October / 1 March (docs: duties and reminders)
SETTLE = timedelta(days=28)  # one who begins after that day is called within four weeks
PREPARE_BEFORE = timedelta(days=2)
FOUR = (DELTAKER, FADDER, FAGLAERER, COORDINATOR)
EVERYONE = (COORDINATOR, FAGLAERER, NORSKLAERER, FADDER, LEDER, DELTAKER)


class About(NamedTuple):
    """Whom a duty is about; the same columns for every kind of fact."""

    enrolment: int
    enrolment_public_id: str
    participant: int
    trade: int | None
    protection: str
    imported_on: date | None


def _about(path: str) -> tuple[str, ...]:
    return (
        f"{path}__pk", f"{path}__public_id", f"{path}__participant_id", f"{path}__trade_id",
        f"{path}__participant__address_protection", f"{path}__imported_on",
    )  # fmt: skip


class PlaceFacts(NamedTuple):
    """An open main placement that has begun, and the semesters it has a review in."""

    about: About
    pk: int
    public_id: str
    starts_on: date
    called: frozenset[str]


class ReviewFacts(NamedTuple):
    """A review that is called and not held, and whose own parts are shared."""

    about: About
    public_id: str
    placement: int
    semester: str
    called_on: date
    meets_on: date
    shared: frozenset[str]


class ActionFacts(NamedTuple):
    """An open action with a date."""

    about: About
    public_id: str
    owner_role: str
    due_on: date
    made_on: date
    placement: int | None
    placement_ends_on: date | None
    owner: str = ""  # the public id of the one who said they would; "" where it is anybody's in the role


def _due(about: About, rule: str, owner: str, due_on: date, begins_on: date, **more: Any) -> Due:
    return Due(
        rule=rule, owner_role=owner, due_on=due_on, begins_on=begins_on, participant_id=about.participant,
        enrolment_id=about.enrolment, trade_id=about.trade, protection=about.protection, imported_on=about.imported_on,
        **{"subject_type": "enrolment", "subject_id": about.enrolment_public_id, "occurrence": "", **more},
    )  # fmt: skip


def call_by(first: date, last: date) -> date:
    """Gives the day a review must be called by in a semester: 1 October in autumn, 1 March in spring, within the semester."""
    month, day = CALL_BY["autumn" if first.month >= 7 else "spring"]
    return min(max(date(first.year, month, day), first), last)


def call_review(facts: PlaceFacts, terms: Terms, today: date) -> Iterator[Due]:
    """koordinator calls a review once a semester (V6, V8 row 10); one who begins late has four weeks first."""
    for key, first, last in list(terms.frame.get("semesters", ()))[:1]:
        opens = max(first, facts.starts_on)
        due = max(call_by(first, last), facts.starts_on + SETTLE if facts.starts_on > first else first)
        if key in facts.called or due > last or opens > today:
            continue
        yield _due(
            facts.about, "review_call", COORDINATOR, due, opens, opens_on=opens, occurrence=key, placement_id=facts.pk,
            subject_type="placement", subject_id=facts.public_id,
        )  # fmt: skip


def hold_review(facts: ReviewFacts, terms: Terms, today: date) -> Iterator[Due]:
    """A review whose time has passed is to be held, and recorded, by the end of the semester."""
    begins = facts.meets_on + DAY
    ends = {key: last for key, _first, last in terms.frame.get("semesters", ())}.get(facts.semester, facts.meets_on)
    yield _due(
        facts.about, "review_hold", COORDINATOR, max(ends, begins), begins, opens_on=begins, since_on=facts.meets_on,
        placement_id=facts.placement, subject_type="review", subject_id=facts.public_id,
    )  # fmt: skip


def prepare_review(owner: str) -> Callable[[ReviewFacts, Terms, date], Iterator[Due]]:
    """Each of the four prepares the own part: two days before the meeting. Gives the rule for an owner."""

    def find(facts: ReviewFacts, terms: Terms, today: date) -> Iterator[Due]:
        if owner in facts.shared or facts.meets_on < today:
            return
        begins = min(facts.called_on, facts.meets_on)
        yield _due(
            facts.about, f"review_prepare_{owner}", owner, max(facts.meets_on - PREPARE_BEFORE, begins), begins, opens_on=begins,
            since_on=facts.meets_on, placement_id=facts.placement, subject_type="review", subject_id=facts.public_id,
        )  # fmt: skip

    return find


def action_point(owner: str) -> Callable[[ActionFacts, Terms, date], Iterator[Due]]:
    """An action with a date, for the one who is to do it. Gives the rule for an owner."""

    def find(facts: ActionFacts, terms: Terms, today: date) -> Iterator[Due]:
        if facts.owner_role != owner:
            return
        if owner in {FADDER, LEDER} and (not facts.placement or (facts.placement_ends_on or today) < today):
            return
        yield _due(
            facts.about, f"action_{owner}", owner, facts.due_on, min(facts.made_on, facts.due_on), since_on=facts.made_on,
            placement_id=facts.placement, subject_type="action", subject_id=facts.public_id, occurrence=facts.owner,
        )  # fmt: skip

    return find


def _url(name: str, *, subject: bool = False) -> Callable[[Any, str, str], str]:
    def url(duty: Any, participant: str, enrolment: str) -> str:
        if not participant:
            return ""
        more = [duty.subject_id] if subject else []
        return f"{reverse(name, args=[participant, *more])}?lop={enrolment}"

    return url


def _point_url(duty: Any, participant: str, enrolment: str) -> str:
    found = _url("participant_avtalt")(duty, participant, enrolment)
    return f"{found}#punkt-{duty.subject_id}" if found else ""


CALL = Rule(
    "review_call", "placement", (COORDINATOR,), "reviews", "Vurderingssamtale skal innkalles", "Kall inn", call_review,
    _url("vurdering_new", subject=True), ("vurderingssamtale som skal innkalles", "vurderingssamtaler som skal innkalles"),
    ("open", "-14", "0"), shift="none", when_imported="grace", source="V6, koordinator; V8 rad 10",
)  # fmt: skip
HOLD = Rule(
    "review_hold", "review", (COORDINATOR,), "reviews", "Vurderingssamtale er ikke ført som holdt", "Før samtalen", hold_review,
    _url("vurdering_held", subject=True),
    ("vurderingssamtale som ikke er ført", "vurderingssamtaler som ikke er ført"), ("open", "-14", "0"), shift="none",
    since="innkalt til", when_imported="keep", source="V8 rad 10",
)  # fmt: skip
PREPARE = tuple(
    Rule(
        f"review_prepare_{owner}", "review", (owner,), "reviews", "Forbered vurderingssamtalen", "Skriv din del",
        prepare_review(owner), _url("vurdering_part", subject=True),
        ("vurderingssamtale å forberede", "vurderingssamtaler å forberede"), ("open", "0"), shift="none", since="samtalen er",
        own_words="Gjør deg klar til samtalen", when_imported="keep", source="V8 rad 10",
    )
    for owner in FOUR
)  # fmt: skip
ACTIONS = tuple(
    Rule(
        f"action_{owner}", "action", (owner,), "actions", "Gjør det som er avtalt", "Se punktet", action_point(owner), _point_url,
        ("handlingspunkt", "handlingspunkter"), ("-3", "0"), weekly=True, shift="none", since="avtalt",
        own_words="Gjør det du har avtalt", when_imported="keep", is_named=True, source="V6 og V8: det som er avtalt",
    )
    for owner in EVERYONE
)  # fmt: skip
ACTION_KEYS = frozenset(rule.key for rule in ACTIONS)
RULES: tuple[Rule, ...] = (CALL, HOLD, *PREPARE, *ACTIONS)
FIRST_WORDS = 70  # characters of what was agreed that a row in a list has room for


def agreed_words(duties: Collection[Any]) -> dict[int, str]:
    """Gives the first words of what was agreed, by the duty's id, for the pages alone: a mail has the kind of a duty and no words of it.

    The caller has cut the duties to those whose actions the reader may read (the rules' section). One query, none without such duties.
    """
    about = {duty.pk: duty.subject_id for duty in duties if duty.rule in ACTION_KEYS}
    if not about:
        return {}
    words = dict(Action.objects.filter(public_id__in=set(about.values())).values_list("public_id", "words"))
    return {pk: shorten(words[subject], FIRST_WORDS, placeholder=" …") for pk, subject in about.items() if subject in words}


def _of(rows: Any, path: str, people: Collection[int] | None) -> Any:
    return rows if people is None else rows.filter(**{f"{path}__participant__in": people})


def place_facts(today: date, people: Collection[int] | None = None) -> list[PlaceFacts]:
    """Gives the open main placements that have begun; two queries."""
    rows = Placement.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), is_main=True, starts_on__lte=today, enrolment__status__in=WITH_PLACEMENT
    )
    columns = ("pk", "public_id", "starts_on", *_about("enrolment"))
    found: list[Any] = list(_of(rows, "enrolment", people).order_by("pk").values_list(*columns))
    called: dict[int, set[str]] = defaultdict(set)
    reviews = _of(ReviewConversation.objects.exclude(state=CANCELLED), "placement__enrolment", people)
    for placement, semester in reviews.values_list("placement_id", "semester"):
        called[placement].add(semester)
    return [
        PlaceFacts(About(*about), pk, public_id, starts_on, frozenset(called.get(pk, ())))
        for pk, public_id, starts_on, *about in found
    ]


def review_facts(today: date, people: Collection[int] | None = None) -> list[ReviewFacts]:
    """Gives the reviews that are called and not held, at placements that are not over; two queries."""
    rows = ReviewConversation.objects.filter(
        Q(placement__ends_on__isnull=True) | Q(placement__ends_on__gte=today), state=CALLED,
        placement__enrolment__status__in=WITH_PLACEMENT,
    )  # fmt: skip
    columns = ("pk", "public_id", "placement_id", "semester", "called_at", "meets_at", *_about("placement__enrolment"))
    found: list[Any] = list(_of(rows, "placement__enrolment", people).order_by("pk").values_list(*columns))
    shared: dict[int, set[str]] = defaultdict(set)
    parts = ReviewPart.objects.filter(shared_at__isnull=False, review__state=CALLED)
    for review, role in _of(parts, "review__placement__enrolment", people).values_list("review_id", "role"):
        shared[review].add(role)
    return [
        ReviewFacts(
            About(*about),
            public_id,
            placement,
            semester,
            local_day(called_at),
            local_day(meets_at),
            frozenset(shared.get(pk, ())),
        )
        for pk, public_id, placement, semester, called_at, meets_at, *about in found
    ]


def action_facts(today: date, people: Collection[int] | None = None) -> list[ActionFacts]:
    """Gives open actions with a date; they stay open after completion until the status after 12 months (docs: the workflow).

    Whose one is, is the one named who can do it today, or who has taken over from that one; else everybody's in the role. As many
    queries for few as for many.
    """
    after_a_year = WorkStatus.objects.filter(enrolment=OuterRef("enrolment_id"), months=12)
    going = [status for status in OPEN if status != "on_leave"]
    rows = Action.objects.filter(
        Q(enrolment__status__in=going) | (Q(enrolment__status="completed") & ~Exists(after_a_year)),
        done_on__isnull=True, due_on__isnull=False,
    )  # fmt: skip
    columns = (
        "public_id", "owner_role", "due_on", "made_on", "placement_id", "placement__ends_on", "owner_id", *_about("enrolment")
    )  # fmt: skip
    found = _of(rows, "enrolment", people).order_by("pk").values_list(*columns)
    points = [(ActionFacts(About(*row[7:]), *row[:6]), row[6]) for row in found]
    names = _named([(facts, owner) for facts, owner in points if owner is not None], today)
    return [facts._replace(owner=names.get(facts.public_id, "")) for facts, _owner in points]


def _named(points: list[tuple[ActionFacts, int]], today: date) -> dict[str, str]:
    """The public ids of those named who have the role and the participant in their scope, by the action's public id."""
    if not points:
        return {}
    taken_over = {
        (role, away): other for role, away, other in HandOver.objects.active(today).values_list("role", "from_user", "to_user")
    }
    duties = [
        SimpleNamespace(
            pk=number, owner_role=facts.owner_role, protection=facts.about.protection, participant_id=facts.about.participant,
            enrolment_id=facts.about.enrolment, trade_id=facts.about.trade, placement_id=facts.placement,
        )
        for number, (facts, _owner) in enumerate(points)
    ]  # fmt: skip
    able = candidates(duties, today)
    owners = [taken_over.get((facts.owner_role, owner), owner) for facts, owner in points]
    ids = dict(User.objects.filter(pk__in=set(owners)).values_list("pk", "public_id"))
    return {
        facts.public_id: ids[owner]
        for number, ((facts, _named_one), owner) in enumerate(zip(points, owners, strict=True))
        if owner in able.get(number, ())
    }


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants; five queries."""
    for place in place_facts(terms.today, people):
        yield from CALL.find(place, terms, terms.today)
    for review in review_facts(terms.today, people):
        for rule in (HOLD, *PREPARE):
            yield from rule.find(review, terms, terms.today)
    for point in action_facts(terms.today, people):
        for rule in ACTIONS:
            yield from rule.find(point, terms, terms.today)
