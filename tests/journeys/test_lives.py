"""Life is wider than the straight way: waiting, declined, leave, another workplace or trade, an ending, a second attempt, a mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from participants.models import Loan
from programmes.models import Workplace, WorkplaceApproval, WorkplacePerson
from tests.cast import Cast, contract, enrol, place
from tests.journeys import koordinator as k
from tests.journeys.browsing import Visitor, today

pytestmark = pytest.mark.journey


def ago(days: int) -> date:
    """The day so many days ago."""
    return today() - timedelta(days=days)


def in_training(world: Cast, name: str) -> str:
    """Someone in training in the nursery school; gives the address."""
    enrolment = enrol(world, name, "BUA", "training")
    place(world, enrolment, "barnehage", leder="leder_person", fadder="fadder_person")
    contract(world, enrolment)
    return enrolment.participant.get_absolute_url()


def test_one_waits_in_the_queue_and_is_then_taken_in(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The waiting list needs two voices and a place in the queue."""
    kari, ola = visit("koordinator"), visit("faglaerer")
    person = k.registers(kari, "Vilja", "Ventesen", "Barne- og ungdomsarbeider", **{"Henvist dato": ago(90)})
    k.puts_right(kari, person, "Fyll ut intervjuet", "Fyll ut intervjuet", {"Holdt": ago(80)})
    k.can_now(kari, person, "interview", "Merk som intervjuet", ago(80), "Intervjuet")
    k.cannot_yet(
        kari, person, "waitlist", "Sett på venteliste", "Koordinators stemme mangler.", "Faglærers stemme mangler.",
        "Plassen i køen mangler.",
    )  # fmt: skip
    k.gives_voice(kari, person, "bør stå på venteliste", ago(70))
    k.gives_voice(ola, person, "bør stå på venteliste", ago(70))
    kari.opens(f"{person}steg/waitlist/")
    kari.follows("Sett plass", kari.main)
    kari.follows("Endre plass i køen", kari.main)
    kari.sends({"Plass i køen": 2})
    k.can_now(kari, person, "waitlist", "Sett på venteliste", ago(69), "Venteliste")
    k.judges_criteria(kari, person)
    k.can_now(kari, person, "admit", "Ta opp", ago(10), "Tatt opp")


def test_one_is_declined_and_can_read_why_and_how_to_complain(world: Cast, visit: Callable[..., Visitor]) -> None:
    """A reason in a word and in a sentence, and the way to complain."""
    kari = visit("koordinator")
    person = k.registers(kari, "Nora", "Neitesen", "Barne- og ungdomsarbeider", **{"Henvist dato": ago(30)})
    kari.opens(f"{person}steg/decline/")
    kari.presses("Avslå")
    kari.sees("Velg en grunn.")
    k.can_now(
        kari, person, "decline", "Avslå", ago(1), "Avslått",
        Grunn="et annet tilbud passer bedre", Hvorfor="Nora vil heller ta fagskole.",
    )  # fmt: skip
    kari.opens(f"{person}opptak/")
    kari.sees("Vedtak: Avslått", "Nora vil heller ta fagskole.", "kan du klage")


