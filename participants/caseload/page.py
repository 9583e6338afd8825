"""What the caseload page says around its table: buckets, filters in use, the sentence over the table, and choices."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fagbrev.people.roles import COORDINATOR, FAGLAERER, NORSKLAERER
from participants.caseload.asked import UNDECIDED, Asked
from participants.caseload.query import Caseload
from participants.caseload.table import PER_PAGE, headings, rows_of
from participants.workflow import STATUS_CHOICES, STATUS_NAMES

MAY_EXPORT = frozenset({COORDINATOR, FAGLAERER, NORSKLAERER})
_ORDERS = {
    "navn": ("etter navn", "etter navn, Å til A"),
    "fag": ("etter fag", "etter fag, siste fag først"),
    "fase": ("etter fase, de tidligste først", "etter fase, de som er kommet lengst først"),
    "arbeidssted": ("etter arbeidssted", "etter arbeidssted, Å til A"),
    "siden": ("de som har ventet lengst først", "de nyeste i fasen først"),
    "kontrakt": ("de som har kontrakten som slutter først, øverst", "de som har kontrakten som slutter sist, øverst"),
}


def list_page(caseload: Caseload, asked: Asked, *, list_url: str) -> dict[str, Any]:
    """Gives the whole context of the caseload page; three or four queries."""
    counts = caseload.counts(asked)
    pages = Paginator(range(counts["asked"]), PER_PAGE)  # the rows are fetched below, as rows of the table
    page = pages.get_page(asked.page)
    reads_phase = caseload.reads("progress")
    rows = rows_of(caseload, asked, list_url=list_url, first=(page.number - 1) * PER_PAGE) if counts["asked"] else []
    return {
        "asked": asked,
        "list_url": list_url,
        "empty_text": _("Registrer den første, eller importer regnearket.") if COORDINATOR in caseload.roles else "",
        "shares": sorted({row.share for row in rows}),
        "open_words": ngettext("%(count)d har et åpent løp", "%(count)d har et åpent løp", counts["open"])
        % {"count": counts["open"]},
        "buckets": bucket_tiles(caseload, asked, counts, list_url=list_url),
        "trade_choices": _trade_choices(caseload, asked),
        "phase_choices": [(code, label, code in asked.phases) for code, label in STATUS_CHOICES] if reads_phase else [],
        "trades_chosen": _chosen_words(len(asked.trades), _("Alle fag")),
        "phases_chosen": _chosen_words(len(asked.phases), _("Alle faser")),
        "workplaces": caseload.workplaces.items(),
        "chips": chips(caseload, asked, list_url=list_url),
        "headings": headings(caseload, asked),
        "columns": {
            "phase": reads_phase,
            "placement": caseload.reads("placement"),
            "contract": caseload.reads("training_contract"),
        },
        "rows": rows,
        "page": page,
        "count": counts["asked"],
        "count_words": ngettext("%(count)d deltaker", "%(count)d deltakere", counts["asked"]) % {"count": counts["asked"]},
        "sentence": sentence(caseload, asked),
        "page_query": asked.query(),
        "saved": caseload.choices.saved,
        "saved_name": "",
        "saved_errors": [],
        "is_coordinator": COORDINATOR in caseload.roles,
        "may_export": bool(caseload.roles & MAY_EXPORT) and counts["asked"] > 0,
        "export_query": asked.query(),
        "ended_url": list_url + asked.query(with_ended=not asked.with_ended),
    }


def bucket_tiles(caseload: Caseload, asked: Asked, counts: dict[str, int], *, list_url: str) -> list[dict[str, Any]]:
    """Gives the tiles of components/buckets.html: all open ones first, then each bucket the user may see."""
    if not caseload.buckets:
        return []
    tiles = [
        {
            "label": _("Alle åpne"), "count": counts["open"], "note": _("i alle fag"), "icon": "person-group",
            "url": list_url, "active": not asked.is_filtered and not asked.with_ended,
        }
    ]  # fmt: skip
    for key, bucket in caseload.buckets.items():
        is_now = asked.bucket == key
        query = asked.query(bucket="", sort="") if is_now else Asked(bucket=key).query()
        tiles.append(
            {
                "label": str(bucket.label), "count": counts[f"in_{key}"], "note": bucket.note(caseload.limits), "icon": bucket.icon,
                "url": list_url + query, "active": is_now,
            }
        )  # fmt: skip
    return tiles


def chips(caseload: Caseload, asked: Asked, *, list_url: str) -> list[dict[str, str]]:
    """Gives the filters in use, each with the address that takes it away."""
    found = []

    def chip(label: str, **changes: Any) -> None:
        found.append({"label": label, "url": list_url + asked.query(**changes)})

    if asked.name:
        chip(_("Navn: %(name)s") % {"name": asked.name}, name="")
    for code in asked.trades:
        chip(_trade_name(caseload, code), trades=tuple(other for other in asked.trades if other != code))
    for phase in asked.phases:
        chip(STATUS_NAMES[phase], phases=tuple(other for other in asked.phases if other != phase))
    if asked.workplace:
        chip(caseload.workplaces[asked.workplace], workplace="")
    if asked.bucket:
        chip(_bucket_words(caseload, asked), bucket="", sort="")
    if asked.with_ended:
        chip(_("Også avsluttede"), with_ended=False)
    return found


def sentence(caseload: Caseload, asked: Asked) -> str:
    """Gives what is shown, in words: "fag: Renhold · fase: Opplæring eller Fagprøve · etter navn"."""
    parts = []
    if asked.name:
        parts.append(_("navnet ligner «%(name)s»") % {"name": asked.name})
    if asked.trades:
        parts.append(_("fag: %(names)s") % {"names": _or([_trade_name(caseload, code) for code in asked.trades])})
    if asked.phases:
        parts.append(_("fase: %(names)s") % {"names": _or([STATUS_NAMES[phase] for phase in asked.phases])})
    if asked.workplace:
        parts.append(_("på %(place)s") % {"place": caseload.workplaces[asked.workplace]})
    if asked.bucket:
        label = _bucket_words(caseload, asked)
        parts.append(label[:1].lower() + label[1:])
    if not parts:
        parts.append(_("alle, også de som er ferdige eller har sluttet") if asked.with_ended else _("alle som har et åpent løp"))
    elif asked.with_ended:
        parts.append(_("også de som er ferdige eller har sluttet"))
    key, downwards = asked.order
    return " · ".join([*parts, _(_ORDERS[key][downwards])])


def _bucket_words(caseload: Caseload, asked: Asked) -> str:
    bucket = caseload.buckets[asked.bucket]
    return f"{bucket.label} {bucket.note(caseload.limits)}" if asked.bucket == "kontrakt" else str(bucket.label)


def _trade_name(caseload: Caseload, code: str) -> str:
    if code == UNDECIDED:
        return _("Fag er ikke avklart")
    trade = caseload.trades[code]
    return trade.short_name or trade.name


def _trade_choices(caseload: Caseload, asked: Asked) -> list[tuple[str, str, bool]]:
    return [(code, _trade_name(caseload, code), code in asked.trades) for code in [*caseload.trades, UNDECIDED]]


def _chosen_words(count: int, nothing: str) -> str:
    return _("%(count)d valgt") % {"count": count} if count else nothing


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _("%(some)s eller %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}
