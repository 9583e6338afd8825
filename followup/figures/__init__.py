"""What a report counts of follow-up: one module per chapter, each figure with the definition that is its contract."""

from fagbrev.figures import Figure
from followup.figures import absence, norwegian, visits

FIGURES: tuple[Figure, ...] = (*norwegian.FIGURES, *visits.FIGURES, *absence.FIGURES)
