"""The branches of 总览 as lines with columns: what `list` says of them."""

from typing import TYPE_CHECKING

from desktop.services.branch_overview import overview_rows
from desktop.services.progress import silent
from desktop.services.race.editions import period_name, scheme_in_force
from desktop.services.reporting_due import due_quarter
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn
from desktop.services.years import year_of_work

if TYPE_CHECKING:
    from desktop.services.branch_overview import BranchOverview
    from desktop.services.store import Store

SHEET = Sheet(
    kind="overview",
    title="支部总览",
    columns=tuple(
        SheetColumn(name, label)
        for name, label in (
            ("year", "年份"),
            ("code", "编号"),
            ("name", "支部"),
            ("group", "分组"),
            ("county", "党总支"),
            ("state", "登记"),
            ("members", "在册党员"),
            ("last_seq", "最后一包"),
            ("last_received_on", "收包日期"),
            ("due", "本期"),
            ("lateness", "本期报送"),
            ("own_rate", "自评得分率"),
            ("rate", "核定得分率"),
            ("apart", "核定比自评"),
            ("pending", "核定待评"),
            ("scored_on", "得分算到"),
            ("race_period", "评比周期"),
            ("rank", "名次"),
            ("race_class_name", "类别"),
            ("program", "程序"),
        )
    ),
)
PLAIN = ("code", "name", "county", "members", "last_seq", "last_received_on", "apart", "pending", "scored_on", "rank",
         "race_class_name", "program")  # fmt: skip
"""What a line says as the overview has it."""


class BranchList:
    """All branches of headquarters as they stand in a year. They are only looked at: nobody types them."""

    name, title = SHEET.kind, SHEET.title

    def __init__(self, store: "Store") -> None:
        self._store = store

    def sheet(self) -> Sheet:
        """Return the columns."""
        return SHEET

    def rows(self, year: int | None = None) -> Rows:
        """Return the branches by code, in `year` or the one people work on; a rate only where quality was judged."""
        store = self._store
        wanted = year_of_work(store) if year is None else year
        due = due_quarter(store, wanted)
        with store.reading() as session:
            groups = {group.id: group.name for group in scheme_in_force(session, store.today).groups}

        def line(branch: "BranchOverview") -> dict[str, object]:
            return {name: getattr(branch, name) for name in PLAIN} | {
                "id": branch.branch_id,
                "year": wanted,
                "group": groups.get(branch.group, branch.group),
                "state": branch.state.label,
                "due": due.name,
                "lateness": due.lateness(branch, store.today).words,
                "own_rate": branch.own_rate if branch.own_rated else None,
                "rate": branch.rate if branch.quality_rated else None,
                "race_period": period_name(branch.race_period) if branch.race_period else "",
            }

        return [line(branch) for branch in overview_rows(store, wanted, silent, at_once=False)]
