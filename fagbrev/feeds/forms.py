"""The one form about the own feed: make an address, or turn it off."""

from __future__ import annotations

from django import forms

from fagbrev.forms.base import SentForm

MAKE, OFF = "make", "off"


class FeedForm(SentForm):
    """Which of the two buttons was pressed."""

    act = forms.ChoiceField(choices=[(MAKE, "Lag"), (OFF, "Slå av")], widget=forms.HiddenInput)
