"""The one table: in which order its rows stand."""

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt

from desktop.models.vocabulary.branches import MemberStatus
from desktop.ui.cells import Bar, Tag, Two, Txt
from desktop.ui.table_model import Column, RowsModel


@dataclass(frozen=True)
class Line:
    band: str
    place: int
    state: MemberStatus | None = None


COLUMNS: tuple[Column[Line], ...] = (
    Column("分类", lambda line: line.band, order=lambda line: line.place),
    Column("状态", lambda line: line.state),
)


def test_a_column_with_an_order_of_its_own_sorts_by_it() -> None:
    model = RowsModel(COLUMNS)
    model.set_rows([Line("61岁及以上", 2), Line("30岁及以下", 0), Line("46—50岁", 1)])
    model.sort(0)
    assert [line.band for line in model.rows()] == ["30岁及以下", "46—50岁", "61岁及以上"]
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert [line.band for line in model.rows()] == ["61岁及以上", "46—50岁", "30岁及以下"]


def test_states_stand_in_the_order_in_which_they_follow_each_other() -> None:
    states = [MemberStatus.SUSPENDED, None, MemberStatus.PROBATIONARY, MemberStatus.TRANSFERRED_OUT]
    model = RowsModel(COLUMNS)
    model.set_rows([Line("", number, state) for number, state in enumerate(states)])
    model.sort(1)
    assert [line.state for line in model.rows()] == [
        MemberStatus.PROBATIONARY,
        MemberStatus.TRANSFERRED_OUT,
        MemberStatus.SUSPENDED,
        None,
    ]


def test_paper_and_workbook_say_what_is_drawn_and_never_what_only_orders() -> None:
    model = RowsModel(
        (
            Column[Line]("进度", lambda line: (-line.place, 0), cell=lambda line: Tag(f"晚 {line.place} 天")),
            Column[Line]("升降", lambda line: line.place, cell=lambda line: Txt(f"升 {line.place}")),
            Column[Line]("名称", lambda line: line.band, cell=lambda line: Two(line.band, "下面一行")),
            Column[Line]("两行", lambda line: (line.place, 1), cell=lambda line: Two(line.band, "在下面")),
            Column[Line]("得分", lambda line: line.place, cell=lambda line: Bar(line.place, 10)),
            Column[Line]("空", lambda _line: None, cell=lambda _line: Tag("")),
        )
    )
    model.set_rows([Line("甲", 3)])
    (words,) = model.sheet("清单").words
    assert words[:3] == ("晚 3 天", "升 3", "甲")
    assert words[3].startswith("甲")
    assert words[4:] == ("3", "—")


def test_a_workbook_has_numbers_with_their_unit_in_the_head() -> None:
    columns: tuple[Column[Line], ...] = (
        Column("分类", lambda line: line.band),
        Column("已报", lambda line: line.place, text=lambda n: f"{n} 期", unit="期"),
        Column("金额", lambda line: line.place * 100, text=lambda fen: f"{fen:,.2f}"),
        Column("序号", lambda line: line.place, text=lambda n: f"第 {n} 名"),
    )
    model = RowsModel(columns)
    model.set_rows([Line("007", 12)])
    sheet = model.sheet("表")
    assert sheet.cell_heads == ("分类", "已报（期）", "金额", "序号")
    assert sheet.cells == (("007", Decimal(12), Decimal("1200.00"), "第 12 名"),)
