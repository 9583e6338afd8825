"""What a report counts of participants: one module per chapter, each figure with the definition that is its contract."""

from fagbrev.figures import Figure
from participants.figures import caseload, exams, income, outcome, workplaces

FIGURES: tuple[Figure, ...] = (*caseload.FIGURES, *exams.FIGURES, *workplaces.FIGURES, *income.FIGURES, *outcome.FIGURES)
