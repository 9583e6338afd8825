"""The form pack: every field has its label, help and error tied together, by Django's renderer and by crispy alike."""

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.db.models import FileField
from django.db.models.fields.files import FieldFile

from fagbrev.templatetags.fagbrev_ui import ds_errors, ds_field, ds_form


class VisitForm(forms.Form):
    theme = forms.CharField(label="Tema", help_text="Skriv kort.")
    day = forms.DateField(label="Dag")
    note = forms.CharField(label="Eget notat", required=False, widget=forms.Textarea, max_length=500)
    mood = forms.ChoiceField(label="Hvordan gikk det?", choices=[("a", "Bra"), ("b", "Greit")], widget=forms.RadioSelect)
    goals = forms.MultipleChoiceField(label="Mål", choices=[("1", "Frilek"), ("2", "Mat")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="Jeg har lest dette")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class PaperForm(forms.Form):
    scan = forms.FileField(label="Skann")


def test_a_field_ties_its_help_and_its_error_to_the_box():
    html = ds_field(VisitForm({})["theme"])
    assert 'aria-describedby="id_theme_helptext id_theme_error"' in html
    assert 'id="id_theme_helptext"' in html
    assert 'id="id_theme_error"' in html
    assert 'aria-invalid="true"' in html


def test_an_optional_field_says_so_in_words():
    assert "(valgfritt)" in ds_field(VisitForm()["note"])
    assert "(valgfritt)" not in ds_field(VisitForm()["theme"])


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = ds_field(VisitForm()["mood"])
    assert html.count("<legend") == 1
    assert 'for="id_mood_0"' in html


def test_no_single_box_of_several_is_required_by_the_browser():
    assert " required" not in ds_field(VisitForm()["goals"])


def test_a_date_is_drawn_as_a_date_box_with_its_value_in_iso_form():
    html = ds_field(VisitForm(initial={"day": "2027-03-03"})["day"])
    assert 'type="date"' in html
    assert 'value="2027-03-03"' in html


def test_a_long_text_has_no_width_in_columns_and_no_silent_cut():
    html = ds_field(VisitForm()["note"])
    assert "cols=" not in html
    assert "maxlength=" not in html
    assert 'data-limit="500"' in html


def test_a_stored_file_is_mentioned_without_its_address():
    form = PaperForm(initial={"scan": FieldFile(None, FileField(), "papers/x7k2.pdf")})
    html = ds_field(form["scan"])
    assert "Det ligger en fil her fra før" in html
    assert "x7k2" not in html


def test_who_sees_it_stands_above_the_box():
    form = VisitForm()
    form.fields["note"].seen_by = "deg og koordinator"
    html = ds_field(form["note"])
    assert html.index("Ses av: deg og koordinator") < html.index("<textarea")


def test_the_summary_links_to_each_box_that_is_wrong():
    html = ds_errors(VisitForm({}))
    for target in ("#id_theme", "#id_day", "#id_mood_0", "#id_goals_0", "#id_agreed"):
        assert f'href="{target}"' in html
    assert "Hvordan gikk det? Du må velge noe her." in html


def test_a_form_without_errors_has_no_summary():
    assert ds_errors(VisitForm()).strip() == ""


def test_typed_text_is_escaped_and_kept():
    html = ds_form(VisitForm({"theme": "<b>måltid</b>"}))
    assert "&lt;b&gt;måltid&lt;/b&gt;" in html
    assert "<b>måltid" not in html


@pytest.mark.parametrize("draw", [str, ds_form, render_crispy_form])
def test_every_way_of_drawing_shows_every_field_once(draw):
    html = str(draw(VisitForm()))
    for name in ("theme", "day", "note", "agreed", "token"):
        assert html.count(f'name="{name}"') == 1
