"""The addresses of competence."""

from django.urls import URLPattern, path

from followup.views import competence as views

HERE = "deltakere/<slug:participant_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{HERE}mal/", views.goals, name="participant_mal"),
    path(f"{HERE}mal/mitt-syn/", views.give, name="mal_syn"),
    path(f"{HERE}mal/dokumentasjon/ny/", views.evidence_new, name="dokumentasjon_new"),
    path(f"{HERE}mal/dokumentasjon/<slug:row_id>/", views.evidence_edit, name="dokumentasjon_edit"),
    path(f"{HERE}plan/", views.plans, name="participant_planer"),
    path(f"{HERE}plan/individuell/", views.plan_edit, {"kind": "individual"}, name="planer_individuell"),
    path(f"{HERE}plan/intern/", views.plan_edit, {"kind": "internal"}, name="planer_intern"),
]
