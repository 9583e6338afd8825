"""Dated settings: which there are, what they mean, and what holds on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from programmes.models import Setting

ALWAYS = date(2018, 8, 1)  # the day the scheme "fagbrev på jobb" began
OWN_CHOICE = "Forslag som følger med Fagbrev. Kan endres."
GUIDE = "Veileder for fagbrevordningen (2025)"


@dataclass(frozen=True)
class Known:
    """A setting the product asks for: what it means, its unit, and the values shipped (from day, value, source)."""

    key: str
    label: str
    unit: str
    meaning: str
    shipped: tuple[tuple[date, str, str], ...]


def _own(key: str, label: str, unit: str, meaning: str, value: str, source: str = OWN_CHOICE) -> Known:
    return Known(key, label, unit, meaning, ((ALWAYS, value, source),))


KNOWN: dict[str, Known] = {
    known.key: known
    for known in (
        Known(
            "G",
            "Folketrygdens grunnbeløp (G)",
            "kroner",
            "Endres 1. mai hvert år. Legg inn det nye beløpet når det er vedtatt.",
            (
                (date(2023, 5, 1), "118620", "Nav, grunnbeløpet i folketrygden"),
                (date(2024, 5, 1), "124028", "Nav, grunnbeløpet i folketrygden"),
                (date(2025, 5, 1), "130160", "Nav, grunnbeløpet i folketrygden"),
            ),
        ),
        _own(
            "jobbsjansen_g", "Jobbsjansen, stønad i året", "G", "Hvor mange G en deltaker i Jobbsjansen får i året.", "1", GUIDE
        ),
        _own(
            "introduction_g",
            "Introduksjonsstønad i året",
            "G",
            "Hvor mange G en deltaker i introduksjonsprogrammet får i året.",
            "2",
            "Integreringsloven § 20",
        ),
        _own(
            "participation_percent",
            "Krav til deltakelse",
            "prosent",
            "Så mye skal en deltaker minst være til stede.",
            "80",
            GUIDE,
        ),
        _own(
            "participation_warning_percent",
            "Varsel om deltakelse",
            "prosent",
            "Når deltakelsen er under dette, sier vi fra på siden om fravær.",
            "85",
        ),
        _own(
            "practice_hours_per_day",
            "En hel dag i praksis",
            "timer",
            "Så mange timer regner vi en hel dag på arbeidsstedet.",
            "7.5",
        ),
        _own(
            "police_certificate_age_months",
            "Politiattestens høyeste alder",
            "måneder",
            "Så gammel kan en politiattest være ved oppstart, når den er vist til oss.",
            "3",
        ),
        _own("interview_days", "Intervju etter henvisning", "dager", "Frist for å intervjue den som er henvist.", "14"),
        _own("admission_days", "Vurdering etter intervju", "dager", "Frist for koordinators og faglærers vurdering.", "7"),
        _own(
            "police_days_before_start",
            "Politiattest før oppstart",
            "dager",
            "Så mange dager før oppstart skal politiattesten være i orden.",
            "14",
        ),
        _own(
            "application_days",
            "Søknad til fylkeskommunen",
            "dager",
            "Frist for å sende søknaden etter at deltakeren er utplassert.",
            "14",
        ),
        _own(
            "county_answer_days",
            "Svar fra fylkeskommunen",
            "dager",
            "Når vi har ventet så lenge på svar om kontrakt eller godkjenning, bør vi spørre.",
            "60",
        ),
        _own("contract_warning_days", "Kontrakten slutter snart", "dager", "Så lenge før slutten varsler vi.", "180"),
        _own("feedback_days", "Tilbakemelding på oppgaver", "dager", "Frist for å svare på en oppgave som er levert.", "7"),
        _own("leave_form_days", "Skjema til fylkeskommunen", "dager", "Frist for skjema om permisjon eller avbrudd.", "7"),
        _own(
            "leave_return_days",
            "Permisjonen slutter snart",
            "dager",
            "Så lenge før permisjonen slutter, skal koordinator ta kontakt.",
            "14",
        ),
        _own(
            "referral_inform_days",
            "Den henviste skal få vite det",
            "dager",
            "Frist for å fortelle en person at noen har henvist hen.",
            "30",
        ),
        _own(
            "goal_evidence_days",
            "Mål uten dokumentasjon",
            "dager",
            "Når ingen har dokumentert et mål på så mange dager, viser vi det først.",
            "60",
        ),
        _own(
            "recommend_goals_percent",
            "Mål som bør være godkjent før fagprøven",
            "prosent",
            "Når faglærer har godkjent så mange av målene, foreslår vi å anbefale fagprøven.",
            "80",
        ),
        _own("behind_percent_points", "Bak planen", "prosentpoeng", "Så langt kan målene ligge bak tiden før vi sier fra.", "25"),
        _own(
            "exam_window_near_days",
            "Eksamenspåmelding er nær",
            "dager",
            "Så lenge før påmeldingen åpner, regner vi den som nær.",
            "30",
        ),
        _own("income_warning_days", "Inntekt eller betaling slutter snart", "dager", "Så lenge før slutten varsler vi.", "60"),
        _own("concern_days", "Svar på melding", "dager", "Så lang tid har koordinator på å svare den som har meldt fra.", "7"),
        _own(
            "visit_edit_days",
            "Besøk kan endres",
            "dager",
            "Så lenge etter at et besøk er logget, kan teksten endres. Etterpå er det låst, og en rettelse står ved siden av.",
            "7",
        ),
        _own(
            "sign_up_keep_days",
            "Påmelding til informasjonsmøte",
            "dager",
            "Så lenge etter møtet lagrer vi en påmelding som ikke førte til henvisning. Etterpå blir den slettet.",
            "365",
        ),
        _own(
            "digest_weekday",
            "Dagen for ukentlig e-post",
            "ukedag (1 er mandag, 7 er søndag)",
            "Denne dagen sendes det som ikke haster, samlet i én e-post.",
            "1",
        ),
        _own(
            "mail_may_be_off",
            "Kan slå av e-post",
            "1 er ja, 0 er nei",
            "Om den enkelte kan velge å ikke få e-post om frister. Varslene står uansett i Fagbrev.",
            "1",
        ),
        _own(
            "report_smallest_group",
            "Minste gruppe i framdriftsrapporten",
            "personer",
            "Grupper med færre personer enn dette blir skjult i den publiserte rapporten.",
            "5",
            "Vanlig grense i offentlig statistikk. Kan endres.",
        ),
        _own(
            "report_closed_allowed",
            "Styringsgruppen kan få se de skjulte tallene",
            "1 er ja, 0 er nei",
            "Om koordinator kan gi styringsgruppen en lukket utgave av framdriftsrapporten, der små grupper vises.",
            "0",
        ),
    )
}


def setting(key: str, today: date) -> Decimal:
    """Gives the value of a setting that holds on the day; the shipped one where the database has none.

    Before the first value's day, the first shipped value holds. Raises KeyError for a key the product does not know.
    """
    row = Setting.objects.in_force(key, today)
    return row.value if row else shipped_value(key, today)


def settings_in_force(today: date) -> dict[str, Decimal]:
    """Gives every known setting's value on the day, in one query."""
    values = dict(_shipped(today))
    for row in Setting.objects.filter(valid_from__lte=today).order_by("valid_from"):
        values[row.key] = row.value
    return values


@lru_cache(maxsize=64)
def _shipped(today: date) -> dict[str, Decimal]:
    return {key: shipped_value(key, today) for key in KNOWN}


def shipped_value(key: str, today: date) -> Decimal:
    """Gives the shipped value of a setting on the day. Raises KeyError for an unknown key."""
    shipped = KNOWN[key].shipped
    begun = [value for valid_from, value, _source in shipped if valid_from <= today]
    return Decimal(begun[-1] if begun else shipped[0][1])


def number_words(value: Decimal) -> str:
    """Gives a number as Norwegians write it: "130 160", "0,75"."""
    whole = value == value.to_integral_value()
    text = f"{value:,.0f}" if whole else f"{value.normalize():,f}"
    return text.replace(",", "\u00a0").replace(".", ",")
