"""The result of a race as a workbook: what lists for honours are made from, with the grounds beside each figure."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from desktop.services.numbers import signed
from desktop.services.race.rows import RaceRow, RaceTable
from desktop.services.race.scoring import plain
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn


def race_sheet(table: RaceTable) -> Sheet:
    """Return the sheet of a race: one column per indicator of its scheme."""
    indicators = table.rows[0].indicators if table.rows else ()
    return Sheet(
        kind="race",
        title="赛马结果",
        columns=(
            SheetColumn("group", "分组", width=22),
            SheetColumn("rank", "名次", looks="integer", width=8),
            SheetColumn("code", "代码", width=10),
            SheetColumn("name", "支部", width=28),
            SheetColumn("county", "党总支", width=22, if_used=True),
            SheetColumn("total", "总分", looks="decimal", width=10),
            SheetColumn("class", "类别", width=10),
            SheetColumn("movement", "较上季", width=10),
            *(
                SheetColumn(indicator.id, f"{indicator.name}（{plain(indicator.weight)}分）", looks="decimal", width=12)
                for indicator in indicators
            ),
            SheetColumn("penalties", "扣分", looks="decimal", width=8),
            SheetColumn("vetoes", "否决项", looks="long", width=24),
            SheetColumn("missing", "缺数据权重", looks="decimal", width=12),
            SheetColumn("reasons", "说明", looks="long", width=60),
            SheetColumn("moves", "怎样进入上一类", looks="long", width=48),
        ),
    )


def write_race(path: Path, table: RaceTable, on: date, counties: Mapping[str, str], only: str = "") -> int:
    """Write the race at `path`, `only` the branches of one county where it is named; return how many branches.

    `counties` says the county (党总支) of a branch by its id. Ranks are those of the whole group.
    """
    whose = f"{only}，名次为全组名次，" if only else ""
    title = f"{table.period_name}党支部赛马结果（{whose}{table.state.label}，方案{table.scheme_version}版）"
    shown = [row for row in table.rows if only in ("", counties.get(row.branch_id, ""))]
    cells = [{**_cells(row), "county": counties.get(row.branch_id) or None} for row in shown]
    return tables.write(path, race_sheet(table), cells, title, on)


def movement_text(row: RaceRow) -> str:
    """Say how the rank moved since the period before: 升1, 降2, 平, or nothing to compare."""
    moved = row.movement
    if moved is None:
        return "—"
    return f"升{moved}" if moved > 0 else f"降{-moved}" if moved < 0 else "平"


def _cells(row: RaceRow) -> dict[str, object]:
    return {
        "group": row.group_name,
        "rank": row.rank,
        "code": row.code,
        "name": row.name,
        "total": row.total,
        "class": row.class_name,
        "movement": movement_text(row),
        **{indicator.id: indicator.points for indicator in row.indicators},
        "penalties": sum(p.points for p in row.penalties) if row.penalties else None,
        "vetoes": "\n".join(veto.name for veto in row.vetoes) or None,
        "missing": row.missing_weight or None,
        "reasons": "\n".join(row.reasons),
        "moves": "\n".join(f"{m.name}：{m.now_text}→{m.target_text}，{signed(m.gain)}分" for m in row.chosen_moves),
    }
