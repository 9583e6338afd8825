"""The demo's topics: last school year in full, this one until now, next month as drafts, and one trade that has not begun on it."""

from datetime import date, timedelta

from fagbrev.dates import months_after, months_before
from followup.demo.topic_drawings import drawing_of
from followup.demo.topic_text import Text
from followup.demo.topic_texts_bua import BUA
from followup.demo.topic_texts_hea import HEA
from followup.demo.topic_texts_rof import ROF
from followup.models import TopicRead
from participants.demo_scene import Staff
from programmes.models import CompetenceGoal, MonthlyTopic, TopicGoal, TopicPicture, TopicWord, Trade

TEXTS = {"BUA": BUA, "HEA": HEA, "ROF": ROF}
BEHIND = "ROF"  # has not begun on next month


def seed(*, today: date, staff: Staff) -> None:
    """Adds them, dated relative to the day. The fadder and the deltaker have not read this month's."""
    this_month = today.replace(day=1)
    next_month = months_after(this_month, 1)
    begins = date(today.year if today.month >= 8 else today.year - 1, 8, 1)
    months = [months_after(months_before(begins, 12), count) for count in range(24)]
    topics, texts = [], []
    for trade in Trade.objects.filter(code__in=TEXTS).select_related("curriculum"):
        teacher = staff.faglaerere[trade.code]
        for month in [month for month in months if month <= next_month]:
            is_draft = month == next_month
            text = _text(trade.code, month, now=this_month)
            if text is None or (is_draft and trade.code == BEHIND):
                continue
            topics.append(
                MonthlyTopic(
                    trade=trade, month=month, theme=text.theme, words=text.words, norwegian="" if is_draft else text.norwegian,
                    try_first=text.first, try_second=text.second, created_by=teacher,
                    published_on=None if is_draft else _working_day_before(month), published_by=None if is_draft else teacher,
                )
            )  # fmt: skip
            texts.append(text)
    MonthlyTopic.objects.bulk_create(topics)
    _add_rows(topics, texts)
    before = [topic for topic in topics if topic.trade.code == "BUA" and topic.published_on and topic.month < this_month][-3:]
    TopicRead.objects.bulk_create(
        [TopicRead(topic=topic, user=user) for topic in before for user in (staff.fadder, staff.deltaker)]
    )


def _text(code: str, month: date, *, now: date) -> Text | None:
    """The month's text. July has none, but on the demo's own day every page has something to show."""
    return TEXTS[code].get(month.month) or (TEXTS[code][6] if month == now else None)


def _working_day_before(month: date) -> date:
    day = month - timedelta(days=1)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _add_rows(topics: list[MonthlyTopic], texts: list[Text]) -> None:
    goals: dict[tuple[int | None, str], int] = {
        (curriculum, code): pk
        for pk, code, curriculum in CompetenceGoal.objects.values_list("pk", "code", "goal_set__curriculum_id")
    }
    chosen, words = [], []
    for topic, text in zip(topics, texts, strict=True):
        held = [goals[topic.trade.curriculum_id, code] for code in text.goals if (topic.trade.curriculum_id, code) in goals]
        chosen += [TopicGoal(topic=topic, goal_id=goal) for goal in held]
        words += [
            TopicWord(topic=topic, word=word, explanation=explanation, place=place)
            for place, (word, explanation) in enumerate(text.trade_words, 1)
        ]
    TopicGoal.objects.bulk_create(chosen)
    TopicWord.objects.bulk_create(words)
    drawn = ((row, drawing_of(row.word)) for row in words)
    TopicPicture.objects.bulk_create([TopicPicture(topic=row.topic, word=row.word, content=made) for row, made in drawn if made])
