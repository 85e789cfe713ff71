"""Who made up for meetings missed, and how (补课记录), with room for each to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop.services.archive.blocks import TURN, Column, Document, Side, Signatures, Table, Title
from desktop.services.archive.wording import short_day


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpLine:
    """One person who made up for one meeting."""

    name: str
    meeting: str
    reason: str
    on: date
    way: str
    content: str
    by: str


def make_up_document(lines: Sequence[MakeUpLine], branch: str, subject: str, day: date) -> Document:
    """Return who made up, a line each; `subject` says for which meeting or year."""
    title = f"{branch}党员补课记录"
    columns = (
        Column("序号", 0.7, Side.CENTER),
        Column("姓名", 1.4),
        Column("缺席的会议", 3),
        Column("缺席原因", 1.6),
        Column("补课日期", 1.8, Side.CENTER),
        Column("方式", 1.6),
        Column("内容", 4),
        Column("补课人", 1.6),
        Column("本人签名", 1.8),
    )
    rows = tuple(
        (str(number), line.name, line.meeting, line.reason, short_day(line.on), line.way, line.content, line.by, "")
        for number, line in enumerate(lines, start=1)
    )
    return Document(
        title=title,
        author=branch,
        subject=subject,
        day=day,
        blocks=(
            Title(title.replace(branch, branch + TURN, 1), f"（{subject}）"),
            Table(columns, rows, record=title),
            Signatures(("组织者签名", "日期")),
        ),
        running_foot=branch,
        landscape=True,
    )
