"""Where Django finds the ground's models; import them from their own packages."""

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import ChangeLog, LookLog, Revision
from fagbrev.drafts.models import Draft
from fagbrev.duties.models import Duty, HandOver, Notice, NoticeChoice, RuleTerms, Scan, Snooze
from fagbrev.feeds.models import FeedEvent, FeedToken
from fagbrev.forms.models import Submission
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import PeopleEvent, RoleGrant, User

__all__ = [
    "ChangeLog",
    "Draft",
    "Duty",
    "FeedEvent",
    "FeedToken",
    "HandOver",
    "LookLog",
    "Notice",
    "NoticeChoice",
    "OutgoingMail",
    "PeopleEvent",
    "RecordRestriction",
    "Revision",
    "RoleGrant",
    "RuleTerms",
    "Scan",
    "Snooze",
    "Submission",
    "User",
]
