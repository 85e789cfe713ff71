"""The verb about the yearly organisational life meeting and appraisal: the round of a year, as data."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import open_branch
from desktop.cli.outcome import Outcome

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.appraisal.rows import Line, Round


def appraisal(options: argparse.Namespace) -> Outcome:
    """Say how far the round of a year is, its ballots and grades in sums, and what is open of its problems."""
    from desktop.services.appraisal.service import AppraisalService

    with open_branch(options) as store:
        service = AppraisalService(store)
        found = service.round(options.year or service.year_in_work())
    return Outcome(of_round(found), _lines(found))


def of_round(found: "Round") -> dict[str, Any]:
    """Return the object of `appraisal`; votes are four sums in the order of the grades, null where none is typed."""
    from desktop.models.vocabulary.meetings import AppraisalGrade

    facts, quota = found.facts, found.quota
    excellent = found.count(AppraisalGrade.EXCELLENT)
    return {
        "year": found.for_year,
        "begun": found.begun,
        "closes": found.closes.isoformat(),
        "late": found.late,
        "meeting": _iso(found.meeting_on),
        "decided": _iso(facts.decided_on),
        "published": _iso(facts.published_on),
        "steps": [
            {
                "step": step.key.value,
                "name": step.key.label,
                "state": step.state.value,
                "lacking": list(step.lacking),
                "faults": list(step.faults),
            }
            for step in found.steps
        ],
        "ballots": {"issued": facts.issued, "collected": facts.collected, "valid": facts.valid},
        "branch": {
            "good": facts.branch_good,
            "fair": facts.branch_fair,
            "average": facts.branch_average,
            "poor": facts.branch_poor,
        },
        "quota": {
            "base": quota.base.value,
            "people": quota.people,
            "most": quota.most,
            "excellent": excellent,
            "words": quota.words(excellent),
        },
        "members": [_line(found, line) for line in found.lines],
        "criticisms": len(found.criticisms),
        "opinions": sum(opinion.times for opinion in found.opinions),
        "problems": [
            {
                "id": problem.id,
                "title": problem.title,
                "from": problem.traced or None,
                "due_on": problem.due_on.isoformat(),
                "closed_on": _iso(problem.closed_on),
                "state": problem.state.value,
            }
            for problem in found.problems
        ],
    }


def _line(found: "Round", line: "Line") -> dict[str, Any]:
    return {
        "name": line.name,
        "id": line.member_id,
        "full": line.full,
        "takes_part": line.takes_part,
        "self_grade": line.self_grade and line.self_grade.value,
        "votes": list(line.votes),
        "difference": line.difference(found.facts.valid),
        "grade": line.grade and line.grade.value,
        "grade_name": line.grade.label if line.grade else None,
        "fed_back_on": _iso(line.fed_back_on),
        "signed_on": _iso(line.signed_on),
    }


def _iso(day: "date | None") -> str | None:
    return day.isoformat() if day else None


def _lines(found: "Round") -> str:
    from desktop.models.vocabulary.meetings import AppraisalGrade

    if not found.begun:
        return f"{found.for_year}年度组织生活会和民主评议还没有开始，应在{found.closes}前办完"
    out = [f"{found.for_year}年度组织生活会和民主评议：{found.at.key.label}"]
    for step in found.steps:
        lacking = f"，还缺{'、'.join(step.lacking)}" if step.lacking else ""
        faults = f"，{'；'.join(step.faults)}" if step.faults else ""
        out.append(f"  {step.key.label} {step.state.label} {step.on} {step.count}{lacking}{faults}".rstrip())
    counts = "，".join(f"{grade.label} {found.count(grade)}" for grade in AppraisalGrade)
    waiting = found.count(None)
    out.append(f"  {counts}" + (f"，待定 {waiting}" if waiting else ""))
    out.append(f"  {found.quota.words(found.count(AppraisalGrade.EXCELLENT))}")
    closed = sum(problem.closed for problem in found.problems)
    out.append(f"  整改清单 {len(found.problems)} 条，已销号 {closed} 条")
    return "\n".join(out)
