"""The addresses of the calendar feed."""

from django.urls import path

from fagbrev.roof.feed_views import feed, feed_settings

urlpatterns = [
    path("kalender/abonnement/", feed_settings, name="feed_settings"),
    path("kalender/<str:token>.ics", feed, name="feed"),
]
