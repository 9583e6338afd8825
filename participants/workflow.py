"""The workflow of an enrolment as data: statuses, steps, and the conditions of each step. No models here.

Source: the guide's chapter 8; where the guide is silent, the decisions in docs/adr/0003.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fagbrev.dates import date_words

STATUS_CHOICES = [
    ("referred", "Henvist"),
    ("interviewed", "Intervjuet"),
    ("waitlisted", "Venteliste"),
    ("admitted", "Tatt opp"),
    ("onboarding", "Oppstart"),
    ("placed", "Utplassert"),
    ("contract_applied", "Kontrakt søkt"),
    ("training", "Opplæring"),
    ("trade_test", "Fagprøve"),
    ("on_leave", "Permisjon"),
    ("completed", "Fullført"),
    ("declined", "Avslått"),
    ("withdrawn", "Trukket"),
    ("terminated", "Avbrutt"),
]
STATUSES = [code for code, _label in STATUS_CHOICES]
STATUS_NAMES = dict(STATUS_CHOICES)
ENDED = ["completed", "declined", "withdrawn", "terminated"]
OPEN = [status for status in STATUSES if status not in ENDED]
# The straight way; what løypa draws.
MAIN_LINE = [
    "referred", "interviewed", "admitted", "onboarding", "placed", "contract_applied", "training", "trade_test", "completed",
]  # fmt: skip
# From here on teachers see the enrolment; from "placed" on follow-up runs.
ADMITTED_ON = ["admitted", "onboarding", "placed", "contract_applied", "training", "trade_test", "on_leave", "completed"]
BEFORE_ADMITTED = ["referred", "interviewed", "waitlisted"]
WITH_PLACEMENT = ["placed", "contract_applied", "training", "trade_test"]
CHANGE_KINDS = [("step", "steg"), ("import", "før systemet"), ("correction", "rettet feil"), ("elsewhere", "gjort annet sted")]

END_CODES = {
    "declined": [
        ("criteria", "oppfyller ikke kravene"),
        ("motivation", "ikke motivert nå"),
        ("no_place", "ikke plass"),
        ("other_offer", "et annet tilbud passer bedre"),
        ("no_contact", "ikke fått kontakt"),
        ("other", "annet"),
    ],
    "withdrawn": [
        ("own_wish", "deltakerens eget ønske"),
        ("job", "fikk jobb"),
        ("condition", "vilkår ikke oppfylt"),
        ("moved", "flyttet"),
        ("changed_trade", "byttet fag"),
        ("no_contact", "ikke fått kontakt"),
        ("other", "annet"),
    ],
    "terminated": [
        ("own_wish", "deltakerens eget ønske"),
        ("job", "fikk jobb"),
        ("health", "kan ikke fullføre nå"),
        ("participation", "deltok for lite"),
        ("workplace", "arbeidsstedet kunne ikke fortsette"),
        ("moved", "flyttet"),
        ("changed_trade", "byttet fag"),
        ("test_failed", "besto ikke fagprøven"),
        ("other", "annet"),
    ],
}
END_CODE_NAMES = {code: label for codes in END_CODES.values() for code, label in codes}


@dataclass(frozen=True)
class Facts:
    """What the conditions ask of one enrolment, on one day. Made by participants.facts, or by hand in a test."""

    today: date
    status: str = "referred"
    status_before_leave: str = ""
    first_name: str = ""
    trade_name: str = ""  # empty: not decided
    exam_pending_allowed: bool = True
    has_name: bool = True
    has_reach: bool = True
    referrer_known: bool = True
    interview_held_on: date | None = None
    voices: Mapping[str, str] = field(default_factory=dict)  # voice -> advice
    criteria_unanswered: tuple[str, ...] = ()
    criteria_unmet: tuple[str, ...] = ()
    queue_place: int | None = None
    conversation_held_on: date | None = None
    absence_rules_explained: bool = False
    contract_unsigned: tuple[str, ...] = ("deltaker", "koordinator")
    consents_unanswered: tuple[str, ...] = ("arbeidsstedet",)
    workplace: str = ""
    approval: str = ""  # "", applied, approved, refused, lapsed
    workplace_interview_on: date | None = None
    leder: str = ""
    fadder: str = ""
    placement_starts_on: date | None = None
    agreement_unsigned: tuple[str, ...] = ("deltaker", "leder", "koordinator")
    police_required: bool = False
    police_in_order: bool = False
    police_basis: str = ""
    police_shown_on: date | None = None
    police_oldest_on: date | None = None  # shown before this day is too old at the start
    enclosures_missing: tuple[str, ...] = ()
    has_work_contract: bool = False
    application_sent_on: date | None = None
    contract_number: str = ""
    contract_starts_on: date | None = None
    contract_ends_on: date | None = None
    leave_open_from: date | None = None
    leave_ended_on: date | None = None
    exam: str = ""  # "", planned, registered, taken, failed, absent, passed, credited
    recommended_by: str = ""
    trade_test_attempts: int = 0  # attempts with a result
    trade_test_result: str = ""  # of the newest attempt
    next_attempt_planned: bool = False
    certificate_issued_on: date | None = None
    ending_open: tuple[str, ...] = ()
    placement_has_begun: bool = False


@dataclass(frozen=True)
class Condition:
    """Something that must be true first. `missing` gives a sentence while it is not, and "" when it is."""

    key: str
    title: str
    missing: Callable[[Facts], str]
    page: str  # the section page where it is put right
    waivable: bool = True
    met: Callable[[Facts], str] = lambda facts: ""


@dataclass(frozen=True)
class Step:
    """One arrow of the diagram."""

    key: str
    sources: tuple[str, ...]
    target: str  # "" on the way back from leave: the status before it
    title: str
    verb: str
    conditions: tuple[Condition, ...] = ()
    needs_reason: bool = False
    reason_codes: tuple[tuple[str, str], ...] = ()
    is_ending: bool = False
    explains: str = ""


def _and(words: tuple[str, ...]) -> str:
    """Joins words as people do: «a, b og c»."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " og " + words[-1]


