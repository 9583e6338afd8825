"""The rows of follow-up."""

from followup.models.competence import Evidence, EvidenceGoal, GoalView, TrainingPlan
from followup.models.language import Absence, GuestAbsence, LanguageLevel, Lesson, SickLeave
from followup.models.practice import Assignment, AssignmentGoal, HandIn, WeeklyPlan, WeeklyPlanLine
from followup.models.reviews import Action, Concern, GuidanceNote, ReviewConversation, ReviewPart, ReviewSignature
from followup.models.topics import TopicRead
from followup.models.visits import VisitGoal, VisitOtherText, WorkplaceVisit

__all__ = [
    "Absence",
    "Action",
    "Assignment",
    "AssignmentGoal",
    "Concern",
    "Evidence",
    "EvidenceGoal",
    "GoalView",
    "GuestAbsence",
    "GuidanceNote",
    "HandIn",
    "LanguageLevel",
    "Lesson",
    "ReviewConversation",
    "ReviewPart",
    "ReviewSignature",
    "SickLeave",
    "TopicRead",
    "TrainingPlan",
    "VisitGoal",
    "VisitOtherText",
    "WeeklyPlan",
    "WeeklyPlanLine",
    "WorkplaceVisit",
]
