"""The pages of monthly topics: the school year, one month, writing it, publishing it, and that it is read."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from fagbrev.access.gate import page
from fagbrev.dates import date_words
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once
from fagbrev.web.asking import back_or
from followup.actions.topics import (
    PictureRefused,
    publish_topic,
    read_topic,
    remove_picture,
    save_picture,
    save_topic,
    take_back_topic,
)
from followup.forms.topics import PictureForm, PressedForm, PublishForm, TopicForm
from followup.topics_scope import LEARNERS, READERS, WRITERS, own_enrolments, trades_written
from followup.topics_shown import (
    goals_of,
    is_near,
    last_years,
    missing_words,
    month_page,
    month_url,
    month_words,
    new_topic,
    picture_content,
    topic_of,
    words_of,
    year_page,
)
from programmes.models import MonthlyTopic, Trade

READ = ("GET", "HEAD")
PICTURE_REFUSED = _lazy(
    "Noen andre endret ordet eller bildet mens du holdt på. Bildet ditt er ikke lagret. Last det opp på nytt hvis det skal stå her."
)


@page(roles=READERS, methods=READ)
def topic_list(request: HttpRequest) -> HttpResponse:
    """A school year by trade: what is published, what is drafted, what is missing."""
    found = year_page(request.user, request.GET.get("skolear", ""), timezone.localdate())  # type: ignore[arg-type]
    return render(request, "followup/topic_list.html", found)


@page(roles=READERS, methods=READ)
def topic_month(request: HttpRequest, month: date) -> HttpResponse:
    """One month of a trade, as it is read and printed; `?fag=BUA` chooses among one's own trades."""
    found = month_page(request.user, month, request.GET.get("fag", "")[:10], timezone.localdate())  # type: ignore[arg-type]
    if found is None:
        raise Http404
    found["form"] = PressedForm(request=request)
    return render(request, "followup/topic_month.html", found)


def _trade(request: HttpRequest, month: date, code: str) -> Trade:
    """The trade the address names, among those whose topics the user writes; Http404 for others and for far-off months."""
    today = timezone.localdate()
    trade = trades_written(request.user, today).filter(code=code).select_related("curriculum").first()  # type: ignore[arg-type]
    if trade is None or not is_near(month, today):
        raise Http404
    return trade


def _topic(request: HttpRequest, month: date, code: str) -> MonthlyTopic:
    found = topic_of(_trade(request, month, code), month)
    if found is None:
        raise Http404
    return found


@page(roles=WRITERS)
def topic_edit(request: HttpRequest, month: date, code: str) -> HttpResponse:
    """Writes the topic, its words and its goals; `?kopi=1` begins with the same month of last year."""
    trade = _trade(request, month, code)
    topic = topic_of(trade, month) or new_topic(trade, month)
    earlier = last_years(trade, month) if topic.pk is None else None
    copied = earlier if request.GET.get("kopi") == "1" else None
    form = TopicForm(posted(request), instance=topic, request=request, goals=goals_of(trade, copied or topic), copied=copied)
    if form.is_bound and form.is_valid():

        def save() -> str:
            saved = save_topic(form=form, by=request.user, today=timezone.localdate(), copied=copied)  # type: ignore[arg-type]
            messages.success(request, _("Temaet er lagret."))
            return month_url(month, saved.trade)

        try:
            return save_once(request, form, save)
        except IntegrityError:
            form.add_error(None, _("Noen andre lagret det samme akkurat nå. Se over og prøv en gang til."))
    context = {"form": form, "trade": trade, "topic": topic, "month_words": month_words(month), "earlier": earlier, "copied": copied,
               "back_url": month_url(month, trade)}  # fmt: skip
    return render(request, "followup/topic_edit.html", context, status=422 if form.is_bound else 200)


