"""Duties about participants: facts in bulk, pure rules, and whose they are. The engine finds SOURCE here."""

from collections.abc import Collection, Iterator

from fagbrev.duties.registry import Source
from fagbrev.duties.rules import Due, Terms
from participants.duties.describing import described
from participants.duties.facts import enrolment_facts, loan_facts
from participants.duties.rules import ABOUT_ENROLMENT, ABOUT_LOAN, RULES
from participants.duties.scope import SOURCE_KEY, follows, owned_by, recipients


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterator[Due]:
    """Gives every duty about participants, or about some of them; the number of queries is the same for one and for all."""
    for facts in enrolment_facts(people):
        for rule in ABOUT_ENROLMENT:
            yield from rule.find(facts, terms, terms.today)
    for loan in loan_facts(people):
        for rule in ABOUT_LOAN:
            yield from rule.find(loan, terms, terms.today)


SOURCE = Source(
    key=SOURCE_KEY,
    rules=RULES,
    derive=derive,
    owned_by=owned_by,
    recipients=recipients,
    described=described,
    follows=follows,
    refresh_all_on=frozenset({"programmes.trade", "programmes.workplace", "programmes.workplaceapproval"}),
)
