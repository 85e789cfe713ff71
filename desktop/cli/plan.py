"""The verb about the year plan: what the standard asks for, on which day it is planned and was held."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import open_branch
from desktop.cli.outcome import Outcome

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.year_plan.rows import Duty, YearPlan


def plan(options: argparse.Namespace) -> Outcome:
    """Say what a year asks for, period by period, and where each stands."""
    from desktop.services.year_plan.service import YearPlanService

    with open_branch(options) as store:
        found = YearPlanService(store).year(options.year or store.today.year)
    return Outcome(of_plan(found), _lines(found))


def of_plan(plan: "YearPlan") -> dict[str, Any]:
    """Return the object of `plan`; `from` and `to` are the days on which a duty may be done."""
    return {
        "year": plan.year,
        "on": plan.today.isoformat(),
        "duties": [
            {
                "what": duty.what,
                "from": duty.first.isoformat(),
                "to": duty.last.isoformat(),
                "planned": _iso(duty.planned),
                "held": _iso(duty.held),
                "state": duty.state.value,
            }
            for duty in plan.duties
        ],
    }


def _iso(day: "date | None") -> str | None:
    return day.isoformat() if day else None


def _lines(plan: "YearPlan") -> str:
    out = [
        f"{plan.year}年（截至{plan.today}）：{len(plan.duties)} 件，待办 {sum(each.open for each in plan.duties)} 件"
    ]
    out += [f"  {_line(duty)}" for duty in sorted(plan.duties, key=lambda each: (each.last, each.what)) if duty.open]
    return "\n".join(out)


def _line(duty: "Duty") -> str:
    day = f"，排在{duty.planned}" if duty.planned else ""
    more = f"，{duty.lacking}" if duty.lacking else ""
    return f"{duty.state.label} {duty.title}（{duty.first}至{duty.last}{day}{more}）"
