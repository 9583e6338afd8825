"""Saving a form once: in one transaction, harmless when sent twice, and with both texts shown when two save at once."""

from collections.abc import Callable
from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from fagbrev.audit.acting import acting
from fagbrev.drafts.actions import drop_draft, drop_draft_of
from fagbrev.forms.base import Conflict, SentForm, VersionedForm, posted_values
from fagbrev.forms.models import Submission
from fagbrev.forms.owner import read_owner


def save_once(request: HttpRequest, form: SentForm, save: Callable[[], str], *, is_secret: bool = False) -> HttpResponse:
    """Runs `save` (which gives the address to go to) once for this submission, in one transaction.

    A second sending of the same form is led to where the first one was. When the row has got a newer version, the page
    with both texts is shown (409) and nothing is saved. `is_secret`: the address is the sender's key and is not kept; a second
    sending is led to the form's own page.
    """
    token = form.cleaned_data.get("submission") or ""
    user = request.user if request.user.is_authenticated else None
    try:
        with acting():
            sent = None
            if token:
                sent, is_first = Submission.objects.get_or_create(token=token, defaults={"user": user})
                if not is_first:
                    forget_draft(request, form)
                    return redirect(sent.url or request.path)
            url = save()
            forget_draft(request, form)
            if sent and not is_secret:
                sent.url = url[:300]
                sent.save(update_fields=["url"])
    except Conflict as conflict:
        return show_conflict(request, form, conflict)
    return redirect(url)


def was_sent(user: Any, token: str) -> bool:
    """Tells whether the user has sent this submission before."""
    return bool(token) and Submission.objects.filter(token=token[:32], user=user).exists()


def forget_draft(request: HttpRequest, form: SentForm) -> None:
    """Throws away the draft of a saved form: the one it names, the one typed in it, the one of its address.

    What is sent from the device's outbox says `draft_stays` when a note was written that no device may hold: it is in the draft alone.
    """
    if not request.user.is_authenticated or request.POST.get("draft_stays"):
        return
    for token in {
        form.cleaned_data.get("submission"),
        request.POST.get("submission"),
    }:  # a form may go by its device's key instead
        drop_draft_of(user=request.user, submission=token or "")
    named = read_owner(request.POST.get("draft", ""))
    if named and named[0] == request.user.pk:
        drop_draft(user=request.user, address=named[1])
    elif form.draft_address:
        drop_draft(user=request.user, address=form.draft_address)


def sent_before(request: HttpRequest) -> HttpResponse | None:
    """Leads a form that the user has sent before to where it led then; None for a new one.

    For forms whose choices are used up by the first sending, so that the second would not be valid.
    """
    token = request.POST.get("submission", "")[:32]
    if not token or not request.user.is_authenticated:
        return None
    sent = Submission.objects.filter(token=token, user=request.user).exclude(url="").first()
    return redirect(sent.url) if sent else None


def show_conflict(request: HttpRequest, form: Any, conflict: Conflict) -> HttpResponse:
    """Shows both texts of every field that differs, to choose between."""
    current = conflict.current
    differing, same = [], []
    values = form.held_values(current) if isinstance(form, VersionedForm) else model_to_dict(current)
    for bound in form.visible_fields():
        mine = form.data.getlist(bound.html_name) if hasattr(form.data, "getlist") else [str(bound.value() or "")]
        held = values.get(bound.name)
        if isinstance(form, VersionedForm) and bound.name in form.sealed:
            sealed = getattr(current, bound.name)
            held = sealed.open() if sealed else ""
        stored = posted_values(held)
        same += [(bound.html_name, value) for value in mine]
        if [value for value in mine if value] != [value for value in stored if value]:
            differing.append(
                {"name": bound.name, "label": bound.label, "mine": _shown(bound, mine), "theirs": _shown(bound, stored)}
            )
    when = date_format(timezone.localtime(), "H.i")
    context = {
        "title": "Noen andre lagret før deg",
        "fields": differing,
        "posted": same,
        "version": getattr(current, "version", 1),
        "owner": form["owner"].value(),
        "submission": form.cleaned_data.get("submission", ""),
        "who": _saver(current),
        "when": f"før kl. {when}",
    }
    return render(request, "forms/conflict_page.html", context, status=409)


def _shown(bound: Any, values: list[str]) -> str:
    """What people read for posted values: the labels of choices, days in words."""
    choices = {str(key): str(label) for key, label in getattr(bound.field, "choices", [])}
    words = [choices.get(value, value) for value in values if value]
    return ", ".join(words) or "(tomt)"


def _saver(row: Any) -> str:
    from fagbrev.audit.models import ChangeLog

    last = (
        ChangeLog.objects.filter(subject_type=row._meta.label_lower, subject_id=row.public_id)
        .select_related("user")
        .order_by("-at")
        .first()
    )
    return str(last.user) if last and last.user else "Noen andre"
