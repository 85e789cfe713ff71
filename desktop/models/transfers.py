"""Transfers of membership (组织关系转接): the ledger of letters, dues and receipts, in and out of the branch."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Owned, Record, Travel, called
from desktop.models.checks import Check, not_before
from desktop.models.registers import Kept, field, register
from desktop.models.vocabulary.branches import DatePrecision, MemberCategory
from desktop.models.vocabulary.registers import RegisterArea
from desktop.models.vocabulary.transfers import OrderState, TransferDirection, TransferMeans, TransferState


def transfer_state(values: Mapping[str, Any], today: date) -> TransferState:
    """Return where a transfer stands on the day `today`, by its dates alone."""
    issued, days, receipt = (values.get(name) for name in ("issued_on", "valid_days", "receipt_on"))
    if receipt is not None:
        return TransferState.CLOSED
    if values.get("returned_on") is not None:
        return TransferState.RETURNED
    if issued is not None and days is not None and issued + timedelta(days=days) < today:
        return TransferState.RUN_OUT
    return TransferState.WAITING


def _one_end() -> Check:
    """Return a check that a transfer ends in one way: with a receipt, or in none, for a reason."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        if values.get("returned_on") is None:
            return None
        if values.get("receipt_on") is not None:
            return "returned_on", "已经填了回执日期，转成了的不能再填没有转成"
        return None if values.get("return_reason") else ("return_reason", "没有转成的写明原因")

    return check


@register(
    "组织关系转接",
    area=RegisterArea.LEARNING,
    dimension="D3",
    subject="member_id",
    date_field="issued_on",
    checks=(
        not_before("receipt_on", "issued_on", "早于转接日期"),
        not_before("returned_on", "issued_on", "早于转接日期"),
        _one_end(),
    ),
    standing=transfer_state,
    hint="转出、转入各一条：介绍信编号、有效期、党费交到哪个月；收到或寄回回执以后填回执日期，才算办结。",
)
class Transfer(Kept, Base):
    """A move of one membership to or from this branch; whoever moves in need not be on the roster yet."""

    name: Mapped[str] = field("姓名", required=True, type_=String(60))
    direction: Mapped[TransferDirection | None] = field("转接类型", required=True)
    member_id: Mapped[str | None] = field("名册上的党员", ref="member", listed=False, help="转入的在名册上还没有就空着")
    issued_on: Mapped[date] = field("转接日期", required=True, help="介绍信的日期，网上转接的填发起日期")
    from_org: Mapped[str | None] = field("转出党组织")
    to_org: Mapped[str | None] = field("转入党组织")
    letter_no: Mapped[str | None] = field("介绍信编号", listed=False)
    valid_days: Mapped[int | None] = field(
        "有效期（天）", listed=False, lowest=1, limit="letter_max_days", starts_at="letter_default_days"
    )
    paid_until: Mapped[date | None] = field(
        "党费交至", listed=False, month=True, help="写到月，下一个月起由转入的支部收"
    )
    receipt_on: Mapped[date | None] = field("回执日期", happened=True, help="转出填收到的日期，转入填寄回的日期")
    means: Mapped[TransferMeans | None] = field("办理方式", listed=False)
    handler: Mapped[str | None] = field("经办人", listed=False)
    category: Mapped[MemberCategory | None] = field("党员类别", listed=False)
    phone: Mapped[str | None] = field("联系电话", listed=False)
    returned_on: Mapped[date | None] = field(
        "没有转成的日期", listed=False, happened=True, help="对方退回，或者本人没有转走、没有来的填"
    )
    return_reason: Mapped[str | None] = field("没有转成的原因", listed=False)
    note: Mapped[str | None] = field("备注", listed=False, long=True)
    order_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("总部的转接通知"))


ROSTER = (
    "id_no", "gender", "born_on", "born_precision", "ethnic", "education", "phone", "admitted_on", "admitted_precision",
    "full_on", "full_precision", "probation_ends_on", "extended_once",
)  # fmt: skip
"""What an order says of a person beside the name, as the roster calls it."""

PERSONAL = (*ROSTER, "watched", "watched_from", "watched_to")
"""What an order says of a person, only while it is under way."""


