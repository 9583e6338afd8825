"""The rules about language: pure functions of facts, and the facts in bulk."""

from collections.abc import Collection, Iterable

from fagbrev.duties.rules import Due, Rule, Terms

RULES: tuple[Rule, ...] = ()


def derive(terms: Terms, people: Collection[int] | None = None) -> Iterable[Due]:
    """Gives every duty of these rules, or those of some participants."""
    return ()
