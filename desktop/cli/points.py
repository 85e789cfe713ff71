"""The verb about the points of members: the sums of a year, each line with its rule and record, and what was posted."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.branches import open_branch
from desktop.cli.outcome import Outcome

if TYPE_CHECKING:
    from desktop.services.points.claim_rows import ClaimRow
    from desktop.services.points.publishing import Publication
    from desktop.services.points.reckoning import Entry, MemberPoints, PointsYear


def points(options: argparse.Namespace) -> Outcome:
    """Say the points of everybody for a year, or up to the end of a quarter of it."""
    from desktop.services.points.claims import ClaimService
    from desktop.services.points.ledger import PointsService, quarter_end, refuse_ahead
    from desktop.services.points.publishing import PublishingService

    with open_branch(options) as store:
        year = options.year or store.today.year
        refuse_ahead(year, options.quarter, store.today)
        on = min(store.today, quarter_end(year, options.quarter)) if options.quarter else None
        found = PointsService(store).year(year, on)
        published = PublishingService(store).publications(year)
        claims = ClaimService(store).claims(year)
    if options.quarter:
        published = [each for each in published if each.quarter == options.quarter]
    return Outcome(of_points(found, published, claims), _lines(found))


def of_points(
    points: "PointsYear", published: "list[Publication]", claims: "list[ClaimRow]"
) -> dict[str, Any]:  # fmt: skip
    """Return the object of `points`; points are numbers with one place, `record` is the last of `records`.

    `decided` of an entry: who above decided that it counts, and on what ground. `claims`: those that wait; `checks`:
    what was found of originals, taken back or not.
    """
    return {
        "year": points.year,
        "on": points.on.isoformat(),
        "members": [_member(member) for member in points.members],
        "median": None if points.median is None else float(points.median),
        "published": [
            {
                "quarter": each.quarter,
                "posted_on": each.posted_on.isoformat(),
                "ends_on": each.ends_on.isoformat(),
                "members": len(each.lines),
                "median": None if each.median is None else float(each.median),
                "outdated": each.outdated,
            }
            for each in published
        ],
        "claims": [
            {
                "id": claim.id,
                "member": claim.name,
                "rule": claim.rule,
                "title": claim.title,
                "on": claim.event_on.isoformat(),
                "state": claim.state.value,
                "waits_above": claim.waits_above,
            }
            for claim in claims
            if claim.state.is_open
        ],
        "checks": [
            {
                "claim": claim.id,
                "member": claim.name,
                "title": claim.title,
                "verdict": check.verdict.value,
                "found": check.found,
                "by": check.compared_by,
                "on": check.compared_on.isoformat(),
                "taken_back_on": check.revoked_on.isoformat() if check.revoked_on else None,
            }
            for claim in claims
            for check in claim.checks
        ],
    }


def _member(member: "MemberPoints") -> dict[str, Any]:
    return {
        "id": member.member_id,
        "name": member.name,
        "base": float(member.base),
        "contribution": float(member.contribution),
        "reward": float(member.reward),
        "deduction": float(member.deduction),
        "total": float(member.total),
        "level": member.level or None,
        "level_name": member.level_name,
        "exempt": member.exempt or None,
        "entries": [_entry(entry) for entry in member.entries],
        "questions": [_entry(entry) for entry in member.questions],
    }


def _entry(entry: "Entry") -> dict[str, Any]:
    return {
        "rule": entry.rule,
        "name": entry.name,
        "points": float(entry.points),
        "on": entry.on.isoformat(),
        "record": entry.claim_id or entry.record_id or None,
        "kind": entry.kind,
        "records": list(entry.records),
        "note": entry.note,
        "decided": entry.told or None,
    }


def _lines(points: "PointsYear") -> str:
    middle = "还没有人排名" if points.median is None else f"中位数 {points.median.normalize():f}"
    out = [f"{points.year}年党员积分（截至{points.on}）：{len(points.ranked)} 人排名，{middle}"]
    for member in sorted(points.members, key=lambda each: (bool(each.exempt), -each.total)):
        why = f"（{member.exempt}）" if member.exempt else ""
        out.append(
            f"  {member.name} {member.total} {member.level_name}{why}：基础{member.base} 作用{member.contribution} "
            f"奖励{member.reward} 扣分{member.deduction}，{len(member.entries)} 笔"
        )
    return "\n".join(out)
