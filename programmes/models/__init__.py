"""The frame the scheme runs within: trades, teaching, workplaces, partners, routines and the year."""

from programmes.models.calendar import CalendarBreak, ExamWindow, NorwegianTestWindow, Semester, Setting
from programmes.models.partners import Partner, PartnerContact
from programmes.models.routines import RoutineForm, RoutineStep
from programmes.models.teaching import Cohort, TeachingAssignment, TeachingSession
from programmes.models.topics import MonthlyTopic, TopicGoal, TopicPicture, TopicWord
from programmes.models.trades import CompetenceGoal, Criterion, Curriculum, GoalSet, Trade, TradeLead
from programmes.models.workplaces import Workplace, WorkplaceApproval, WorkplacePerson

__all__ = [
    "CalendarBreak",
    "Cohort",
    "CompetenceGoal",
    "Criterion",
    "Curriculum",
    "ExamWindow",
    "GoalSet",
    "MonthlyTopic",
    "NorwegianTestWindow",
    "Partner",
    "PartnerContact",
    "RoutineForm",
    "RoutineStep",
    "Semester",
    "Setting",
    "TeachingAssignment",
    "TeachingSession",
    "TopicGoal",
    "TopicPicture",
    "TopicWord",
    "Trade",
    "TradeLead",
    "Workplace",
    "WorkplaceApproval",
    "WorkplacePerson",
]
