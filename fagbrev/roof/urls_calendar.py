"""The addresses of the calendar."""

from django.urls import path

from fagbrev.roof.calendar_views import calendar_month, calendar_wheel

urlpatterns = [
    path("kalender/", calendar_month, name="calendar_month"),
    path("kalender/arshjul/", calendar_wheel, name="calendar_wheel"),
]
