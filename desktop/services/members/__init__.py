"""The members of this branch (党员): roster, states of their life, circumstances, Excel in and out."""

from desktop.services.members.book import RosterBook
from desktop.services.members.conditions import ConditionService
from desktop.services.members.life import LifeService
from desktop.services.members.roster import Expected, Roster
from desktop.services.members.rows import ConditionRow, MemberRow, StatusRow
from desktop.services.members.service import MemberService

__all__ = [
    "ConditionRow",
    "ConditionService",
    "Expected",
    "LifeService",
    "MemberRow",
    "MemberService",
    "Roster",
    "RosterBook",
    "StatusRow",
]
