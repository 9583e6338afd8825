"""Assignments: the record's page, giving, handing in, feedback, the file through the gate, and the teachers' list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from fagbrev.access.gate import page
from fagbrev.access.table import seen_by_words
from fagbrev.files import attachment_response, clean_name
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import DELTAKER
from fagbrev.web.asking import back_or
from followup.actions.assignments import AssignmentRefused, Task, give, hand_in, judge, withdraw
from followup.device_answers import as_asked, refused_as_asked
from followup.forms.assignments import AssignmentForm, FeedbackForm, GiveForm, HandInForm, answer_seen_by
from followup.practice_shown import (
    SECTION,
    TEACHERS,
    assignment_of,
    choices_for,
    common_goals,
    detail_of,
    goals_by_curriculum,
    hand_in_file,
    list_page,
    on_record,
    recipients_for,
    sees_answers,
)
from participants.access import Record, look, record
from participants.actions.rows import save_row
from participants.extras import url_for
from participants.views.rows import page_url
from participants.views.sections import head_of

READ = ("GET", "HEAD")
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@page(roles=TEACHERS, methods=READ)
def oppgave_list(request: HttpRequest) -> HttpResponse:
    """The assignments of one's own participants, what waits for feedback first."""
    asked = request.GET
    shown = list_page(request.user, timezone.localdate(), view=asked.get("vis", ""), number=asked.get("side"))  # type: ignore[arg-type]
    return render(request, "followup/assignment_list.html", {"shown": shown, "rows": shown.page})


@page(roles=TEACHERS)
def oppgave_give(request: HttpRequest) -> HttpResponse:
    """Gives an assignment: first to whom (in the address), then what."""
    if (sent := sent_before(request)) is not None:
        return sent
    user: Any = request.user
    today = timezone.localdate()
    asked = request.GET
    people = recipients_for(user, today, people=asked.getlist("deltaker"), cohorts=asked.getlist("gruppe"))
    if not people:
        is_empty = request.method == "POST" or "valgt" in asked
        context = {"choices": choices_for(user, today), "is_empty": is_empty}
        return render(request, "followup/assignment_whom.html", context, status=422 if is_empty else 200)
    goals, known = common_goals(people)
    form = GiveForm(posted(request), request=request, goals=goals, today=today)
    if form.is_bound and form.is_valid():
        words = dict(form.cleaned_data)
        task = Task(
            **{name: words[name] for name in ("kind", "title", "words", "at_work", "minutes_with_fadder", "due_on")},
            goals=goals_by_curriculum(words.get("goals", []), known),
        )

        def save() -> str:
            give(enrolments=people, task=task, by=user, today=today)
            whom = people[0].participant.first_name if len(people) == 1 else f"{len(people)} deltakere"
            messages.success(request, f"Oppgaven er gitt til {whom}.")
            return back_or(request, reverse("oppgave_list") + "?vis=apne")

        return save_once(request, form, save)
    context = {"form": form, "people": people, "goals": goals, "seen_by": seen_by_words(SECTION),
               "back_url": back_or(request, reverse("oppgave_list"))}  # fmt: skip
    return render(request, "followup/assignment_give.html", context, status=422 if form.is_bound else 200)


@record("oppgaver", methods=READ)
def participant_oppgaver(request: HttpRequest, found: Record) -> HttpResponse:
    """What is to be done, what is handed in, and what is done."""
    is_teacher = bool(found.roles_here & TEACHERS) and found.writes(SECTION)
    give_url = f"{reverse('oppgave_give')}?deltaker={found.enrolment.public_id}&neste={page_url(found, 'oppgaver')}"
    context = head_of(found, "oppgaver", request) | {
        "assignments": on_record(found), "is_teacher": is_teacher, "give_url": give_url if is_teacher and found.enrolment.is_open else "",
        "may_answer": DELTAKER in found.roles_here,
    }  # fmt: skip
    return render(request, "followup/assignments.html", context)


