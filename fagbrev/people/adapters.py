"""What allauth asks of us: closed sign-up, mails by the outbox, and authenticator secrets kept sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from fagbrev.mail.actions import html_of
from fagbrev.people.models import User
from fagbrev.sealed import seal, unseal

# allauth hands over a secret without saying whose it is, so these texts are bound to table and column only.
MFA_PLACE = {"table": "mfa_authenticator", "column": "data", "row": "authenticator"}
QUIET_MESSAGES = {"account/messages/logged_in.txt"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: nobody registers, everybody invited has a verified address."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-postadressen eller passordet stemmer ikke."),
        "too_many_login_attempts": _("Det er prøvd for mange ganger. Vent noen minutter og prøv igjen."),
        "rate_limited": _("Det er prøvd for mange ganger. Vent noen minutter og prøv igjen."),
        "incorrect_code": _("Koden stemmer ikke."),
        "incorrect_password": _("Passordet stemmer ikke."),
        "enter_current_password": _("Skriv passordet du har nå."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers on their own."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this very host; other allowed hosts are no place to be led to after sign-in."""
        request = self.request
        return bool(url) and url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The front page, where no other place was asked for."""
        return "/"

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Whoever was invited has been vouched for: their address counts as verified."""
        if user.is_active:
            address, is_new = EmailAddress.objects.get_or_create(
                user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
            )
            if not is_new and not address.verified:
                address.set_verified()
        return super().pre_login(request, user, **kwargs)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Says nothing where the page says it already."""
        if message_template not in QUIET_MESSAGES:
            super().add_message(request, level, message_template, *args, **kwargs)

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """allauth's mails get the same HTML version as ours."""
        context = {**context, "municipality": settings.MUNICIPALITY, "base_url": settings.BASE_URL}
        message = super().render_mail(template_prefix, email, context, headers)
        if isinstance(message, EmailMultiAlternatives) and not message.alternatives:
            message.attach_alternative(html_of(str(message.body), subject=str(message.subject)), "text/html")
        return message


class SealedMFAAdapter(DefaultMFAAdapter):
    """Second factors: secrets are sealed in the database."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _("Koden stemmer ikke.")}

    def encrypt(self, text: str) -> str:
        """Gives the sealed secret."""
        return seal(text, **MFA_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Gives the secret. Raises SealBroken."""
        return unseal(encrypted_text, **MFA_PLACE)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """The name proposed for a new passkey."""
        return str(_("Min passnøkkel")) if not self.is_mfa_enabled(user, [type]) else str(_("Enda en passnøkkel"))
