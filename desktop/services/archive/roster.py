"""The roster on paper (党员名册)."""

from collections.abc import Sequence
from datetime import date

from desktop.models.vocabulary.branches import MemberCategory
from desktop.services.archive.blocks import TURN, Block, Column, Document, Note, Side, Signatures, Table, Title
from desktop.services.archive.wording import day
from desktop.services.members import MemberRow
from desktop.services.ordinals import by_number

COLUMNS = (
    Column("序号", 1.0, Side.CENTER),
    Column("姓名", 1.9),
    Column("性别", 1.0, Side.CENTER),
    Column("身份证号", 3.9, Side.CENTER),
    Column("民族", 1.3, Side.CENTER),
    Column("出生日期", 2.3, Side.CENTER),
    Column("学历", 1.6, Side.CENTER),
    Column("状态", 1.9, Side.CENTER),
    Column("学位", 1.3, Side.CENTER),
    Column("籍贯", 2.0),
    Column("党小组", 1.9),
    Column("党内职务", 1.9),
    Column("联系电话", 2.6, Side.CENTER),
    Column("入党时间", 2.3, Side.CENTER),
    Column("转正时间", 2.3, Side.CENTER),
    Column("党龄", 1.0, Side.CENTER),
    Column("单位及职务", 3.4),
)
"""In the order of the national system's export, as inspectors compare them."""

UPRIGHT = ("序号", "姓名", "性别", "民族", "出生日期", "学历", "状态", "党小组", "党内职务", "入党时间", "转正时间")
"""Titles of the columns on an upright page, where no number of an ID card and no telephone stands."""

_ALWAYS = 8  # of the columns; the others are left out where nobody has anything in them
_HAN = "01"  # code table ethnic


def roster_document(rows: Sequence[MemberRow], branch: str, on: date) -> Document:
    """Return everyone who belonged to the branch on `on`, by group and admission; ID numbers stay masked."""
    full = sum(row.has_vote for row in rows)
    title = f"{branch}党员名册"
    blocks: tuple[Block, ...] = (
        Title(f"{branch}{TURN}党员名册", f"（截至{day(on)}，共{len(rows)}人，其中有表决权的{full}人）"),
        roster_table(rows, on),
        Note(_totals(rows)),
        Signatures(("支部书记", "制表人", "制表日期")),
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


def upright_roster(rows: Sequence[MemberRow], on: date) -> tuple[Block, ...]:
    """Return the roster for an upright page: who, not how to reach them."""
    return (roster_table(rows, on, UPRIGHT), Note(_totals(rows)))


def roster_table(rows: Sequence[MemberRow], on: date, wanted: Sequence[str] = ()) -> Table:
    """Return everyone by group and admission, in the columns `wanted` (all); an empty column is left out."""
    rows = sorted(rows, key=lambda row: (not row.group, by_number(row.group), row.admitted_on or date.max))
    lines: tuple[tuple[str, ...], ...] = tuple(
        (
            str(number),
            row.name,
            row.gender_text,
            row.id_no_masked,
            row.ethnic_text,
            row.born_text,
            row.education_text,
            row.state_text,
            row.degree,
            row.native_place,
            row.group,
            row.posts_text,
            row.phone,
            row.admitted_text,
            row.full_text,
            "" if (years := row.standing_years(on)) is None else str(years),
            "　".join(filter(None, (row.unit, row.job_title))),
        )
        for number, row in enumerate(rows, start=1)
    )
    told = [
        index
        for index, column in enumerate(COLUMNS)
        if (not wanted or column.title in wanted) and (index < _ALWAYS or any(line[index] for line in lines))
    ]
    columns = tuple(COLUMNS[index] for index in told)
    return Table(columns, tuple(tuple(line[index] for index in told) for line in lines), record="党员名册", dense=True)


def _totals(rows: Sequence[MemberRow]) -> str:
    """Say how many there are of whom, as the foot of a roster does."""
    probationary = sum(row.category is MemberCategory.PROBATIONARY_MEMBER for row in rows)
    women = sum(row.gender == "2" for row in rows)
    others = sum(row.ethnic not in (None, _HAN) for row in rows)
    return (
        f"合计{len(rows)}人：正式党员{len(rows) - probationary}人，预备党员{probationary}人；女党员{women}人，"
        f"少数民族党员{others}人。先按党小组、再按入党时间排列。"
    )
