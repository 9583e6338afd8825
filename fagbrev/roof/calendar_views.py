"""The calendar: a month, a list, and årshjulet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import page
from fagbrev.dates import date_words, months_after, months_before
from fagbrev.roof.calendar_entries import entries_for
from fagbrev.roof.calendar_shown import (
    by_month,
    day_words,
    duties_by_day,
    month_weeks,
    month_words,
    row_of,
    wheel_key,
    wheels,
    year_words,
)
from fagbrev.roof.chrome import url_of

LIST_DAYS = 90
LIST_ROWS = 80
COMING_ROWS = 9
EARLIEST, LATEST = 2010, 2097  # holidays are known to 2100


@page(roles=None, methods=("GET", "HEAD"))
def calendar_month(request: HttpRequest) -> HttpResponse:
    """A month as a grid, or a span of days as a list."""
    today = timezone.localdate()
    if request.GET.get("visning") == "liste":
        return _list(request, today)
    month = _month_asked(request.GET.get("maned", ""), today)
    entries = entries_for(request.user, first=month, last=months_after(month, 1) - timedelta(days=1), today=today)
    address = reverse("calendar_month")
    before, after = months_before(month, 1), months_after(month, 1)
    context: dict[str, Any] = {
        "title": month_words(month).capitalize(),
        "today_words": _("I dag er det %(day)s, uke %(week)d") % {"day": day_words(today), "week": today.isocalendar().week},
        "weeks": month_weeks(entries, month=month, today=today, more_url=f"{address}?visning=liste&fra="),
        "is_empty": not entries,
        "is_this_month": month == today.replace(day=1),
        "today_url": address,
        "earlier": {"url": _month_url(before), "label": _short(before, month)} if before.year >= EARLIEST else None,
        "later": {"url": _month_url(after), "label": _short(after, month)} if after.year <= LATEST else None,
        "list_url": f"{address}?visning=liste" + ("" if month == today.replace(day=1) else f"&fra={month.isoformat()}"),
        "wheel_url": _wheel_url(_school_year(month)),
        "feed_url": url_of("feed_settings"),
    }
    return render(request, "roof/calendar_month.html", context)


def _list(request: HttpRequest, today: date) -> HttpResponse:
    """The list: 90 days from a day, or the whole of a school year."""
    address = reverse("calendar_month")
    whole_year = _year_asked(request.GET.get("skolear", ""))
    if whole_year is not None:
        first, last = date(whole_year, 8, 1), date(whole_year + 1, 7, 31)
        query, title = f"visning=liste&skolear={whole_year}", _("Skoleåret %(year)s") % {"year": year_words(first)}
        earlier = {"url": f"{address}?visning=liste&skolear={whole_year - 1}", "label": year_words(date(whole_year - 1, 8, 1))}
        later = {"url": f"{address}?visning=liste&skolear={whole_year + 1}", "label": year_words(date(whole_year + 1, 8, 1))}
    else:
        first = _day_asked(request.GET.get("fra", ""), today)
        last = first + timedelta(days=LIST_DAYS - 1)
        query = f"visning=liste&fra={first.isoformat()}"
        title = _("%(first)s til %(last)s") % {"first": date_words(first), "last": date_words(last)}
        earlier = {
            "url": f"{address}?visning=liste&fra={(first - timedelta(days=LIST_DAYS)).isoformat()}",
            "label": _("Tidligere"),
        }
        later = {"url": f"{address}?visning=liste&fra={(last + timedelta(days=1)).isoformat()}", "label": _("Senere")}
    entries = entries_for(request.user, first=first, last=last, today=today)
    shown = Paginator(entries, LIST_ROWS).get_page(request.GET.get("side", "1"))
    context: dict[str, Any] = {
        "title": title,
        "months": by_month(shown.object_list, first=first, today=today),
        "shown": shown,
        "query": query,
        "earlier": earlier if first.year > EARLIEST else None,
        "later": later if last.year < LATEST else None,
        "is_now": first <= today <= last,
        "today_url": f"{address}?visning=liste",
        "month_url": address if first <= today <= last else _month_url(first),
        "wheel_url": _wheel_url(_school_year(today if first <= today <= last else first)),
        "feed_url": url_of("feed_settings"),
    }
    return render(request, "roof/calendar_list.html", context)


@page(roles=None, methods=("GET", "HEAD"))
def calendar_wheel(request: HttpRequest) -> HttpResponse:
    """The school year as a wheel, with what is coming beside it."""
    today = timezone.localdate()
    asked = _year_asked(request.GET.get("skolear", ""))
    year = _school_year(today) if asked is None else asked
    first, last = date(year, 8, 1), date(year + 1, 7, 31)
    entries = entries_for(request.user, first=first, last=last, today=today)
    wide, narrow = wheels(entries, first=first, today=today)
    is_over = last < today
    coming = [entry for entry in entries if entry.kind != "holiday" and (is_over or entry.last_day >= today)]
    coming = duties_by_day(coming, more_url=f"{reverse('calendar_month')}?visning=liste&fra=")
    context: dict[str, Any] = {
        "year": year_words(first),
        "wide": wide,
        "narrow": narrow,
        "wheel_title": _("Årshjulet for skoleåret %(year)s") % {"year": year_words(first)},
        "wheel_told": _(
            "August er øverst, og året går med klokka. Utenfra og inn: %(rings)s. Alt som er tegnet, står i lista over hele året."
        )
        % {"rings": ", ".join(str(ring.label).lower() for ring in wide.rings)},
        "groups": wheel_key(wide, narrow),
        "coming": [row_of(entry, today=today) for entry in coming[:COMING_ROWS]],
        "is_over": is_over,
        "earlier": {"url": _wheel_url(year - 1), "label": year_words(date(year - 1, 8, 1))} if year > EARLIEST else None,
        "later": {"url": _wheel_url(year + 1), "label": year_words(date(year + 1, 8, 1))} if year + 1 < LATEST else None,
        "month_url": reverse("calendar_month") if first <= today <= last else _month_url(first),
        "list_url": f"{reverse('calendar_month')}?visning=liste&skolear={year}",
        "feed_url": url_of("feed_settings"),
    }
    return render(request, "roof/calendar_wheel.html", context)


# --- What is asked for: whatever cannot be read is as if nothing was asked --------------------------------


def _month_asked(text: str, today: date) -> date:
    year, dash, month = text.partition("-")
    if dash and _is_number(year, 4) and _is_number(month, 2) and EARLIEST <= int(year) <= LATEST and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return today.replace(day=1)


def _day_asked(text: str, today: date) -> date:
    parts = text.split("-")
    if len(parts) == 3 and all(_is_number(part, 4) for part in parts) and EARLIEST <= int(parts[0]) < LATEST:
        try:
            return date(*(int(part) for part in parts))
        except ValueError:
            return today
    return today


def _year_asked(text: str) -> int | None:
    return int(text) if _is_number(text, 4) and EARLIEST <= int(text) < LATEST else None


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest


def _school_year(day: date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def _month_url(month: date) -> str:
    return f"{reverse('calendar_month')}?maned={month.year}-{month.month:02d}"


def _short(month: date, beside: date) -> str:
    """The month without its year where the year is the same."""
    return month_words(month) if month.year != beside.year else month_words(month).partition(" ")[0]


def _wheel_url(year: int) -> str:
    return f"{reverse('calendar_wheel')}?skolear={year}"
