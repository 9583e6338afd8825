"""What is done with people's access: invite, give and end roles, deactivate, reactivate."""

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from fagbrev.mail.actions import write_mail
from fagbrev.people.models import PeopleEvent, RoleGrant, User
from fagbrev.people.roles import COORDINATOR, ROLE_NAMES, ROLES, roles_of


class NotAllowed(ValueError):
    """An act on someone's access is refused; its text is a sentence for the one who tried."""


def why_not_change(*, user: User, by: User | None, today: date) -> str:
    """Tells why `by` may not change the user's access, or ""; None stands for the installation itself."""
    if by is None:
        return ""
    if by.pk == user.pk:
        return _("Du kan ikke endre dine egne roller eller din egen tilgang. Be en annen koordinator om det.")
    if user.is_superuser and not by.is_superuser:
        return _("Bare den som drifter installasjonen, kan endre denne brukeren.")
    if not (by.is_superuser or COORDINATOR in roles_of(by, today)):
        return _("Bare koordinatorer kan endre andres tilgang.")
    return ""


def _demand(*, user: User, by: User | None, today: date) -> None:
    reason = why_not_change(user=user, by=by, today=today)
    if reason:
        raise NotAllowed(reason)


def _note(*, user: User, by: User | None, verb: str, detail: str = "") -> None:
    PeopleEvent.objects.create(user=user, by=by, verb=verb, detail=detail[:200])


def _address(name: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse(name)


@transaction.atomic
def invite_user(
    *,
    email: str,
    name: str,
    role: str,
    by: User | None,
    today: date,
    starts_on: date | None = None,
    ends_on: date | None = None,
    send: bool = True,
) -> User:
    """Makes an account with its first role and sends the invitation; one who has an account gets the role as well.

    Raises NotAllowed for a deactivated account, for oneself and for one who may not invite.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is not None and not user.is_active:
        raise NotAllowed(_("Denne brukeren er deaktivert. Åpne brukeren og aktiver kontoen først."))
    is_new = user is None
    if user is None:
        user = User(email=email, name=name.strip(), invited_by=by)
        user.set_unusable_password()
        _demand(user=user, by=by, today=today)
        user.save()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        _note(user=user, by=by, verb="invited")
    grant_role(user=user, role=role, by=by, today=today, starts_on=starts_on, ends_on=ends_on, tell=send and not is_new)
    if is_new and send:
        _send_invitation(user, role)
    return user


def _send_invitation(user: User, role: str) -> None:
    context = {"name": user.name, "email": user.email, "role": ROLE_NAMES[role], "sign_in_url": _address("account_login")}
    write_mail(name="invitation", recipient=user.email, context=context)


def send_invitation_again(*, user: User, by: User, today: date) -> None:
    """Sends the invitation once more, with the user's first role that holds. Raises NotAllowed."""
    _demand(user=user, by=by, today=today)
    roles = [role for role in ROLES if role in roles_of(user, today)]
    if not user.is_active or not roles:
        raise NotAllowed(_("Brukeren er deaktivert eller har ingen rolle, så det er ikke noe å invitere til."))
    _send_invitation(user, roles[0])
    _note(user=user, by=by, verb="invited_again")


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    by: User | None,
    today: date,
    starts_on: date | None = None,
    ends_on: date | None = None,
    tell: bool = True,
) -> RoleGrant:
    """Gives a role from a day (today when none is given) to a day or until further notice.

    One who holds the role in that period keeps the grant there is, lengthened where the new one ends later. A new
    coordinator is told to all coordinators (access rules). Raises NotAllowed.
    """
    _demand(user=user, by=by, today=today)
    starts_on = starts_on or today
    if role not in ROLES:
        raise ValueError(f"unknown role: {role}")
    if ends_on and ends_on < starts_on:
        raise NotAllowed(_("Rollen kan ikke slutte før den begynner."))
    if not user.is_active:
        raise NotAllowed(_("Brukeren er deaktivert. Aktiver kontoen først."))
    held = RoleGrant.objects.active(starts_on).filter(user=user, role=role).first()
    if held:
        if held.ends_on and (ends_on is None or ends_on > held.ends_on):
            held.ends_on = ends_on
            held.save(update_fields=["ends_on"])
            _note(user=user, by=by, verb="role_lengthened", detail=role)
        return held
    grant = RoleGrant.objects.create(user=user, role=role, starts_on=starts_on, ends_on=ends_on, granted_by=by)
    _forget_known_roles(user)
    _note(user=user, by=by, verb="role_given", detail=role)
    if role == COORDINATOR:
        _tell_coordinators(grant, by, today)
    if tell and by is not None:
        context = {"name": user.name, "role": ROLE_NAMES[role], "sign_in_url": _address("account_login")}
        write_mail(name="role_given", recipient=user.email, context=context)
    return grant


