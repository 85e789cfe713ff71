"""The verb about statistics of all branches: every figure with its base, by group and branch, and who is left out."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from desktop.cli.outcome import Outcome
from desktop.cli.shapes import number
from desktop.cli.terminal import open_for
from desktop.models.vocabulary.stores import StoreKind

if TYPE_CHECKING:
    from desktop.services.statistics.across import LeftOut, Statistics, YearlySum
    from desktop.services.statistics.measures import Count, Total
    from desktop.services.statistics.own_tables import FilledTable


def statistics(options: argparse.Namespace) -> Outcome:
    """Say what all branches come to in a quarter or a year; of a year the yearly party statistics too."""
    from desktop.services.statistics.across import BranchesStatistics
    from desktop.services.statistics.own_tables import OwnTableService, filled
    from desktop.services.years import year_of_work

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        service, year = BranchesStatistics(store), options.year or year_of_work(store)
        period = f"{year}Q{options.quarter}" if options.quarter else str(year)
        if options.table:
            tables = OwnTableService(store)
            table = tables.table(options.table)
            shown = filled(table, tables.counted(table, period), options.county)
            return Outcome(of_table(shown, period, options.county), _table_lines(shown))
        found = service.period(period).within(options.county)
        yearly = None if options.quarter or options.county else service.yearly(year)
    return Outcome(of_statistics(found, yearly), _lines(found, yearly))


def of_table(shown: "FilledTable", period: str, county: str) -> dict[str, Any]:
    """Return the object of `statistics --table`: a line per branch, group or quarter, its figures in order."""
    return {
        "period": period,
        "table": shown.name,
        "county": county or None,
        "lines": [
            {"branch": line.code or None, "name": line.name, "figures": [_total(each) for each in line.cells]}
            for line in shown.lines
        ],
        "note": shown.note or None,
    }


def of_statistics(found: "Statistics", yearly: "YearlySum | None") -> dict[str, Any]:
    """Return the object of `statistics`; `value` is null where a figure could be counted of no branch."""
    return {
        "period": found.period,
        "figures": [_total(each) for each in found.totals],
        "groups": [
            {
                "group": group.id,
                "name": group.name,
                "branches": group.branches,
                "figures": [_total(each) for each in group.totals],
            }
            for group in found.groups
        ],
        "branches": [
            {
                "branch": branch.code,
                "name": branch.name,
                "group": branch.group,
                "package": branch.seq,
                "as_of": branch.on.isoformat(),
                "figures": _counts(branch.counts),
            }
            for branch in found.branches
        ],
        "not_reported": _left_out(found.left_out, asked=True),
        "not_asked": _left_out(found.left_out, asked=False),
        "yearly": None if yearly is None else _yearly(yearly),
    }


def _total(total: "Total") -> dict[str, Any]:
    measure = total.measure
    return {
        "id": measure.id,
        "area": measure.area,
        "name": measure.name,
        "unit": total.unit,
        "value": number(total.value),
        "top": float(total.top) if total.branches else None,
        "base": float(total.base) if total.branches else None,
        "branches": total.branches,
        "left_out": total.lacking,
        "words": total.words,
    }


def _counts(counts: "Mapping[str, Count]") -> dict[str, Any]:
    return {
        name: {
            "top": float(count.top),
            "base": float(count.base),
            "lines": [
                {
                    "what": line.what,
                    "note": line.note or None,
                    "kind": line.kind or None,
                    "record": line.record or None,
                    "item": line.item or None,
                }
                for line in count.lines
            ],
        }
        for name, count in counts.items()
    }


def _yearly(found: "YearlySum") -> dict[str, Any]:
    return {
        "year": found.year,
        "figures": [
            {
                "group": figure.group,
                "label": figure.label,
                "count": figure.count,
                "branches": {code: len(people) for code, people in figure.branches},
            }
            for figure in found.figures
        ],
        "wrong": [{"branch": code, "what": what} for code, what in found.wrong],
        "notes": [{"branch": code, "what": what} for code, what in found.notes],
        "not_reported": _left_out(found.left_out, asked=True),
        "not_asked": _left_out(found.left_out, asked=False),
    }


def _left_out(found: "Sequence[LeftOut]", *, asked: bool) -> list[dict[str, str]]:
    """Return who is not counted, of those that owe the period or of those that do not."""
    return [
        {"branch": each.code, "name": each.name, "group": each.group, "why": each.why}
        for each in found
        if each.asked is asked
    ]


def _table_lines(shown: "FilledTable") -> str:
    from desktop.services.statistics.measures import lacking_of

    out = [shown.name + (f"（{shown.note}）" if shown.note else "")]
    for line in shown.lines:
        cells = "，".join(f"{each.measure.heading} {each.text}" for each in line.cells)
        whose = "　".join(filter(None, (line.code, line.name)))
        left = lacking_of(line.cells)
        out.append(f"  {whose}  {cells}" + (f"（{left}）" if left else ""))
    return "\n".join(out)


def _lines(found: "Statistics", yearly: "YearlySum | None") -> str:
    from desktop.services.statistics.measures import no_data_of

    out = ["，".join((f"{found.name}：{len(found.branches)} 个支部", *found.coverage))]
    out += [
        f"  {total.measure.area}  {total.measure.name}  {total.text}（{total.words}）"
        for total in found.totals
        if total.value is not None
    ]
    none = no_data_of(found.totals) if found.branches else ""
    out += [f"  {none}"] if none else []
    if yearly is not None:
        out.append("年报底数合计")
        out += [f"  {figure.group}  {figure.label}  {figure.count}" for figure in yearly.figures]
        out += [f"  {code} 不对：{what}" for code, what in yearly.wrong]
    return "\n".join(out)
