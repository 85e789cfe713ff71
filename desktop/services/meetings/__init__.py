"""Organisational life (组织生活): the meetings of a branch, their votes, and their way in and out of Excel."""

from desktop.models.meetings import AgendaItem, Speech
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
    VoteDraft,
    VoteRow,
)
from desktop.services.meetings.service import RECORD_KIND, MeetingService
from desktop.services.meetings.votes import VoteKind, VoteVerdict, judge

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
    "MeetingRow",
    "MeetingService",
    "Proposed",
    "Speech",
    "VoteDraft",
    "VoteKind",
    "VoteRow",
    "VoteVerdict",
    "judge",
]
