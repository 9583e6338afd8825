"""Series of meetings: the list, a new one, changes, who is always invited, and the end."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.gate import page
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import COORDINATOR
from meetings.actions.series import add_fixed, change_series, create_series, end_series, remove_fixed
from meetings.forms.series import FixedForm, SeriesForm
from meetings.models import MeetingSeries, SeriesInvitee
from meetings.series_shown import fixed_of, fixed_shown, planned_shown, series_of, series_rows, series_title

ONLY_COORDINATOR = frozenset({COORDINATOR})


@page(roles=ONLY_COORDINATOR, methods=("GET", "HEAD"))
def series_list(request: HttpRequest) -> HttpResponse:
    """Every series, those that go on first."""
    return render(request, "meetings/series_list.html", {"rows": series_rows(timezone.localdate())})


@page(roles=ONLY_COORDINATOR)
def series_new(request: HttpRequest) -> HttpResponse:
    """A new series; its first meetings are planned at once."""
    if (sent := sent_before(request)) is not None:
        return sent
    today = timezone.localdate()
    form = SeriesForm(posted(request), instance=MeetingSeries(), request=request, today=today)
    if form.is_bound and form.is_valid():

        def save() -> str:
            made = create_series(form=form, by=request.user, today=today)
            messages.success(request, "Møteserien er laget, og de neste møtene er planlagt. Ingen er kalt inn ennå.")
            return reverse("series_edit", args=[made.public_id])

        return save_once(request, form, save)
    context = {"form": form, "title": "Ny møteserie", "back_url": reverse("series_list"), "verb": "Lag serien"}
    return render(request, "meetings/meeting_form.html", context, status=422 if form.is_bound else 200)


@page(roles=ONLY_COORDINATOR)
def series_edit(request: HttpRequest, series_id: str) -> HttpResponse:
    """Changes a series, and shows who is always invited and which meetings come."""
    series, today = series_of(series_id), timezone.localdate()
    form = SeriesForm(posted(request), instance=series, request=request, today=today)
    if form.is_bound and form.is_valid():

        def save() -> str:
            change_series(form=form, by=request.user, today=today)
            messages.success(request, "Lagret. Møter som ikke er kalt inn, følger den nye planen.")
            return reverse("series_edit", args=[series.public_id])

        return save_once(request, form, save)
    context = {
        "form": form, "series": series, "title": series_title(series), "fixed": fixed_shown(series, today),
        "planned": planned_shown(series),
        "is_over": series.ends_on is not None and series.ends_on <= today,
    }  # fmt: skip
    return render(request, "meetings/series_edit.html", context, status=422 if form.is_bound else 200)


@page(roles=ONLY_COORDINATOR)
def series_add(request: HttpRequest, series_id: str) -> HttpResponse:
    """Adds one who is always invited."""
    if (sent := sent_before(request)) is not None:
        return sent
    series = series_of(series_id)
    back = reverse("series_edit", args=[series.public_id])
    form = FixedForm(posted(request), instance=SeriesInvitee(series=series), request=request, today=timezone.localdate())
    if form.is_bound and form.is_valid():

        def save() -> str:
            add_fixed(form=form, by=request.user)
            messages.success(request, "Lagret. Det gjelder møter som kalles inn fra nå.")
            return back

        try:
            return save_once(request, form, save)
        except IntegrityError:  # another added the same at the same moment
            form.add_error(None, "Noen la til den samme akkurat nå.")
    context = {"form": form, "title": "Legg til fast innkalt", "back_url": back, "verb": "Legg til"}
    return render(request, "meetings/meeting_form.html", context, status=422 if form.is_bound else 200)


@page(roles=ONLY_COORDINATOR, methods=("POST",))
def series_remove(request: HttpRequest, series_id: str, row_id: str) -> HttpResponse:
    """Takes one off the list of those always invited."""
    row = fixed_of(series_id, row_id)
    remove_fixed(row=row, by=request.user)
    messages.success(request, "Tatt bort. Møter som allerede er kalt inn, er som før.")
    return redirect("series_edit", series_id)


@page(roles=ONLY_COORDINATOR)
def series_end(request: HttpRequest, series_id: str) -> HttpResponse:
    """Asks before a series is ended."""
    series, today = series_of(series_id), timezone.localdate()
    back = reverse("series_edit", args=[series.public_id])
    if request.method == "POST":
        version = request.POST.get("version", "")
        asked = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else series.version
        if end_series(series=series, version=asked, by=request.user, today=today):
            messages.success(request, "Serien er avsluttet. Møter som er kalt inn, står.")
        else:
            messages.error(request, "Noen andre endret serien før deg. Se hva som gjelder nå.")
        return redirect(back)
    text = "Møter som ikke er kalt inn, blir tatt bort. Møter som er kalt inn, står."
    context = {"title": "Avslutte serien?", "text": text, "act": "Avslutt serien", "cancel_url": back}
    return render(request, "roof/confirm.html", context)
