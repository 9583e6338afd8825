"""A form of visits made up for the journeys of drafts: the product's addresses, and one page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from fagbrev import urls
from fagbrev.access.gate import page
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once
from fagbrev.urls import handler400, handler403, handler404, handler500  # noqa: F401  (found by their names)

SENT: list[dict[str, Any]] = []  # what was saved, in its order
PAGE = """{% extends "base.html" %}{% block content %}<h1>Logg besøk</h1>
<form id="visit-form" method="post" action="/prove/besok/nytt/" class="form card"
 data-device-draft="visit" data-device-new="/prove/besok/nytt/" novalidate>{% csrf_token %}
{{ form }}<div class="form-actions"><button class="ds-button" type="submit">Lagre besøket</button></div></form>{% endblock %}"""


class VisitForm(SentForm):
    """The boxes of a visit, with the note that no device may keep."""

    seen = forms.CharField(label="Hva jeg så", widget=forms.Textarea)
    agreed = forms.CharField(label="Avtalt", widget=forms.Textarea, required=False)
    internal_note = forms.CharField(label="Internt notat", widget=forms.Textarea, required=False)
    where = forms.ChoiceField(label="Sted", choices=[("in", "Inne"), ("out", "Ute"), ("trip", "På tur")], required=False)
    how = forms.ChoiceField(label="Språk", choices=[("nb", "Norsk"), ("mt", "Morsmål")], widget=forms.RadioSelect, required=False)
    there = forms.MultipleChoiceField(
        label="Til stede", choices=[("fadder", "Fadder"), ("leder", "Leder")], widget=forms.CheckboxSelectMultiple, required=False
    )
    device_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.keeps_draft = False if request.GET.get("kladd") == "nei" else None  # no draft with the server
        super().__init__(*args, request=request, **kwargs)
        self.fields["device_key"].initial = "k" + self.fields["submission"].initial


def _save(cleaned: dict[str, Any]) -> str:
    SENT.append(cleaned)
    return "/tilgjengelighet/"


@page(roles=["faglaerer"])
def visit_new(request: HttpRequest) -> HttpResponse:
    """Answers 201, 409 and 422 in JSON when it is asked for."""
    form = VisitForm(posted(request), request=request)
    wants_json = "application/json" in request.headers.get("Accept", "")
    if form.is_bound and form.is_valid():
        answer = save_once(request, form, lambda: _save(form.cleaned_data))
        return JsonResponse({"url": answer.headers["Location"]}, status=409 if "samtidig" in form.cleaned_data["seen"] else 201)
    if form.is_bound and wants_json:
        return JsonResponse({"errors": form.errors}, status=422)
    text = engines["django"].from_string(PAGE).render({"form": form}, request)
    return HttpResponse(text, status=422 if form.is_bound else 200)


urlpatterns = [path("prove/besok/nytt/", visit_new, name="prove_visit"), *urls.urlpatterns]
