"""Forms for the handbook's rows and their forms and links."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fagbrev.people.roles import ROLE_CHOICES
from programmes.forms.frame import FrameForm, unique_code
from programmes.models import RoutineForm, RoutineStep, Trade
from programmes.phases import PHASES


class RoutineStepForm(FrameForm):
    """A row of the handbook."""

    number = forms.IntegerField(label=_("Nummer"), min_value=1, max_value=999, help_text=_("Radene står i denne rekkefølgen."))
    due_days = forms.IntegerField(label=_("Frist i dager"), min_value=0, max_value=999, required=False)
    phase = forms.ChoiceField(label=_("Fase"), choices=PHASES, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roller i Fagbrev"), choices=ROLE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = RoutineStep
        fields = [
            "number", "what", "who", "roles", "when", "how", "phase", "due_days", "due_from", "trades", "is_required",
            "is_active",
        ]  # fmt: skip
        widgets = {"how": forms.Textarea(attrs={"rows": 4}), "trades": forms.CheckboxSelectMultiple}
        help_texts = {
            "trades": _("La stå tomt når rutinen gjelder alle fag."),
            "due_from": _("For eksempel «henvisningen»."),
            "is_required": _("Må gjøres for alle deltakere."),
            "is_active": _("Ta bort haken for å skjule rutinen."),
        }

    def __init__(self, *args: Any, trades: QuerySet[Trade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trades"].queryset = trades

    def clean(self) -> dict[str, Any]:
        """Demands to know what a due date is counted from."""
        super().clean()
        if self.cleaned_data.get("due_days") is not None and not self.cleaned_data.get("due_from"):
            self.add_error("due_from", _("Skriv hva fristen regnes fra."))
        return self.cleaned_data

    def save(self, commit: bool = True) -> Any:
        """Gives a new row a code of its own."""
        if not self.instance.code:
            self.instance.code = unique_code(
                self.instance.what, "rutine", lambda code: RoutineStep.objects.filter(code=code).exists()
            )
        return super().save(commit)


class RoutineLinkForm(FrameForm):
    """A form or tool of a routine, with a link where there is one."""

    order = forms.IntegerField(label=_("Rekkefølge"), min_value=0, max_value=999, initial=0)
    url = forms.CharField(
        label=_("Lenke"), required=False, max_length=200,
        help_text=_("En nettadresse, eller en side i Fagbrev som begynner med /."),
    )  # fmt: skip

    class Meta:
        model = RoutineForm
        fields = ["name", "url", "order"]

    def clean_url(self) -> str:
        """Gives a page of our own, or a web address over https or http."""
        url = self.cleaned_data["url"].strip()
        if not url or (url.startswith("/") and not url.startswith("//") and "\\" not in url):
            return url
        try:
            return forms.URLField(assume_scheme="https").clean(url)
        except ValidationError:
            raise ValidationError(_("Skriv en nettadresse, for eksempel https://www.udir.no.")) from None

    def _get_validation_exclusions(self) -> set[str]:
        # The column's own check takes web addresses only; ours takes a page of the product too.
        return super()._get_validation_exclusions() | {"url"}  # type: ignore[misc]
