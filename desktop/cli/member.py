"""The verb about one member: the year on one page, as data."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import open_branch
from desktop.cli.outcome import Outcome

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from desktop.services.member_year.rows import DuesStrip, KindYear, Learning, MemberYear, PointsOfYear


def member(options: argparse.Namespace) -> Outcome:
    """Say what a member did in a year, and what is lacking."""
    from desktop.services.member_year.service import MemberYearService
    from desktop.services.members import MemberService

    with open_branch(options) as store:
        member_id = MemberService(store).find(options.member)
        found = MemberYearService(store).year(member_id, options.year or store.today.year)
    return Outcome(of_member_year(found), _lines(found))


def of_member_year(year: "MemberYear") -> dict[str, Any]:
    """Return the object of `member`; hours are numbers, amounts texts with two places, months run from January on."""
    left = year.left
    return {
        "name": year.member.name,
        "id": year.member.id,
        "year": year.year,
        "on": year.on.isoformat(),
        "state": year.member.state_text,
        "since": _iso(year.since),
        "left": left and {"on": _iso(left.on), "how": left.how, "document_no": left.document_no or None},
        "verdict": year.verdict,
        "lacking": [{"what": lack.what, "verb": lack.verb} for lack in year.lacks],
        "attendance": {
            "came": year.came,
            "expected": year.expected,
            "kinds": [_kind(kind) for kind in year.kinds],
        },
        "training": _learning(year.learning),
        "dues": _dues(year.dues),
        "talks": [
            {"id": talk.id, "on": _iso(talk.on), "who": talk.who, "kind": talk.kind, "about": talk.about}
            for talk in year.talks
        ],
        "pledges": [
            {
                "id": pledge.id,
                "title": pledge.title,
                "on": _iso(pledge.on),
                "due_on": _iso(pledge.due_on),
                "state": pledge.state.value,
            }
            for pledge in year.pledges
        ],
        "tasks": [
            {
                "id": task.id,
                "what": task.what,
                "meeting": task.meeting_id,
                "due_on": _iso(task.due_on),
                "done_on": _iso(task.done_on),
                "state": task.state.value,
            }
            for task in year.tasks
        ],
        "posts": [
            {"post": held.post.value, "name": held.post.label, "from": _iso(held.from_on), "to": _iso(held.to_on)}
            for held in year.posts
        ],
        "honours": [
            {"id": each.id, "on": _iso(each.on), "title": each.title, "level": each.level} for each in year.honours
        ],
        "points": _points(year.points),
        "files": [{"id": file.id, "name": file.name, "on": _iso(file.on)} for file in year.files],
    }


def _kind(kind: "KindYear") -> dict[str, Any]:
    return {
        "kind": kind.kind.value,
        "name": kind.kind.label,
        "came": kind.came,
        "expected": kind.expected,
        "months": [cell.state.value for cell in kind.cells],
        "meetings": [
            {
                "id": each.meeting_id,
                "on": each.on.isoformat(),
                "state": each.state.value,
                "reason": each.reason or None,
                "made_up_on": _iso(each.made_up_on),
            }
            for cell in kind.cells
            for each in cell.meetings
        ],
    }


def _learning(learning: "Learning") -> dict[str, Any]:
    latest = learning.latest
    return {
        "target": learning.target,
        "on_committee": learning.on_committee,
        "hours": _number(learning.hours),
        "so_far": _number(learning.so_far),
        "meetings": _number(learning.meetings),
        "courses": _number(learning.courses),
        "self_study": _number(learning.own),
        "central_courses": learning.sessions,
        "central_courses_asked": learning.sessions_asked,
        "lacking": _number(learning.lacking),
        "reached": learning.reached,
        "latest": latest and {"title": latest.title, "on": _iso(latest.on), "hours": _number(latest.hours)},
    }


def _points(points: "PointsOfYear | None") -> dict[str, Any] | None:
    if points is None:
        return None
    sums = points.sums
    return {
        "total": float(sums.total),
        "level": sums.level or None,
        "level_name": sums.level_name,
        "exempt": sums.exempt or None,
        "reward": float(sums.reward),
        "deduction": float(sums.deduction),
        "entries": points.lines,
        "categories": [
            {
                "id": each.id,
                "name": each.name,
                "points": None if each.ahead else float(each.got),
                "max": float(each.cap),
                "ahead": each.ahead,
            }
            for each in points.categories
        ],
    }


def _dues(dues: "DuesStrip") -> dict[str, Any] | None:
    from desktop.services.dues.words import yuan

    row = dues.row
    if not dues.begun or row is None:
        return None
    return {
        "monthly": yuan(row.monthly_fen) or None,
        "provisional": row.provisional,
        "due": [yuan(cell.due_fen) for cell in row.cells],
        "paid": [yuan(cell.paid_fen) for cell in row.cells],
        "states": [cell.state.value for cell in row.cells],
        "months_due": dues.due,
        "months_paid": dues.paid,
        "paid_to": row.paid_to,
        "arrears": yuan(row.owed_fen),
    }


def _iso(day: "date | None") -> str | None:
    return day.isoformat() if day else None


def _number(value: "Fraction") -> float:
    return round(float(value), 2)


def _lines(year: "MemberYear") -> str:
    from desktop.services.standards.verdict import amount

    head = f"{year.member.name} {year.year}年（截至{year.on}）"
    out = [f"{head}{year.since_words and '，' + year.since_words}：{year.verdict}"]
    out += [f"  {lack.what}" for lack in year.lacks]
    out.append(f"  出勤 {year.came} / {year.expected}")
    out += [f"    {kind.kind.label} {kind.came} / {kind.expected}" for kind in year.kinds if kind.expected]
    learning = year.learning
    asked = f" / {learning.target}" if learning.target is not None else f"，{learning.why_none}"
    out.append(f"  学时 {amount(learning.hours)}{asked}")
    if year.dues.begun and year.dues.row is not None:
        out.append(f"  党费 {year.dues.paid} / {year.dues.due} 个月")
    if year.points is not None:
        out.append(f"  积分 {year.points.sums.total}（{year.points.sums.level_name}）")
    counts = (("谈话", len(year.talks), "次"), ("承诺", len(year.pledges), "项"), ("任务", len(year.tasks), "件"))
    out.append("  " + "，".join(f"{what} {count} {unit}" for what, count, unit in counts))
    return "\n".join(out)