def _tell_coordinators(grant: RoleGrant, by: User | None, today: date) -> None:
    told = RoleGrant.objects.active(today).filter(role=COORDINATOR).exclude(user=grant.user).select_related("user")
    for user in {row.user for row in told}:
        context = {
            "name": user.name,
            "new_name": grant.user.name,
            "by": by.name if by else settings.SERVICE_NAME,
            "ends_on": grant.ends_on,
            "users_url": settings.BASE_URL.rstrip("/") + "/brukere/",
        }
        write_mail(name="new_coordinator", recipient=user.email, context=context)


def _forget_known_roles(user: User) -> None:
    user.__dict__.pop("_roles_by_day", None)


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User | None, today: date, last_day: date | None = None) -> None:
    """Ends a role: at once, so that it gives nothing from the next request, or on a last day to come. Raises NotAllowed."""
    user = grant.user
    _demand(user=user, by=by, today=today)
    if last_day is not None and last_day >= today:
        if last_day < grant.starts_on:
            raise NotAllowed(_("Rollen kan ikke slutte før den begynner."))
        grant.ends_on = last_day
        grant.save(update_fields=["ends_on"])
    elif grant.starts_on < today:
        grant.ends_on = today - timedelta(days=1)
        grant.save(update_fields=["ends_on"])
    else:
        grant.delete()  # never held for a whole day: the events remember it
    _forget_known_roles(user)
    _note(user=user, by=by, verb="role_ended", detail=grant.role)


def end_sessions(user: User) -> int:
    """Signs the user out everywhere. Gives how many sessions there were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def deactivate(*, user: User, by: User | None, today: date, at: datetime) -> None:
    """Shuts the user out at once, with sessions; the account stays. Raises NotAllowed."""
    _demand(user=user, by=by, today=today)
    if not user.is_active:
        return
    user.is_active, user.deactivated_at = False, at
    user.save(update_fields=["is_active", "deactivated_at"])
    end_sessions(user)
    _forget_known_roles(user)
    _note(user=user, by=by, verb="deactivated")


@transaction.atomic
def reactivate(*, user: User, by: User | None, today: date) -> None:
    """Lets the user in again, with the roles that still hold. Raises NotAllowed."""
    _demand(user=user, by=by, today=today)
    if user.is_active:
        return
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at"])
    _forget_known_roles(user)
    _note(user=user, by=by, verb="reactivated")


@transaction.atomic
def change_person(*, user: User, name: str, email: str, by: User | None, today: date) -> None:
    """Corrects a user's name and sign-in address; a new address signs the user out everywhere. Raises NotAllowed."""
    _demand(user=user, by=by, today=today)
    email = email.strip().lower()
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        raise NotAllowed(_("En annen bruker har denne e-postadressen."))
    is_new_address = email != user.email
    told = {user.email, *_coordinator_addresses(today)} if is_new_address else set()
    user.name, user.email = name.strip(), email
    user.save(update_fields=["name", "email"])
    if is_new_address:
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        end_sessions(user)
    for recipient in sorted(told):
        write_mail(
            name="address_changed",
            recipient=recipient,
            context={"name": user.name, "by": by.name if by else settings.MUNICIPALITY, "users_url": _address("user_list")},
        )
    _note(user=user, by=by, verb="address_changed" if is_new_address else "name_changed")


def _coordinator_addresses(today: date) -> list[str]:
    """The addresses of those who are koordinator on the day."""
    grants = RoleGrant.objects.active(today).filter(role=COORDINATOR)
    return list(grants.values_list("user__email", flat=True))


@transaction.atomic
def remove_second_factors(*, user: User, by: User | None, today: date) -> None:
    """Takes away passkeys, authenticator and password of one who lost them; an e-mailed code lets them in. Raises NotAllowed."""
    _demand(user=user, by=by, today=today)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
    _note(user=user, by=by, verb="factors_removed")
    write_mail(
        name="factors_removed", recipient=user.email, context={"name": user.name, "sign_in_url": _address("account_login")}
    )


def note_scope(*, user: User, by: User | None, given: bool, detail: str) -> None:
    """Writes down that a user's scope grew or shrank; `detail` names a trade, cohort or workplace, never a participant."""
    _note(user=user, by=by, verb="scope_given" if given else "scope_ended", detail=detail)


def demand_may_change(*, user: User, by: User | None, today: date) -> None:
    """Raises NotAllowed when `by` may not change the user's access."""
    _demand(user=user, by=by, today=today)
