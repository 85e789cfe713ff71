"""The tables of 统计 at headquarters: all figures, branch by branch, quarter by quarter, and the yearly sums."""

from dataclasses import dataclass
from decimal import Decimal

from desktop.services.numbers import NONE
from desktop.services.race.trend import TrendPoint
from desktop.services.standards.periods import quarter_name
from desktop.services.statistics.across import BranchStatistics, Statistics, SummedFigure
from desktop.services.statistics.measures import (
    ATTENDANCE,
    DUES_OWING,
    HOURS,
    MEDIAN,
    MEMBERS,
    OWN_RATE,
    VERIFIED_RATE,
    Measure,
    Total,
    total,
)
from desktop.ui.table_model import Column, Txt

OF_BRANCH = (MEMBERS, ATTENDANCE, DUES_OWING, HOURS, MEDIAN, OWN_RATE, VERIFIED_RATE)
LEAST_WIDTH, A_CHARACTER, EDGES = 104, 14, 28
LONGEST = (VERIFIED_RATE, MEMBERS, OWN_RATE, ATTENDANCE, DUES_OWING, HOURS, MEDIAN)
"""The figures of a branch, the one that stays longest where the window narrows first."""


def with_unit(total: Total) -> str:
    """Return a figure as it is read, with what it counts."""
    return total.text if total.unit == "%" or total.value is None else f"{total.text} {total.unit}"


def _bare(total: Total) -> str:
    """Return a figure where its unit stands beside it."""
    return total.text.removesuffix("%")


FIGURE_COLUMNS: tuple[Column[Total], ...] = (
    Column("范围", lambda each: each.measure.area, width=150, tone="sub", fold=700),
    Column("项目", lambda each: each.measure.name),
    Column("数字", lambda each: each.value, cell=lambda each: Txt(_bare(each), bold=True), width=104),
    Column("单位", lambda each: each.unit, width=72, tone="sub"),
    Column("怎样算出", lambda each: each.missing or each.words, width=190, tone="sub", fold=560),
)
YEARLY_COLUMNS: tuple[Column[SummedFigure], ...] = (
    Column("项目", lambda each: each.group, width=180, tone="sub"),
    Column("分类", lambda each: each.label),
    Column("人数", lambda each: each.count, width=90),
    Column("支部", lambda each: sum(bool(people) for _, people in each.branches), width=90, tone="sub"),
)


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """One measure over the quarters of the year."""

    measure: Measure
    totals: tuple[Total | None, ...]


def branch_column(measure: Measure) -> Column[BranchStatistics]:
    """Return the column of one measure in the list of branches."""

    def of(branch: BranchStatistics) -> Total:
        return total(measure, [branch.counts.get(measure.id)])

    title = measure.name.removeprefix("党费")
    return Column(
        title,
        lambda branch: of(branch).value,
        cell=lambda branch: Txt(of(branch).text),
        unit=total(measure, []).unit,
        width=max(LEAST_WIDTH, len(title) * A_CHARACTER + EDGES),
        fold=520 + 80 * LONGEST.index(measure),
    )


def quarter_column(number: int) -> Column[QuarterLine]:
    """Return the column of a quarter, counted from 0."""

    def of(line: QuarterLine) -> Total | None:
        return line.totals[number] if number < len(line.totals) else None

    def value(line: QuarterLine) -> Decimal | None:
        found = of(line)
        return None if found is None else found.value

    def cell(line: QuarterLine) -> Txt:
        found = of(line)
        return Txt(NONE, "sub") if found is None or found.value is None else Txt(_bare(found))

    return Column(quarter_name(number + 1), value, cell=cell, width=104)


def lacking_column() -> Column[QuarterLine]:
    """Return the column that says which quarter leaves branches out of a figure, and why."""

    def words(line: QuarterLine) -> str:
        told = [
            f"{quarter_name(number + 1)} {each.lacking_words}"
            for number, each in enumerate(line.totals)
            if each is not None and each.value is not None and each.lacking
        ]
        return "；".join(told)

    return Column("没有计入的", words, width=200, tone="sub", fold=900)


def unit_column() -> Column[QuarterLine]:
    """Return the column that says what the numbers of a line are in."""
    return Column("单位", lambda line: total(line.measure, []).unit, width=72, tone="sub")


def trend_point(found: Statistics, group: str = "") -> TrendPoint:
    """Return a quarter for the chart: the verified mean as its line, the branches' own as the dashed one."""
    branches, totals = found.of(group)
    by_id = {each.measure.id: each.value for each in totals}
    return TrendPoint(
        period=found.period,
        period_name=found.name,
        total=by_id[VERIFIED_RATE.id],
        rank=None,
        group_size=len(branches),
        class_id="",
        class_name="",
        group_mean=by_id[OWN_RATE.id],
        shares=(),
    )
