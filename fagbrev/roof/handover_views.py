"""Handing a colleague's duties over while they are away."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fagbrev.access.gate import page
from fagbrev.dates import date_words
from fagbrev.forms.base import SentForm, posted
from fagbrev.forms.fields import DayField
from fagbrev.forms.saving import save_once
from fagbrev.people.actions import NotAllowed
from fagbrev.people.roles import COORDINATOR, ROLE_NAMES
from programmes.actions_handover import (
    HANDED_OVER,
    colleagues,
    end_hand_over,
    hand_over,
    hand_overs,
    lacking_assignments,
    staff,
)


class HandOverForm(SentForm):
    """Who is away, as what, who takes over, and until when."""

    role = forms.ChoiceField(
        label=gettext_lazy("Som"), choices=[("", gettext_lazy("Velg rolle")), *((role, ROLE_NAMES[role]) for role in HANDED_OVER)]
    )
    from_user: Any = forms.ModelChoiceField(
        label=gettext_lazy("Den som er borte"), queryset=None, to_field_name="public_id", empty_label=gettext_lazy("Velg")
    )
    to_user: Any = forms.ModelChoiceField(
        label=gettext_lazy("Den som tar over"), queryset=None, to_field_name="public_id", empty_label=gettext_lazy("Velg"),
        help_text=gettext_lazy("Har ikke kollegaen rollen eller faget, får hen det bare i denne tiden."),
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("Fra og med"))
    ends_on = DayField(label=gettext_lazy("Til og med"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("from_user", "to_user"):
            self.fields[name].queryset = staff(today)
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """Says by the field what cannot be."""
        data = super().clean() or {}
        role, away = data.get("role"), data.get("from_user")
        if role and away and not colleagues(role, self.today).filter(pk=away.pk).exists():
            self.add_error("from_user", _("%(name)s er ikke %(role)s nå.") % {"name": away.name, "role": ROLE_NAMES[role]})
        if away and away == data.get("to_user"):
            self.add_error("to_user", _("Velg en annen enn den som er borte."))
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("Siste dag er før første dag."))
        return data


@page(roles={COORDINATOR})
def hand_over_list(request: HttpRequest) -> HttpResponse:
    """Who has taken over for whom, and a form for handing over."""
    today = timezone.localdate()
    user: Any = request.user
    form = HandOverForm(posted(request), request=request, today=today)
    if form.is_bound and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("from_user", "to_user", "role", "starts_on", "ends_on")}
        lacking = lacking_assignments(**data)

        def save() -> str:
            row = hand_over(**data, by=user, today=today)
            words = _("%(to)s tar over for %(from)s til og med %(day)s.") % {
                "to": row.to_user.name, "from": row.from_user.name, "day": date_words(row.ends_on),
            }  # fmt: skip
            if row.given:
                names = ", ".join(str(one.cohort or one.trade) for one in lacking) or str(ROLE_NAMES[row.role])
                words += " " + _("Får tidsbegrenset tilgang: %(names)s.") % {"names": names}
            messages.success(request, words)
            return reverse("hand_over_list")

        try:
            return save_once(request, form, save)
        except NotAllowed as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "rows": [
            {
                "row": row, "role": ROLE_NAMES[row.role], "starts": date_words(row.starts_on), "ends": date_words(row.ends_on),
                "is_ahead": row.starts_on > today, "end_url": reverse("hand_over_end", args=[row.public_id]),
            }
            for row in hand_overs(today)
        ],
    }  # fmt: skip
    return render(request, "roof/hand_over_list.html", context, status=422 if form.is_bound else 200)


@page(roles={COORDINATOR})
def hand_over_end(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """Asks, then ends a hand-over."""
    today = timezone.localdate()
    row = get_object_or_404(hand_overs(today), public_id=hand_over_id)
    if request.method == "POST":
        try:
            end_hand_over(row=row, by=cast(Any, request.user), today=today)
            messages.success(request, _("Avsluttet. Varslene går til %(name)s igjen.") % {"name": row.from_user.name})
        except NotAllowed as refused:
            messages.error(request, str(refused))
        return redirect("hand_over_list")
    context = {
        "title": _("Avslutt overtakelsen?"),
        "text": _("%(to)s har tatt over for %(from)s til og med %(day)s. Tilgang som fulgte med, blir borte.")
        % {"to": row.to_user.name, "from": row.from_user.name, "day": date_words(row.ends_on)},
        "act": _("Avslutt nå"),
        "cancel_url": reverse("hand_over_list"),
    }
    return render(request, "roof/confirm.html", context)
