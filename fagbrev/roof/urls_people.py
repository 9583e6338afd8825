"""Addresses of sign-in and account, of the demo's own pages, and of the pages about the product itself.

Of allauth's pages only those meant to be used have an address: sign-up, sign-up by passkey and change of e-mail have none.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

from fagbrev.access.gate import Gate
from fagbrev.people.roles import ROLES
from fagbrev.roof import account_views, demo_views, health

View = Callable[..., HttpResponse]


def _gated(view: View, gate: Gate) -> View:
    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    gated.gate = gate  # type: ignore[attr-defined]
    return gated


def _before(view: View) -> View:
    """A page of sign-in itself."""
    gated = _gated(view, Gate("open"))
    gated.login_required = False  # type: ignore[attr-defined]
    return gated


def _own(view: View) -> View:
    """A page about one's own account, whatever the role."""
    gated = _gated(view, Gate("page", frozenset(ROLES)))
    gated.login_required = True  # type: ignore[attr-defined]
    return gated


account_patterns = [
    path("", account_views.account_home, name="account_home"),
    path("taushet/", account_views.confidentiality, name="confidentiality"),
    path("utseende/", account_views.theme_switch, name="theme_switch"),
    path("login/", _before(account.login), name="account_login"),
    path("login/code/", _before(account.request_login_code), name="account_request_login_code"),
    path("login/code/confirm/", _before(account.confirm_login_code), name="account_confirm_login_code"),
    path("login/demo/", demo_views.demo_login, name="demo_login"),
    path("logout/", _before(account.logout), name="account_logout"),
    path("inactive/", _before(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", _own(account.password_change), name="account_change_password"),
    path("password/set/", _own(account.password_set), name="account_set_password"),
    path("password/reset/", _before(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", _before(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _before(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        _before(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", _own(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", _before(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", _own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", _own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", _own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", _own(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", _own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/reauthenticate/", _own(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", _own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", _own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/webauthn/login/", _before(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sessions/", _own(sessions.list_usersessions), name="usersessions_list"),
]

urlpatterns = [
    path("konto/", include(account_patterns)),
    path("healthz", health.healthz, name="healthz"),
    path("logo", account_views.logo, name="logo"),
    path("personvern/hvem-ser-hva/", account_views.who_sees_what, name="who_sees_what"),
    path("tilgjengelighet/", account_views.accessibility, name="accessibility"),
    path("demo/post/", demo_views.demo_mail_list, name="demo_mail_list"),
    path("demo/post/<slug:public_id>/", demo_views.demo_mail_detail, name="demo_mail_detail"),
    path("demo/post/<slug:public_id>/html/", demo_views.demo_mail_html, name="demo_mail_html"),
]

if settings.ADMIN_ENABLED:
    from fagbrev.roof.admin_site import site

    urlpatterns.append(path("admin/", site.urls))
