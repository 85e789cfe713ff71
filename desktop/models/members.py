"""Party members (党员): roster, states of their life in the branch, circumstances that hold for a time."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Record, Travel
from desktop.models.vocabulary.branches import ConditionKind, DatePrecision, MemberCategory, MemberStatus


class Member(Record, Base):
    """A party member. `id` names the same person on every machine and in every package.

    入党时间 `admitted_on` is the day the branch congress accepted the person as probationary;
    转正时间 `full_on` the day probation ended, from which party standing (党龄) counts.
    """

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("branch_id", "id_no"),)  # per branch: headquarters keeps many
    __travels__: ClassVar[Travel] = Travel.UP

    name: Mapped[str] = mapped_column(String(60))
    id_no: Mapped[str | None] = mapped_column(String(18))
    gender: Mapped[str | None] = mapped_column(String(1))  # code table gender
    ethnic: Mapped[str | None] = mapped_column(String(2))  # code table ethnic
    born_on: Mapped[date | None]
    native_place: Mapped[str | None] = mapped_column(String(60))
    education: Mapped[str | None] = mapped_column(String(2))  # code table education
    degree: Mapped[str | None] = mapped_column(String(20))
    job_title: Mapped[str | None] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(20))
    admitted_on: Mapped[date | None]
    admitted_precision: Mapped[DatePrecision] = mapped_column(default=DatePrecision.DAY)
    full_on: Mapped[date | None]
    full_precision: Mapped[DatePrecision] = mapped_column(default=DatePrecision.DAY)
    category: Mapped[MemberCategory]
    status: Mapped[MemberStatus]
    probation_ends_on: Mapped[date | None]
    extended_once: Mapped[bool] = mapped_column(default=False)
    group_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("party_groups.id", deferrable=True, initially="DEFERRED")
    )
    dues_class: Mapped[str | None] = mapped_column(String(20))  # working, retired, farmer, student (party_rules.toml)
    dues_base_fen: Mapped[int | None]
    joined_on: Mapped[date | None]  # first day on this branch's roster; empty: since before our records or admission
    left_on: Mapped[date | None]  # first day no longer on the roster
    origin_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    note: Mapped[str | None]


def retired_by_dues(dues_class: str | None, noted: Iterable[ConditionKind]) -> bool:
    """Return whether the class of dues says that someone is retired: where no circumstance says since when, it does.

    Everybody who asks whether a member is at work asks this, whatever way the fact came in.
    """
    return dues_class == ConditionKind.RETIRED.value and ConditionKind.RETIRED not in noted


class StatusChange(Record, Base):
    """One step of a member's life-cycle: every one carries its date and the papers it rests on."""

    __tablename__ = "status_changes"
    __travels__: ClassVar[Travel] = Travel.UP

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), index=True
    )
    from_status: Mapped[MemberStatus | None]
    to_status: Mapped[MemberStatus]
    on: Mapped[date]
    meeting_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    approving_org: Mapped[str | None] = mapped_column(String(80))
    document_no: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None]


class MemberCondition(Record, Base):
    """A circumstance that holds from a day to a day (离退休、流动、长期病假 …). Empty start: before our records."""

    __tablename__ = "member_conditions"
    __travels__: ClassVar[Travel] = Travel.UP

    member_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("members.id", deferrable=True, initially="DEFERRED"), index=True
    )
    kind: Mapped[ConditionKind]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]  # last day
    reason: Mapped[str | None]
    place: Mapped[str | None] = mapped_column(String(80))  # destination of a mobile member
