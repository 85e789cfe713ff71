"""What files hang on beside rows of registers: what such a record is called, and which record is opened for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, case, cast, select

from desktop.models.appeals import Appeal
from desktop.models.attachments import Attachment
from desktop.models.base import Base, kind_of
from desktop.models.branches import Branch, PartyGroup, PostAssignment, Term
from desktop.models.development import CasePaper, DevelopmentCase
from desktop.models.elections import Election
from desktop.models.improvement import PdcaPlan
from desktop.models.meetings import Meeting
from desktop.models.members import Member
from desktop.models.points import PointsClaim, PointsPublication
from desktop.models.race import RaceAppeal
from desktop.models.sampling import SampledRecord
from desktop.services.race.editions import period_name
from desktop.services.standards.periods import quarter_name

if TYPE_CHECKING:
    from desktop.services.search.sources import Names

PROFILE = "branch_profile"
"""As which the branch itself is opened where files hang on it: by its particulars, not by its overview."""


@dataclass(frozen=True, slots=True)
class Owner:
    """How a record with files is called, and as what (kind, id) it is opened where that is not the record itself."""

    called: Callable[[Any, "Names"], str]
    opened: Callable[[Any], tuple[str, str]] | None = None

    def target(self, row: Any) -> tuple[str, str]:
        """Return kind and id of what is opened for a file of `row`."""
        return (kind_of(type(row)), row.id) if self.opened is None else self.opened(row)


def meeting_title(meeting: Meeting) -> str:
    """Return what a meeting is called: its kind, and what it was about."""
    return f"{meeting.kind.label}：{meeting.topic}" if meeting.topic else meeting.kind.label


def election_title(election: Election) -> str:
    """Return what an election is called."""
    return f"第{election.term_no}届支部委员会{election.kind.label}"


def publication_title(row: PointsPublication) -> str:
    """Return what a publication of points is called."""
    return f"{row.year}年第{quarter_name(row.quarter)}积分公示"


def _case(case_id: str, names: "Names") -> str:
    row = names.session.get(DevelopmentCase, case_id)
    return f"{names.of('person', row.person_id)}的发展党员档案" if row is not None else "发展党员档案"


def _paper(paper: CasePaper, names: "Names") -> str:
    return f"{_case(paper.case_id, names)}“{paper.name}”"


def _appeal(appeal: Appeal, names: "Names") -> str:
    if appeal.sampled_id is None:
        return f"{appeal.raised_on.isoformat()} 对{period_name(appeal.period or '')}赛马结果的申诉"
    drawn = names.session.get(SampledRecord, appeal.sampled_id)
    return f"{appeal.raised_on.isoformat()} 对抽查{f'“{drawn.title}”' if drawn is not None else ''}的申诉"


def _case_of_race(appeal: RaceAppeal, names: "Names") -> str:
    branch = names.session.get(Branch, appeal.branch_id)
    return f"{branch.name if branch is not None else ''}对{period_name(appeal.period)}赛马结果的申诉"


def _post(post: PostAssignment, names: "Names") -> str:
    return f"{names.of('member', post.member_id)}任{post.post.label}"


OWNERS: dict[type[Base], Owner] = {
    Meeting: Owner(lambda row, _names: f"{row.held_on.isoformat()} {meeting_title(row)}"),
    Member: Owner(lambda row, _names: row.name),
    Branch: Owner(lambda row, _names: f"{row.name}基本情况", lambda row: (PROFILE, row.id)),
    PartyGroup: Owner(lambda row, _names: row.name),
    Term: Owner(lambda row, _names: f"第{row.term_no}届支部委员会"),
    PostAssignment: Owner(_post),
    PdcaPlan: Owner(lambda row, _names: row.title),
    DevelopmentCase: Owner(lambda row, names: _case(row.id, names)),
    CasePaper: Owner(_paper, lambda row: (kind_of(DevelopmentCase), row.case_id)),
    Election: Owner(lambda row, _names: election_title(row)),
    PointsClaim: Owner(lambda row, _names: row.title),
    PointsPublication: Owner(lambda row, _names: publication_title(row)),
    Appeal: Owner(
        _appeal, lambda row: (kind_of(SampledRecord), row.sampled_id) if row.sampled_id else (kind_of(Appeal), row.id)
    ),
    SampledRecord: Owner(lambda row, _names: f"{row.of_day.isoformat()} 抽查的“{row.title}”"),
    RaceAppeal: Owner(_case_of_race),
}
OWNERS_BY_TABLE: dict[str, type[Base]] = {model.__tablename__: model for model in OWNERS}
"""By the kind that the row of a file tells."""


def revision_of_owner() -> ColumnElement[str]:
    """Return the revision of the record a file hangs on: what that is called stands beside the file."""
    file, told = Attachment, list[tuple[Any, Any]]()
    for table, model in OWNERS_BY_TABLE.items():
        owner: Any = model
        told.append((file.record_kind == table, select(owner.rev).where(owner.id == file.record_id).scalar_subquery()))
    return cast(case(*told), String)
