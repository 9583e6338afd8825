"""Monthly topics (månedstema): what a trade's teaching is about this month, and what the fadder is told (V3, V6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fagbrev.rows import PublicRow, VersionedRow


class MonthlyTopic(VersionedRow):
    """A trade's topic for a month: made by faglærer and norsklærer together, published on a day."""

    trade = models.ForeignKey("Trade", models.PROTECT, related_name="topics", verbose_name="fag")
    month = models.DateField("måned")  # the first of the month
    theme = models.CharField("tema", max_length=120, blank=True)
    words = models.TextField("hva klassen lærer", blank=True)
    norwegian = models.TextField("norsk denne måneden", blank=True)
    try_first = models.CharField("la deltakeren prøve", max_length=300, blank=True)
    try_second = models.CharField("la også deltakeren prøve", max_length=300, blank=True)
    published_on = models.DateField("publisert", null=True, blank=True, editable=False)
    changed_on = models.DateField("endret etter publisering", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = "månedstema"
        verbose_name_plural = "månedstemaer"
        constraints = [
            models.UniqueConstraint(fields=["trade", "month"], name="topic_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="topic_first_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.trade_id} {self.month:%Y-%m}"


class TopicGoal(PublicRow):
    """A competence goal the topic touches."""

    topic = models.ForeignKey(MonthlyTopic, models.CASCADE, related_name="goals")
    goal = models.ForeignKey("CompetenceGoal", models.PROTECT, related_name="+", verbose_name="kompetansemål")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "goal"], name="topicgoal_once")]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.goal_id}"


class TopicWord(PublicRow):
    """A trade word of the topic with a plain explanation."""

    topic = models.ForeignKey(MonthlyTopic, models.CASCADE, related_name="trade_words")
    word = models.CharField("fagord", max_length=60)
    explanation = models.CharField("forklaring", max_length=200)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "word"], name="topicword_once")]

    def __str__(self) -> str:
        return self.word


class TopicPicture(PublicRow):
    """A small picture of one of the topic's trade words, made anew without what a camera writes into it. It goes with the word."""

    topic = models.ForeignKey(MonthlyTopic, models.CASCADE, related_name="pictures")
    word = models.CharField("fagord", max_length=60)
    content = models.BinaryField()  # JPEG, at most 480 pixels wide and high

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "word"], name="topicpicture_once")]

    def __str__(self) -> str:
        return self.word
