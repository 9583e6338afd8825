"""Who gets what from the addresses of topics. No row of a record is there: a topic is about a trade, and nobody's name is in it."""

from __future__ import annotations

from typing import Any

from programmes.models import MonthlyTopic, TopicPicture, TopicWord
from tests.access.filled import Marks
from tests.access.rows import Row, page
from tests.cast import Cast

RECORD_ROWS: list[Row] = []
PAGE_ROWS: list[Row] = [
    page("topic_list", "KFNALD"),
    page("topic_month", "KFNALD"),
    page("topic_edit", "KFN", "KFN"),
    page("topic_publish", "KFN", "KFN"),
    page("topic_pictures", "KFN", "KFN"),
    page("topic_picture", "KFNALD"),
    Row("topic_picture_remove", "KFN", "KFN", of_record=False, no_get=True),
    Row("topic_take_back", "KFN", "KFN", of_record=False, no_get=True),
    Row("topic_read", "AD", "AD", of_record=False, no_get=True),
]


def _month(cast: Cast) -> dict[str, Any]:
    """This month of the cast's own trade, published."""
    month = cast.today.replace(day=1)
    MonthlyTopic.objects.get_or_create(
        trade=cast.trades["BUA"], month=month, defaults={"theme": "Lek", "published_on": cast.today}
    )
    return {"month": month, "code": "BUA"}


def _picture(cast: Cast) -> dict[str, Any]:
    """A picture of a word in it."""
    found = _month(cast)
    topic = MonthlyTopic.objects.get(trade=cast.trades["BUA"], month=found["month"])
    TopicWord.objects.get_or_create(topic=topic, word="ball", defaults={"explanation": "rund", "place": 1})
    picture, _made = TopicPicture.objects.get_or_create(topic=topic, word="ball", defaults={"content": b"\xff\xd8\xff"})
    return found | {"row_id": picture.public_id}


# The model behind <public_id> of addresses that are not of a record, by the address' name; a function of the cast.
NAMES = (
    "topic_list",
    "topic_month",
    "topic_edit",
    "topic_publish",
    "topic_take_back",
    "topic_read",
    "topic_pictures",
    "topic_picture_remove",
)
THINGS: dict[str, Any] = {**dict.fromkeys(NAMES, _month), "topic_picture": _picture}


def fill(cast: Cast, marks: Marks, key: str, placement_key: str) -> None:
    """Nothing hangs on an enrolment or a placement."""
