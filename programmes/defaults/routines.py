"""The handbook as shipped: rows 1 to 17 of the guide's table of routines (V8), and 18 to 27 from V3 and V6, in own words."""

from dataclasses import dataclass
from typing import Any

from fagbrev.people.roles import COORDINATOR, DELTAKER, FADDER, FAGLAERER, LEDER, NORSKLAERER, STYRINGSGRUPPE

VIGO = "https://www.vigobedrift.no/"
PRIVATIST = "https://www.privatistweb.no/"
POLICE = "https://www.politiet.no/tjenester/politiattest/"
NORWEGIAN_TEST = "https://www.hkdir.no/norskproven"


@dataclass(frozen=True)
class Routine:
    """One row of the handbook; `forms` are names with a link or "", `page` is the address of its page in the product."""

    code: str
    number: int
    what: str
    who: str
    roles: tuple[str, ...]
    when: str
    how: str
    phase: str = ""
    due: tuple[int, str] | None = None
    forms: tuple[tuple[str, str], ...] = ()
    trades: tuple[str, ...] = ()
    page: str = ""
    is_required: bool = True

    def columns(self) -> dict[str, Any]:
        """Gives the row's columns, without its forms and trades."""
        due_days, due_from = self.due or (None, "")
        return {
            "code": self.code,
            "number": self.number,
            "what": self.what,
            "who": self.who,
            "roles": list(self.roles),
            "when": self.when,
            "how": self.how,
            "phase": self.phase,
            "due_days": due_days,
            "due_from": due_from,
            "page": self.page,
            "is_required": self.is_required,
        }


