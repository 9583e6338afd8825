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
    early: bool = False  # of the time before the placement: stands under «Mer» afterwards
    place: int = 50  # where the tab stands; the same number keeps the order below
    is_contributed: bool = False  # by a higher floor, with views and addresses of its own


ONLY_COORDINATOR = frozenset({COORDINATOR})

PAGES: dict[str, Page] = {
    page.key: page
    for page in (
        Page("oversikt", "", "Oversikt", ("identity", "progress", "placement", "training_contract", "exams", "exam_dates",
             "contact", "agreements", "readiness", "income_funding", "status_reasons"), tab=False),
        Page("person", "person", "Person", ("person_details", "contact", "home_address", "national_id")),
        Page("inntak", "inntak", "Inntak", ("referral", "intake_background", "life_situation"), early=True),
        Page("opptak", "opptak", "Opptak", ("admission",), early=True),
        Page("avtaler", "avtaler", "Avtaler", ("agreements",), early=True),
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


def contribute(*pages: Page) -> None:
    """Takes in a higher floor's pages of a record; called when its module `sections` is read. Raises ValueError for a key twice."""
    for page in pages:
        if page.key in PAGES and PAGES[page.key] != page:
            raise ValueError(f"two pages are called {page.key}")
        PAGES[page.key] = page


def tab_pages() -> list[Page]:
    """Gives the pages with a tab, in the order of the tabs."""
    return sorted((page for page in PAGES.values() if page.tab), key=lambda page: page.place)
