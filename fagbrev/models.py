"""Where Django finds the ground's models; import them from their own packages."""

from fagbrev.access.models import RecordRestriction
from fagbrev.audit.models import ChangeLog, LookLog, Revision
from fagbrev.forms.models import Submission
from fagbrev.mail.models import OutgoingMail
from fagbrev.people.models import PeopleEvent, RoleGrant, User

__all__ = [
    "ChangeLog",
    "LookLog",
    "OutgoingMail",
    "PeopleEvent",
    "RecordRestriction",
    "Revision",
    "RoleGrant",
    "Submission",
    "User",
]
