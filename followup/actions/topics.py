"""Writing monthly topics: saved with their words and goals, published from a day, taken back, and read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from fagbrev.audit.acting import acting, touch
from fagbrev.audit.log import keep_revision, note_change
from fagbrev.people.models import User
from followup.models import TopicRead
from followup.topics_scope import own_enrolments
from programmes.models import MonthlyTopic, TopicGoal, TopicPicture, TopicWord

SECTION = "programmes"  # the log's word for the frame: nothing here is about a participant
PUBLISHED_KIND = "followup.topicpublished"  # what every participant's duties rest on; a draft touches nobody
COLUMNS = ("theme", "words", "norwegian", "try_first", "try_second")


@acting()
def save_topic(*, form: Any, by: User, today: date, copied: MonthlyTopic | None = None) -> MonthlyTopic:
    """Saves a topic with its words and goals, and gives it; `copied`: whose text it began with. Raises Conflict when another saved first.

    What is changed after the readers have got it is marked with the day.
    """
    topic: MonthlyTopic = form.instance
    is_new = topic._state.adding
    changed = form.changed_parts
    form.claim_version()
    if is_new:
        topic.created_by = by
        topic.save()
    else:
        topic.refresh_from_db(fields=["published_on", "changed_on"])  # it may have been published while the form was open
        if changed and topic.published_on and topic.published_on <= today:
            topic.changed_on = today
        topic.save(update_fields=[*COLUMNS, "changed_on"])
    _keep_pictures(topic, form.words, copied)
    _keep_words(topic, form.words)
    _keep_goals(topic, form.goals)
    note_change(
        by=by, row=topic, section=SECTION, verb="created" if is_new else "changed", participant_id=None, fields=changed
    )  # fmt: skip
    content = {name: getattr(topic, name) for name in COLUMNS}
    content |= {"trade_words": form.words, "goals": [goal.code for goal in form.goals]}
    keep_revision(by=by, row=topic, section=SECTION, participant_id=None, content=content)
    return topic


def _keep_words(topic: MonthlyTopic, words: list[tuple[str, str]]) -> None:
    topic.trade_words.all().delete()
    TopicWord.objects.bulk_create(
        [TopicWord(topic=topic, word=word, explanation=text, place=place) for place, (word, text) in enumerate(words, 1)]
    )


def _keep_pictures(topic: MonthlyTopic, rows: list[tuple[str, str]], copied: MonthlyTopic | None) -> None:
    """A picture goes with its word, also when its spelling is mended; those of last year come along with a copied text."""
    words, before = {word for word, _text in rows}, dict(topic.trade_words.values_list("explanation", "word"))
    for word, text in rows:
        old = before.get(text)
        if old is not None and old not in words:
            topic.pictures.filter(word=old).update(word=word)
    topic.pictures.exclude(word__in=words).delete()
    if copied is not None:
        earlier = copied.pictures.filter(word__in=words).exclude(word__in=topic.pictures.values("word"))
        TopicPicture.objects.bulk_create([TopicPicture(topic=topic, word=row.word, content=row.content) for row in earlier])


class PictureRefused(Exception):
    """Another took the word away, or gave it a picture, since the page was opened."""


@acting()
def save_picture(
    *, topic: MonthlyTopic, word: str, content: bytes, known: Collection[str], by: User, today: date
) -> TopicPicture:
    """Saves the picture of a word, in place of the one that was. Raises PictureRefused when that one is not among the known."""
    MonthlyTopic.objects.select_for_update().get(pk=topic.pk)  # two who add pictures at once stand in line
    held = topic.pictures.defer("content").filter(word=word)
    if not topic.trade_words.filter(word=word).exists() or held.exclude(public_id__in=known).exists():
        raise PictureRefused
    held.delete()
    picture = TopicPicture.objects.create(topic=topic, word=word, content=content)
    _mark_changed(topic, today)
    note_change(by=by, row=picture, section=SECTION, verb="created", participant_id=None, fields=["picture"])
    return picture


@acting()
def remove_picture(*, picture: TopicPicture, by: User, today: date) -> None:
    """Takes a picture away."""
    note_change(by=by, row=picture, section=SECTION, verb="removed", participant_id=None, fields=["picture"])
    _mark_changed(picture.topic, today)
    picture.delete()


def _mark_changed(topic: MonthlyTopic, today: date) -> None:
    MonthlyTopic.objects.filter(pk=topic.pk, published_on__lte=today).update(changed_on=today)


def _keep_goals(topic: MonthlyTopic, goals: list[Any]) -> None:
    wanted = {goal.pk for goal in goals}
    topic.goals.exclude(goal__in=wanted).delete()
    held = set(topic.goals.values_list("goal_id", flat=True))
    TopicGoal.objects.bulk_create([TopicGoal(topic=topic, goal=goal) for goal in goals if goal.pk not in held])


@acting()
def publish_topic(*, topic: MonthlyTopic, from_day: date, by: User) -> None:
    """Publishes a topic from a day; its readers are told on that day, once."""
    topic.published_on, topic.published_by, topic.changed_on = from_day, by, None
    topic.save(update_fields=["published_on", "published_by", "changed_on"])
    note_change(by=by, row=topic, section=SECTION, verb="published", participant_id=None, fields=["published_on"])
    touch(participant_id=None, kind=PUBLISHED_KIND)


@acting()
def take_back_topic(*, topic: MonthlyTopic, by: User) -> None:
    """Makes a published topic a draft again; nobody but its writers sees it."""
    if topic.published_on is None:
        return
    topic.published_on, topic.published_by, topic.changed_on = None, None, None
    topic.save(update_fields=["published_on", "published_by", "changed_on"])
    note_change(by=by, row=topic, section=SECTION, verb="unpublished", participant_id=None, fields=["published_on"])
    touch(participant_id=None, kind=PUBLISHED_KIND)


@acting()
def read_topic(*, topic: MonthlyTopic, by: User, today: date) -> TopicRead:
    """Notes that the user has read the topic; a second time changes nothing. The duties to read it go away."""
    read, is_new = TopicRead.objects.get_or_create(topic=topic, user=by)
    if is_new:
        note_change(by=by, row=read, section=SECTION, verb="read", participant_id=None)
        for participant in own_enrolments(by, today).filter(trade=topic.trade_id).values_list("participant_id", flat=True):
            touch(participant_id=participant, kind=read._meta.label_lower)
    return read
