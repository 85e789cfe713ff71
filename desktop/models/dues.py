"""Dues (党费): the yearly assessment, payments month by month, and the papers about them."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, NEWEST_YEAR, OLDEST_YEAR, Base, Holds, Record, Travel, called
from desktop.models.checks import needed_where, not_before, not_before_its_day
from desktop.models.lines import LinesType
from desktop.models.registers import Event, field, register
from desktop.models.vocabulary.dues import DuesClass, DuesFlow, DuesKind, DuesMeans, DuesPurpose, DuesRelief
from desktop.models.vocabulary.registers import RegisterArea

MONTHS, QUARTERS = 12, 4
WHOLE_PPM = 1_000_000


def _month(label: str) -> dict[str, object]:
    return {**called(label), "lowest": 1, "highest": MONTHS}


@dataclass(frozen=True, slots=True)
class PayPart:
    """A part of somebody's monthly pay (岗位工资), or what is taken off before dues are reckoned (住房公积金)."""

    name: str = ""
    fen: int = 0
    deducted: bool = False


class DuesAssessment(Record, Base):
    """What was set for a member from a month of a year on (党费核定).

    The rate and the monthly amount are kept as they were set: an edition of the rules that comes later changes no
    year that is over. A second one in the year begins with its month (退休、少交).
    """

    __tablename__ = "dues_assessments"
    __table_args__ = (Index("ix_dues_assessments_of_year", "branch_id", "year"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "党费核定"

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    year: Mapped[int] = mapped_column(info=called("年度", Holds.YEAR))
    from_month: Mapped[int] = mapped_column(default=1, info=_month("从几月起"))
    dues_class: Mapped[DuesClass] = mapped_column(info=called("类别"))
    pay: Mapped[tuple[PayPart, ...]] = mapped_column(LinesType(PayPart), default=(), info=called("工资组成"))
    base_fen: Mapped[int | None] = mapped_column(info=called("基数", Holds.MONEY))
    rate_ppm: Mapped[int | None] = mapped_column(  # parts per million: 0.015 is 15 000
        info={**called("比例"), "highest": WHOLE_PPM}
    )
    monthly_fen: Mapped[int] = mapped_column(info=called("月交", Holds.MONEY))
    assessed_on: Mapped[date | None] = mapped_column(info=called("核定日期"))
    relief: Mapped[DuesRelief | None] = mapped_column(info=called("少交或免交"))
    decided_on: Mapped[date | None] = mapped_column(info=called("支部大会讨论日期"))
    approved_by: Mapped[str | None] = mapped_column(String(80), info=called("批准的上级党委"))
    document_no: Mapped[str | None] = mapped_column(String(60), info=called("批复文号"))
    reason: Mapped[str | None] = mapped_column(info=called("理由和期限"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


class DuesPayment(Record, Base):
    """A payment of one member for one month, or for several months of a year at once: one day, one receipt."""

    __tablename__ = "dues_payments"
    __table_args__ = (Index("ix_dues_payments_of_year", "branch_id", "year"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "党费交纳"

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), info=called("党员")
    )
    year: Mapped[int] = mapped_column(info=called("年度", Holds.YEAR))
    from_month: Mapped[int] = mapped_column(info=_month("从几月"))
    to_month: Mapped[int] = mapped_column(info=_month("到几月"))
    amount_fen: Mapped[int] = mapped_column(info=called("金额", Holds.MONEY))
    paid_on: Mapped[date | None] = mapped_column(info=called("交纳日期"))  # empty: the ledger it came from has no day
    means: Mapped[DuesMeans | None] = mapped_column(info=called("交纳方式"))
    kind: Mapped[DuesKind] = mapped_column(info=called("种类"))
    receipt_no: Mapped[str | None] = mapped_column(String(60), info=called("凭证号"))
    collected_by: Mapped[str | None] = mapped_column(String(60), info=called("经手人"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


@register(
    "党费上缴",
    area=RegisterArea.DUES,
    dimension="D3",
    hint="每季度把收到的党费上缴上级党委，记下日期、金额和收据号。",
)
class DuesRemittance(Event, Base):
    """What the branch handed to the superior committee for a quarter (上缴)."""

    year: Mapped[int | None] = field("所属年度", required=True, lowest=OLDEST_YEAR, highest=NEWEST_YEAR)
    quarter: Mapped[int | None] = field("季度", required=True, lowest=1, highest=QUARTERS)
    amount_fen: Mapped[int | None] = field("上缴金额（元）", required=True, money=True)
    receipt_no: Mapped[str | None] = field("收据号", help="上级党委开的党费专用收据号，没有就写转账单号")
    handed_by: Mapped[str | None] = field("交款人", listed=False)
    received_by: Mapped[str | None] = field("收款人", listed=False)


@register(
    "按季交纳党费",
    area=RegisterArea.DUES,
    dimension="D3",
    subject="member_id",
    checks=(not_before("to_on", "from_on", "早于“从哪天起”"),),
    hint="按月交确有困难的，经支部同意可以按季交。日期是支部同意的日期。",
)
class DuesConsent(Event, Base):
    """The branch's consent that a member pays by quarter (按季交纳)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    from_on: Mapped[date | None] = field("从哪天起", required=True)
    to_on: Mapped[date | None] = field("到哪天止", help="不填为一直有效")
    decided_by: Mapped[str | None] = field("由谁同意", help="如：支委会")


@register(
    "党费使用",
    area=RegisterArea.DUES,
    dimension="D3",
    checks=(needed_where("purpose", "way", DuesFlow.OUT, "支出要写明用途"),),
    hint="上级返还、下拨的党费记收入，用掉的记支出，写明用途、金额、谁批准、凭证号；公布党费时按用途列出来。",
)
class DuesUse(Event, Base):
    """Dues that came back from above, or what they were spent on (党费使用)."""

    way: Mapped[DuesFlow | None] = field("收支", required=True)
    purpose: Mapped[DuesPurpose | None] = field("用途", help="支出写明用途")
    amount_fen: Mapped[int | None] = field("金额（元）", required=True, money=True)
    approved_by: Mapped[str | None] = field("批准", help="哪次会议或哪级党委批准的")
    voucher_no: Mapped[str | None] = field("凭证号")
    handled_by: Mapped[str | None] = field("经办人", listed=False)


@register(
    "大额党费",
    area=RegisterArea.DUES,
    dimension="D3",
    subject="member_id",
    checks=(not_before_its_day("remitted_on"),),
    hint="一次自愿多交达到大额党费标准的，全部上缴到中央，不算在月交党费里。",
)
class LargeDues(Event, Base):
    """A large sum given of free will, remitted whole (大额党费)."""

    member_id: Mapped[str | None] = field("党员", required=True, ref="member")
    amount_fen: Mapped[int | None] = field("金额（元）", required=True, money=True)
    means: Mapped[DuesMeans | None] = field("形式")
    wish: Mapped[str | None] = field("本人意愿", listed=False, long=True)
    remitted_on: Mapped[date | None] = field("上缴日期", happened=True)
    receipt_no: Mapped[str | None] = field("中组部收据号")
