"""Spot checks of headquarters (考评抽查): what was drawn of a branch's records, and what was found on the spot."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Holds, Record, Travel, called
from desktop.models.lines import LinesType
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import CheckState, SampleCheck, SampleReason, SampleVerdict

LONGEST_SEED = 18


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing that was looked at on the spot: how it is, and what was seen, in words."""

    what: SampleCheck
    state: CheckState
    found: str = ""

    @property
    def words(self) -> str:
        """Return how it is and what was seen: 不符：三人签名笔迹相同."""
        return "：".join(filter(None, (self.state.label, self.found)))


class SampleSheet(Record, Base):
    """What was drawn of one branch for one period, by which number, and who looked at it on the spot."""

    __tablename__ = "sample_sheets"
    __table_args__ = (UniqueConstraint("branch_id", "period"),)
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "抽查"

    period: Mapped[str] = mapped_column(String(8), info=called("周期", Holds.PERIOD))
    seed: Mapped[str] = mapped_column(String(LONGEST_SEED), info=called("抽样编号"))  # digits
    drawn_on: Mapped[date] = mapped_column(info=called("抽样日期"))
    population: Mapped[int] = mapped_column(info=called("可抽的记录"))
    checked_by: Mapped[str] = mapped_column(String(60), default="", info=called("核查人"))
    checked_on: Mapped[date | None] = mapped_column(info=called("核查日期"))
    way: Mapped[str] = mapped_column(String(60), default="", info=called("核查方式"))


class SampledRecord(Record, Base):
    """One drawn record and the verdict on it. `of_id` names it; what it said then is kept, whatever becomes of it.

    `measure`: days typed late, or hundredths alike. `stands_for`: the drawn record whose original was not there.
    `finding_id`, `mark_id`: the finding and the penalty a confirmed one brought about.
    """

    __tablename__ = "sampled_records"
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "抽查记录"

    sheet_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("sample_sheets.id", deferrable=True, initially="DEFERRED"), info=called("抽查")
    )
    position: Mapped[int] = mapped_column(info=called("序号"))
    of_kind: Mapped[str] = mapped_column(String(40), info=called("记录种类"))
    of_id: Mapped[str] = mapped_column(String(ID_LENGTH), info=called("记录"))
    of_day: Mapped[date] = mapped_column(info=called("记录日期"))
    title: Mapped[str] = mapped_column(info=called("记录名称"))
    item_id: Mapped[str] = mapped_column(String(20), info=called("条目"))
    number: Mapped[str] = mapped_column(String(40), info=called("佐证编号"))
    reason: Mapped[SampleReason] = mapped_column(info=called("为什么抽"))
    measure: Mapped[int] = mapped_column(default=0, info=called("补录天数或相同比例"))
    stands_for: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("替换的记录"))
    verdict: Mapped[SampleVerdict | None] = mapped_column(info=called("认定"))
    checks: Mapped[tuple[CheckLine, ...]] = mapped_column(  # in the order of `SampleCheck`
        LinesType(CheckLine), default=(), server_default="[]", info=called("核对")
    )
    ground: Mapped[str] = mapped_column(default="", info=called("依据"))
    heard: Mapped[str] = mapped_column(default="", info=called("支部说明"))
    judged_on: Mapped[date | None] = mapped_column(info=called("认定日期"))
    confirmed_by: Mapped[str] = mapped_column(String(60), default="", info=called("复核人"))
    confirmed_on: Mapped[date | None] = mapped_column(info=called("复核日期"))
    finding_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("限定条件认定"))
    mark_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("赛马扣分"))
    appeal_state: Mapped[AppealState | None] = mapped_column(info=called("申诉"))
    decided_by: Mapped[str] = mapped_column(String(60), default="", info=called("申诉决定人"))
    decided_on: Mapped[date | None] = mapped_column(info=called("申诉决定日期"))
    decision: Mapped[str] = mapped_column(default="", info=called("申诉决定的理由"))