def _day(day: date | None) -> str:
    return date_words(day) if day else ""


def _police_missing(facts: Facts) -> str:
    if not facts.police_required:
        return ""
    if not facts.police_in_order:
        return "Politiattesten er ikke registrert som i orden."
    if facts.police_basis == "shown":
        if facts.police_shown_on is None:
            return "Datoen da politiattesten ble vist, mangler."
        if facts.police_oldest_on and facts.police_shown_on < facts.police_oldest_on:
            return "Politiattesten ble vist for lenge før første dag. Be deltakeren om en ny."
    return ""


def _exam_missing(facts: Facts) -> str:
    if facts.exam in {"passed", "credited"}:
        return ""
    if facts.exam == "taken" and facts.exam_pending_allowed:
        return "Resultatet av skriftlig eksamen er ikke kommet. Du kan gå videre hvis du skriver hvorfor."
    return "Skriftlig eksamen er ikke bestått eller godskrevet."


def _contract_lasts(facts: Facts) -> str:
    if facts.trade_test_attempts:
        return ""  # a second attempt is free of the contract's end (ofo § 9-66)
    if facts.contract_ends_on is None:
        return "Kontraktens sluttdato mangler."
    if facts.today >= facts.contract_ends_on:
        return f"Kontrakten sluttet {_day(facts.contract_ends_on)}."
    return ""


