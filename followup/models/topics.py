"""Who has read a month's topics («Jeg har lest temaet»)."""

from django.conf import settings
from django.db import models

from fagbrev.rows import PublicRow


class TopicRead(PublicRow):
    """A user has read a published topic; about the user, not about a participant."""

    topic = models.ForeignKey("programmes.MonthlyTopic", models.PROTECT, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="topicread_once")]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.user_id}"
