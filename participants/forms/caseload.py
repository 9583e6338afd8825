"""The form that saves a filter of the caseload under a name."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fagbrev.people.models import User
from participants.caseload.saved import MOST_SAVED, has_room


class SavedFilterForm(forms.Form):
    """The name of a filter; what is filtered comes from the address it was saved from."""

    name = forms.CharField(label=_("Navn på utvalget"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """Refuses one more than there is room for."""
        name = self.cleaned_data["name"]
        if not has_room(self.user, name):
            raise forms.ValidationError(_now("Du har %(count)d lagrede utvalg. Slett ett først.") % {"count": MOST_SAVED})
        return name
