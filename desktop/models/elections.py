"""Elections of the committee (换届选举、补选): the election, its steps, who stands, rounds of ballots, corrections."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Record, Travel, called
from desktop.models.lines import LinesType
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.elections import BallotLayout, CandidateOrder, ElectionKind, Seat


@dataclass(frozen=True, slots=True)
class TallyLine:
    """The marks one name got in a round; None: not written down. Numbers only: no ballot is kept by voter."""

    name: str = ""
    member_id: str | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    illegible: int | None = None
    written_in: bool = False


class Election(Record, Base):
    """One election of the committee, or to fill places in it. Immutable once `settled_on`: corrections are appended.

    `expires_on`: the end of the term that runs. `seats` 0: no committee, the congress elects the secretary itself.
    `left_unfilled`: seats that the meeting agreed to leave empty, `left_agreed` of them by so many.
    """

    __tablename__ = "elections"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "换届选举"

    kind: Mapped[ElectionKind] = mapped_column(default=ElectionKind.FULL, info=called("种类"))
    term_no: Mapped[int] = mapped_column(info=called("届次"))
    term_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("上一届"))
    expires_on: Mapped[date | None] = mapped_column(info=called("本届届满日期"))
    seats: Mapped[int] = mapped_column(default=0, info=called("委员应选名额"))
    secretary_seats: Mapped[int] = mapped_column(default=1, info=called("书记名额"))
    deputy_seats: Mapped[int] = mapped_column(default=0, info=called("副书记名额"))
    congress_on: Mapped[date | None] = mapped_column(info=called("选举大会日期"))
    congress_place: Mapped[str | None] = mapped_column(String(80), info=called("选举大会地点"))
    reason: Mapped[str | None] = mapped_column(info=called("补选原因"))
    excluded: Mapped[str | None] = mapped_column(info=called("不计入应到会的人和原因"))
    superior: Mapped[str | None] = mapped_column(String(80), info=called("上级党组织"))
    chair: Mapped[str | None] = mapped_column(String(60), info=called("大会主持人"))
    tellers: Mapped[list[str]] = mapped_column(default=list, info=called("监票人"))
    counters: Mapped[list[str]] = mapped_column(default=list, info=called("计票人"))
    layout: Mapped[BallotLayout] = mapped_column(default=BallotLayout.ROWS, info=called("选票版式"))
    order_said_by: Mapped[CandidateOrder | None] = mapped_column(info=called("候选人次序的依据"))
    shifted_to: Mapped[date | None] = mapped_column(info=called("延期或提前到"))
    shift_reason: Mapped[str | None] = mapped_column(info=called("延期或提前的原因"))
    shift_approved_on: Mapped[date | None] = mapped_column(info=called("延期或提前的批准日期"))
    shift_approval_no: Mapped[str | None] = mapped_column(String(60), info=called("延期或提前的批准文号"))
    left_unfilled: Mapped[int] = mapped_column(default=0, info=called("同意暂缺的名额"))
    left_agreed: Mapped[int | None] = mapped_column(info=called("同意暂缺的人数"))
    settled_on: Mapped[date | None] = mapped_column(info=called("定下结果日期"))
    settled_by: Mapped[str | None] = mapped_column(String(60), info=called("定下结果的人"))
    approved_on: Mapped[date | None] = mapped_column(info=called("结果批复日期"))
    approval_no: Mapped[str | None] = mapped_column(String(60), info=called("结果批复文号"))
    handed_over_on: Mapped[date | None] = mapped_column(info=called("交接日期"))
    new_term_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("新一届"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


class OfElection(Record):
    """A row that belongs to an election."""

    __travels__: ClassVar[Travel] = Travel.UP

    election_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("elections.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("换届选举"),
    )


class ElectionStep(OfElection, Base):
    """One step of an election (`step` of election.toml): when it was done, under which number."""

    __tablename__ = "election_steps"
    __label__: ClassVar[str] = "换届步骤"

    step: Mapped[str] = mapped_column(String(20), info=called("步骤"))
    done_on: Mapped[date | None] = mapped_column(info=called("办理日期"))
    document_no: Mapped[str | None] = mapped_column(String(60), info=called("文号"))
    note: Mapped[str | None] = mapped_column(info=called("情况"))


class ElectionCandidate(OfElection, Base):
    """Somebody who stands for a seat; `position` is the order on the ballot.

    By what that order goes says `order_said_by` of the election. `post` is the work the person takes on in the
    committee once elected (分工).
    """

    __tablename__ = "election_candidates"
    __label__: ClassVar[str] = "候选人"

    seat: Mapped[Seat] = mapped_column(default=Seat.COMMITTEE, info=called("候选职务"))
    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    position: Mapped[int] = mapped_column(default=0, info=called("次序"))
    nominated: Mapped[int | None] = mapped_column(info=called("提名党员数"))
    nominated_full: Mapped[int | None] = mapped_column(info=called("提名正式党员数"))
    elected: Mapped[bool | None] = mapped_column(info=called("是否当选"))
    post: Mapped[Post | None] = mapped_column(info=called("分工"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


class ElectionRound(OfElection, Base):
    """One round of ballots in numbers. `again`: among those who tied. `void_reasons`: why ballots were void."""

    __tablename__ = "election_rounds"
    __label__: ClassVar[str] = "投票"

    seat: Mapped[Seat] = mapped_column(default=Seat.COMMITTEE, info=called("选什么"))
    no: Mapped[int] = mapped_column(info=called("第几次投票"))
    held_on: Mapped[date | None] = mapped_column(info=called("日期"))
    seats: Mapped[int] = mapped_column(info=called("应选名额"))
    due: Mapped[int | None] = mapped_column(info=called("应到会"))
    present: Mapped[int | None] = mapped_column(info=called("实到会"))
    issued: Mapped[int | None] = mapped_column(info=called("发出"))
    collected: Mapped[int | None] = mapped_column(info=called("收回"))
    void: Mapped[int | None] = mapped_column(info=called("无效"))
    void_reasons: Mapped[str | None] = mapped_column(info=called("无效票的原因"))
    again: Mapped[bool] = mapped_column(default=False, info=called("同票再投"))
    tallies: Mapped[tuple[Any, ...]] = mapped_column(LinesType(TallyLine), default=(), info=called("得票"))


class ElectionCorrection(OfElection, Base):
    """An addition to a settled election (更正), with its reason."""

    __tablename__ = "election_corrections"
    __label__: ClassVar[str] = "换届更正"

    on: Mapped[date] = mapped_column(info=called("更正日期"))
    text: Mapped[str] = mapped_column(info=called("更正内容"))
    reason: Mapped[str] = mapped_column(info=called("更正原因"))
