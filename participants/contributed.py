"""What higher floors show on a participant's front page: one line per page of theirs, read by one query, and bars of progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import cached_property

from participants.access import Record
from participants.extras import url_for
from participants.models import Enrolment


@dataclass(frozen=True)
class Said:
    """What a summary says; `is_late` marks what has waited too long."""

    text: str
    is_late: bool = False


@dataclass(frozen=True)
class Summary:
    """One line on the front page of a record.

    `page` is the page it leads to and `section` what must be readable. `facts(record)` gives ORM expressions on Enrolment, each named
    with the app first and cut to the record's rows in scope; `said` is a pure function of their values and the record.
    """

    page: str
    section: str
    title: str
    facts: Callable[[Record], Mapping[str, Any]]
    said: Callable[[Mapping[str, Any], Record], Said | None]
    more: str = ""  # the name of an address whose line takes the place of this one: what is too dear to count with the page


@dataclass(frozen=True)
class Bar:
    """One bar of «Framdrift»: its figure in words, how far it reaches and where its tick stands (percent)."""

    label: str
    figure: str
    share: int
    tick: int | None = None
    tone: str = "accent"
    note: str = ""


@dataclass(frozen=True)
class Progress:
    """The bars of «Framdrift», what the tick means, the verdict with its rule in words, and the page that tells more."""

    bars: list[Bar] = field(default_factory=list)
    note: str = ""
    verdict: str = ""
    is_behind: bool = False
    rule: str = ""
    url: str = ""


@dataclass(frozen=True)
class Bars:
    """The bars of an app: facts as a summary's, and a function of their values."""

    facts: Callable[[Record], Mapping[str, Any]]
    drawn: Callable[[Mapping[str, Any], Record], Progress | None]


@dataclass
class ShownSummary:
    """A summary as the page draws it."""

    title: str
    text: str
    url: str
    is_late: bool
    more_url: str = ""


class _Contributed:
    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        """Every app's summaries, in the order of the apps."""
        return tuple(one for module in self.modules for one in getattr(module, "SUMMARIES", ()))

    @cached_property
    def bars(self) -> tuple[Bars, ...]:
        """Every app's bars of «Framdrift»."""
        return tuple(module.BARS for module in self.modules if hasattr(module, "BARS"))

    @cached_property
    def modules(self) -> tuple[Any, ...]:
        """The modules called `sections`, in the order of the apps."""
        names = [f"{config.name}.sections" for config in apps.get_app_configs() if "." not in config.name]
        return tuple(import_module(name) for name in names if find_spec(name))


_contributed = _Contributed()


def sections_of(found: Record) -> list[str]:
    """Gives the sections of the lines that the user may read, for the log of looks."""
    return [] if found.sees_leave_only else [one.section for one in _contributed.summaries if found.reads(one.section)]


def acts_of(found: Record) -> list[dict[str, str]]:
    """Gives what the apps add to «Flere valg» (`acts` of their `sections`): label and url."""
    return [act for module in _contributed.modules if hasattr(module, "acts") for act in module.acts(found)]


def front_of(found: Record) -> tuple[list[ShownSummary], Progress | None]:
    """Gives the lines the user may read and the bars (None where there are none to draw); one query for all."""
    if found.sees_leave_only:
        return [], None
    mine = [one for one in _contributed.summaries if found.reads(one.section)]
    expressions: dict[str, Any] = {}
    for facts_of in [*(one.facts for one in mine), *(bars.facts for bars in _contributed.bars)]:
        expressions |= facts_of(found)
    facts = (
        Enrolment.objects.filter(pk=found.enrolment.pk).annotate(**expressions).values(*expressions).get() if expressions else {}
    )
    shown = []
    for one in mine:
        said = one.said(facts, found)
        if said is not None:
            url, more = url_for(f"participant_{one.page}", found), url_for(one.more, found) if one.more else ""
            shown.append(ShownSummary(one.title, said.text, url, said.is_late, more))
    drawn = (bars.drawn(facts, found) for bars in _contributed.bars)
    return shown, next((progress for progress in drawn if progress is not None), None)
