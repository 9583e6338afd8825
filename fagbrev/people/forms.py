"""Sign-in forms in plain bokmål; in the demo an address may be written without its domain."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm as AllauthRequestLoginCodeForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from fagbrev.checks import DEMO_DOMAIN


class SignInAddressField(forms.CharField):
    """An e-mail address; in the demo `koordinator` is enough."""

    default_error_messages = {"invalid": _("Skriv e-postadressen slik: navn@kommune.no.")}

    def __init__(self, **kwargs: Any) -> None:
        kind = "text" if settings.DEMO else "email"
        widget = forms.TextInput(attrs={"type": kind, "autocomplete": "username webauthn", "autocapitalize": "none"})
        super().__init__(label=_("E-postadresse"), max_length=254, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """Gives the address in small letters. Raises ValidationError."""
        address = super().clean(value).strip().lower()
        if settings.DEMO and address and "@" not in address:
            address += DEMO_DOMAIN
        try:
            validate_email(address)
        except forms.ValidationError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return address


class LoginForm(AllauthLoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = SignInAddressField()
        self.fields["password"].label = _("Passord")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password"])


class RequestLoginCodeForm(AllauthRequestLoginCodeForm):
    """The address to send a code to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = SignInAddressField()


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey: good enough to sign in with alone, unless the box is emptied."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Navn på passnøkkelen")
        self.fields["name"].help_text = _("Bare du ser navnet. Skriv for eksempel hvilken telefon eller PC den ligger på.")
        self.fields["passwordless"].label = _("Logg inn med bare denne")
        self.fields["passwordless"].help_text = _("Enheten ber om finger, ansikt eller PIN. Da slipper du kode og passord.")
        self.fields["passwordless"].initial = True


class EditPasskeyForm(EditWebAuthnForm):
    """The name of a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Navn på passnøkkelen")


class AcceptForm(forms.Form):
    """The confidentiality statement's box."""

    accepted = forms.BooleanField(label=_("Jeg har lest dette og vil holde taushetsplikten"))
