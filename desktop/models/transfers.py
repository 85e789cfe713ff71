"""Transfers of membership (组织关系转接): the ledger of letters, dues and receipts, in and out of the branch."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import not_before
from desktop.models.registers import Kept, field, register
from desktop.models.vocabulary.branches import MemberCategory
from desktop.models.vocabulary.registers import RegisterArea
from desktop.models.vocabulary.transfers import TransferDirection, TransferMeans, TransferState


def transfer_state(values: Mapping[str, Any], today: date) -> TransferState:
    """Return where a transfer stands on the day `today`, by its dates alone."""
    issued, days, receipt = (values.get(name) for name in ("issued_on", "valid_days", "receipt_on"))
    if receipt is not None:
        return TransferState.CLOSED
    if issued is not None and days is not None and issued + timedelta(days=days) < today:
        return TransferState.RUN_OUT
    return TransferState.WAITING


@register(
    "组织关系转接",
    area=RegisterArea.LEARNING,
    dimension="D3",
    subject="member_id",
    date_field="issued_on",
    checks=(not_before("receipt_on", "issued_on", "早于转接日期"),),
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
    note: Mapped[str | None] = field("备注", listed=False, long=True)


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
