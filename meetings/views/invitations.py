"""Invitations: one more, one less, a substitute, who leads, and the answer in Fagbrev and by the link in the mail."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from fagbrev.access.gate import open_page
from fagbrev.feeds.rates import asks_too_often
from fagbrev.forms.base import posted
from fagbrev.forms.saving import save_once, sent_before
from fagbrev.people.roles import DELTAKER
from meetings.access import Seen, invitation_by_token, meeting, note_meeting_look
from meetings.actions.invitations import add_invitee, make_chair, remove_invitee, save_answer
from meetings.forms.invitations import AnswerForm, InviteForm, SubstituteForm
from meetings.invited_shown import NO_MAIL
from meetings.invitees import Proposed, candidates, invitees_seen, stand_ins, standing_in
from meetings.meetings_shown import answer_said, is_mailed, is_protected, when_words, why_closed
from meetings.models import Invitee
from meetings.models.meetings import ACCEPTED, CALLED

ANSWERS_A_MINUTE = 300  # each answer asks three times, and a municipality shares one address
POST_ONLY = ("POST",)


def _may_call(seen: Seen) -> bool:
    return seen.may_call


def _row(seen: Seen, row_id: str) -> Invitee:
    row = invitees_seen(seen.meeting, seen.user, seen.today).filter(public_id=row_id).first()
    if row is None:
        raise Http404
    return row


def _is_ahead(request: HttpRequest, seen: Seen) -> bool:
    """Tells whether there is still somebody to invite to; says so when not."""
    if seen.meeting.is_open and seen.meeting.starts_at > timezone.now():
        return True
    messages.error(request, why_closed(seen))
    return False


@meeting(may=_may_call)
def invitee_add(request: HttpRequest, seen: Seen) -> HttpResponse:
    """One more is invited; when the meeting is called, the invitation goes at once."""
    return _invite(request, seen, None)


@meeting()
def invitee_substitute(request: HttpRequest, seen: Seen, row_id: str) -> HttpResponse:
    """Names a substitute: for oneself, or as the one who calls; a participant has none."""
    row = _row(seen, row_id)
    is_own = seen.invitation is not None and seen.invitation.pk == row.pk
    if row.role == DELTAKER or not (seen.may_call or is_own):
        raise PermissionDenied
    if sent_before(request) is None and standing_in().filter(substitutes=row).exists():
        messages.warning(request, "Det er valgt en vara fra før.")
        return redirect(seen.meeting.get_absolute_url())
    return _invite(request, seen, row)


def _form(request: HttpRequest, seen: Seen, instead_of: Invitee | None) -> InviteForm | None:
    """The form for one more, or for a substitute; None for one who has nobody to send in their place.

    That a participant exists is told to those alone who have the record in their scope, or whom the koordinator asks (access.md). So
    somebody outside stands in only where the koordinator names them.
    """
    posting, meeting = posted(request), seen.meeting
    if instead_of is None or seen.may_call:
        found = candidates(meeting, by=seen.user, today=seen.today)
    else:
        found = stand_ins(instead_of, by=seen.user, today=seen.today)
    if instead_of is None:
        return InviteForm(posting, request=request, meeting=meeting, candidates=found, with_contacts=seen.is_coordinator)
    if not found and not seen.is_coordinator:
        return None
    return SubstituteForm(posting, request=request, meeting=meeting, candidates=found, with_outside=seen.is_coordinator)


def _invite(request: HttpRequest, seen: Seen, instead_of: Invitee | None) -> HttpResponse:
    if (sent := sent_before(request)) is not None:
        return sent
    back = seen.meeting.get_absolute_url()
    if not _is_ahead(request, seen):
        return redirect(back)
    form = _form(request, seen, instead_of)
    if form is None:
        messages.warning(request, "Ingen andre i Fagbrev kan være vara for deg. Spør koordinator, som kan velge en.")
        return redirect(back)
    if form.is_bound and form.is_valid():

        def save() -> str:
            one = form.proposed()
            if instead_of is not None and one.user is None:  # one outside stands in with the role of the one they stand in for
                one = Proposed(instead_of.role, name=one.name, email=one.email)
            add_invitee(meeting=seen.meeting, proposed=one, by=seen.user, at=timezone.now(), substitutes=instead_of)
            if seen.meeting.state != CALLED:
                messages.success(request, "Lagt til. Innkallingen sendes når møtet kalles inn.")
            elif is_mailed(seen.meeting):
                messages.success(request, "Lagt til. Innkallingen er sendt.")
            else:
                messages.warning(request, f"Lagt til, men {NO_MAIL}")
            return back

        return save_once(request, form, save)
    note_meeting_look(seen)
    name = (instead_of.user.name if instead_of.user else instead_of.name) if instead_of else ""
    context = {
        "form": form, "title": "Velg vara" if instead_of else "Kall inn flere",
        "lead": f"Vara for {name}." if name else "Velg én person, eller skriv navn og e-post.",
        "back_url": back, "verb": "Kall inn vara" if instead_of else "Legg til",
    }  # fmt: skip
    return render(request, "meetings/meeting_form.html", context, status=422 if form.is_bound else 200)


@meeting(may=_may_call, methods=POST_ONLY)
def invitee_remove(request: HttpRequest, seen: Seen, row_id: str) -> HttpResponse:
    """Takes one off the list; a meeting that is called goes out of that one's calendar."""
    row = _row(seen, row_id)
    if _is_ahead(request, seen) and remove_invitee(invitee=row, by=seen.user, at=timezone.now()):
        messages.success(request, "Tatt bort fra møtet.")
    return redirect(seen.meeting.get_absolute_url())