ROUTINES: list[Routine] = [
    Routine(
        "recruitment", 1, "Rekruttering", "Koordinator", (COORDINATOR,),
        "Hele året. Informasjonsmøter for andre minst én gang i året.",
        "Hold informasjonsmøter og foredrag der folk er: Nav, voksenopplæringen, skolen og arbeidsstedene. "
        "Si tydelig hva ordningen krever og hva den gir.",
        forms=(("Presentasjon", ""), ("Brosjyre", "")),
    ),
    Routine(
        "referral", 2, "Henvisning av deltaker", "Partnere: arbeidsgivere, Nav og tjenestens egne programmer", (COORDINATOR,),
        "Når som helst",
        "En partner foreslår en person som passer med kravene til fylkeskommunen og ordningen. Personen skal vite om det.",
        phase="referred", forms=(("Henvisningsskjema", "/henvis/"), ("CV", ""), ("Attester og referanser", "")),
        page="/henvisninger/",
    ),
    Routine(
        "interview", 3, "Intervju og kartlegging", "Koordinator", (COORDINATOR,),
        "Før opptak, innen 14 dager etter henvisningen",
        "Snakk om norskopplæring, tid i Norge, erfaring og utdanning, motivasjon, egnethet og livssituasjon. "
        "Finn ut hva som kan hindre 80 prosent deltakelse.",
        phase="referred", due=(14, "henvisningen"), forms=(("Intervjuskjema", ""),), page="/deltakere/?fase=referred",
    ),
    Routine(
        "admission", 4, "Vurdering og opptak", "Koordinator og faglærer", (COORDINATOR, FAGLAERER),
        "Innen 7 dager etter intervjuet",
        "Velg ut fra dokumentasjon, motivasjon og intervju. Begge skriver sin vurdering. "
        "Er et krav ikke oppfylt, må dere begrunne opptaket.",
        phase="interviewed", due=(7, "intervjuet"), page="/deltakere/?fase=interviewed",
    ),
    Routine(
        "intake_conversation", 5, "Inntakssamtale", "Koordinator", (COORDINATOR, DELTAKER),
        "Før oppstart",
        "Gå gjennom hva dere venter av hverandre, og reglene for fravær. Skriv under kontrakt. "
        "Spør om samtykke til å dele opplysninger. Søk om politiattest i helse og barn og ungdom.",
        phase="admitted",
        forms=(("Kontrakt", ""), ("Samtykke", ""), ("Formålsskjema for politiattest", ""), ("Søk om politiattest", POLICE)),
    ),
    Routine(
        "workplace_contact", 6, "Kontakt med godkjent arbeidssted", "Koordinator", (COORDINATOR, LEDER),
        "Ved oppstart",
        "Fortell leder og ansatte om ordningen: hva vi venter av dem, hvilke skjemaer de skal fylle ut, "
        "og hvordan vi følger opp.",
        phase="onboarding", forms=(("Rutineark", "/rutiner/"), ("Informasjon til arbeidssteder", "")), page="/laresteder/",
    ),
    Routine(
        "workplace_interview", 7, "Intervju på arbeidsstedet", "Deltaker, koordinator og leder", (DELTAKER, COORDINATOR, LEDER),
        "Ved oppstart",
        "Bli enige om forventninger, roller, første dag og det praktiske. Skriv avtale om deltakelse.",
        phase="onboarding", forms=(("Avtale om deltakelse", ""),),
    ),
    Routine(
        "county_application", 8, "Søknad om opplæringskontrakt", "Koordinator", (COORDINATOR,),
        "Innen 14 dager etter at deltakeren er utplassert",
        "Send én søknad for hver deltaker til fylkeskommunen, med fem vedlegg. Logg inn med MinID.",
        phase="placed", due=(14, "utplasseringen"),
        forms=(("CV", ""), ("Attester og vitnemål", ""), ("Arbeidskontrakt", ""), ("Vurdering av kompetanse", ""),
               ("Intern plan for opplæring", "")),
        page="/deltakere/?fase=placed",
    ),
    Routine(
        "workplace_guidance", 9, "Veiledning på arbeidsstedet", "Faglærer og koordinator", (FAGLAERER, COORDINATOR),
        "Hele tiden. Faglærer så ofte som faget sier, koordinator ved behov.",
        "Faglærer møter deltakeren på arbeidsstedet etter avtale. Koordinator følger opp når det trengs.",
        phase="training", forms=(("Individuell plan", ""),),
    ),
    Routine(
        "review", 10, "Vurderingssamtale", "Deltaker, fadder, faglærer og koordinator",
        (COORDINATOR, DELTAKER, FADDER, FAGLAERER),
        "Én gang i semesteret",
        "Snakk om hvordan det går, og hva dere skal legge vekt på framover. Koordinator kaller inn.",
        phase="training", forms=(("Samtaleskjema", ""),),
    ),
    Routine(
        "project_group", 11, "Prosjektgruppemøte", "Faglærer, norsklærer og koordinator", (COORDINATOR, FAGLAERER, NORSKLAERER),
        "Hver fjerde uke i hvert fag",
        "Ta opp framdrift i fag og norsk, status fra arbeidsstedene, ressurser og utfordringer.",
        due=(28, "forrige møte"), forms=(("Agenda", ""), ("Referat", "")),
    ),
    Routine(
        "written_exam", 12, "Påmelding til skriftlig eksamen", "Deltaker, med hjelp fra koordinator", (DELTAKER, COORDINATOR),
        "I god tid før fagprøven: 15. januar–1. februar eller 1.–15. september",
        "Deltakeren melder seg på selv i kandidatportalen, med BankID, og betaler avgiften selv.",
        phase="training", forms=(("Kandidatportalen (Privatistweb)", PRIVATIST),), page="/aret/",
    ),
    Routine(
        "trade_test", 13, "Oppmelding til fagprøve", "Koordinator", (COORDINATOR,),
        "Når skriftlig eksamen er bestått, og senest to måneder før kontrakten slutter",
        "Meld opp i fylkeskommunens portal for bedrifter. Skriv hvem de skal kontakte på prøvestedet. "
        "Gi beskjed til fagansvarlig.",
        phase="trade_test", forms=(("Vigo bedrift", VIGO),), page="/deltakere/?fase=training",
    ),
    Routine(
        "leave", 14, "Permisjon", "Koordinator", (COORDINATOR, DELTAKER, LEDER),
        "Når det trengs",
        "Snakk med deltakeren og arbeidsstedet. Send skjema om avbrudd i kontrakten til fylkeskommunen innen 7 dager.",
        phase="on_leave", due=(7, "første dag av permisjonen"), forms=(("Skjema om avbrudd i kontrakt", ""),),
        is_required=False,
    ),
    Routine(
        "termination", 15, "Avbryte lærekontrakten", "Deltaker, faglærer og koordinator",
        (COORDINATOR, DELTAKER, FAGLAERER, FADDER),
        "Når deltakeren slutter før fagprøven er bestått",
        "Hold avslutningsmøte med deltaker, faglærer og fadder. Arbeidsstedet skriver attest. Deltakeren får deltakerbevis. "
        "Send skjema til fylkeskommunen.",
        phase="terminated", due=(7, "siste dag"),
        forms=(("Attest med referanse", ""), ("Deltakerbevis", ""), ("Heveskjema til fylkeskommunen", "")), is_required=False,
    ),
    Routine(
        "ending", 16, "Avslutning", "Koordinator", (COORDINATOR,),
        "Når fagprøven er bestått",
        "Gå gjennom sjekklista for avslutning. Gi deltakerbevis. Spør om arbeid etter 3, 6 og 12 måneder.",
        phase="completed", forms=(("Deltakerbevis", ""),),
    ),
    Routine(
        "steering_group", 17, "Styringsgruppemøte", "Koordinator setter opp agenda og kaller inn, sammen med avdelingsleder",
        (COORDINATOR, STYRINGSGRUPPE),
        "Én gang i semesteret",
        "Ta opp situasjonen nå, ressurser, framdrift og resultater, og planer.",
        forms=(("Agenda", ""), ("Framdriftsrapport", ""), ("Referat", "")),
    ),
    Routine(
        "monthly_topics", 18, "Månedstema til fadder", "Faglærer og norsklærer", (FAGLAERER, NORSKLAERER, FADDER),
        "Siste arbeidsdag i måneden før",
        "Fortell fadder hva undervisningen handler om neste måned, med ord og mål, så teori og praksis henger sammen.",
        phase="training",
    ),
    Routine(
        "weekly_plan", 19, "Ukeplan", "Fadder og deltaker sammen", (FADDER, DELTAKER),
        "Mandag, der dere bruker ukeplan",
        "Finn tid på arbeidsstedet til oppgavene fra faglærer og til det deltakeren skal øve på.",
        phase="training", is_required=False,
    ),
    Routine(
        "assignments", 20, "Oppgaver", "Faglærer", (FAGLAERER, DELTAKER),
        "Jevnlig",
        "Gi oppgaver i teori og praksis som passer med læreplanen og det arbeidsstedet gjør. Gi tilbakemelding.",
        phase="training",
    ),
    Routine(
        "loans", 21, "Utlån av utstyr", "Koordinator", (COORDINATOR, DELTAKER),
        "Ved oppstart. Leveres tilbake siste dag.",
        "Lån ut iPad, bøker og arbeidsklær. Skriv ned hva som er lånt ut og levert.",
        phase="onboarding", forms=(("Låneavtale", ""),),
    ),
    Routine(
        "concern", 22, "Leder sier fra", "Leder", (LEDER, COORDINATOR),
        "Så snart noe endrer seg",
        "Leder forteller koordinator om problemer eller endringer som betyr noe for deltakerens løp.",
        phase="training", is_required=False,
    ),
    Routine(
        "partner_information", 23, "Informasjon til partnere", "Koordinator", (COORDINATOR,),
        "Minst én gang i semesteret",
        "Fortell partnerne om ordningen, om ledige plasser og om resultater. Ingen navn på deltakere.",
        page="/partnere/",
    ),
    Routine(
        "mentor_gathering", 24, "Faddersamling", "Koordinator kaller inn fadderne", (COORDINATOR, FADDER),
        "Én gang i semesteret",
        "Del erfaringer, gå gjennom rollen og hvordan man veileder i fag og språk. Leder lar fadder delta.",
    ),
    Routine(
        "network_gathering", 25, "Nettverkssamling", "Faglærer", (FAGLAERER, DELTAKER),
        "Hver måned i helse",
        "Faglig påfyll og skriftlige oppgaver, sammen med ordinære lærlinger.",
        phase="training", trades=("HEA",),
    ),
    Routine(
        "norwegian_test", 26, "Norskprøve", "Norsklærer gir råd, deltaker melder seg på", (NORSKLAERER, DELTAKER),
        "Når norsklærer mener deltakeren er klar, før påmeldingen stenger",
        "Se på målet i faget og hvilke delprøver som mangler. Meld på til én eller flere delprøver.",
        phase="training", forms=(("Norskprøven (HK-dir)", NORWEGIAN_TEST),), page="/aret/",
    ),
    Routine(
        "funder_report", 27, "Rapport til dem som betaler", "Koordinator", (COORDINATOR,),
        "Når tilskuddet krever det",
        "Send tall for deltakerne som tilskuddet gjelder. Ingen navn.",
        forms=(("Rapportskjema", ""),), page="/partnere/",
    ),
]  # fmt: skip
