"""The roster on paper (党员名册)."""

from collections.abc import Sequence
from datetime import date

from desktop.services.archive.blocks import TURN, Block, Column, Document, Note, Side, Table, Title
from desktop.services.archive.wording import day
from desktop.services.members import MemberRow

COLUMNS = (
    Column("序号", 1.0, Side.CENTER),
    Column("姓名", 1.9),
    Column("性别", 1.0, Side.CENTER),
    Column("民族", 1.3, Side.CENTER),
    Column("出生日期", 2.3, Side.CENTER),
    Column("身份证号", 3.9, Side.CENTER),
    Column("籍贯", 2.0),
    Column("学历", 1.6, Side.CENTER),
    Column("学位", 1.3, Side.CENTER),
    Column("单位及职务", 3.4),
    Column("联系电话", 2.6, Side.CENTER),
    Column("入党时间", 2.3, Side.CENTER),
    Column("转正时间", 2.3, Side.CENTER),
    Column("党小组", 1.9),
    Column("党内职务", 1.9),
    Column("状态", 1.9, Side.CENTER),
)

_ALWAYS = 6  # of the columns; the others are left out where nobody has anything in them


def roster_document(rows: Sequence[MemberRow], branch: str, on: date) -> Document:
    """Return everyone who belonged to the branch on the day `on`; ID numbers stay masked."""
    full = sum(row.has_vote for row in rows)
    lines: tuple[tuple[str, ...], ...] = tuple(
        (
            str(number),
            row.name,
            row.gender_text,
            row.ethnic_text,
            row.born_text,
            row.id_no_masked,
            row.native_place,
            row.education_text,
            row.degree,
            "　".join(filter(None, (row.unit, row.job_title))),
            row.phone,
            row.admitted_text,
            row.full_text,
            row.group,
            row.posts_text,
            row.state_text,
        )
        for number, row in enumerate(rows, start=1)
    )
    told = [index for index in range(len(COLUMNS)) if any(line[index] for line in lines) or index < _ALWAYS]
    columns = tuple(COLUMNS[index] for index in told)
    lines = tuple(tuple(line[index] for index in told) for line in lines)
    title = f"{branch}党员名册"
    blocks: tuple[Block, ...] = (
        Title(f"{branch}{TURN}党员名册", f"（截至{day(on)}，共{len(rows)}人，其中有表决权的{full}人）"),
        Table(columns, lines, record="党员名册", dense=True),
        Note("身份证号按个人信息保护要求遮盖显示，完整号码保存在本机加密数据中。"),
    )
    return Document(
        title=title,
        author=branch,
        subject=f"截至{day(on)}",
        day=on,
        blocks=blocks,
        running_head=title,
        running_foot=branch,
        landscape=True,
    )
