"""The three trades with their facts (V4, V5), and the criteria everyone is weighed against (V3)."""

from datetime import date
from typing import Any

_TEST_SOURCE = "Veileder for fagbrevordningen (2025), kapittel 3"
_SHARED_FUNDING = (
    "Kommunen, prosjektmidler fra IMDi, prosjektmidler fra fylkeskommunen og lærlingtilskudd fra fylkeskommunen deler utgiftene."
)

TRADES: list[dict[str, Any]] = [
    {
        "code": "BUA",
        "name": "Barne- og ungdomsarbeider",
        "short_name": "Barn og ungdom",
        "shape": "dot",
        "colour": "accent",
        "order": 10,
        "runs_from": date(2018, 1, 1),
        "trade_test_code": "BUA3004",
        "written_exam_code": "BUA3103",
        "teaching": "Én dag i uka. Fag og norsk læres sammen.",
        "extra": (
            "Faglærer besøker deltakeren på arbeidsstedet minst én gang annenhver uke. "
            "Undervisningen trappes ned slik den individuelle planen og kontrakten sier."
        ),
        "workplaces_text": "Kommunale og private barnehager og skoler.",
        "target_group": (
            "Assistenter og vikarer uten fagbrev i barnehager og skoler, arbeidssøkere som vil arbeide med barn og ungdom, "
            "og deltakere i tjenestens egne programmer."
        ),
        "funding_text": _SHARED_FUNDING,
        "subject_responsible": "En videregående skole. Fagansvarlig er ved skolen.",
        "norwegian_responsible": "Voksenopplæringen",
        "visit_interval_days": 14,
        "goal_oral": "b1",
        "goal_written": "b1",
        "police_certificate_required": True,
        "trade_test_days": "3 virkedager",
    },
    {
        "code": "HEA",
        "name": "Helsefagarbeider",
        "short_name": "Helse",
        "shape": "square",
        "colour": "extra2",
        "order": 20,
        "runs_from": date(2023, 1, 1),
        "trade_test_code": "HEA3004",
        "written_exam_code": "HEA3103",
        "teaching": "To timer norsk i uka, sammen med ordinære lærlinger.",
        "extra": (
            "Begynte i 2023, i full drift fra høsten 2024. Faglærer i 20 prosent stilling følger opp deltakeren på arbeidsstedet "
            "og i norskundervisningen. Nettverkssamling hver måned, med oppgaver."
        ),
        "workplaces_text": "Sykehjem og helsetjenester.",
        "target_group": (
            "Voksne og unge uten plass hos en lærebedrift, arbeidssøkere som vil arbeide i helsetjenesten, og deltakere i "
            "tjenestens egne programmer. Ordinære lærlinger er med i norskundervisningen."
        ),
        "funding_text": f"Egne midler fra fylkeskommunen 2023–2026, sammen med to andre kommuner. {_SHARED_FUNDING}",
        "subject_responsible": "Kommunens avdeling for helse. Fagansvarlig er i avdelingen.",
        "norwegian_responsible": "Voksenopplæringen",
        "visit_interval_days": 28,
        "goal_oral": "b2",
        "goal_written": "b2",
        "police_certificate_required": True,
        "trade_test_days": "2–3 virkedager",
    },
    {
        "code": "ROF",
        "name": "Renholdsoperatør",
        "short_name": "Renhold",
        "shape": "triangle",
        "colour": "brand",
        "order": 30,
        "runs_from": date(2020, 8, 1),
        "trade_test_code": "ROF3004",
        "written_exam_code": "ROF3103",
        "teaching": "To timer i uka med norsk og fag.",
        "extra": (
            "Faglærer besøker arbeidsstedet etter avtale. Kommunens fagansvarlige renholder følger også opp. "
            "Faglærer forbereder deltakeren til fagprøven og vurderer underveis."
        ),
        "workplaces_text": "Renhold i kommunen og hos andre godkjente lærebedrifter.",
        "target_group": (
            "Renholdsassistenter og vikarer, arbeidssøkere som vil arbeide med renhold, og deltakere i Jobbsjansen og "
            "introduksjonsprogrammet."
        ),
        "funding_text": _SHARED_FUNDING,
        "subject_responsible": "Kommunens avdeling for renhold. Fagansvarlig er en renholder.",
        "norwegian_responsible": "Voksenopplæringen",
        "visit_interval_days": 28,
        "goal_oral": "b1",
        "goal_written": "b1",
        "police_certificate_required": False,
        "trade_test_days": "minst 3 virkedager",
    },
]
CURRENT_CURRICULA = {"BUA": "BUA03-02", "HEA": "HEA03-03", "ROF": "ROF03-01"}

CRITERIA: list[dict[str, Any]] = [
    {
        "code": "right_to_upper_secondary",
        "text": "Voksen innvandrer med rett til videregående opplæring",
        "help": "Fylkeskommunen kan svare på om personen har rett.",
        "source": _TEST_SOURCE,
        "order": 10,
    },
    {
        "code": "relevant_experience",
        "text": "Minst ett år relevant arbeidserfaring som er dokumentert",
        "help": "Attest eller annen bekreftelse fra arbeidsgiver. Erfaring fra andre land teller også.",
        "source": _TEST_SOURCE,
        "order": 20,
    },
    {
        "code": "norwegian_a2",
        "text": "Norsk på omtrent nivå A2",
        "help": "Norskprøve, eller norsklærers vurdering.",
        "source": _TEST_SOURCE,
        "order": 30,
    },
    {
        "code": "takes_part_80",
        "text": "Kan delta minst 80 prosent",
        "help": "Snakk om barnepass, reisevei og annet som kan hindre.",
        "source": _TEST_SOURCE,
        "order": 40,
    },
]
