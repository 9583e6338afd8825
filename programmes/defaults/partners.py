"""The partners most municipalities have (V3, V7); names follow the installation's own municipality, county and service."""

from typing import Any

from django.conf import settings


def partners() -> list[dict[str, Any]]:
    """Gives the shipped partners, with what each does in the scheme."""
    place = settings.MUNICIPALITY.removesuffix(" kommune")
    return [
        _partner("service", settings.SERVICE_NAME, "municipal", "Eier ordningen.", refers=True, helps=True),
        _partner("jobbsjansen", "Jobbsjansen", "municipal", "Program for kvinner som er hjemme.", refers=True, funds=True),
        _partner("introduction", "Introduksjonsprogrammet", "municipal", "Program for nyankomne flyktninger.", refers=True),
        _partner("nav", f"NAV {place}", "nav", "Henviser arbeidssøkere og gir ytelser.", refers=True, funds=True, helps=True),
        _partner(
            "adult_education",
            f"{place} voksenopplæring",
            "adult_education",
            "Har ansvar for norskundervisningen i alle fag.",
            refers=True,
            teaches=True,
        ),
        _partner(
            "upper_secondary",
            f"{place} videregående skole",
            "school",
            "Har faglærere og faglig ansvar.",
            refers=True,
            teaches=True,
        ),
        _partner("cleaning", f"{settings.MUNICIPALITY}, renhold", "municipal", "Har faglig ansvar for renhold.", teaches=True),
        _partner("health", f"{settings.MUNICIPALITY}, helse", "municipal", "Har faglig ansvar for helse.", teaches=True),
        _partner(
            "children", f"{settings.MUNICIPALITY}, barn og ungdom", "municipal", "Barnehager og skoler i kommunen.", refers=True
        ),
        _partner("employers", "Private arbeidsgivere", "employer", "Godkjente lærebedrifter utenfor kommunen.", refers=True),
        _partner(
            "county",
            settings.COUNTY,
            "county",
            "Godkjenner lærebedrifter, lager kontrakter, har ansvar for eksamen og fagprøve.",
            funds=True,
            approves=True,
        ),
        _partner("imdi", "IMDi", "state", "Gir prosjektmidler og tilskudd til Jobbsjansen.", funds=True),
        _partner("family_counselling", f"Familievernkontoret i {place}", "help", "Samtaler om familie og samliv.", helps=True),
        _partner("shelter", f"Krisesenteret i {place}", "help", "Hjelp ved vold i nære relasjoner.", helps=True),
    ]


def _partner(code: str, name: str, kind: str, note: str, **does: bool) -> dict[str, Any]:
    return {"code": code, "name": name, "kind": kind, "note": note, **does}
