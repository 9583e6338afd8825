"""The demo's accounts: who can be tried, one per role."""

from django.utils.translation import gettext_lazy as _

from fagbrev.checks import DEMO_DOMAIN

DEMO_PASSWORD = "fagbrev-demo"  # noqa: S105  (printed by `make demo`; the demo holds made-up people only)
DEMO_ACCOUNTS = [
    {"email": f"{name}{DEMO_DOMAIN}", "label": label, "description": description}
    for name, label, description in [
        ("koordinator", _("Koordinator"), _("ser hele ordningen")),
        ("faglaerer.bua", _("Faglærer, barne- og ungdomsarbeider"), _("følger egne deltakere")),
        ("faglaerer.helse", _("Faglærer, helsearbeider"), _("følger egne deltakere")),
        ("faglaerer.renhold", _("Faglærer, renhold"), _("følger egne deltakere")),
        ("norsklaerer", _("Norsklærer"), _("følger norskopplæringen")),
        ("fadder", _("Fadder"), _("følger opp på arbeidsstedet")),
        ("leder", _("Leder"), _("leder et arbeidssted")),
        ("styringsgruppe", _("Styringsgruppe"), _("leser rapporter")),
        ("deltaker", _("Deltaker"), _("ser sin egen vei")),
    ]
]
DEMO_ADDRESSES = frozenset(account["email"] for account in DEMO_ACCOUNTS)
