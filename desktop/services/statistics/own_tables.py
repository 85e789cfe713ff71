"""Tables of one's own (自选表): figures chosen by headquarters, a line per branch, group or quarter, kept by name."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.statistics import TableRows
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.progress import Progress, silent
from desktop.services.statistics.across import BranchesStatistics, Statistics
from desktop.services.statistics.measures import Measure, Total, totals
from desktop.services.store import put_setting

if TYPE_CHECKING:
    from desktop.services.store import Store

NAME, MEASURES, ROWS = Input("name", "表名"), Input("measures", "数字"), Input("rows", "每行是")
LONGEST_NAME, MOST_MEASURES, MOST_TABLES = 30, 12, 50


@dataclass(frozen=True, slots=True)
class OwnTable:
    """What a table shows: which figures, by the id of their measure, and what a line stands for."""

    name: str
    rows: TableRows
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line: whose figures they are, and the figures, in the order of the measures."""

    code: str
    name: str
    cells: tuple[Total, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTable:
    """A table with its figures. `note` says who is not counted, and which chosen figures nobody has."""

    name: str
    measures: tuple[Measure, ...]
    lines: tuple[TableLine, ...]
    note: str


class OwnTableService:
    """The tables that headquarters keeps by name."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def tables(self) -> list[OwnTable]:
        """Return the tables that are kept, by name."""
        kept: Mapping[str, Mapping[str, object]] = json.loads(self._store.setting(SettingName.OWN_TABLES) or "{}")
        return [_table(name, values) for name, values in sorted(kept.items())]

    def table(self, name: str) -> OwnTable:
        """Return the table of this name.

        Raises:
            NotFound: there is none.
        """
        for table in self.tables():
            if table.name == name:
                return table
        raise NotFound(what="自选表", name=name)

    def counted(self, table: OwnTable | None, period: str, progress: Progress = silent) -> tuple[Statistics, ...]:
        """Return what a table is filled from: the period, or every quarter of its year where a line is a quarter.

        Raises:
            InvalidInput: this is no headquarters, or the period has not begun.
            Cancelled: `progress` asked to stop.
        """
        counts = BranchesStatistics(self._store)
        if table is not None and table.rows is TableRows.QUARTERS:
            return counts.quarters(int(period[:4]), progress)
        return (counts.period(period, progress),)

    def save(self, table: OwnTable, before: str = "") -> OwnTable:
        """Keep a table; `before` is the name it had, where it was kept already.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: the name is empty, too long or another table's, no figure or too many are chosen, or there
                are too many tables.
        """
        self._store.rights.require_setting(SettingName.OWN_TABLES)
        name, kept = table.name.strip(), {each.name: each for each in self.tables()}
        if not name or len(name) > LONGEST_NAME:
            raise InvalidInput(NAME, f"不能为空，最多{LONGEST_NAME}字")
        if name != before and name in kept:
            raise InvalidInput(NAME, "已经有一张表叫这个名字")
        measures = tuple(dict.fromkeys(table.measures))
        if not 0 < len(measures) <= MOST_MEASURES:
            raise InvalidInput(MEASURES, f"选1到{MOST_MEASURES}项")
        kept.pop(before, None)
        if len(kept) >= MOST_TABLES:
            raise InvalidInput(NAME, f"最多存{MOST_TABLES}张，先删掉不用的")
        kept[name] = saved = OwnTable(name, table.rows, measures)
        self._keep(f"保存自选表“{name}”", list(kept.values()))
        return saved

    def remove(self, name: str) -> None:
        """Forget a table.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is none of this name.
        """
        self._store.rights.require_setting(SettingName.OWN_TABLES)
        kept = self.tables()
        if name not in {each.name for each in kept}:
            raise NotFound(what="自选表", name=name)
        self._keep(f"删除自选表“{name}”", [each for each in kept if each.name != name])

    def _keep(self, sentence: str, tables: Sequence[OwnTable]) -> None:
        values = {each.name: {"rows": each.rows.value, "measures": list(each.measures)} for each in tables}
        with self._store.unit_of_work(sentence) as session:
            put_setting(session, SettingName.OWN_TABLES, json.dumps(values, ensure_ascii=False))


def filled(table: OwnTable, of_all: Sequence[Statistics], county: str = "") -> FilledTable:
    """Return a table with its figures: of the period in view, or of the quarters of a year, a line for each.

    With a county only its branches count.
    """
    counted = [found.within(county) for found in of_all]
    known = {measure.id: measure for found in counted for measure in found.measures}
    measures = tuple(known[chosen] for chosen in table.measures if chosen in known)
    lines: list[TableLine] = []
    for found in counted:
        if table.rows is TableRows.QUARTERS:
            lines.append(TableLine("", found.name, _cells(measures, found.totals)))
            continue
        if table.rows is TableRows.GROUPS:
            lines += [TableLine("", group.name, _cells(measures, group.totals)) for group in found.groups]
        else:
            lines += [TableLine(each.code, each.name, totals(measures, [each.counts])) for each in found.branches]
        if len(lines) > 1:
            lines.append(TableLine("", "全部", _cells(measures, found.totals)))
    absent = len(table.measures) - len(measures)
    told = [words for found in counted if table.rows is not TableRows.QUARTERS for words in found.coverage]
    told += [f"选的数字里有 {absent} 项各支部都没有"] if absent and counted else []
    return FilledTable(name=table.name, measures=measures, lines=tuple(lines), note="；".join(told))


def _cells(measures: Sequence[Measure], figures: Sequence[Total]) -> tuple[Total, ...]:
    of = {each.measure.id: each for each in figures}
    return tuple(of[measure.id] if measure.id in of else totals([measure], [])[0] for measure in measures)


def _table(name: str, values: Mapping[str, object]) -> OwnTable:
    measures = values.get("measures")
    chosen = tuple(str(each) for each in measures) if isinstance(measures, list) else ()
    return OwnTable(name, TableRows(str(values.get("rows"))), chosen)
