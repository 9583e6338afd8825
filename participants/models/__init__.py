"""A participant's record: the person, the enrolment, and everything that hangs on them."""

from participants.models.agreements import Agreement, Consent, PoliceCertificate, Signature
from participants.models.county import CountyApplication, Enclosure, Leave, TrainingContract
from participants.models.documents import Document
from participants.models.ending import EndingTask, ParticipationCertificate, WorkStatus
from participants.models.enrolment import CohortMember, Enrolment, StatusChange
from participants.models.exams import NorwegianTest, Readiness, TradeTest, WrittenExam
from participants.models.intake import AdmissionVoice, EligibilityCheck, IntakeConversation, IntakeInterview, Referral
from participants.models.lists import ImportBatch, ReferralInboxItem, SavedFilter
from participants.models.person import Participant
from participants.models.placement import FadderProposal, Placement, PlacementFadder
from participants.models.support import Accommodation, ContactNote, FundingPeriod, IncomePeriod, Loan

__all__ = [
    "Accommodation",
    "AdmissionVoice",
    "Agreement",
    "CohortMember",
    "Consent",
    "ContactNote",
    "CountyApplication",
    "Document",
    "EligibilityCheck",
    "Enclosure",
    "EndingTask",
    "Enrolment",
    "FadderProposal",
    "FundingPeriod",
    "ImportBatch",
    "IncomePeriod",
    "IntakeConversation",
    "IntakeInterview",
    "Leave",
    "Loan",
    "NorwegianTest",
    "Participant",
    "ParticipationCertificate",
    "Placement",
    "PlacementFadder",
    "PoliceCertificate",
    "Readiness",
    "Referral",
    "ReferralInboxItem",
    "SavedFilter",
    "Signature",
    "StatusChange",
    "TradeTest",
    "TrainingContract",
    "WorkStatus",
    "WrittenExam",
]