class TransferOrder(Record, Base):
    """What headquarters says to two of its branches about one member who moves between them (转接通知).

    Headquarters owns it. The branch that receives answers with its own row of the register of transfers; what that row
    says is noted here when its package comes in, so that the branch the member leaves learns of it. As soon as nobody
    waits any more, what `PERSONAL` names is taken out.
    """

    __tablename__ = "transfer_orders"
    __travels__: ClassVar[Travel] = Travel.DOWN
    __to_named__: ClassVar[tuple[str, ...]] = ("from_id", "to_id")
    __label__: ClassVar[str] = "转接通知"
    __untold__: ClassVar[Collection[str]] = PERSONAL

    name: Mapped[str] = mapped_column(String(60), info=called("姓名"))
    from_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True, info=called("转出支部编号"))
    from_org: Mapped[str] = mapped_column(String(110), info=called("转出支部"))
    to_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True, info=called("转入支部编号"))
    to_org: Mapped[str] = mapped_column(String(110), info=called("转入支部"))
    record_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True, info=called("转出记录"))
    member_id: Mapped[str] = mapped_column(String(ID_LENGTH), info=called("转出支部名册上的党员"))
    issued_on: Mapped[date] = mapped_column(info=called("下发日期"))
    letter_on: Mapped[date] = mapped_column(info=called("转接日期"))
    letter_no: Mapped[str | None] = mapped_column(info=called("介绍信编号"))
    valid_until: Mapped[date] = mapped_column(info=called("有效期至"))
    paid_until: Mapped[date | None] = mapped_column(info=called("党费交至"))
    category: Mapped[MemberCategory] = mapped_column(info=called("党员类别"))
    id_no: Mapped[str | None] = mapped_column(String(18), info=called("身份证号"))
    gender: Mapped[str | None] = mapped_column(String(1), info=called("性别"))
    born_on: Mapped[date | None] = mapped_column(info=called("出生日期"))
    born_precision: Mapped[DatePrecision | None] = mapped_column(info=called("出生日期精确到"))
    ethnic: Mapped[str | None] = mapped_column(String(2), info=called("民族"))
    education: Mapped[str | None] = mapped_column(String(2), info=called("学历"))
    phone: Mapped[str | None] = mapped_column(String(20), info=called("联系电话"))
    admitted_on: Mapped[date | None] = mapped_column(info=called("入党时间"))
    admitted_precision: Mapped[DatePrecision | None] = mapped_column(info=called("入党时间精确到"))
    full_on: Mapped[date | None] = mapped_column(info=called("转正时间"))
    full_precision: Mapped[DatePrecision | None] = mapped_column(info=called("转正时间精确到"))
    probation_ends_on: Mapped[date | None] = mapped_column(info=called("预备期满日期"))
    extended_once: Mapped[bool | None] = mapped_column(info=called("延长过预备期"))
    watched: Mapped[bool | None] = mapped_column(info=called("留党察看"))
    watched_from: Mapped[date | None] = mapped_column(info=called("留党察看起"))
    watched_to: Mapped[date | None] = mapped_column(info=called("留党察看止"))
    receipt_on: Mapped[date | None] = mapped_column(info=called("回执日期"))
    refused_on: Mapped[date | None] = mapped_column(info=called("没有接收的日期"))
    refusal: Mapped[str | None] = mapped_column(info=called("没有接收的原因"))
    withdrawn_on: Mapped[date | None] = mapped_column(info=called("撤回日期"))
    withdrawal: Mapped[str | None] = mapped_column(info=called("撤回原因"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))

    @property
    def standing(self) -> str:
        """Return in words what changes the person's standing: a longer probation, a punishment without the vote."""
        longer = f"预备期延长至{self.probation_ends_on}" if self.extended_once and self.probation_ends_on else ""
        ends = f"，至{self.watched_to}" if self.watched_to else ""
        watched = f"留党察看{f'（{self.watched_from}起{ends}）' if self.watched_from else ''}" if self.watched else ""
        return "；".join(filter(None, (longer, watched)))

    def state(self, today: date) -> OrderState:
        """Return where it stands on the day `today`, by its dates alone. A receipt is a fact, whatever was said."""
        if self.receipt_on is not None:
            return OrderState.RECEIVED if self.withdrawn_on is None else OrderState.CROSSED
        if self.withdrawn_on is not None:
            return OrderState.WITHDRAWN
        if self.refused_on is not None:
            return OrderState.REFUSED
        return OrderState.RUN_OUT if self.valid_until < today else OrderState.UNDER_WAY


class KnownBranch(Owned, Base):
    """Another branch of the same headquarters, as a branch is told of it, to name where a member moves (同级支部).

    One whose registration was revoked is named where headquarters named it, and is nowhere to move to. Headquarters
    keeps no row: what it sends are its partners. The id is that of the branch it names.
    """

    __tablename__ = "known_branches"
    __travels__: ClassVar[Travel] = Travel.DOWN
    __label__: ClassVar[str] = "同级支部"

    code: Mapped[str] = mapped_column(String(20), info=called("代码"))
    name: Mapped[str] = mapped_column(String(80), info=called("名称"))
    revoked: Mapped[bool] = mapped_column(default=False, server_default="0", info=called("已停用"))


@register(
    "流入党员",
    area=RegisterArea.LEARNING,
    dimension="D3",
    date_field="arrived_on",
    checks=(not_before("left_on", "arrived_on", "早于流入时间"),),
    hint="组织关系不在本支部、在这里生活工作的党员：哪天来的、从哪里来、组织关系在哪里。在这里没有表决权。",
)
class MobileArrival(Kept, Base):
    """A member whose membership stays elsewhere and who lives and works here (流入党员)."""

    name: Mapped[str] = field("姓名", required=True, type_=String(60))
    arrived_on: Mapped[date] = field("流入时间", required=True, happened=True)
    home_branch: Mapped[str | None] = field("组织关系所在支部")
    from_place: Mapped[str | None] = field("流入前所在地", help="写到省、市")
    reason: Mapped[str | None] = field("流入原因")
    former_job: Mapped[str | None] = field("原职业", listed=False)
    admitted_on: Mapped[date | None] = field("入党时间", listed=False)
    card_no: Mapped[str | None] = field("活动证编号", listed=False, help="没有持证就空着")
    phone: Mapped[str | None] = field("联系电话", listed=False)
    contact: Mapped[str | None] = field("支部联系人", listed=False)
    left_on: Mapped[date | None] = field("离开时间", happened=True)
    note: Mapped[str | None] = field("备注", listed=False, long=True)
