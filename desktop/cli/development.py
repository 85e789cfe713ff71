"""The verb about admissions: every case held against the rules, step by step."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import branch_of_code
from desktop.cli.outcome import Outcome
from desktop.cli.terminal import open_for

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.development.examine import NeededPaper, StepView
    from desktop.services.development.rows import CaseRow


def development(options: argparse.Namespace) -> Outcome:
    """Say how far every admission is, what comes next and by when, and what breaks a rule."""
    from desktop.services.development.service import DevelopmentService

    with open_for(options) as store:
        branch = branch_of_code(store, options.branch) if options.branch else None
        service = DevelopmentService(store)
        rows = service.cases(options.on or store.today, branch_id=branch, ended=None if options.all else False)
        editions = {rules.id: rules.name for rules in service.law().development.values()}
        return Outcome({"cases": [_case(row) for row in rows]}, _lines(rows, editions))


def _case(row: "CaseRow") -> dict[str, Any]:
    view = row.view
    return {
        "id": row.id,
        "name": row.name,
        "ruleset": row.ruleset or (view.next.edition if view.next else view.steps[-1].edition),
        "rulesets": [row.ruleset] if row.ruleset else list(view.rulesets),
        "stage": view.stage,
        "state": row.state.value,
        "next": view.next.step.no if view.next else None,
        "due": _iso(view.due),
        "steps": [_step(step) for step in view.steps],
    }


def _step(step: "StepView") -> dict[str, Any]:
    return {
        "no": step.step.no,
        "name": step.step.name,
        "done_on": _iso(step.done_on),
        "earliest": _iso(step.earliest),
        "latest": _iso(step.latest),
        "papers": [_paper(paper) for paper in step.papers],
        "breach": step.breach or None,
        "warning": step.warning or None,
        "ruleset": step.edition,
        "clause": step.clause,
        "provisional": any(made.provisional for made in step.sums),
        "state": step.state.value,
    }


def _paper(paper: "NeededPaper") -> dict[str, Any]:
    return {
        "name": paper.name,
        "needed": paper.needed,
        "there": bool(paper.there),
        "dated_on": _iso(paper.there[0].on) if paper.there else None,
    }


def _iso(day: "date | None") -> str | None:
    return day.isoformat() if day else None


def _lines(rows: "list[CaseRow]", editions: dict[str, str]) -> str:
    if not rows:
        return "没有在办的发展党员。"
    out = []
    for row in rows:
        view = row.view
        rules = "、".join(editions.get(name, name) for name in ([row.ruleset] if row.ruleset else view.rulesets))
        coming = f"下一步第{view.next.step.no}步“{view.next.step.name}”" if view.next else row.state.label
        due = f"，{view.due}前" if view.due else ""
        out.append(f"{row.name}  {coming}{due}（{rules}）")
        out += [f"  第{problem.no}步不符：{problem.what}" for problem in view.breaches]
        out += [f"  第{problem.no}步留意：{problem.what}" for problem in view.warnings]
    return "\n".join(out)
