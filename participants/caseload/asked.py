"""What an address asks the caseload for: cleaned against what there is to choose, and written back as a query string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from participants.caseload.buckets import BUCKETS
from participants.workflow import ENDED, STATUSES

UNDECIDED = "uavklart"  # the code in ?fag= for people whose trade is not decided
SORTS = ("navn", "fag", "fase", "arbeidssted", "siden", "kontrakt")
LONGEST_NAME = 80


@dataclass(frozen=True)
class Asked:
    """One choice of enrolments and their order; everything in it exists."""

    name: str = ""
    trades: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    workplace: str = ""
    bucket: str = ""
    with_ended: bool = False
    sort: str = ""  # "" leaves the order to the bucket, or to the name
    page: int = 1

    @property
    def order(self) -> tuple[str, bool]:
        """The key sorted by, and whether it goes downwards."""
        wanted = self.sort or (BUCKETS[self.bucket].sort if self.bucket else "navn")
        return wanted.lstrip("-"), wanted.startswith("-")

    @property
    def is_filtered(self) -> bool:
        """True when anything narrows the list."""
        return bool(self.name or self.trades or self.phases or self.workplace or self.bucket)

    @property
    def shows_ended(self) -> bool:
        """True when ended enrolments belong in the list: asked for, or named by phase or bucket."""
        return self.with_ended or bool(set(self.phases) & set(ENDED)) or bool(self.bucket and BUCKETS[self.bucket].with_ended)

    def query(self, **changes: Any) -> str:
        """Gives the query string, with changes, without the page unless it is among them: "?fag=BUA&side=2"."""
        wanted = replace(self, **({"page": 1} | changes))
        params = QueryDict(mutable=True)
        if wanted.name:
            params["q"] = wanted.name
        params.setlist("fag", list(wanted.trades))
        params.setlist("fase", list(wanted.phases))
        single = {
            "arbeidssted": wanted.workplace,
            "utvalg": wanted.bucket,
            "avsluttet": "1" if wanted.with_ended else "",
            "sorter": wanted.sort,
            "side": str(wanted.page) if wanted.page > 1 else "",
        }
        for key, value in single.items():
            if value:
                params[key] = value
        text = params.urlencode()
        return f"?{text}" if text else "?"


def asked_for(
    params: QueryDict, *, trades: Mapping[str, Any], workplaces: Mapping[str, Any], buckets: Mapping[str, Any]
) -> Asked:
    """Reads the parameters; whatever is not among the given choices is ignored, never an error."""
    sort = params.get("sorter", "")
    side = params.get("side", "")
    workplace = params.get("arbeidssted", "")
    bucket = params.get("utvalg", "")
    name = " ".join(params.get("q", "").replace("\x00", " ").split())[:LONGEST_NAME]
    return Asked(
        name=name,
        trades=_known(params.getlist("fag"), [*trades, UNDECIDED]),
        phases=_known(params.getlist("fase"), STATUSES),
        workplace=workplace if workplace in workplaces else "",
        bucket=bucket if bucket in buckets else "",
        with_ended=params.get("avsluttet") == "1",
        sort=sort if sort.removeprefix("-") in SORTS else "",
        page=int(side) if side.isascii() and side.isdigit() and len(side) < 7 and int(side) > 0 else 1,
    )


def _known(wanted: list[str], choices: Any) -> tuple[str, ...]:
    """The wanted ones that exist, each once, in the order of the choices."""
    return tuple(choice for choice in choices if choice in set(wanted))
