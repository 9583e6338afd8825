"""The addresses of monthly topics."""

from datetime import date

from django.urls import path, register_converter

from followup.views import topics


class MonthConverter:
    """A month in an address: "2026-11" is the first of November 2026."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> date:
        """Gives the first of the month. Raises ValueError (not there) for a month that is none."""
        if not value.isascii():
            raise ValueError(value)
        return date(int(value[:4]), int(value[5:]), 1)

    def to_url(self, value: date) -> str:
        """Gives the month as addresses have it."""
        return f"{value.year:04d}-{value.month:02d}"


register_converter(MonthConverter, "month")

urlpatterns = [
    path("temaer/", topics.topic_list, name="topic_list"),
    path("temaer/<month:month>/", topics.topic_month, name="topic_month"),
    path("temaer/<month:month>/<slug:code>/endre/", topics.topic_edit, name="topic_edit"),
    path("temaer/<month:month>/<slug:code>/publiser/", topics.topic_publish, name="topic_publish"),
    path("temaer/<month:month>/<slug:code>/trekk-tilbake/", topics.topic_take_back, name="topic_take_back"),
    path("temaer/<month:month>/<slug:code>/bilder/", topics.topic_pictures, name="topic_pictures"),
    path("temaer/<month:month>/<slug:code>/bilder/ta-bort/", topics.topic_picture_remove, name="topic_picture_remove"),
    path("temaer/<month:month>/<slug:code>/bilder/<slug:row_id>/", topics.topic_picture, name="topic_picture"),
    path("temaer/<month:month>/<slug:code>/lest/", topics.topic_read, name="topic_read"),
]
