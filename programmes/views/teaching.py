"""Pages of the teaching: cohorts, their timetable, and who teaches what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.access.gate import page
from fagbrev.people.roles import COORDINATOR
from programmes.forms.trades import AssignmentForm, CohortForm, SessionForm
from programmes.lists import teachers
from programmes.models import Cohort, TeachingAssignment, TeachingSession, Trade
from programmes.views.editing import edit_page, remove_page, sent


def _to(trade: Trade) -> tuple[str, str]:
    return f"{trade.get_absolute_url()}#grupper", trade.name


@page(roles={COORDINATOR})
def cohort_new(request: HttpRequest, code: str) -> HttpResponse:
    """A cohort of a trade."""
    trade = get_object_or_404(Trade, code=code)
    form = CohortForm(sent(request), instance=Cohort(trade=trade), request=request)
    return edit_page(request, form, title=_("Ny gruppe"), back=_to(trade), saved=_("Gruppa er lagret. Legg inn timeplanen også."))


@page(roles={COORDINATOR})
def cohort_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a cohort."""
    cohort = get_object_or_404(Cohort, public_id=public_id)
    form = CohortForm(sent(request), instance=cohort, request=request)
    gone = reverse("cohort_remove", args=[public_id])
    return edit_page(
        request, form, title=_("Endre gruppe"), back=_to(cohort.trade), saved=_("Gruppa er lagret."), remove_url=gone
    )


@page(roles={COORDINATOR})
def cohort_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Removes a cohort that nobody is or has been in."""
    cohort = get_object_or_404(Cohort, public_id=public_id)
    text = f"Gruppa {cohort.name} og timeplanen blir borte. Det går bare når ingen er eller har vært i gruppa."
    return remove_page(
        request, cohort, title=_("Fjern gruppa?"), text=text, back=_to(cohort.trade), removed=_("Gruppa er fjernet.")
    )


@page(roles={COORDINATOR})
def session_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """A weekly session of a cohort."""
    cohort = get_object_or_404(Cohort, public_id=public_id)
    form = SessionForm(sent(request), instance=TeachingSession(cohort=cohort), request=request)
    return edit_page(request, form, title=f"Ny økt for {cohort.name}", back=_to(cohort.trade), saved=_("Økta er lagret."))


@page(roles={COORDINATOR})
def session_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a weekly session."""
    session = get_object_or_404(TeachingSession, public_id=public_id)
    form = SessionForm(sent(request), instance=session, request=request)
    gone, back = reverse("session_remove", args=[public_id]), _to(session.cohort.trade)
    lead = _("Skal timeplanen endres fra en dag? Avslutt denne økta og legg inn en ny, så fraværet blir riktig.")
    return edit_page(request, form, title=_("Endre økt"), back=back, saved=_("Økta er lagret."), remove_url=gone, lead=lead)


@page(roles={COORDINATOR})
def session_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Removes a weekly session."""
    session = get_object_or_404(TeachingSession, public_id=public_id)
    text = f"{session} blir borte fra timeplanen til {session.cohort.name}, også for dager som har vært."
    back = _to(session.cohort.trade)
    return remove_page(request, session, title=_("Fjern økta?"), text=text, back=back, removed=_("Økta er fjernet."))


@page(roles={COORDINATOR})
def assignment_new(request: HttpRequest, code: str) -> HttpResponse:
    """Gives a teacher a trade or one cohort of it."""
    trade = get_object_or_404(Trade, code=code)
    form = AssignmentForm(
        sent(request),
        instance=TeachingAssignment(trade=trade),
        request=request,
        teachers=teachers(timezone.localdate()),
        cohorts=trade.cohorts.order_by("name"),
    )
    lead = _("Læreren ser deltakerne i faget eller gruppa i denne perioden.")
    return edit_page(request, form, title=_("Ny lærer"), back=_to(trade), saved=_("Læreren er lagret."), lead=lead)


@page(roles={COORDINATOR})
def assignment_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a teacher's assignment; ending it closes the records at once."""
    row = get_object_or_404(TeachingAssignment, public_id=public_id)
    form = AssignmentForm(
        sent(request),
        instance=row,
        request=request,
        teachers=teachers(timezone.localdate(), row.user_id),
        cohorts=row.trade.cohorts.order_by("name"),
    )
    lead = _("Skriv siste dag når oppdraget er slutt. Da mister læreren tilgang til deltakerne.")
    return edit_page(request, form, title=_("Endre lærer"), back=_to(row.trade), saved=_("Læreren er lagret."), lead=lead)
