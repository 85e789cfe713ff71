"""Development of members (发展党员): cases, the steps of each, papers, who helped, inquiries."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, Record, Travel, called
from desktop.models.vocabulary.development import CaseState, HelperRole, PaperForm


class DevelopmentCase(Record, Base):
    """Somebody on the way to becoming a member. How far it got is told by its steps, never by `state`.

    `ruleset` is an edition of the rules chosen for the whole case, with the reason; empty: each step goes by the
    edition in force on its day. `member_id` is the member the person became, once somebody said so.
    """

    __tablename__ = "development_cases"
    __travels__: ClassVar[Travel] = Travel.UP
    __label__: ClassVar[str] = "发展党员"

    person_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("person.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("发展对象本人"),
    )
    id_no: Mapped[str | None] = mapped_column(String(18), info=called("身份证号"))
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN, info=called("状态"))
    state_on: Mapped[date | None] = mapped_column(info=called("状态日期"))
    state_reason: Mapped[str | None] = mapped_column(info=called("状态说明"))
    ruleset: Mapped[str | None] = mapped_column(String(20), info=called("适用细则"))
    ruleset_reason: Mapped[str | None] = mapped_column(info=called("指定细则的理由"))
    special_reason: Mapped[str | None] = mapped_column(info=called("审批延长的特殊情况"))
    extended_to: Mapped[date | None] = mapped_column(info=called("预备期延长至"))
    extended_on: Mapped[date | None] = mapped_column(info=called("延长决议日期"))
    extended_document: Mapped[str | None] = mapped_column(String(60), info=called("延长批复文号"))
    left_on: Mapped[date | None] = mapped_column(info=called("离开单位日期"))
    member_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("名册上的党员"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


class OfCase(Record):
    """A row that belongs to a case."""

    __travels__: ClassVar[Travel] = Travel.UP

    case_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("development_cases.id", deferrable=True, initially="DEFERRED"),
        index=True,
        info=called("发展党员"),
    )


class CaseStep(OfCase, Base):
    """One step of a case: when it was done, by whom decided and handled, and what belongs to this step alone.

    `from_on`/`to_on`: publicity (8), training (11). `consent_on`: the superior's consent to the list (8). `opinion`:
    what the superior said about a breach; it stays one.
    """

    __tablename__ = "development_steps"
    __label__: ClassVar[str] = "发展党员步骤"

    no: Mapped[int] = mapped_column(info=called("步骤"))
    done_on: Mapped[date | None] = mapped_column(info=called("办理日期"))
    from_on: Mapped[date | None] = mapped_column(info=called("起"))
    to_on: Mapped[date | None] = mapped_column(info=called("止"))
    consent_on: Mapped[date | None] = mapped_column(info=called("上级同意日期"))
    days: Mapped[int | None] = mapped_column(info=called("天数"))
    hours: Mapped[int | None] = mapped_column(info=called("学时"))
    decided_by: Mapped[str | None] = mapped_column(String(80), info=called("决定机关"))
    document_no: Mapped[str | None] = mapped_column(String(60), info=called("文号"))
    result: Mapped[str | None] = mapped_column(info=called("主要内容和结果"))
    handler: Mapped[str | None] = mapped_column(String(60), info=called("经办人"))
    meeting_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("会议"))
    opinion: Mapped[str | None] = mapped_column(info=called("处理意见"))
    opinion_on: Mapped[date | None] = mapped_column(info=called("处理意见日期"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


class CasePaper(OfCase, Base):
    """A paper on file (材料): which step, what, by whom, of what day, original or copy, where it lies."""

    __tablename__ = "development_papers"
    __label__: ClassVar[str] = "发展党员材料"

    step_no: Mapped[int] = mapped_column(info=called("步骤"))
    name: Mapped[str] = mapped_column(String(60), info=called("材料名称"))
    author: Mapped[str | None] = mapped_column(String(60), info=called("出具人"))
    dated_on: Mapped[date | None] = mapped_column(info=called("形成日期"))
    form: Mapped[PaperForm] = mapped_column(default=PaperForm.ORIGINAL, info=called("原件或复印件"))
    pages: Mapped[int | None] = mapped_column(info=called("页数"))
    place: Mapped[str | None] = mapped_column(String(80), info=called("存放处"))
    note: Mapped[str | None] = mapped_column(info=called("备注"))


class CaseHelper(OfCase, Base):
    """A contact person or introducer; `name` of who is not on this roster."""

    __tablename__ = "development_helpers"
    __label__: ClassVar[str] = "培养联系人和介绍人"

    role: Mapped[HelperRole] = mapped_column(info=called("身份"))
    member_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), info=called("党员"))
    name: Mapped[str | None] = mapped_column(String(60), info=called("姓名"))
    from_on: Mapped[date | None] = mapped_column(info=called("起"))
    to_on: Mapped[date | None] = mapped_column(info=called("止"))


class CaseInquiry(OfCase, Base):
    """A letter of inquiry (函调) of the political review and its reply; `waived`: known, no letter is needed."""

    __tablename__ = "development_inquiries"
    __label__: ClassVar[str] = "政审函调"

    relation: Mapped[str] = mapped_column(String(20), info=called("与本人关系"))
    name: Mapped[str | None] = mapped_column(String(60), info=called("姓名"))
    addressed_to: Mapped[str | None] = mapped_column(String(80), info=called("发往党组织"))
    letter_no: Mapped[str | None] = mapped_column(String(60), info=called("函号"))
    sent_on: Mapped[date | None] = mapped_column(info=called("发函日期"))
    replied_on: Mapped[date | None] = mapped_column(info=called("回函日期"))
    waived: Mapped[bool] = mapped_column(default=False, info=called("不必函调"))
    finding: Mapped[str | None] = mapped_column(info=called("结论"))
