"""The end of a year over many branches: a fourth quarter, two minutes nearly the same, the race of the year published.

    .venv/bin/python -m tests.many_branches FOLDER --branches 30 --year-end

It goes on where `tests.many_branches` ends. The meetings of the fourth quarter are those of the third, three months
later; the first two branches took the minutes of one meeting from each other.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import load_workbook

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.paths import resource
from desktop.services.demo import LOGIN, PASSWORD, clock_on
from desktop.services.meetings import MeetingDraft, MeetingService, Speech
from desktop.services.opening import open_store
from desktop.services.race.closing import ClosingService
from desktop.services.race.service import RaceService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.workbooks import book
from installer.samples.sheets import write
from tests.many_branches import HEADQUARTERS, PLAN, STICK, STORES, Drawn, draw, groups_of, lines_of

YEAR = int(PLAN["year"])
HANDED_IN, TAKEN_IN = date(YEAR + 1, 1, 8), date(YEAR + 1, 1, 12)
QUARTERS = tuple(f"{YEAR}Q{number}" for number in (1, 2, 3, 4))
TWINS = (1, 2)
"""The branches, by number, whose minutes of one meeting are nearly the same."""
_DAY = re.compile(rf"({YEAR})([-年./]0?)([789])(?=[-月./])")
_SAID = (
    "传达了市局关于节日期间烟草市场秩序的通知，要求每名党员包联十户零售户，节前走访一遍，把价格、库存、真假卷烟辨识讲清楚；"
    "有同志提出物流旺季夜班人手紧，建议机关党员每周支援两个晚上，登记到志愿服务台账。"
)
_ALONE = ("仓储班组汇报了分拣线停机检修。", "会上通报车辆年检和换胎的进度。")


def end_year(folder: Path, branches: int, seed: int, processes: int = 2, *, bare: bool = False) -> Path:
    """Let the branches that `build` made in `folder` hand in the fourth quarter, and headquarters publish the quarters
    and the year; return the folder of its store.
    """
    path = folder / STORES / HEADQUARTERS
    with open_store(path, PASSWORD, LOGIN, clock=clock_on(PLAN["on"])) as headquarters:
        drawn = list(draw(branches, groups_of(headquarters), seed, bare=bare))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        packages = list(pool.map(_fourth_quarter, ((folder, one) for one in drawn)))
    sample = resource("samples") / PLAN["headquarters"]["folder"] / "race_inputs.xlsx"
    with open_store(path, PASSWORD, LOGIN, clock=clock_on(TAKEN_IN)) as headquarters:
        refused = [row for row in Receiver(headquarters).receive(packages) if row.code != "OK"]
        if refused:
            raise RuntimeError(f"refused: {refused}")
        race = RaceService(headquarters)
        for period in (*QUARTERS, str(YEAR)):
            chance = Random(f"{seed} {period}")
            head, *rows = load_workbook(sample).active.iter_rows(values_only=True)
            inputs = folder / f"race_inputs_{period}.xlsx"
            write(inputs, "数据", [str(cell) for cell in head], _of(period, lines_of(rows, drawn, chance)))
            book(headquarters, "race_inputs").import_file(inputs)
            if period in QUARTERS:
                ClosingService(headquarters).close(period)
            race.score(period)
            race.publish(period)
    return path


def _of(period: str, lines: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for code, _period, *rest in lines:
        yield (code, period, *rest)


def _fourth_quarter(task: tuple[Path, Drawn]) -> Path:
    """Let one branch take the meetings of the third quarter once more, three months later, and hand in."""
    folder, one = task
    with open_store(folder / STORES / one.code, PASSWORD, LOGIN, clock=clock_on(HANDED_IN)) as store:
        head, *rows = load_workbook(resource("samples") / one.folder / "meetings.xlsx").active.iter_rows(
            values_only=True
        )
        moved = [tuple(later(cell) for cell in row) for row in rows if row[1] != later(row[1])]
        path = folder / f"{one.code}_meetings.xlsx"
        write(path, "数据", [str(cell) for cell in head], moved)
        book(store, "meetings").import_file(path)
        if one.number in TWINS:
            said = Speech("支部书记", _SAID + _ALONE[TWINS.index(one.number)])
            day = date(YEAR, 12, 21 + one.number)
            draft = MeetingDraft(MeetingKind.COMMITTEE_MEETING, day, topic="部署节前保供和包联走访", speeches=(said,))
            MeetingService(store).record(draft)
        return Sender(store).pack(folder / STICK, QUARTERS[-1]).file


def later(cell: Any) -> Any:
    """Return a day of the third quarter three months later, also within words; any other cell as it is."""
    if isinstance(cell, datetime) and cell.year == YEAR and 7 <= cell.month <= 9:
        return cell.replace(month=cell.month + 3, day=min(cell.day, 30))
    if isinstance(cell, str):
        return _DAY.sub(lambda day: f"{day[1]}{day[2].removesuffix('0')}{int(day[3]) + 3}", cell)
    return cell
