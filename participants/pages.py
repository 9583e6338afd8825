"""The pages of one participant: their addresses, titles, tabs, and which sections of the access table each shows."""

from dataclasses import dataclass

from fagbrev.people.roles import COORDINATOR


@dataclass(frozen=True)
class Page:
    """One page below /deltakere/<id>/."""

    key: str
    slug: str
    title: str
    sections: tuple[str, ...]
    tab: bool = True
    rare: bool = False  # stands under «Mer»
    roles: frozenset[str] = frozenset()  # when not empty: only these, whatever the sections say


ONLY_COORDINATOR = frozenset({COORDINATOR})

PAGES: dict[str, Page] = {
    page.key: page
    for page in (
        Page("oversikt", "", "Oversikt", ("identity", "progress", "placement", "training_contract", "exams", "exam_dates",
             "contact", "agreements", "readiness", "income_funding", "status_reasons"), tab=False),
        Page("person", "person", "Person", ("person_details", "contact", "home_address", "national_id")),
        Page("inntak", "inntak", "Inntak", ("referral", "intake_background", "life_situation")),
        Page("opptak", "opptak", "Opptak", ("admission",)),
        Page("avtaler", "avtaler", "Avtaler", ("agreements",)),
        Page("samtykker", "samtykker", "Samtykker", ("consents",), rare=True),
        Page("politiattest", "politiattest", "Politiattest", ("police_certificate",), rare=True),
        Page("arbeidssted", "arbeidssted", "Arbeidssted", ("placement",)),
        Page("soknad", "soknad", "Søknad til fylket", ("application_pack",), rare=True),
        Page("kontrakt", "kontrakt", "Kontrakt", ("training_contract",)),
        Page("permisjon", "permisjon", "Permisjon", ("progress", "status_reasons"), rare=True),
        Page("klar", "klar", "Klar for prøve", ("readiness",), rare=True),
        Page("eksamen", "eksamen", "Eksamen", ("exams", "exam_dates")),
        Page("okonomi", "okonomi", "Inntekt og betaling", ("income_funding",), rare=True),
        Page("tilrettelegging", "tilrettelegging", "Tilrettelegging", ("accommodations",), rare=True),
        Page("utlan", "utlan", "Utlån", ("equipment",), rare=True),
        Page("dokumenter", "dokumenter", "Dokumenter", ("application_pack", "agreements", "training_contract", "exams",
             "income_funding", "contact_log")),
        Page("kontaktlogg", "kontaktlogg", "Kontaktlogg", ("contact_log",), rare=True),
        Page("avslutning", "avslutning", "Avslutning", ("progress", "status_reasons"), roles=ONLY_COORDINATOR, rare=True),
        Page("etterpa", "etterpa", "Etter fagbrevet", ("work_status",), rare=True),
        Page("historikk", "historikk", "Historikk", ("progress", "status_reasons"), rare=True),
        Page("innsyn", "innsyn", "Hvem har sett", ("access_log",), rare=True),
        # Acts: pages that change something and are linked from "Neste steg" and "Flere valg".
        Page("steg", "steg", "Steg", ("progress",), tab=False, roles=ONLY_COORDINATOR),
        Page("sperrer", "sperrer", "Sperrer", ("identity",), tab=False, roles=ONLY_COORDINATOR),
        Page("fag", "fag", "Fag og gruppe", ("identity",), tab=False, roles=ONLY_COORDINATOR),
    )
}  # fmt: skip
