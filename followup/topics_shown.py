"""What the pages of monthly topics show: the school year by trade, and one month as it is read and printed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.dates import date_words, months_after, months_before
from fagbrev.people.models import User
from fagbrev.people.roles import FADDER, roles_of
from followup.models import TopicRead
from followup.topics_scope import LEARNERS, own_enrolments, trades_read, trades_written
from participants.access import fadder_placements
from programmes.models import CompetenceGoal, MonthlyTopic, TopicGoal, TopicPicture, TopicWord, Trade
from programmes.queries import trades_open

WORDS_FIRST = 3  # words on home before «Vis alle»
SCHOOL_YEAR = range(11)  # August to June: July has no teaching
FARTHEST_YEARS = 3
PARTICIPANT = re.compile(r"\b([Dd])eltakeren(s?)\b")
LANGUAGES = {"nno": "nn", "nob": "nb"}


@dataclass(frozen=True)
class Suggestion:
    """One of the two things to let the participant try: what, and how."""

    title: str
    how: str


@dataclass(frozen=True)
class Goal:
    """A goal the topic touches: the short name of our own, and the text as Udir has set it."""

    name: str
    text: str
    code: str
    lang: str


@dataclass(frozen=True)
class Word:
    """A trade word with its explanation, and the address of its picture when there is one."""

    word: str
    explanation: str
    picture_url: str = ""
    picture_id: str = ""


@dataclass(frozen=True)
class Shown:
    """A month's topic as it is read."""

    topic: MonthlyTopic
    month_words: str
    url: str
    suggestions: list[Suggestion]
    words: list[Word]
    goals: list[Goal]
    try_words: str
    is_published: bool
    shows_from: str = ""  # the day ahead from which a published topic is shown
    changed: str = ""
    read: str = ""  # the day the user said that it is read
    may_say_read: bool = False
    trade: Trade | None = None
    people: list[str] = field(default_factory=list)

    @property
    def first_words(self) -> list[Word]:
        """The words that stand open on home."""
        return self.words[:WORDS_FIRST]

    @property
    def more_words(self) -> list[Word]:
        """The words behind «Vis alle» on home."""
        return self.words[WORDS_FIRST:]


def first_of(day: date) -> date:
    """Gives the first day of the month."""
    return day.replace(day=1)


def month_words(month: date) -> str:
    """Gives a month in words: "november 2026"."""
    return date_words(month).split(" ", 1)[1]


def last_day(month: date) -> date:
    """Gives the last day of the month."""
    return months_after(first_of(month), 1) - timedelta(days=1)


def is_near(month: date, today: date) -> bool:
    """Tells whether a month is near enough to be written about: at most three years away."""
    return abs(month.year - today.year) <= FARTHEST_YEARS


def shown_on(day: date) -> Q:
    """Gives the condition that a topic is published and shown on the day."""
    return Q(published_on__isnull=False, published_on__lte=day)


def month_url(month: date, trade: Trade) -> str:
    """Gives the stable address of a trade's month."""
    return f"{reverse('topic_month', args=[month])}?fag={trade.code}"


def with_rows(topics: QuerySet[MonthlyTopic]) -> QuerySet[MonthlyTopic]:
    """Fetches words, pictures (not their content) and goals along; three queries however many topics."""
    return topics.select_related("trade").prefetch_related(
        Prefetch("trade_words", TopicWord.objects.order_by("place", "pk")),
        Prefetch("pictures", TopicPicture.objects.defer("content")),
        Prefetch("goals", TopicGoal.objects.select_related("goal").order_by("goal__goal_set__order", "goal__order", "pk")),
    )


def topic_of(trade: Trade, month: date) -> MonthlyTopic | None:
    """Gives the trade's topic of the month, a draft too, or None."""
    return with_rows(MonthlyTopic.objects.filter(trade=trade, month=first_of(month))).first()


def last_years(trade: Trade, month: date) -> MonthlyTopic | None:
    """Gives the trade's topic of the same month a year before, or None."""
    return topic_of(trade, months_before(month, 12))


def new_topic(trade: Trade, month: date) -> MonthlyTopic:
    """Gives an empty topic, not saved yet."""
    return MonthlyTopic(trade=trade, month=month)


def goals_of(trade: Trade, topic: MonthlyTopic) -> list[CompetenceGoal]:
    """Gives the goals to choose among: the trade's curriculum, and those the topic holds from an older one."""
    held = Q(pk__in=topic.goals.values("goal")) if topic.pk else Q(pk__in=[])
    rows = CompetenceGoal.objects.filter(Q(goal_set__curriculum=trade.curriculum_id) | held)
    return list(rows.order_by("goal_set__curriculum__pk", "goal_set__order", "order", "pk"))


# --- One month --------------------------------------------------------------------------------------------


def with_name(text: str, name: str) -> str:
    """Gives the text with the participant's first name for «deltakeren»; as it is when there is none or several."""
    if not name:
        return text

    def named(found: re.Match[str]) -> str:
        ends_in_s = name[-1:].lower() in "sxz"
        return name + ("’" if found[2] and ends_in_s else found[2])

    return PARTICIPANT.sub(named, text)