@meeting(may=_may_call, methods=POST_ONLY)
def invitee_chair(request: HttpRequest, seen: Seen, row_id: str) -> HttpResponse:
    """Lets one lead the meeting."""
    row = _row(seen, row_id)
    if seen.meeting.is_open and row.role not in {DELTAKER, ""}:
        make_chair(invitee=row, by=seen.user)
        messages.success(request, f"{row.user.name if row.user else row.name} leder møtet.")
    return redirect(seen.meeting.get_absolute_url())


def save_own_answer(request: HttpRequest, seen: Seen, own: Invitee, form: AnswerForm) -> HttpResponse:
    """The answer of one who signs in, posted to the meeting's own page, where typed text comes back to after a time-out. The form is
    valid."""
    words, back = form.cleaned_data["words"], seen.meeting.get_absolute_url()

    def save() -> str:
        if save_answer(invitee=own, answer=form.answer, words=words, by=seen.user, at=timezone.now()):
            messages.success(request, _thanks(form.answer))
        else:
            messages.error(request, f"{why_closed(seen)} Du kan ikke svare nå.")
        return back

    return save_once(request, form, save)


def _thanks(answer: str) -> str:
    return "Takk. Du har svart at du kommer." if answer == ACCEPTED else "Takk for beskjed. Du har svart at du ikke kommer."


# --- By the link in the mail ------------------------------------------------------------------------------


def _limited(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    def limited(request: HttpRequest, token: str) -> HttpResponse:
        if asks_too_often(request, now=timezone.now().timestamp(), what="svar", per_minute=ANSWERS_A_MINUTE):
            return render(request, "429.html", status=429)
        return view(request, token)

    return limited


@open_page
@_limited
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """The answer of one who follows the link in the mail: GET shows when and where, POST answers. No participant is named."""
    now = timezone.now()
    found = invitation_by_token(token, at=now)
    if found is None:
        return _closed(render(request, "meetings/invitation_gone.html", status=404))
    form = AnswerForm(posted(request), request=request, said=found.answer_words)
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["words"]

        def save() -> str:
            save_answer(invitee=found, answer=form.answer, words=words, by=found.user, at=now, by_link=True)
            return request.path

        return _closed(save_once(request, form, save, is_secret=True))
    row, hidden = found.meeting, is_protected(found.meeting)
    context = {
        "form": form, "said": answer_said(found), "kind": row.get_kind_display(),
        "when": "" if hidden else when_words(row.starts_at, row.ends_at),
        "place": "" if hidden else row.place, "video_link": "" if hidden else row.video_link,
    }  # fmt: skip
    return _closed(render(request, "meetings/invitation_answer.html", context, status=422 if form.is_bound else 200))


def _closed(response: HttpResponse) -> HttpResponse:
    """Neither kept anywhere nor told to anybody: the address itself is the key."""
    response.headers["Cache-Control"] = "private, no-store"
    # Not "no-referrer": a browser then sends the form from the origin "null", and it is refused.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
