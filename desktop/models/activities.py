"""What a branch plans beside its meetings (其他安排): a register of days."""

from datetime import date

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.registers import Kept, field, register
from desktop.models.vocabulary.registers import RegisterArea


@register(
    "其他安排",
    area=RegisterArea.ORG_LIFE,
    dimension="D4",
    date_field="planned_on",
    ahead=True,
    hint="会议以外要做的事排在哪一天：谈心、走访、公示、对账。会议排在“全年安排”里。",
)
class PlannedActivity(Kept, Base):
    """Something to be done on a day that is no meeting (其他安排); a day of the year plan."""

    planned_on: Mapped[date] = field("日期", required=True)
    title: Mapped[str] = field("事项", required=True)
    item: Mapped[str | None] = field("对应条目", listed=False, help="标准条目的编号，如 D4-08；自己安排的不填")
    place: Mapped[str | None] = field("地点")
    lead_id: Mapped[str | None] = field("责任人", ref="member")
    scope: Mapped[str | None] = field("参加范围", listed=False)
    done_on: Mapped[date | None] = field("完成日期", happened=True)
    note: Mapped[str | None] = field("备注", listed=False, long=True)
