"""The addresses of meetings and of progress reports, by what they are about."""

from importlib import import_module

from django.urls import URLPattern

SLICES: tuple[str, ...] = ("agenda", "meeting_actions", "minutes", "series", "meetings", "invitations", "signups", "reports")

urlpatterns: list[URLPattern] = []
for _name in SLICES:
    urlpatterns += import_module(f"meetings.urls.{_name}").urlpatterns