@record("oppgaver", methods=READ)
def oppgave_detail(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """One assignment: what is to be done, and to those who may read it what is handed in and the feedback."""
    return _detail_page(request, found, assignment_of(found, row_id))


@record("oppgaver", write=True, writers=frozenset({DELTAKER}))
def oppgave_svar(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """The participant hands in: words, a photo or a file. The same `device_key` twice is one hand-in."""
    row = assignment_of(found, row_id)
    form = HandInForm(posted(request), request.FILES if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        words = form.cleaned_data

        def save() -> str:
            hand_in(assignment=row, words=words["words"], accepted=form.accepted, device_key=words["device_key"], by=found.user)
            messages.success(request, "Oppgaven er levert. Bra jobbet!")
            return url_for("oppgave_detail", found, row.public_id)

        try:
            return as_asked(request, save_once(request, form, save))
        except AssignmentRefused as refused:
            form.add_error(None, str(refused))
    if form.is_bound and (answer := refused_as_asked(request, form)) is not None:
        return answer
    return _detail_page(request, found, row, answer_form=form, status=422 if form.is_bound else 200)


@record("oppgaver", write=True, writers=TEACHERS)
def oppgave_feedback(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Feedback: done, or a little more to do."""
    row = assignment_of(found, row_id)
    form = FeedbackForm(posted(request), instance=row, record=found, request=request)
    if form.is_bound and form.is_valid():

        def save() -> str:
            judge(form=form, by=found.user, today=found.today)
            messages.success(request, "Oppgaven er ferdig." if row.done_on else "Deltakeren får oppgaven tilbake.")
            return back_or(request, page_url(found, "oppgaver"))

        return save_once(request, form, save)
    return _detail_page(request, found, row, feedback_form=form, status=422 if form.is_bound else 200)


@record("oppgaver", write=True, writers=TEACHERS)
def oppgave_edit(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Better words or another day."""
    row = assignment_of(found, row_id)
    form = AssignmentForm(posted(request), instance=row, record=found, request=request)
    back = url_for("oppgave_detail", found, row.public_id)
    if form.is_bound and form.is_valid():

        def save() -> str:
            save_row(form=form, by=found.user)
            messages.success(request, "Lagret.")
            return back

        return save_once(request, form, save)
    context = {"record": found, "form": form, "title": "Endre oppgaven", "about": "", "seen_by": seen_by_words(SECTION),
               "back_url": back}  # fmt: skip
    return render(request, "participants/row_form.html", context, status=422 if form.is_bound else 200)


@record("oppgaver", write=True, writers=TEACHERS, methods=("POST",))
def oppgave_withdraw(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """Takes the assignment back."""
    row = assignment_of(found, row_id)
    form = SentForm(request.POST, request=request)
    if not form.is_valid():
        return redirect(page_url(found, "oppgaver"))

    def save() -> str:
        if withdraw(assignment=row, by=found.user):
            messages.success(request, "Oppgaven er trukket tilbake.")
        return page_url(found, "oppgaver")

    return save_once(request, form, save)


@record("oppgaver", methods=READ, log=False)
def oppgave_fil(request: HttpRequest, found: Record, row_id: str) -> HttpResponse:
    """The file of a hand-in (`?levert=`; else the newest), as an attachment; who fetched it is logged."""
    if not sees_answers(found):
        raise PermissionDenied
    row = assignment_of(found, row_id)
    held = hand_in_file(row, request.GET.get("levert", ""))
    try:
        stream = held.file.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    if request.method == "GET":
        look(found, "oppgaver", shown=(SECTION,), act="file")
    ending = ENDINGS.get(held.content_type, ".docx")
    is_protected = found.participant.address_protection != ""
    name = clean_name(f"svar-{held.public_id}" if is_protected else held.file_name, ending)
    response: Any = attachment_response(stream, name, held.content_type)
    return response


def _detail_page(
    request: HttpRequest, found: Record, row: Any, *, answer_form: Any = None, feedback_form: Any = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    context = head_of(found, "oppgaver", request) | detail_of(found, row)
    if context["may_answer"] and answer_form is None:
        answer_form = HandInForm(request=request)
    if context["is_teacher"] and not context["is_over"] and feedback_form is None:
        feedback_form = FeedbackForm(instance=row, record=found, request=request)
    context |= {
        "answer_form": answer_form if context["may_answer"] or status == 422 else None,
        "feedback_form": feedback_form if context["is_teacher"] else None,
        "limit": f"{settings.UPLOAD_MAX_MB} MB", "answer_seen_by": answer_seen_by(),
        "back_url": page_url(found, "oppgaver"), "press": SentForm(request=request) if context["is_teacher"] else None,
    }  # fmt: skip
    return render(request, "followup/assignment_detail.html", context, status=status)
