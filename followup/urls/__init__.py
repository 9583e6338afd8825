"""The addresses of follow-up, by what they are about."""

from importlib import import_module

from django.urls import URLPattern

SLICES = ("visits", "topics", "assignments", "weekly", "competence", "language", "absence", "reviews", "concerns")

urlpatterns: list[URLPattern] = []
for _name in SLICES:
    urlpatterns += import_module(f"followup.urls.{_name}").urlpatterns
