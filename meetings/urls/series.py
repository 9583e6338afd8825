"""The addresses of series of meetings."""

from django.urls import URLPattern, path

from meetings.views import series

ONE = "moter/serier/<slug:series_id>/"

urlpatterns: list[URLPattern] = [
    path("moter/serier/", series.series_list, name="series_list"),
    path("moter/serier/ny/", series.series_new, name="series_new"),
    path(ONE, series.series_edit, name="series_edit"),
    path(f"{ONE}legg-til/", series.series_add, name="series_add"),
    path(f"{ONE}avslutt/", series.series_end, name="series_end"),
    path(f"{ONE}<slug:row_id>/ta-bort/", series.series_remove, name="series_remove"),
]
