"""What is to be done this week, for the wall and the meeting of the committee: late first, with who answers for it."""

from collections.abc import Sequence
from datetime import date, timedelta

from desktop.services.archive.blocks import (
    TURN,
    Band,
    Block,
    Column,
    Document,
    Note,
    Row,
    Side,
    Signatures,
    Table,
    Title,
)
from desktop.services.archive.wording import day
from desktop.services.home import PutOff
from desktop.services.reminders import Bucket
from desktop.services.works import Work


def week_document(works: Sequence[Work], put_off: Sequence[PutOff], branch: str, today: date) -> Document:
    """Return one sheet of what is late and what is due within seven days; what was put off is named with its reason."""
    title = f"{branch}本周要办的事"
    rows: list[Row] = []
    number = 0
    for bucket in (Bucket.LATE, Bucket.WEEK):
        found = [work for work in works if work.bucket is bucket]
        if found:
            rows.append(Band(f"{bucket.label}（{len(found)}件）"))
        for work in found:
            number += 1
            rows.append((str(number), work.what, work.source, work.who, work.due(today), ""))
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("要办的事", 5),
        Column("来由", 3),
        Column("责任人", 1.6),
        Column("期限", 1.7, Side.CENTER),
        Column("办结情况", 2.4),
    )
    span = f"{day(today)}至{day(today + timedelta(days=6))}"
    blocks: list[Block] = [
        Title(title.replace(branch, branch + TURN, 1), f"（{span}）"),
        Table(columns, tuple(rows), record=title, empty="（本周没有到期的事）"),
    ]
    if put_off:
        words = "；".join(f"{each.work.what}，到{each.note.until}，{each.note.reason}" for each in put_off)
        blocks.append(Note(f"暂缓：{words}。"))
    return Document(
        title=title,
        author=branch,
        subject=span,
        day=today,
        blocks=(*blocks, Signatures(("支部书记", "日期"))),
        running_foot=branch,
    )
