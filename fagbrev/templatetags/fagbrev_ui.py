"""Tags and filters for the look: icons, signs, rings, bars, form fields and days in words."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.ui.fields import FieldParts, error_texts, field_parts, focus_id

register = template.Library()

TONES = ("accent", "accent-soft", "extra2", "brand", "extra1", "neutral", "info", "success", "warning", "danger")

_SHAPES = {
    "dot": mark_safe('<circle cx="8" cy="8" r="5.5" fill="currentColor"/>'),
    "square": mark_safe('<rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1.5" fill="currentColor"/>'),
    "triangle": mark_safe('<path d="M8 2.2 14.4 13.4H1.6Z" fill="currentColor"/>'),
    "diamond": mark_safe('<path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" fill="currentColor"/>'),
    "ring": mark_safe(
        '<circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.2 1.9"/>'
    ),
}


@register.simple_tag
def icon(name: str, label: str = "", css_class: str = "") -> SafeString:
    """One icon of static/icons.svg. Decoration unless `label` says what it means."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>', css_class, spoken, _icons(), name
    )


@cache
def _icons() -> str:
    """The address of the icons, which stays while the process runs; a page draws dozens."""
    return static("icons.svg")


@register.simple_tag
def phase_tag(code: str, label: str, share: int = 0) -> SafeString:
    """The phase as a word beside a ring filled by `share` eighths (0 to 8) of the phase."""
    eighths = max(0, min(8, int(share or 0)))
    return format_html(
        '<span class="phase" data-phase="{}"><svg class="ring" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<circle class="ring-track" cx="8" cy="8" r="5.5"/>'
        '<circle class="ring-part" cx="8" cy="8" r="5.5" pathLength="8" stroke-dasharray="{} 8" transform="rotate(-90 8 8)"/>'
        "</svg>{}</span>",
        code,
        eighths,
        label,
    )


@register.simple_tag
def trade_sign(code: str, label: str, symbol: str = "ring", colour: str = "neutral", show_label: bool = True) -> SafeString:
    """The trade's sign: `symbol` is dot, square, triangle or ring, `colour` a tone of the theme; both are data of the trade."""
    tone = colour if colour in TONES else "neutral"
    shape = _SHAPES.get(symbol, _SHAPES["ring"])
    if show_label:
        return format_html(
            '<span class="trade" data-trade="{}"><svg class="sign tone-{}" viewBox="0 0 16 16" aria-hidden="true" '
            'focusable="false">{}</svg><span>{}</span></span>',
            code,
            tone,
            shape,
            label,
        )
    return format_html(
        '<svg class="sign tone-{}" data-trade="{}" viewBox="0 0 16 16" role="img" aria-label="{}" focusable="false">{}</svg>',
        tone,
        code,
        label,
        shape,
    )


@register.simple_tag
def progress_bar(share: float, tick: float | None = None, tone: str = "accent") -> SafeString:
    """A bar filled by `share` percent, with a mark at `tick` percent. The figure itself must stand in the text beside it."""
    filled = _percent(share)
    mark = (
        format_html('<line class="bar-tick" x1="{0}%" x2="{0}%" y1="0" y2="14"/>', _percent(tick))
        if tick is not None
        else mark_safe("")
    )
    return format_html(
        '<svg class="bar tone-{}" width="100%" height="14" aria-hidden="true" focusable="false">'
        '<rect class="bar-track" y="3" width="100%" height="8" rx="4"/>'
        '<rect class="bar-part" y="3" width="{}%" height="8" rx="4"/>{}</svg>',
        tone if tone in TONES else "accent",
        filled,
        mark,
    )


def _percent(share: float | None) -> str:
    return f"{max(0.0, min(100.0, float(share or 0))):g}"


@register.filter
def days_words(days: int | None) -> str:
    """Days until a day, in words: "97 dager", "i morgen", "i dag", "9 dager over". Empty for None."""
    if days is None:
        return ""
    count = int(days)
    if count == 0:
        return _("i dag")
    if count == 1:
        return _("i morgen")
    if count < 0:
        return ngettext("%(days)d dag over", "%(days)d dager over", -count) % {"days": -count}
    return ngettext("%(days)d dag", "%(days)d dager", count) % {"days": count}


@register.filter
def initials(name: str) -> str:
    """At most two letters: first and last name's."""
    words = str(name or "").split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


@register.filter
def tint_level(number: int, largest: int) -> int:
    """How strongly a number is tinted beside the largest one: 0 (nothing) to 4."""
    if not number or not largest:
        return 0
    share = number / largest
    return 4 if share > 0.75 else 3 if share > 0.4 else 2 if share > 0.12 else 1


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present address's query string with `changes`; None or "" takes a key away. Starts with "?"."""
    return _query(context["request"].GET, changes)


def _query(now: QueryDict | Mapping[str, Any] | str, changes: Mapping[str, Any]) -> str:
    params = QueryDict(now, mutable=True) if isinstance(now, str) else now.copy()  # type: ignore[union-attr]
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode() if isinstance(params, QueryDict) else urlencode(params)}"


@register.inclusion_tag("components/pagination.html")
def pagination(page: "Page[Any]", query: str = "", parameter: str = "side") -> dict[str, Any]:
    """Page numbers for a Django page; `query` is the query string to keep, without the page's own parameter."""
    kept = query.lstrip("?")

    def address(number: int) -> str:
        return _query(kept, {parameter: number if number > 1 else None})

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "first": page.start_index(),
        "last": page.end_index(),
        "total": page.paginator.count,
        "is_needed": page.paginator.num_pages > 1,
        "previous_url": address(page.number - 1) if page.has_previous() else "",
        "next_url": address(page.number + 1) if page.has_next() else "",
        "links": [{"number": n, "url": address(n) if isinstance(n, int) else "", "is_current": n == page.number} for n in shown],
    }


@register.simple_tag
def ds_parts(field: BoundField) -> FieldParts:
    """The pieces of a field, for templates/designsystemet/field.html."""
    return field_parts(field)


@register.simple_tag
def ds_field(field: BoundField) -> SafeString:
    """One form field with label, help, box and error, for forms laid out by hand."""
    return render_to_string("designsystemet/field.html", {"field": field})


@register.simple_tag
def ds_errors(form: forms.BaseForm) -> SafeString:
    """The error summary of a form: empty when there is nothing wrong."""
    return render_to_string("designsystemet/errors.html", {"form": form})


@register.simple_tag
def ds_form(form: forms.BaseForm) -> SafeString:
    """The whole form without its form element and buttons: summary, hidden fields, fields."""
    return render_to_string("designsystemet/form.html", {"form": form})


@register.filter
def error_links(form: forms.BaseForm) -> list[dict[str, str]]:
    """What is wrong, in the order of the fields: `text` and the `id` to jump to ("" for the form as a whole)."""
    found = [{"text": str(text), "id": ""} for text in form.non_field_errors()]
    for field in form:
        if field.is_hidden:
            found += [{"text": str(text), "id": ""} for text in field.errors]
        else:
            name = str(field.label)
            between = " " if name[-1:] in "?.:!" else ": "
            found += [{"text": f"{name}{between}{text}", "id": focus_id(field)} for text in error_texts(field)]
    return found
