"""«Min vei»: a participant's way in seven words, and the one thing to do now, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fagbrev.dates import date_words
from participants.models import Enrolment

# With soft hyphens, so that the words part where Norwegian parts them when there is little room.
STOPS = [
    _("Sam\u00adtale"), _("Plass"), _("Arbeids\u00adsted"), _("Kon\u00adtrakt"), _("Opp\u00adlæring"), _("Fag\u00adprøve"),
    _("Fag\u00adbrev"),
]  # fmt: skip
# The stop one stands at in each status; what lies before it is done.
STOP_OF = {
    "referred": 0, "interviewed": 1, "waitlisted": 1, "admitted": 2, "onboarding": 2, "placed": 3, "contract_applied": 3,
    "training": 4, "trade_test": 5, "on_leave": 4, "completed": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """The one thing to do now: what, why, and the page of one's own record that it is about ("" for none)."""

    title: str | Promise
    text: str | Promise
    page: str = ""
    act: str | Promise = ""


TASKS = {
    "referred": Task(_("Vent på samtalen"), _("Vi ringer deg eller sender deg en melding. Da avtaler vi tid til en samtale.")),
    "interviewed": Task(_("Vent på svar"), _("Du har vært til samtale. Nå vurderer vi om du får plass. Du får svar fra oss.")),
    "waitlisted": Task(_("Vent på plass"), _("Du står på venteliste. Vi sier fra når det blir en ledig plass.")),
    "admitted": Task(
        _("Gjør deg klar til å begynne"), _("Du har fått plass. Vi skal snakke sammen og skrive en kontrakt."), "avtaler",
        _("Se avtalene dine"),
    ),
    "onboarding": Task(
        _("Vi finner et arbeidssted"), _("Vi ser etter et sted der du kan være i praksis. Si fra hvis du vet om et sted selv."),
        "arbeidssted", _("Se arbeidsstedet"),
    ),
    "placed": Task(
        _("Lær på arbeidsstedet"), _("Snakk med fadderen din om hva du skal gjøre. Vi gjør klar en søknad til fylket."),
        "arbeidssted", _("Se arbeidsstedet"),
    ),
    "contract_applied": Task(
        _("Lær på arbeidsstedet"), _("Vi har søkt fylket om kontrakt for deg. Du får vite det når svaret kommer."), "arbeidssted",
        _("Se arbeidsstedet"),
    ),
    "training": Task(
        _("Lær faget"), _("Du er i opplæring. Øv på jobb og i undervisningen. Her ser du eksamen og prøver."), "eksamen",
        _("Se eksamen og prøver"),
    ),
    "trade_test": Task(_("Gjør deg klar til fagprøven"), _("Du er meldt opp til fagprøven. Her ser du datoen."), "eksamen",
                       _("Se fagprøven")),
    "on_leave": Task(_("Du har permisjon"), _("Si fra til oss når du er klar til å komme tilbake."), "permisjon", _("Se permisjonen")),
    "completed": Task(_("Du har fagbrev. Gratulerer!"), _("Vi spør deg senere hvordan det går med jobb."), "etterpa",
                      _("Fortell hvordan det går")),
    "declined": Task(_("Du fikk ikke plass"), _("Her kan du lese hvorfor, og hvordan du klager."), "opptak", _("Les svaret")),
    "withdrawn": Task(_("Du har sluttet"), _("Vil du begynne igjen? Ta kontakt med oss.")),
    "terminated": Task(_("Du har sluttet"), _("Vil du begynne igjen? Ta kontakt med oss.")),
}  # fmt: skip


def way_of(enrolment: Enrolment, *, today: date) -> dict[str, Any]:
    """Gives the stops, the task and the next date of the participant's own page."""
    status = enrolment.status
    here = STOP_OF.get(enrolment.status_before_leave or status if status == "on_leave" else status, -1)
    stops = [
        {"label": label, "number": n + 1, "is_done": n < here, "is_here": n == here} for n, label in enumerate(STOPS)
    ]  # fmt: skip
    ends = enrolment.contract_ends_on
    return {
        "stops": stops if here >= 0 else [],
        "task": TASKS[status],
        "date_label": _now("Kontrakten din slutter") if ends and ends >= today and status in {"training", "trade_test"} else "",
        "date_text": date_words(ends) if ends else "",
    }
