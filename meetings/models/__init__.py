"""The rows of meetings and of progress reports."""

from meetings.models.meetings import InvitationSent, Invitee, Meeting, MeetingSeries, SeriesInvitee, SignUp
from meetings.models.minutes import AgendaItem, ItemOtherText, MeetingAction, Minutes, MinutesVersion, StandingItem
from meetings.models.reports import FrozenReport, ProgressReport, ReportNumbers

__all__ = [
    "AgendaItem",
    "FrozenReport",
    "InvitationSent",
    "Invitee",
    "ItemOtherText",
    "Meeting",
    "MeetingAction",
    "MeetingSeries",
    "Minutes",
    "MinutesVersion",
    "ProgressReport",
    "ReportNumbers",
    "SeriesInvitee",
    "SignUp",
    "StandingItem",
]
