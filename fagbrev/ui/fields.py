"""What a form field's template needs to know, decided in Python so that the template only draws."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models.fields.files import FieldFile
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_TICKS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class Option:
    """One box or dot in a group of choices."""

    tag: SafeString
    id: str
    label: str
    help_text: str = ""


@dataclass(frozen=True)
class FieldParts:
    """A bound field taken apart: which shape it has, and its pieces ready to print."""

    field: BoundField
    shape: str  # hidden | tick | group | parts | file | box
    widget: SafeString | str
    options: tuple[Option, ...]
    optional: bool
    seen_by: str
    prefix: str
    suffix: str
    limit: int | None
    large: bool
    described_by: str
    has_file: bool
    errors: tuple[str, ...]

    @property
    def is_hidden(self) -> bool:
        return self.shape == "hidden"

    @property
    def is_tick(self) -> bool:
        return self.shape == "tick"

    @property
    def is_group(self) -> bool:
        return self.shape in ("group", "parts")

    @property
    def has_affixes(self) -> bool:
        return bool(self.prefix or self.suffix)

    @property
    def help_id(self) -> str:
        return f"{self.field.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.field.auto_id}_error"


def focus_id(field: BoundField) -> str:
    """The id the error summary links to: the box itself, or the first choice of a group."""
    if isinstance(field.field.widget, (*_TICKS, forms.MultiWidget)):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def field_parts(field: BoundField) -> FieldParts:
    """Takes a bound field and gives its parts.

    Read from the form field, all optional: `seen_by` (who reads what is written), `prefix` and `suffix` (texts
    beside the box, such as "kr"), `option_help` (texts by choice value), `large` (choices as large rows).
    """
    source = field.field
    widget = source.widget
    shape = _shape(field)
    limit = None
    attrs: dict[str, Any] = {}
    if shape in ("box", "file", "tick", "parts"):
        attrs["class"] = f"ds-input {widget.attrs.get('class', '')}".strip()
    if isinstance(widget, forms.Textarea):
        # A fixed width in columns would win over the full width; a browser's maxlength cuts pasted text without a word.
        widget.attrs.pop("cols", None)
        limit = widget.attrs.pop("maxlength", None) or getattr(source, "max_length", None)
        widget.attrs.setdefault("rows", 5)
    if isinstance(widget, forms.DateInput) and widget.input_type == "text":
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
    return FieldParts(
        field=field,
        shape=shape,
        widget="" if shape == "group" else _drawn(field, attrs),
        options=_options(field) if shape == "group" else (),
        optional=not source.required
        and shape not in ("tick", "hidden")
        and not source.disabled
        and not getattr(source, "is_plain", False),  # one of many boxes, or asked for later: the remark would only be in the way
        seen_by=str(getattr(source, "seen_by", "") or widget.attrs.get("data-seen-by", "")),
        prefix=str(getattr(source, "prefix", "") or ""),
        suffix=str(getattr(source, "suffix", "") or ""),
        limit=int(limit) if limit and int(limit) <= 5000 else None,
        large=bool(getattr(source, "large", False)),
        described_by=str(field.aria_describedby or ""),
        has_file=shape == "file" and _has_file(field),
        errors=error_texts(field),
    )


def error_texts(field: BoundField) -> tuple[str, ...]:
    """What is wrong with a field, in words that say what to do. Django's own "required" is replaced, others are kept."""
    stock = str(forms.Field.default_error_messages["required"])
    return tuple(_required_text(field) if text == stock else text for text in map(str, field.errors))


def _required_text(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return _("Du må krysse av her.")
    if isinstance(widget, forms.FileInput):
        return _("Du må velge en fil.")
    if isinstance(widget, (forms.Select, *_TICKS)):
        return _("Du må velge noe her.")
    return _("Du må fylle ut dette.")


def _shape(field: BoundField) -> str:
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, _TICKS):
        return "group"
    if isinstance(widget, (forms.MultiWidget, forms.SelectDateWidget)):
        return "parts"
    return "file" if isinstance(widget, forms.FileInput) else "box"


def _drawn(field: BoundField, attrs: dict[str, Any]) -> SafeString:
    widget = field.field.widget
    if isinstance(widget, forms.ClearableFileInput):
        # The stock widget mixes link, tick and input; the template shows the present file itself.
        return field.as_widget(forms.FileInput(attrs=widget.attrs), attrs=attrs)
    return field.as_widget(attrs=attrs)


def _options(field: BoundField) -> tuple[Option, ...]:
    """The choices. In a group the error and the help text belong to the fieldset, the mark of an error to each box."""
    helps = getattr(field.field, "option_help", {})
    drawn = []
    for choice in field.subwidgets:
        data = choice.data
        data["attrs"]["class"] = "ds-input"
        if field.errors:
            data["attrs"]["aria-invalid"] = "true"
        # `required` on each box of several would demand every box.
        if isinstance(field.field.widget, forms.CheckboxSelectMultiple):
            data["attrs"].pop("required", None)
        value = str(data["value"])
        tag = format_html("{}", choice.tag())
        drawn.append(Option(tag=tag, id=choice.id_for_label, label=str(choice.choice_label), help_text=str(helps.get(value, ""))))
    return tuple(drawn)


def _has_file(field: BoundField) -> bool:
    """Whether a stored file would be replaced. Its address is not asked for: private files have none."""
    value = field.value()
    return isinstance(value, FieldFile) and bool(value)
