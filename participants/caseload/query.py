"""The caseload's queries: what a user may choose among, the counts, and the rows of one page, all cut in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower
from django.http import QueryDict

from fagbrev.compiled import kept
from fagbrev.names import search_terms
from fagbrev.people.models import User
from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER, roles_of
from participants.access import blocked_participants, enrolments_for, openings_of, placements_for, with_openings
from participants.caseload.asked import UNDECIDED, Asked, asked_for
from participants.caseload.buckets import BUCKETS, Bucket, Limits
from participants.caseload.choices import Choices, TradeChoice, choices_from, choices_query
from participants.caseload.gaps import INCOMPLETE, gap_columns
from participants.models import Enrolment, Placement, PlacementFadder
from participants.workflow import OPEN, STATUSES
from programmes.models import Workplace

SEES_ALL_PLACEMENTS = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER})
NOTHING_ASKED = Asked()
WITH_BUCKETS = SEES_ALL_PLACEMENTS
HIDDEN_PLACE = "fortrolig"  # this address protection hides workplace and cohort in lists


@dataclass
class Caseload:
    """One user's caseload on one day; nothing outside the user's scope can be reached from here."""

    user: User
    today: date

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of the day."""
        return roles_of(self.user, self.today)

    def reads(self, section: str) -> bool:
        """Tells whether any opening of the user gives the section; a filter or sort on another is ignored."""
        return any(opening.right(section) for opening in openings_of(self.user, self.today))

    def reads_wherever_listed(self, section: str) -> bool:
        """Tells whether the section is open on every row that the user's list holds, so that no cut is needed."""
        listing = [opening for opening in openings_of(self.user, self.today) if opening.right("identity")]
        return all(opening.right(section) for opening in listing)

    def cut(self, *sections: str) -> Q:
        """Gives the condition that the user may read all the sections of the enrolment."""
        found = Q()
        for section in sections:
            if not self.reads_wherever_listed(section):
                found &= Q(pk__in=enrolments_for(self.user, section, today=self.today).values("pk"))
        return found

    @cached_property
    def scope_key(self) -> tuple[Any, ...]:
        """Everything that the text of this user's queries depends on today, beside what is asked for."""
        who = 0 if self.roles == {COORDINATOR} else self.user.pk
        return (who, self.roles, self.limits, tuple(blocked_participants(self.user, self.today)), tuple(self.trades_by_pk))

    # --- Choices ---------------------------------------------------------------------------------------

    @cached_property
    def choices(self) -> Choices:
        """Trades, workplaces in scope, saved filters, and the days buckets are drawn at; one query."""
        places = Workplace.objects.filter(is_active=True)
        if not self.reads("placement"):
            places = places.none()
        elif COORDINATOR not in self.roles:
            places = Workplace.objects.filter(pk__in=self.placements().values("workplace"))
        key = ("choices", self.user.pk, self.today, self.roles, tuple(blocked_participants(self.user, self.today)))
        return choices_from(kept(key, lambda: choices_query(self.user, self.today, places)), self.today)

    @property
    def limits(self) -> Limits:
        """The days buckets are drawn at."""
        return self.choices.limits

    @property
    def trades(self) -> dict[str, TradeChoice]:
        """All trades by code."""
        return self.choices.trades

    @property
    def workplaces(self) -> dict[str, str]:
        """Names of the workplaces to choose among, by public id: those in the user's scope."""
        return self.choices.workplaces

    @cached_property
    def trades_by_pk(self) -> dict[int, TradeChoice]:
        """The trades by primary key."""
        return {trade.pk: trade for trade in self.trades.values()}

    @cached_property
    def buckets(self) -> dict[str, Bucket]:
        """The buckets whose sections the user may read."""
        if not self.roles & WITH_BUCKETS:
            return {}
        return {key: bucket for key, bucket in BUCKETS.items() if all(self.reads(section) for section in bucket.sections)}

    def asked(self, params: QueryDict) -> Asked:
        """Gives what the address asks for, as far as it exists."""
        workplaces = self.workplaces
        return asked_for(params, trades=self.trades, workplaces=workplaces, buckets=self.buckets)

    # --- Conditions ------------------------------------------------------------------------------------

    @cached_property
    def sees_every_placement(self) -> bool:
        """True when whoever is listed is listed with every placement, so that no cut is needed."""
        openings = [opening for opening in openings_of(self.user, self.today) if opening.right("placement")]
        return bool(openings) and all(opening.role in SEES_ALL_PLACEMENTS for opening in openings)

    def placements(self) -> QuerySet[Placement]:
        """Gives placements whose place may stand in the user's lists: in scope, and not of people with a protected address."""
        rows = Placement.objects.exclude(enrolment__participant__address_protection=HIDDEN_PLACE)
        if COORDINATOR in self.roles:
            return rows
        return rows.filter(pk__in=placements_for(self.user, "placement", today=self.today).values("pk"))

    def base(self) -> QuerySet[Enrolment]:
        """Gives every enrolment the user's list may hold, ended ones too."""
        return enrolments_for(self.user, "identity", today=self.today)

    def condition(self, asked: Asked) -> Q:
        """Gives the condition of all filters together, each cut by the right to what it rests on."""
        found = Q() if asked.shows_ended else Q(status__in=OPEN)
        if asked.name:
            found &= name_condition(asked.name)
        if asked.trades:
            codes = [code for code in asked.trades if code != UNDECIDED]
            chosen = Q(trade__in=[self.trades[code].pk for code in codes])
            found &= chosen | Q(trade__isnull=True) if UNDECIDED in asked.trades else chosen
        if asked.phases and self.reads("progress"):
            found &= Q(status__in=asked.phases) & self.cut("progress")
        if asked.workplace and self.reads("placement"):
            there = self.placements().filter(_not_over(self.today), workplace__public_id=asked.workplace)
            found &= Q(pk__in=there.values("enrolment")) & self.cut("placement")
        if asked.bucket:
            found &= self._in_bucket(self.buckets[asked.bucket])
        return found

    def _in_bucket(self, bucket: Bucket) -> Q:
        return bucket.where(self.limits) & self.cut(*bucket.sections)

    def counts(self, asked: Asked = NOTHING_ASKED) -> dict[str, int]:
        """Gives how many each bucket holds, how many are open ("open"), and how many are asked for ("asked").

        One query, and one more where what is asked for is neither a bucket nor all the open ones.
        """
        names = [*(f"in_{key}" for key in self.buckets), "open"]
        rows = kept(("counts", *self.scope_key), self._counting)
        found = dict(zip(names, rows[0], strict=True)) if rows else dict.fromkeys(names, 0)
        if asked == Asked(sort=asked.sort, page=asked.page):
            return found | {"asked": found["open"]}
        if asked == Asked(bucket=asked.bucket, sort=asked.sort, page=asked.page):
            return found | {"asked": found[f"in_{asked.bucket}"]}
        return found | {"asked": self.base().filter(self.condition(asked)).count()}

    def _counting(self) -> QuerySet[Enrolment]:
        """One row of counts over all that may be listed."""
        columns = {f"in_{key}": Count("pk", filter=self._in_bucket(bucket)) for key, bucket in self.buckets.items()}
        columns["open"] = Count("pk", filter=Q(status__in=OPEN))
        return self.base().annotate(one=Value(1)).values("one").annotate(**columns).values(*columns)

    # --- Rows ------------------------------------------------------------------------------------------

    def rows(self, asked: Asked) -> QuerySet[Enrolment]:
        """Gives the asked enrolments in order, with the openings' booleans and what the table shows."""
        rows = with_openings(self.base().filter(self.condition(asked)), self.user, today=self.today)
        others = Enrolment.objects.filter(participant=OuterRef("participant")).exclude(pk=OuterRef("pk"))
        rows = rows.annotate(has_others=Exists(others), **self._place_columns())
        if asked.bucket == INCOMPLETE:
            rows = rows.annotate(**gap_columns())
        return self._in_order(rows, asked)

    def _place_columns(self) -> dict[str, Any]:
        """Workplace and fadder: of the placement that is not over, or for an ended enrolment that lasted to its end."""
        if not self.reads("placement"):
            return {"workplace_name": Value(""), "fadder_name": Value("")}
        last_day = Coalesce(OuterRef("ended_on"), Value(self.today), output_field=DateField())
        places = Placement.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=last_day), enrolment=OuterRef("pk"))
        faddere = PlacementFadder.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=last_day),
            Q(placement__ends_on__isnull=True) | Q(placement__ends_on__gte=last_day),
            placement__enrolment=OuterRef("pk"),
        )
        if not self.sees_every_placement:
            mine = placements_for(self.user, "placement", today=self.today).values("pk")
            places, faddere = places.filter(pk__in=mine), faddere.filter(placement__in=mine)
        place = places.order_by("-is_main", F("ends_on").desc(nulls_first=True), "-pk").values("workplace__name")[:1]
        fadder = faddere.order_by("-placement__is_main", "is_substitute", F("ends_on").desc(nulls_first=True), "-pk")
        return {"workplace_name": _unless_hidden(place), "fadder_name": _unless_hidden(fadder.values("person__name")[:1])}

    def _in_order(self, rows: QuerySet[Enrolment], asked: Asked) -> QuerySet[Enrolment]:
        key, downwards = asked.order
        section = {"fase": "progress", "siden": "progress", "arbeidssted": "placement", "kontrakt": "training_contract"}.get(key)
        if section and not self.reads(section):
            key, downwards, section = "navn", False, None
        column: Any = {
            "navn": F("participant__sort_name"),
            "fag": F("trade__order"),
            "fase": _phase_rank(),
            "arbeidssted": Lower("workplace_name"),
            "siden": F("status_since"),
            "kontrakt": F("contract_ends_on"),
        }[key]
        if section and not self.reads_wherever_listed(section):
            column = Case(When(self.cut(section), then=column), default=None)
        first = column.desc(nulls_last=True) if downwards else column.asc(nulls_last=True)
        if key == "navn" and not downwards:
            return rows.order_by("participant__sort_name", "pk")
        return rows.order_by(first, "participant__sort_name", "pk")


def _not_over(today: date) -> Q:
    """Placements that are not over, or that lasted to the end of an ended enrolment."""
    to_the_end = Q(enrolment__ended_on__isnull=False, ends_on__gte=F("enrolment__ended_on"))
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today) | to_the_end


def _unless_hidden(rows: QuerySet[Any]) -> Case:
    """The subquery's value, or nothing for those whose workplace stands in no list."""
    hidden = When(participant__address_protection=HIDDEN_PLACE, then=Value(None))
    return Case(hidden, default=Subquery(rows), output_field=CharField())


def _phase_rank() -> Case:
    return Case(*[When(status=status, then=Value(place)) for place, status in enumerate(STATUSES)], output_field=IntegerField())


def name_condition(typed: str) -> Q:
    """Gives the condition that every typed word begins, or sounds like the beginning of, a word of the name."""
    terms = search_terms(typed)
    if not terms:
        return Q(pk__in=[])
    found = Q()
    for term in terms:
        one = Q(participant__search_name__contains=term.in_search_name)
        if term.in_name_skeleton:
            one |= Q(participant__name_skeleton__contains=term.in_name_skeleton)
        found &= one
    return found


__all__ = ["Caseload", "name_condition"]
