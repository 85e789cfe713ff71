"""The one table: in which order its rows stand."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

from desktop.models.vocabulary.branches import MemberStatus
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