@page(roles=WRITERS)
def topic_pictures(request: HttpRequest, month: date, code: str) -> HttpResponse:
    """The pictures of the topic's words: one is added or replaced at a time."""
    topic = _topic(request, month, code)
    words = words_of(topic)
    form = PictureForm(posted(request), request.FILES or None, request=request, words=words)
    if form.is_bound and form.is_valid():

        def save() -> str:
            word = form.cleaned_data["word"]
            known = form.cleaned_data["known"].split()
            save_picture(topic=topic, word=word, content=form.content, known=known, by=request.user, today=timezone.localdate())  # type: ignore[arg-type]
            messages.success(request, _("Bildet av «%(word)s» er lagret.") % {"word": word})
            return request.path

        try:
            return save_once(request, form, save)
        except PictureRefused:
            messages.warning(request, PICTURE_REFUSED)
            return redirect("topic_pictures", month, code)
    context = {
        "form": form, "topic": topic, "words": words, "month_words": month_words(month), "back_url": month_url(month, topic.trade),
        "edit_url": reverse("topic_edit", args=[month, code]), "remove_url": reverse("topic_picture_remove", args=[month, code]),
        "limit": f"{settings.UPLOAD_MAX_MB} MB",
    }  # fmt: skip
    return render(request, "followup/topic_pictures.html", context, status=422 if form.is_bound else 200)


@page(roles=WRITERS, methods=("POST",))
def topic_picture_remove(request: HttpRequest, month: date, code: str) -> HttpResponse:
    """Takes the picture of a word away."""
    topic = _topic(request, month, code)
    picture = topic.pictures.defer("content").filter(public_id=request.POST.get("bilde", "")).first()
    if picture is not None:
        remove_picture(picture=picture, by=request.user, today=timezone.localdate())  # type: ignore[arg-type]
        messages.success(request, _("Bildet av «%(word)s» er tatt bort.") % {"word": picture.word})
    return redirect("topic_pictures", month, code)


@page(roles=READERS, methods=READ)
def topic_picture(request: HttpRequest, month: date, code: str, row_id: str) -> HttpResponse:
    """The picture of a word, for those who may read the topic; the writers see a draft's too."""
    today = timezone.localdate()
    content = picture_content(request.user, month, code, row_id, today)  # type: ignore[arg-type]
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response


@page(roles=WRITERS)
def topic_publish(request: HttpRequest, month: date, code: str) -> HttpResponse:
    """Publishes the topic now or from a day; says what is missing first."""
    topic, today = _topic(request, month, code), timezone.localdate()
    form = PublishForm(posted(request), request=request, month=month, today=today)
    missing = missing_words(topic)
    if form.is_bound and form.is_valid() and not missing:
        day = form.cleaned_data["day"]

        def save() -> str:
            publish_topic(topic=topic, from_day=day, by=request.user)  # type: ignore[arg-type]
            told = _("Temaet er publisert.") if day <= today else _("Temaet vises fra %(day)s.") % {"day": date_words(day)}
            messages.success(request, told)
            return month_url(month, topic.trade)

        return save_once(request, form, save)
    context = {
        "form": form, "topic": topic, "missing": missing, "month_words": month_words(month), "back_url": month_url(month, topic.trade),
        "edit_url": reverse("topic_edit", args=[month, code]), "take_back_url": reverse("topic_take_back", args=[month, code]),
        "published": date_words(topic.published_on) if topic.published_on else "",
    }  # fmt: skip
    return render(request, "followup/topic_publish.html", context, status=422 if form.is_bound else 200)


@page(roles=WRITERS, methods=("POST",))
def topic_take_back(request: HttpRequest, month: date, code: str) -> HttpResponse:
    """Makes a published topic a draft again."""
    topic = _topic(request, month, code)
    take_back_topic(topic=topic, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Temaet er trukket tilbake. Nå er det et utkast."))
    return redirect(month_url(month, topic.trade))


@page(roles=LEARNERS, methods=("POST",))
def topic_read(request: HttpRequest, month: date, code: str) -> HttpResponse:
    """«Jeg har lest temaet»: one tap, and done."""
    today = timezone.localdate()
    mine = own_enrolments(request.user, today).filter(trade__code=code).select_related("trade").first()  # type: ignore[arg-type]
    topic = topic_of(mine.trade, month) if mine is not None and mine.trade is not None else None
    if topic is None or not topic.published_on or topic.published_on > today:
        raise Http404
    read_topic(topic=topic, by=request.user, today=today)  # type: ignore[arg-type]
    messages.success(request, _("Takk! Nå vet du hva klassen lærer."))
    return redirect(back_or(request, month_url(month, topic.trade)))
