"""A sheet while it is being read."""

from desktop.services.spreadsheets import budget
from desktop.services.spreadsheets.budget import Budget, refuse
from desktop.services.spreadsheets.text import Unreadable
from desktop.services.spreadsheets.workbook import Merge, SheetCells

NO_RESULT = Unreadable("公式", "公式的结果没有保存，请在Excel或WPS中打开并保存后再导入")


def error_value(text: str) -> Unreadable:
    """Return the cell of an error such as #N/A."""
    return Unreadable(text, f"单元格是Excel错误值{text}")


class Gathering:
    """Cells of one sheet as they come, within bounds; rows and columns from 1."""

    def __init__(self, title: str, spent: Budget, hidden: bool = False) -> None:
        """Begin a sheet."""
        spent.sheet()
        self.title = title
        self.hidden = hidden
        self._spent = spent
        self._rows: dict[int, dict[int, object]] = {}
        self._merges: list[Merge] = []
        self._odd: set[int] = set()
        self._struck: dict[int, int] = {}

    def put(self, row: int, column: int, value: object, struck: bool = False) -> None:
        """Keep a cell; an empty one is not worth it.

        Raises:
            InvalidInput: the sheet has too many rows or columns.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        if column > budget.MAX_COLUMNS:
            refuse(f"工作表“{self.title}”超过{budget.MAX_COLUMNS}列")
        cells = self._rows.get(row)
        if cells is None:
            cells = self._rows[row] = {}
            if len(self._rows) > budget.MAX_ROWS:
                refuse(f"工作表“{self.title}”超过{budget.MAX_ROWS}行")
        cells[column] = value
        if struck:
            self._struck[row] = self._struck.get(row, 0) + 1

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Keep a merged range.

        Raises:
            InvalidInput: all of them cover too much.
        """
        self._spent.cover(bottom - top + 1, right - left + 1)
        self._merges.append(Merge(top, left, bottom, right))

    def odd(self, row: int, last: int = 0) -> None:
        """Keep that a row, or those up to `last`, are hidden or filtered away."""
        self._odd.update(range(row, min(max(row, last), row + budget.MAX_ROWS) + 1))

    def done(self) -> SheetCells:
        """Return the sheet; what is merged downwards stands in each of its rows."""
        rows = self._rows
        odd = {row for row in self._odd if row in rows}
        odd |= {row for row, count in self._struck.items() if 2 * count > len(rows[row])}
        for merge in self._merges:
            above = rows.get(merge.top, {}).get(merge.left)
            if above is not None and merge.left == merge.right:
                for row in range(merge.top + 1, min(merge.bottom, merge.top + budget.MAX_ROWS) + 1):
                    rows.setdefault(row, {})[merge.left] = above
        kept = {row: dict(sorted(cells.items())) for row, cells in sorted(rows.items())}
        return SheetCells(self.title, kept, tuple(self._merges), self.hidden, frozenset(odd))
