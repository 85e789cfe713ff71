"""Tables of one's own: chosen, kept by name, changed, and filled with what the branches reported."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.models.vocabulary.statistics import TableRows
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import NotFound
from desktop.services.statistics.across import BranchesStatistics
from desktop.services.statistics.own_tables import MOST_MEASURES, OwnTable, OwnTableService, filled
from desktop.services.store import Store
from tests.services.race.typed import refused
from tests.ui.full import PERIOD, full_store

TABLE = OwnTable("三会一课", TableRows.BRANCHES, ("attendance", "members"))


@pytest.fixture
def headquarters(tmp_path: Path) -> Iterator[Store]:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        yield store


def test_tables_are_kept_by_name_changed_and_removed(headquarters: Store) -> None:
    service = OwnTableService(headquarters)
    service.save(TABLE)
    assert service.tables() == [TABLE]
    changed = service.save(replace(TABLE, name=" 出勤 ", rows=TableRows.GROUPS), before=TABLE.name)
    assert service.tables() == [changed]
    assert (changed.name, changed.rows) == ("出勤", TableRows.GROUPS)
    service.remove("出勤")
    assert service.tables() == []
    with pytest.raises(NotFound):
        service.remove("出勤")


@pytest.mark.parametrize(
    ("table", "refusal"),
    [
        (replace(TABLE, name=" "), ("表名", "不能为空，最多30字")),
        (replace(TABLE, name="长" * 31), ("表名", "不能为空，最多30字")),
        (replace(TABLE, measures=()), ("数字", f"选1到{MOST_MEASURES}项")),
        (replace(TABLE, name="有的"), ("表名", "已经有一张表叫这个名字")),
    ],
)
def test_a_table_has_a_name_of_its_own_and_figures(
    headquarters: Store, table: OwnTable, refusal: tuple[str, str]
) -> None:
    service = OwnTableService(headquarters)
    service.save(replace(TABLE, name="有的"))
    assert refused(service.save, table) == refusal


def test_figures_are_those_of_the_statistics_line_by_line(headquarters: Store) -> None:
    counts = BranchesStatistics(headquarters)
    found = counts.period(PERIOD)
    of = {each.measure.id: each for each in found.totals}
    shown = filled(replace(TABLE, measures=("members", "nothing", "attendance")), [found])
    assert [measure.id for measure in shown.measures] == ["members", "attendance"]
    assert shown.note.endswith("选的数字里有 1 项各支部都没有")
    (line,) = shown.lines
    assert line.code == found.branches[0].code
    assert [cell.text for cell in line.cells] == [of["members"].text, of["attendance"].text]
    (group,) = filled(replace(TABLE, rows=TableRows.GROUPS), [found]).lines
    assert group.name == found.groups[0].name
    quarters = counts.quarters(2026)
    assert [each.name for each in filled(replace(TABLE, rows=TableRows.QUARTERS), quarters).lines] == [
        each.name for each in quarters
    ]


def test_with_a_county_only_its_branches_count(headquarters: Store) -> None:
    counts = BranchesStatistics(headquarters)
    found = counts.period(PERIOD)
    elsewhere = replace(
        found, branches=(*found.branches, replace(found.branches[0], branch_id="b", code="ZK99", county="太康党总支"))
    )
    both = filled(TABLE, [elsewhere])
    assert [line.name for line in both.lines][-1] == "全部"
    (line,) = filled(TABLE, [elsewhere], "太康党总支").lines
    assert line.code == "ZK99"
    for rows in (TableRows.GROUPS, TableRows.QUARTERS):
        (line,) = filled(replace(TABLE, rows=rows), [elsewhere], "太康党总支").lines
        assert [cell.branches for cell in line.cells] == [1, 1]
