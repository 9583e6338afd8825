"""Home."""

from django.urls import path

from fagbrev.roof.home import home

urlpatterns = [path("", home, name="home")]
