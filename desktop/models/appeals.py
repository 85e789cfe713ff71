"""Appeals of a branch (申诉): against a verdict of the spot checks, or a published score, rating or class."""

from datetime import date
from typing import ClassVar

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Holds, Record, Travel, called

ITEM_LENGTH = 10


class Appeal(Record, Base):
    """What a branch says against what headquarters found of it.

    Headquarters decides it in a record of its own: that of a verdict on the drawn record (`sampled_id`), that of a
    published result (`period`) as a case of the race. Exactly one of both is named.

    One that went up and is taken back stays, with the day of it (`withdrawn_on`): a row that is deleted does not
    travel, and headquarters would see no trace of what it had to decide the day before.
    """

    __tablename__ = "appeals"
    __table_args__ = (UniqueConstraint("branch_id", "sampled_id"),)
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "申诉"

    sampled_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("抽查记录"))
    period: Mapped[str | None] = mapped_column(String(8), info=called("评比周期", Holds.PERIOD))
    item: Mapped[str] = mapped_column(  # H2, P-04, D4-10; "": the whole result
        String(ITEM_LENGTH), default="", server_default="", info=called("对哪一项")
    )
    wished: Mapped[str] = mapped_column(default="", server_default="", info=called("要求改为"))
    ground: Mapped[str] = mapped_column(info=called("申诉理由"))
    raised_by: Mapped[str] = mapped_column(String(60), info=called("提出人"))
    raised_on: Mapped[date] = mapped_column(info=called("提出日期"))
    withdrawn_on: Mapped[date | None] = mapped_column(info=called("撤回日期"))