TRADE_CHOSEN = Condition(
    "trade_chosen", "Fag er valgt", lambda f: "" if f.trade_name else "Faget er ikke avklart.", "fag", waivable=False,
    met=lambda f: f.trade_name,
)  # fmt: skip
INTERVIEW_HELD = Condition(
    "interview_held", "Intervju og kartlegging er gjort",
    lambda f: "" if f.interview_held_on else "Intervjuskjemaet er ikke fylt ut med dato.", "inntak",
    met=lambda f: _day(f.interview_held_on),
)  # fmt: skip
COORDINATOR_VOICE = Condition(
    "coordinator_voice", "Koordinators stemme", lambda f: "" if "coordinator" in f.voices else "Koordinators stemme mangler.",
    "opptak",
)  # fmt: skip
FAGLAERER_VOICE = Condition(
    "faglaerer_voice", "Faglærers stemme", lambda f: "" if "faglaerer" in f.voices else "Faglærers stemme mangler.", "opptak"
)
CRITERIA_ANSWERED = Condition(
    "criteria_answered", "Hvert opptakskrav er vurdert",
    lambda f: f"Ikke vurdert: {_and(f.criteria_unanswered)}." if f.criteria_unanswered else "", "opptak",
)  # fmt: skip
CRITERIA_MET = Condition(
    "criteria_met", "Opptakskravene er oppfylt",
    lambda f: f"Ikke oppfylt: {_and(f.criteria_unmet)}. Skriv hvorfor deltakeren likevel tas opp." if f.criteria_unmet else "",
    "opptak",
)  # fmt: skip
QUEUE_PLACE = Condition(
    "queue_place", "Plass i køen", lambda f: "" if f.queue_place else "Plassen i køen mangler.", "opptak",
    met=lambda f: f"nummer {f.queue_place}",
)  # fmt: skip
CONVERSATION_HELD = Condition(
    "conversation_held", "Inntakssamtalen er holdt",
    lambda f: "Inntakssamtalen er ikke registrert."
    if not f.conversation_held_on
    else ("" if f.absence_rules_explained else "Fraværsreglene er ikke gjennomgått i inntakssamtalen."),
    "avtaler", met=lambda f: _day(f.conversation_held_on),
)  # fmt: skip
CONTRACT_SIGNED = Condition(
    "contract_signed", "Kontrakten er underskrevet",
    lambda f: f"Underskrift mangler fra {_and(f.contract_unsigned)}." if f.contract_unsigned else "", "avtaler", waivable=False,
)  # fmt: skip
CONSENT_ASKED = Condition(
    "consent_asked", "Samtykke er spurt om",
    lambda f: f"Ja eller nei mangler for deling med {_and(f.consents_unanswered)}." if f.consents_unanswered else "",
    "samtykker",
)  # fmt: skip
WORKPLACE_CHOSEN = Condition(
    "workplace_chosen", "Arbeidssted er funnet", lambda f: "" if f.workplace else "Det er ikke registrert noe arbeidssted.",
    "arbeidssted", waivable=False, met=lambda f: f.workplace,
)  # fmt: skip
WORKPLACE_APPROVED_OR_APPLIED = Condition(
    "workplace_approved_or_applied", "Arbeidsstedet er godkjent for faget, eller har søkt",
    lambda f: "" if f.approval in {"applied", "approved"}
    else (f"{f.workplace} er ikke godkjent for faget, og har ikke søkt." if f.workplace else "Velg arbeidssted først."),
    "arbeidssted",
)  # fmt: skip
WORKPLACE_INTERVIEW = Condition(
    "workplace_interview", "Samtale på arbeidsstedet er holdt",
    lambda f: "" if f.workplace_interview_on else "Samtalen på arbeidsstedet er ikke registrert.", "arbeidssted",
    met=lambda f: _day(f.workplace_interview_on),
)  # fmt: skip
LEDER_NAMED = Condition(
    "leder_named", "Leder er kjent", lambda f: "" if f.leder else "Lederen på arbeidsstedet er ikke registrert.", "arbeidssted",
    met=lambda f: f.leder,
)  # fmt: skip
FADDER_NAMED = Condition(
    "fadder_named", "Fadder er valgt", lambda f: "" if f.fadder else "Det er ikke valgt noen fadder.", "arbeidssted",
    met=lambda f: f.fadder,
)  # fmt: skip
START_DATE = Condition(
    "start_date", "Første dag er avtalt", lambda f: "" if f.placement_starts_on else "Datoen for første dag mangler.",
    "arbeidssted", met=lambda f: _day(f.placement_starts_on),
)  # fmt: skip
AGREEMENT_SIGNED = Condition(
    "agreement_signed", "Avtalen om deltakelse er underskrevet",
    lambda f: f"Underskrift mangler fra {_and(f.agreement_unsigned)}." if f.agreement_unsigned else "", "avtaler",
    waivable=False,
)  # fmt: skip
POLICE_CERTIFICATE = Condition(
    "police_certificate", "Politiattest", _police_missing, "politiattest", waivable=False,
    met=lambda f: "i orden" if f.police_required else "kreves ikke",
)  # fmt: skip
ENCLOSURES = Condition(
    "enclosures", "Vedleggene til søknaden",
    lambda f: f"Mangler: {_and(f.enclosures_missing)}." if f.enclosures_missing else "", "soknad",
)  # fmt: skip
WORK_BASIS = Condition(
    "work_basis", "Arbeidskontrakt eller avtale om deltakelse",
    lambda f: "" if f.has_work_contract or not f.agreement_unsigned
    else "Verken arbeidskontrakt eller underskrevet avtale om deltakelse er her.",
    "soknad", waivable=False,
)  # fmt: skip
APPLICATION_SENT = Condition(
    "application_sent", "Søknaden er sendt", lambda f: "" if f.application_sent_on else "Datoen søknaden ble sendt, mangler.",
    "soknad", met=lambda f: _day(f.application_sent_on),
)  # fmt: skip
COUNTY_CONTRACT = Condition(
    "county_contract", "Fylkeskommunens kontrakt",
    lambda f: "" if f.contract_number and f.contract_starts_on and f.contract_ends_on
    else "Kontraktens nummer, første dag eller siste dag mangler.",
    "kontrakt", waivable=False, met=lambda f: f"{_day(f.contract_starts_on)} til {_day(f.contract_ends_on)}",
)  # fmt: skip
WORKPLACE_APPROVED = Condition(
    "workplace_approved", "Arbeidsstedet er godkjent for faget",
    lambda f: "" if f.approval == "approved" else "Arbeidsstedet er ikke godkjent for faget ennå.", "arbeidssted",
)  # fmt: skip
LEAVE_FROM = Condition(
    "leave_from", "Permisjonens første dag", lambda f: "" if f.leave_open_from else "Permisjonen er ikke registrert.", "permisjon",
    waivable=False, met=lambda f: _day(f.leave_open_from),
)  # fmt: skip
RECOMMENDED = Condition(
    "recommended", "Anbefaling fra faglærer", lambda f: "" if f.recommended_by else "Faglærer har ikke anbefalt fagprøven.",
    "klar", met=lambda f: f.recommended_by,
)  # fmt: skip
CONTRACT_LASTS = Condition(
    "contract_lasts", "Kontrakten varer lenge nok", _contract_lasts, "kontrakt", waivable=False,
    met=lambda f: f"til {_day(f.contract_ends_on)}" if f.contract_ends_on else "",
)  # fmt: skip
EXAM_PASSED_OR_PENDING = Condition("exam_passed_or_pending", "Skriftlig eksamen", _exam_missing, "eksamen")
EXAM_PASSED = Condition(
    "exam_passed", "Skriftlig eksamen er bestått",
    lambda f: "" if f.exam in {"passed", "credited"} else "Skriftlig eksamen er ikke bestått eller godskrevet.", "eksamen",
)  # fmt: skip
TEST_FAILED = Condition(
    "test_failed", "Fagprøven er ikke bestått",
    lambda f: "" if f.trade_test_result == "failed" else "Resultatet «ikke bestått» er ikke registrert.", "eksamen",
    waivable=False,
)  # fmt: skip
NEXT_ATTEMPT = Condition(
    "next_attempt", "Nytt forsøk er planlagt", lambda f: "" if f.next_attempt_planned else "Et nytt forsøk er ikke planlagt.",
    "eksamen",
)  # fmt: skip
TEST_PASSED = Condition(
    "test_passed", "Fagprøven er bestått",
    lambda f: "" if f.trade_test_result in {"passed", "passed_merit"} else "Resultatet av fagprøven er ikke «bestått».",
    "eksamen", waivable=False,
)  # fmt: skip
CERTIFICATE_ISSUED = Condition(
    "certificate_issued", "Deltakerbevis er utstedt", lambda f: "" if f.certificate_issued_on else "Deltakerbeviset er ikke utstedt.",
    "avslutning", met=lambda f: _day(f.certificate_issued_on),
)  # fmt: skip
ENDING_DONE = Condition(
    "ending_done", "Sjekklista for avslutning",
    lambda f: f"Gjør ferdig, eller skriv hvorfor ikke: {_and(f.ending_open)}." if f.ending_open else "", "avslutning",
    waivable=False,
)  # fmt: skip
PLACEMENT_BEGUN = Condition(
    "placement_begun", "Praksisen er begynt",
    lambda f: "" if f.placement_has_begun else "Praksisen er ikke begynt. Registrer at deltakeren trekker seg i stedet.",
    "arbeidssted", waivable=False,
)  # fmt: skip
PLACEMENT_NOT_BEGUN = Condition(
    "placement_not_begun", "Praksisen er ikke begynt",
    lambda f: "Praksisen er begynt. Registrer et avbrudd i stedet." if f.placement_has_begun else "", "arbeidssted",
    waivable=False,
)  # fmt: skip

STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step("interview", ("referred",), "interviewed", "Intervju", "Merk som intervjuet", (TRADE_CHOSEN, INTERVIEW_HELD)),
        Step(
            "admit", ("interviewed", "waitlisted"), "admitted", "Opptak", "Ta opp",
            (COORDINATOR_VOICE, FAGLAERER_VOICE, CRITERIA_ANSWERED, CRITERIA_MET),
        ),
        Step(
            "waitlist", ("interviewed",), "waitlisted", "Venteliste", "Sett på venteliste",
            (COORDINATOR_VOICE, FAGLAERER_VOICE, QUEUE_PLACE),
        ),
        Step(
            "decline", ("referred", "interviewed", "waitlisted"), "declined", "Avslag", "Avslå",
            needs_reason=True, reason_codes=tuple(END_CODES["declined"]), is_ending=True,
            explains="Deltakeren kan se at søknaden er avslått, hvorfor, og hvordan man klager.",
        ),
        Step(
            "onboard", ("admitted",), "onboarding", "Oppstart", "Start oppstarten",
            (CONVERSATION_HELD, CONTRACT_SIGNED, CONSENT_ASKED),
        ),
        Step(
            "place", ("onboarding",), "placed", "Utplassering", "Merk som utplassert",
            (
                WORKPLACE_CHOSEN, WORKPLACE_APPROVED_OR_APPLIED, WORKPLACE_INTERVIEW, LEDER_NAMED, FADDER_NAMED, START_DATE,
                AGREEMENT_SIGNED, POLICE_CERTIFICATE,
            ),
        ),
        Step(
            "apply", ("placed",), "contract_applied", "Søknad om kontrakt", "Merk søknaden som sendt",
            (ENCLOSURES, WORK_BASIS, APPLICATION_SENT),
        ),
        Step(
            "train", ("placed", "contract_applied"), "training", "Opplæring", "Start opplæringen",
            (COUNTY_CONTRACT, WORKPLACE_APPROVED),
        ),
        Step(
            "county_returns", ("contract_applied",), "placed", "Svar fra fylkeskommunen", "Fylkeskommunen avslår eller ber om mer",
            needs_reason=True,
        ),
        Step(
            "placement_fails", ("placed", "contract_applied"), "onboarding", "Praksisplassen faller bort",
            "Praksisplassen falt bort", needs_reason=True,
            explains="Den nåværende praksisplassen avsluttes samme dag.",
        ),
        Step("leave", tuple(WITH_PLACEMENT), "on_leave", "Permisjon", "Start permisjonen", (LEAVE_FROM,)),
        Step("return", ("on_leave",), "", "Tilbake fra permisjon", "Registrer at deltakeren er tilbake"),
        Step(
            "to_test", ("training",), "trade_test", "Fagprøve", "Meld opp til fagprøven",
            (RECOMMENDED, CONTRACT_LASTS, EXAM_PASSED_OR_PENDING),
        ),
        Step(
            "retry", ("trade_test",), "training", "Nytt forsøk", "Tilbake til opplæring", (TEST_FAILED, NEXT_ATTEMPT),
        ),
        Step(
            "complete", ("trade_test",), "completed", "Fagbrev", "Fullfør",
            (EXAM_PASSED, TEST_PASSED, CERTIFICATE_ISSUED), is_ending=True,
        ),
        Step(
            "terminate", ("admitted", "onboarding", "placed", "contract_applied", "training", "trade_test", "on_leave"),
            "terminated", "Avbrudd", "Registrer avbrudd", (PLACEMENT_BEGUN, ENDING_DONE),
            needs_reason=True, reason_codes=tuple(END_CODES["terminated"]), is_ending=True,
        ),
        Step(
            "withdraw",
            ("referred", "interviewed", "waitlisted", "admitted", "onboarding", "placed", "contract_applied", "training"),
            "withdrawn", "Deltakeren trekker seg", "Registrer at deltakeren trekker seg", (PLACEMENT_NOT_BEGUN,),
            needs_reason=True, reason_codes=tuple(END_CODES["withdrawn"]), is_ending=True,
        ),
    )
}  # fmt: skip
# The straight way on from each status: what "Neste steg" offers.
NEXT_STEP = {
    "referred": "interview", "interviewed": "admit", "waitlisted": "admit", "admitted": "onboard", "onboarding": "place",
    "placed": "apply", "contract_applied": "train", "training": "to_test", "trade_test": "complete", "on_leave": "return",
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """One condition as it stands: `missing` is "" when it is met or waived."""

    condition: Condition
    missing: str
    detail: str

    @property
    def is_met(self) -> bool:
        """True when nothing is missing."""
        return not self.missing


def steps_from(status: str) -> list[Step]:
    """Gives the steps that start in a status, in the table's order."""
    return [step for step in STEPS.values() if status in step.sources]


def check(step: Step, facts: Facts) -> list[Checked]:
    """Gives every condition of the step with what is missing; those missing first."""
    found = []
    for condition in step.conditions:
        missing = condition.missing(facts)
        found.append(Checked(condition, missing, missing or condition.met(facts)))
    return sorted(found, key=lambda checked: checked.is_met)


def target_of(step: Step, facts: Facts) -> str:
    """Gives the status the step leads to; from leave, the one before it."""
    return step.target or facts.status_before_leave or "training"


def why_not(step: Step, facts: Facts, *, waived: Mapping[str, str] | None = None) -> str:
    """Gives a sentence that says why the step cannot be taken now, or "".

    `waived` holds a written reason per condition key; those that may not be waived stand all the same.
    """
    if facts.status not in step.sources:
        return f"Løpet er i fasen «{STATUS_NAMES[facts.status]}». Derfra går ikke dette steget."
    reasons = waived or {}
    for checked in check(step, facts):
        is_waived = checked.condition.waivable and reasons.get(checked.condition.key, "").strip()
        if checked.missing and not is_waived:
            return checked.missing
    return ""


def diagram() -> str:
    """Gives the workflow as a Mermaid state diagram, as written into docs/workflow.md."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {code}: {label}" for code, label in STATUS_CHOICES]
    lines.append("    [*] --> referred")
    for step in STEPS.values():
        for source in step.sources:
            targets = [step.target] if step.target else WITH_PLACEMENT
            lines += [f"    {source} --> {target}: {step.title}" for target in targets]
    lines += [f"    {status} --> [*]" for status in ENDED]
    return "\n".join(lines)
