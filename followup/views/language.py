"""Norwegian on the record: the page, and one level at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fagbrev.access.table import seen_by_words
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once, sent_before
from followup.actions.language import save_level
from followup.forms.language import LevelForm
from followup.language_queries import levels_of_record
from followup.language_shown import language_page
from followup.models import LanguageLevel
from participants.access import Record, record
from participants.pages import PAGES
from participants.views.rows import back_or, page_url
from participants.views.sections import head_of


@record("norsk", methods=("GET", "HEAD"))
def language(request: HttpRequest, found: Record) -> HttpResponse:
    """Where the participant's Norwegian stands, and where it is to come."""
    return render(request, "followup/language_detail.html", head_of(found, "norsk", request) | language_page(found))


def _level_form(request: HttpRequest, found: Record, row: LanguageLevel, title: str) -> HttpResponse:
    if (sent := sent_before(request)) is not None:
        return sent
    form = LevelForm(posted(request), instance=row, record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_level(form=form, by=found.user)
            messages.success(request, _("Lagret."))
            return back_or(request, page_url(found, "norsk"))

        return save_once(request, form, save)
    context = {
        "record": found, "form": form, "title": title, "about": "", "seen_by": seen_by_words("language"), "page": PAGES["norsk"],
        "back_url": back_or(request, page_url(found, "norsk")),
    }  # fmt: skip
    return render(request, "participants/row_form.html", context, status=422 if form.is_bound else 200)


@record("norsk", write=True, sections=("language",))
def level_new(request: HttpRequest, found: Record) -> HttpResponse:
    """A new assessment of one part."""
    return _level_form(request, found, LanguageLevel(participant=found.participant), _("Registrer norsknivå"))


@record("norsk", write=True, sections=("language",))
def level_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """An assessment put right."""
    row = levels_of_record(found).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    return _level_form(request, found, row, _("Endre norsknivå"))
