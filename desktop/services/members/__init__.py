"""The members of this branch (党员): roster, states of their life, Excel in and out."""

from desktop.services.members.book import RosterBook
from desktop.services.members.roster import Expected, Roster
from desktop.services.members.rows import ConditionRow, MemberRow, StatusRow
from desktop.services.members.service import MemberService

__all__ = ["ConditionRow", "Expected", "MemberRow", "MemberService", "Roster", "RosterBook", "StatusRow"]
