"""/brukere/: coordinators invite people, give and end their roles, and shut out those who leave."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import page
from fagbrev.forms.base import SentForm
from fagbrev.forms.saving import save_once
from fagbrev.people import actions
from fagbrev.people.models import RoleGrant, User
from fagbrev.people.queries import EVENT_WORDS, grants_of, history_of, sign_in_means, users_found
from fagbrev.people.roles import COORDINATOR, ROLE_CHOICES, ROLE_NAMES
from programmes.access import users_visible_to
from programmes.actions_users import (
    end_assignment,
    end_role_with_scope,
    give_role_with_scope,
    invite_with_scope,
    scope_of,
)
from programmes.forms_users import EndForm, InviteForm, PersonForm, RoleForm
from programmes.models import TeachingAssignment

USERS_ON_A_PAGE = 50
STATES = [("active", "Aktive"), ("inactive", "Deaktiverte"), ("all", "Alle")]
gate = page(roles={COORDINATOR}, superuser=True)


def _user(request: HttpRequest, public_id: str) -> User:
    return get_object_or_404(users_visible_to(request.user, timezone.localdate()), public_id=public_id)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, even when it is empty; None for a form that is only to be shown."""
    return request.POST if request.method == "POST" else None


def _address(user: User) -> str:
    return reverse("user_detail", args=[user.public_id])


def _saved(request: HttpRequest, form: SentForm, act: Callable[[], Any], *, to: str = "", told: str) -> HttpResponse | None:
    """Runs an act once for the form's submission; a refusal becomes the form's message and gives None."""

    def save() -> str:
        done = act()
        messages.success(request, told)
        return to or _address(done)

    try:
        return save_once(request, form, save)
    except actions.NotAllowed as refused:
        form.add_error(None, str(refused))
        return None


def _form_page(request: HttpRequest, form: SentForm, **context: Any) -> HttpResponse:
    context["form"] = form
    return render(request, "programmes/users/user_form.html", context, status=422 if form.errors else 200)


@gate
def user_list(request: HttpRequest) -> HttpResponse:
    """Everyone who signs in."""
    today = timezone.localdate()
    search, role = request.GET.get("q", "").strip()[:100], request.GET.get("rolle", "")
    state = request.GET.get("status", "active")
    mine = users_visible_to(request.user, today).exclude(participant__address_protection="strengt_fortrolig")
    found = users_found(search=search, role=role, state=state, today=today).filter(pk__in=mine.values("pk"))
    page_shown = Paginator(found, USERS_ON_A_PAGE).get_page(request.GET.get("side"))
    users = list(page_shown.object_list)
    grants = grants_of(users, today)
    rows = [{"user": user, "roles": ", ".join(str(ROLE_NAMES[g.role]) for g in grants[user.pk])} for user in users]
    context = {
        "page": page_shown,
        "rows": rows,
        "search": search,
        "role": role,
        "state": state,
        "states": STATES,
        "roles": [*ROLE_CHOICES, ("none", _("ingen rolle"))],
    }
    return render(request, "programmes/users/user_list.html", context)


@gate
def user_invite(request: HttpRequest) -> HttpResponse:
    """Invite someone with a first role."""
    form = InviteForm(_sent(request), request=request)
    if request.method == "POST" and form.is_valid():
        person = {"email": form.cleaned_data["email"], "name": form.cleaned_data["name"]}
        answer = _saved(
            request,
            form,
            lambda: invite_with_scope(**person, **form.granted, by=request.user, today=timezone.localdate()),
            told=_("%(name)s er invitert.") % person,
        )
        if answer:
            return answer
    return _form_page(
        request, form, title=_("Inviter bruker"), act=_("Send invitasjon"), back_url=reverse("user_list"), back_label=_("Brukere")
    )


@gate
def user_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One user: roles, scope, sign-in, history."""
    user, today = _user(request, public_id), timezone.localdate()
    history = [
        {"words": EVENT_WORDS.get(event.verb, event.verb), "detail": ROLE_NAMES.get(event.detail, event.detail), "event": event}
        for event in history_of(user)[:30]
    ]
    context = {
        "shown": user,
        "grants": grants_of([user], today)[user.pk],
        "means": sign_in_means(user),
        "history": history,
        "may_change": not actions.why_not_change(user=user, by=request.user, today=today),  # type: ignore[arg-type]
        "today": today,
        **scope_of(user, today),
    }
    return render(request, "programmes/users/user_detail.html", context)


@gate
def user_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct name and address."""
    user, today = _user(request, public_id), timezone.localdate()
    form = PersonForm(_sent(request), request=request, initial={"name": user.name, "email": user.email})
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in ("name", "email")}
        answer = _saved(
            request,
            form,
            lambda: actions.change_person(user=user, **changed, by=request.user, today=today),  # type: ignore[arg-type]
            to=_address(user),
            told=_("Lagret."),
        )
        if answer:
            return answer
        user.refresh_from_db()
    return _form_page(
        request, form, title=_("Endre navn og e-post"), act=_("Lagre"), back_url=_address(user), back_label=user.name
    )


