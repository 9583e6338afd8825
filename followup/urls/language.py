"""The addresses of language."""

from django.urls import URLPattern, path

from followup.views import classes, language

BASE = "deltakere/<slug:participant_id>/norsk/"

urlpatterns: list[URLPattern] = [
    path(BASE, language.language, name="participant_norsk"),
    path(f"{BASE}ny/", language.level_new, name="niva_new"),
    path(f"{BASE}<slug:row_id>/endre/", language.level_edit, name="niva_edit"),
    path("klassen/", classes.class_list, name="class_list"),
    path("klassen/<slug:public_id>/", classes.class_page, name="class_page"),
]
