"""Tasks and papers from above (上级来文、任务): what was asked by whom, until when, and what was answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from desktop.models.base import Base
from desktop.models.checks import Check, not_before
from desktop.models.registers import Kept, field, register
from desktop.models.vocabulary.registers import RegisterArea
from desktop.models.vocabulary.superior import SuperiorKind, SuperiorState


def superior_state(values: Mapping[str, Any], today: date) -> SuperiorState:
    """Return where a task or paper stands on the day `today`, by its dates alone."""
    kind, due = values.get("kind"), values.get("due_on")
    if values.get("done_on") is not None:
        return SuperiorState.CLOSED
    if due is None:
        asks = kind is None or SuperiorKind(kind).asks
        return SuperiorState.WAITING if asks else SuperiorState.FILED
    return SuperiorState.RUN_OUT if due < today else SuperiorState.WAITING


def _done_has_answer() -> Check:
    """Return a check that what is closed says what was done."""

    def check(values: Mapping[str, Any]) -> tuple[str, str] | None:
        closed = values.get("done_on") is not None and not values.get("answer")
        return ("answer", "填了办结日期，写明办理结果或者怎样回复的") if closed else None

    return check


@register(
    "上级来文、任务",
    area=RegisterArea.SUPERIOR,
    dimension="D8",
    date_field="received_on",
    checks=(
        not_before("due_on", "received_on", "早于收到日期"),
        not_before("done_on", "received_on", "早于收到日期"),
        _done_has_answer(),
    ),
    signed_by=("拟办", "批示", "承办人"),
    paper="文件办理单",
    standing=superior_state,
    hint="收到的文件、工作提示和交办任务：谁来的、要求什么、什么时候前、谁办、怎么回复的；原文和回复件加在附件里。",
)
class SuperiorTask(Kept, Base):
    """A paper or task that came from above, and what became of it."""

    title: Mapped[str] = field("文件或任务名称", required=True)
    kind: Mapped[SuperiorKind] = field("类别", required=True, default=SuperiorKind.TASK, listed=False)
    received_on: Mapped[date] = field("收到日期", required=True, happened=True)
    from_org: Mapped[str | None] = field("来文单位", required=True)
    document_no: Mapped[str | None] = field("文号", listed=False)
    what: Mapped[str | None] = field("要求", listed=False, long=True)
    due_on: Mapped[date | None] = field("办理期限", help="没有期限的文件算阅存；没有期限的任务一直算待办")
    owner_id: Mapped[str | None] = field("责任人", ref="member")
    done_on: Mapped[date | None] = field("办结日期", happened=True)
    answer: Mapped[str | None] = field("办理结果", listed=False, long=True, help="做了什么、怎样回复的、回复文号")
    evidence: Mapped[str | None] = field("佐证", listed=False, long=True, help="哪次会议、哪份台账；文件加在附件里")
    note: Mapped[str | None] = field("备注", listed=False, long=True)
