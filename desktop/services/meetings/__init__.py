"""Organisational life (组织生活): the meetings of a branch, their votes, and their way in and out of Excel."""

from desktop.models.meetings import AgendaItem, Speech
from desktop.services.meetings.drafts import MeetingDrafts, UnfinishedMeeting
from desktop.services.meetings.reading import RECORD_KIND
from desktop.services.meetings.rows import (
    Absence,
    ActionDraft,
    ActionRow,
    AttendanceRow,
    CorrectionRow,
    MeetingDetail,
    MeetingDraft,
    MeetingRow,
    Proposed,
    TaskReport,
    VoteDraft,
    VoteRow,
)
from desktop.services.meetings.rules import MeetingRules
from desktop.services.meetings.service import MeetingService
from desktop.services.meetings.votes import VoteVerdict

__all__ = [
    "RECORD_KIND",
    "Absence",
    "ActionDraft",
    "ActionRow",
    "AgendaItem",
    "AttendanceRow",
    "CorrectionRow",
    "MeetingDetail",
    "MeetingDraft",
    "MeetingDrafts",
    "MeetingRow",
    "MeetingRules",
    "MeetingService",
    "Proposed",
    "Speech",
    "TaskReport",
    "UnfinishedMeeting",
    "VoteDraft",
    "VoteRow",
    "VoteVerdict",
]
