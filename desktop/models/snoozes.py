"""What was put off (暂缓): a thing to do that is shown again on a later day, with who said so and why."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base


class Snooze(Base):
    """One thing to do put off until a day. It stays after that day, so that anybody can see what was put off."""

    __tablename__ = "snoozes"

    work: Mapped[str] = mapped_column(String(64), index=True)  # what stands for the thing to do
    what: Mapped[str]  # as it was called
    reason: Mapped[str]
    until: Mapped[date]
    at_utc: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(60))
    ended_at_utc: Mapped[str | None] = mapped_column(String(20))  # taken up again before its day