@gate
def user_role_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give one more role, trade or workplace."""
    user, today = _user(request, public_id), timezone.localdate()
    form = RoleForm(_sent(request), request=request)
    if request.method == "POST" and form.is_valid():
        answer = _saved(
            request,
            form,
            lambda: give_role_with_scope(user=user, **form.granted, by=request.user, today=today),  # type: ignore[arg-type]
            to=_address(user),
            told=_("Rollen er gitt."),
        )
        if answer:
            return answer
    return _form_page(request, form, title=_("Gi rolle"), act=_("Gi rollen"), back_url=_address(user), back_label=user.name)


@gate
def user_role_end(request: HttpRequest, public_id: str, grant_id: str) -> HttpResponse:
    """End a role, at once or on a day."""
    user = _user(request, public_id)
    grant = get_object_or_404(RoleGrant, user=user, public_id=grant_id)
    return _ended(
        request,
        user,
        lambda **day: end_role_with_scope(grant=grant, **day),
        title=_("Avslutt rollen %(role)s") % {"role": grant.get_role_display()},
    )


@gate
def user_assignment_end(request: HttpRequest, public_id: str, assignment_id: str) -> HttpResponse:
    """End a teacher's trade or cohort, at once or on a day."""
    user = _user(request, public_id)
    assignment = get_object_or_404(TeachingAssignment, user=user, public_id=assignment_id)
    return _ended(
        request,
        user,
        lambda **day: end_assignment(assignment=assignment, **day),
        title=_("Avslutt %(trade)s") % {"trade": assignment.cohort or assignment.trade},
    )


def _ended(request: HttpRequest, user: User, end: Callable[..., None], *, title: str) -> HttpResponse:
    form = EndForm(_sent(request), request=request)
    if request.method == "POST" and form.is_valid():
        day = {"by": request.user, "today": timezone.localdate(), "last_day": form.cleaned_data["last_day"]}
        answer = _saved(request, form, lambda: end(**day), to=_address(user), told=_("Lagret."))
        if answer:
            return answer
    return _form_page(request, form, title=title, act=_("Avslutt"), danger=True, back_url=_address(user), back_label=user.name)


@gate
def user_deactivate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Shut the user out at once."""
    return _confirmed(
        request,
        _user(request, public_id),
        actions.deactivate,
        with_moment=True,
        title=_("Deaktiver %(name)s?"),
        act=_("Deaktiver"),
        danger=True,
        told=_("%(name)s er deaktivert og logget ut."),
        text=_("Brukeren blir logget ut med en gang og kommer ikke inn igjen. Kontoen og historikken blir stående."),
    )


@gate
def user_reactivate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the user in again."""
    return _confirmed(
        request,
        _user(request, public_id),
        actions.reactivate,
        title=_("Aktiver %(name)s igjen?"),
        act=_("Aktiver"),
        told=_("%(name)s er aktivert."),
        text=_("Brukeren kan logge inn igjen, med de rollene som fortsatt gjelder."),
    )


@gate
def user_invite_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the invitation once more."""
    return _confirmed(
        request,
        _user(request, public_id),
        actions.send_invitation_again,
        title=_("Send invitasjonen til %(name)s på nytt?"),
        act=_("Send"),
        told=_("Invitasjonen er sendt på nytt."),
        text=_("E-posten forteller hvordan man logger inn. Den sier ingenting om deltakere."),
    )


@gate
def user_reset_factors(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take away factors that are lost."""
    return _confirmed(
        request,
        _user(request, public_id),
        actions.remove_second_factors,
        title=_("Nullstill innloggingen til %(name)s?"),
        act=_("Nullstill"),
        danger=True,
        told=_("Innloggingen er nullstilt."),
        text=_(
            "Passnøkler, kodeapp og passord blir fjernet, og brukeren logget ut. "
            "Gjør dette bare når du er sikker på hvem som ba om det."
        ),
    )


def _confirmed(
    request: HttpRequest,
    user: User,
    act_on: Callable[..., Any],
    *,
    told: str,
    title: str,
    text: str,
    act: str,
    danger: bool = False,
    with_moment: bool = False,
) -> HttpResponse:
    """Asks on GET, acts on POST."""
    reason = actions.why_not_change(user=user, by=request.user, today=timezone.localdate())  # type: ignore[arg-type]
    if request.method == "POST" and not reason:
        moment = {"at": timezone.now()} if with_moment else {}
        try:
            act_on(user=user, by=request.user, today=timezone.localdate(), **moment)
        except actions.NotAllowed as refused:
            reason = str(refused)
        else:
            messages.success(request, told % {"name": user.name})
            return redirect(_address(user))
    context = {
        "title": title % {"name": user.name},
        "text": text,
        "act": act,
        "danger": danger,
        "reason": reason,
        "cancel_url": _address(user),
    }
    return render(request, "programmes/users/user_confirm.html", context, status=422 if request.method == "POST" else 200)