def suggestions_of(topic: MonthlyTopic, name: str = "") -> list[Suggestion]:
    """Gives the two suggestions: the first sentence is what to try, the rest tells how."""
    found = []
    for text in (topic.try_first, topic.try_second):
        if text.strip():
            title, _dot, how = with_name(text.strip(), name).partition(". ")
            found.append(Suggestion(title.rstrip(".") if how or title.endswith(".") else title, how))
    return found


def names_words(names: list[str]) -> str:
    """Gives names as they are said: "Selma", "Selma og Amir", "Selma, Amir og Noor"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {_('og')} {names[-1]}" if names else ""


def people_of(user: User, today: date) -> dict[int, list[str]]:
    """Gives the first names of those the user is fadder for now or soon, by trade; one query. Strictly protected ones are left out."""
    if FADDER not in roles_of(user, today):
        return {}
    mine = fadder_placements(user, today)
    rows = own_enrolments(user, today).exclude(participant__address_protection="strengt_fortrolig")
    found: dict[int, list[str]] = {}
    listed = rows.filter(pk__in=mine.values("enrolment")).order_by("participant__sort_name", "pk")
    for trade, name in listed.values_list("trade_id", "participant__first_name"):
        if trade is not None and name not in found.setdefault(trade, []):
            found[trade].append(name)
    return found


def own_names(user: User, today: date) -> list[str]:
    """Gives the first name of a participant who reads about the own trade; one query."""
    rows = own_enrolments(user, today).filter(participant__user=user)
    return list(rows.values_list("participant__first_name", flat=True)[:1])


def picture_url(topic: MonthlyTopic, picture: TopicPicture) -> str:
    """Gives the address of a word's picture; a new picture has a new one."""
    return reverse("topic_picture", args=[topic.month, topic.trade.code, picture.public_id])


def picture_content(user: User, month: date, code: str, public_id: str, today: date) -> bytes | None:
    """Gives a picture for one who may read the topic (a draft's: for those who write it), or None."""
    rows = TopicPicture.objects.filter(topic__month=first_of(month), topic__trade__code=code, public_id=public_id)
    drafts = Q(topic__trade__in=trades_written(user, today).values("pk"))
    open_ones = Q(topic__trade__in=trades_read(user, today).values("pk"), topic__published_on__lte=today)
    picture = rows.filter(drafts | open_ones).first()
    return bytes(picture.content) if picture is not None else None


def words_of(topic: MonthlyTopic) -> list[Word]:
    """Gives the topic's words in order with their pictures, from rows that are fetched already; no query."""
    held = {picture.word: (picture_url(topic, picture), picture.public_id) for picture in topic.pictures.all()}
    return [Word(row.word, row.explanation, *held.get(row.word, ("", ""))) for row in topic.trade_words.all()]


def shown(
    topic: MonthlyTopic, *, today: date, names: list[str], read: dict[int, date], may_say_read: bool, is_own: bool = False
) -> Shown:
    """Gives a topic as it is read, from rows that are fetched already; no query. `is_own`: the participant is the one who reads."""
    published = topic.published_on
    is_published = published is not None and published <= today
    return Shown(
        topic=topic,
        month_words=month_words(topic.month),
        url=month_url(topic.month, topic.trade),
        suggestions=suggestions_of(topic, names[0] if len(names) == 1 else ""),
        words=words_of(topic),
        goals=[
            Goal(row.goal.short_name, row.goal.text, row.goal.code, LANGUAGES.get(row.goal.language, ""))
            for row in topic.goals.all()
        ],
        try_words=_("Prøv dette på jobben") if is_own else _("La %(who)s prøve") % {"who": names_words(names) or _("deltakeren")},
        is_published=is_published,
        shows_from=date_words(published) if published and published > today else "",
        changed=date_words(topic.changed_on) if topic.changed_on and is_published else "",
        read=date_words(read[topic.pk]) if topic.pk in read else "",
        may_say_read=may_say_read and is_published,
        trade=topic.trade,
        people=names,
    )


def reads_of(user: User, topics: Collection[MonthlyTopic]) -> dict[int, date]:
    """Gives the day the user said that a topic is read, by topic; one query."""
    rows = TopicRead.objects.filter(user=user, topic__in=[topic.pk for topic in topics])
    return {topic: timezone.localdate(at) for topic, at in rows.values_list("topic_id", "at")}