def test_one_takes_leave_and_returns_to_the_phase_before(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The leave is registered first; the contract's new end is proposed on the way back."""
    kari, person = visit("koordinator"), in_training(world, "Pia Permisjonsen")
    k.cannot_yet(kari, person, "leave", "Start permisjonen", "Permisjonen er ikke registrert.")
    kari.follows("Registrer permisjonen", kari.main)
    kari.follows("Registrer permisjon", kari.main)
    kari.sends({"Fra og med": ago(60), "Ventet til og med": ago(5), "Grunn": "foreldrepermisjon"})
    k.can_now(kari, person, "leave", "Start permisjonen", ago(60), "Permisjon")
    kari.opens(person)
    kari.sees("Tilbake fra permisjon")
    k.can_now(kari, person, "return", "Registrer at deltakeren er tilbake", ago(2), "Opplæring")
    kari.opens(f"{person}kontrakt/")
    kari.sees("Foreslått ny sluttdato etter permisjon")


def test_one_changes_workplace_and_needs_a_fadder_and_an_agreement_anew(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The old place ends, the new one has its own conditions."""
    new = Workplace.objects.create(name="Nyvika barnehage")
    WorkplaceApproval.objects.create(workplace=new, trade=world.trades["BUA"], state="approved", approved_on=ago(100))
    WorkplacePerson.objects.create(workplace=new, name="Lars Nyleder", is_leder=True)
    kari, person = visit("koordinator"), in_training(world, "Flyt Flyttesen")
    kari.opens(person)
    kari.unfolds("Flere valg")
    kari.follows("Bytt arbeidssted", kari.main)
    kari.writes(
        {"Nytt arbeidssted": "Nyvika barnehage", "Siste dag på det gamle stedet": ago(3), "Første dag på det nye stedet": ago(4)}
    )
    kari.writes({"Hvorfor": "Kortere vei til jobb."})
    kari.presses("Bytt arbeidssted")
    kari.sees("Første dag på det nye stedet må være etter siste dag på det gamle.")
    kari.sends({"Første dag på det nye stedet": ago(2)}, "Bytt arbeidssted")
    kari.sees("Nytt arbeidssted er registrert.", "Nyvika barnehage", "Eksempelvika barnehage")
    kari.opens(f"{person}avtaler/")
    kari.does_not_see("Det gikk galt")


def test_one_changes_trade_and_takes_the_interview_along(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The old way ends, a new one begins; both stand on the page."""
    kari = visit("koordinator")
    person = k.registers(kari, "Byte", "Byttesen", "Barne- og ungdomsarbeider", **{"Henvist dato": ago(50)})
    k.puts_right(
        kari, person, "Fyll ut intervjuet", "Fyll ut intervjuet", {"Holdt": ago(45), "Motivasjon": "Vil jobbe med mennesker."}
    )
    k.can_now(kari, person, "interview", "Merk som intervjuet", ago(45), "Intervjuet")
    kari.unfolds("Flere valg")
    kari.follows("Bytt fag", kari.main)
    kari.sends({"Nytt fag": "Helsefagarbeider", "Hvorfor": "Trives bedre med eldre."}, "Bytt fag")
    kari.sees("Nytt løp er opprettet.", "Helsefagarbeider", "Andre løp", "Barne- og ungdomsarbeider")
    kari.opens(f"{person}inntak/")
    kari.sees("Vil jobbe med mennesker.")


def test_one_is_terminated_when_the_checklist_is_done(world: Cast, visit: Callable[..., Visitor]) -> None:
    """Each point is done or has a reason; what is lent comes back first."""
    kari, person = visit("koordinator"), in_training(world, "Slutt Sluttesen")
    lent = Loan.objects.create(
        participant=world.enrolments["selma"].participant.__class__.objects.get(last_name="Sluttesen"),
        kind="ipad", label="LK-7", state="lent", lent_on=ago(90),
    )  # fmt: skip
    k.cannot_yet(
        kari, person, "terminate", "Registrer avbrudd",
        "Gjør ferdig, eller skriv hvorfor ikke: avslutningsmøte med deltaker, faglærer og fadder, attest med referanse fra "
        "arbeidsstedet, deltakerbevis, heveskjema til fylkeskommunen og utlånt utstyr levert.",
    )  # fmt: skip
    for point in ("Avslutningsmøte", "Attest", "Heveskjema"):
        kari.opens(f"{person}avslutning/")
        kari.follows("Registrer", kari.main.locator(".conditions li", has_text=point).first)
        if point == "Attest":
            kari.sends({"Hvorfor det ikke gjøres": "Arbeidsstedet er lagt ned."})
        else:
            kari.sends({"Gjort": ago(4)})
    kari.follows("Utsted deltakerbevis", kari.main)
    kari.sends({"Utstedt": ago(4)})
    kari.opens(f"{person}utlan/")
    kari.follows("Endre", kari.main)
    kari.sends({"Status": "levert tilbake", "Levert": ago(3)})
    lent.refresh_from_db()
    assert lent.state == "returned"
    k.can_now(
        kari,
        person,
        "terminate",
        "Registrer avbrudd",
        ago(2),
        "Avbrutt",
        Grunn="fikk jobb",
        Hvorfor="Fast jobb i en annen bransje.",
    )
    kari.opens(f"{person}arbeidssted/")
    kari.sees("Siste dag")


def test_one_fails_the_trade_test_and_passes_the_second(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The second attempt is planned before training goes on."""
    kari, ola, person = visit("koordinator"), visit("faglaerer"), in_training(world, "Prøva Toganger")
    for_exam = {"Status": "bestått", "Eksamensdag": ago(100), "Resultat": ago(80), "Karakter": 3}
    ola.opens(f"{person}klar/")
    ola.follows("Si at deltakeren er klar")
    ola.sends({"Hva": "anbefalt for fagprøven", "Dato": ago(70)})
    k.puts_right(kari, person, "Se eksamen", "Registrer skriftlig eksamen", for_exam)
    k.can_now(kari, person, "to-test", "Meld opp til fagprøven", ago(60), "Fagprøve")
    k.cannot_yet(kari, person, "retry", "Tilbake til opplæring", "Resultatet «ikke bestått» er ikke registrert.")
    failed = {"Første prøvedag": ago(40), "Resultat": "ikke bestått", "Resultatdato": ago(39)}
    k.puts_right(kari, person, "Registrer resultat", "Registrer fagprøve", failed)
    k.cannot_yet(kari, person, "complete", "Fullfør", "Resultatet av fagprøven er ikke «bestått».")
    k.cannot_yet(kari, person, "retry", "Tilbake til opplæring", "Et nytt forsøk er ikke planlagt.")
    kari.opens(f"{person}eksamen/")
    kari.follows("Registrer fagprøve", kari.main)
    kari.sends({"Meldt opp": ago(35)})
    k.can_now(kari, person, "retry", "Tilbake til opplæring", ago(35), "Opplæring")
    k.can_now(kari, person, "to-test", "Meld opp til fagprøven", ago(20), "Fagprøve")
    kari.opens(f"{person}eksamen/")
    second = kari.main.locator("section", has=kari.page.get_by_role("heading", name="Fagprøve", exact=True))
    kari.follows("Endre", second)
    kari.sends({"Første prøvedag": ago(10), "Resultat": "bestått meget godt", "Resultatdato": ago(9)})
    k.puts_right(kari, person, "Utsted deltakerbevis", "Utsted deltakerbevis", {"Utstedt": ago(5)})
    k.can_now(kari, person, "complete", "Fullfør", ago(1), "Fullført")


def test_one_comes_in_the_middle_and_a_wrong_step_is_corrected(world: Cast, visit: Callable[..., Visitor]) -> None:
    """The earlier phases are marked as done elsewhere; «Rett feil» goes one step back and keeps both in the history."""
    kari = visit("koordinator")
    person = k.comes_in_the_middle(kari, "Midt", "Innflyttersen", "Barne- og ungdomsarbeider", "Intervjuet", ago(40))
    kari.opens(f"{person}historikk/")
    kari.sees("gjort annet sted")
    k.can_now(
        kari,
        person,
        "withdraw",
        "Registrer at deltakeren trekker seg",
        today(),
        "Trukket",
        Grunn="flyttet",
        Hvorfor="Feil person.",
    )
    kari.unfolds("Flere valg")
    kari.follows("Rett feil", kari.main)
    kari.presses("Gå ett steg tilbake")
    kari.sees("Hva var feil?")
    kari.sends({"Hva var feil?": "Jeg valgte feil person."}, "Gå ett steg tilbake")
    kari.sees("Rettet. Løpet er nå i fasen «Intervjuet».")
    kari.opens(f"{person}historikk/")
    kari.sees("Trukket", "Jeg valgte feil person.")