def month_page(user: User, month: date, wanted: str, today: date) -> dict[str, Any] | None:
    """Gives what the page of a month shows, for the trade asked for or the first of one's own; None when it is not the user's.

    Drafts are shown to those who write them. The queries are the same however many people and words there are.
    """
    own = set(own_enrolments(user, today).values_list("trade_id", flat=True)) if roles_of(user, today) & LEARNERS else set()
    trades = sorted(trades_read(user, today), key=lambda trade: (bool(own) and trade.pk not in own, trade.order, trade.name))
    trade = next((each for each in trades if not wanted or each.code == wanted), None)
    if trade is None:
        return None
    writes = trades_written(user, today).filter(pk=trade.pk).exists()
    topic = topic_of(trade, month)
    if topic is not None and not writes and not (topic.published_on and topic.published_on <= today):
        topic = None
    found = None
    if topic is not None:
        names = people_of(user, today).get(trade.pk, [])
        is_own = not names and trade.pk in own
        names = names or (own_names(user, today) if is_own else [])
        found = shown(
            topic, today=today, names=names, read=reads_of(user, [topic]), may_say_read=trade.pk in own and not _is_over(month, today),
            is_own=is_own,
        )  # fmt: skip
    neighbours = MonthlyTopic.objects.filter(trade=trade)
    neighbours = neighbours if writes else neighbours.filter(shown_on(today))
    return {
        "trade": trade, "trades": trades if len(trades) > 1 else [], "month": first_of(month), "month_words": month_words(month),
        "shown": found, "may_edit": writes and is_near(month, today), "is_now": first_of(today) == first_of(month),
        "edit_url": reverse("topic_edit", args=[month, trade.code]),
        "publish_url": reverse("topic_publish", args=[month, trade.code]),
        "pictures_url": reverse("topic_pictures", args=[month, trade.code]),
        "read_url": reverse("topic_read", args=[month, trade.code]),
        "before": _link(neighbours.filter(month__lt=month).order_by("-month").values_list("month", flat=True).first(), trade),
        "after": _link(neighbours.filter(month__gt=month).order_by("month").values_list("month", flat=True).first(), trade),
    }  # fmt: skip


def _is_over(month: date, today: date) -> bool:
    return last_day(month) < today


def _link(month: date | None, trade: Trade) -> dict[str, str] | None:
    return {"url": month_url(month, trade), "words": month_words(month)} if month else None


# --- The school year --------------------------------------------------------------------------------------

PUBLISHED, SCHEDULED, DRAFT, MISSING = "published", "scheduled", "draft", "missing"


@dataclass(frozen=True)
class Cell:
    """A trade's month in the list."""

    trade: Trade
    theme: str
    state: str
    state_words: str
    url: str
    label: str


def year_page(user: User, wanted: str, today: date) -> dict[str, Any]:
    """Gives the school year by trade, a month a row; three queries however many months and trades."""
    begins = school_year_start(wanted, today)
    written = set(trades_written(user, today).values_list("pk", flat=True))
    mine = trades_read(user, today)
    trades = list(mine.filter(pk__in=trades_open(today).values("pk")))
    months = [months_after(begins, count) for count in SCHOOL_YEAR]
    rows = MonthlyTopic.objects.filter(trade__in=trades, month__in=months)
    topics = {(topic.trade_id, topic.month): topic for topic in rows}
    table = [
        {
            "month": month, "words": month_words(month).capitalize(), "is_now": month == first_of(today),
            "cells": [_cell(trade, month, topics.get((trade.pk, month)), trade.pk in written, today) for trade in trades],
        }
        for month in months
    ]  # fmt: skip
    return {
        "trades": trades, "rows": table, "year_words": f"{begins.year}/{(begins.year + 1) % 100:02d}",
        "before": begins.year - 1 if is_near(months_before(begins, 12), today) else None,
        "after": begins.year + 1 if is_near(months_after(begins, 12), today) else None,
        "writes": bool(written), "this_month": reverse("topic_month", args=[first_of(today)]),
    }  # fmt: skip


def school_year_start(wanted: str, today: date) -> date:
    """Gives the first of August of the school year asked for ("2026"), or of that of the day; July counts to the one that comes."""
    year = int(wanted) if re.fullmatch(r"\d{4}", wanted, re.ASCII) else 0
    if not year or abs(year - today.year) > FARTHEST_YEARS:
        year = today.year if today.month >= 7 else today.year - 1
    return date(year, 8, 1)


def _cell(trade: Trade, month: date, topic: MonthlyTopic | None, writes: bool, today: date) -> Cell:
    edit = reverse("topic_edit", args=[month, trade.code]) if writes and is_near(month, today) else ""
    where = f"{trade.short_name}, {month_words(month)}"
    if topic is None or not (writes or (topic.published_on and topic.published_on <= today)):
        words = _("Mangler") if writes else ""
        return Cell(trade, "", MISSING, words, edit, f"{_('Skriv tema')}: {where}")
    theme = topic.theme or _("Uten tittel")
    if topic.published_on is None:
        return Cell(trade, theme, DRAFT, _("Utkast"), month_url(month, trade), where)
    if topic.published_on > today:
        words = _("Vises fra %(day)s") % {"day": date_words(topic.published_on)}
        return Cell(trade, theme, SCHEDULED, words, month_url(month, trade), where)
    return Cell(trade, theme, PUBLISHED, _("Publisert"), month_url(month, trade), where)


def missing_words(topic: MonthlyTopic) -> list[str]:
    """Gives what must be written before a topic can be published."""
    asked: Iterable[tuple[str, str]] = (
        (topic.theme, _("temaet")),
        (topic.words, _("hva klassen lærer")),
        (topic.try_first, _("det første forslaget")),
        (topic.try_second, _("det andre forslaget")),
    )
    return [name for text, name in asked if not text.strip()]
