"""The branch's score as a plan needs it: figures to compare, gaps to close, who answers for them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import PostAssignment
from desktop.models.vocabulary.branches import Post
from desktop.services.improvement.plan import ItemGap
from desktop.services.race.rows import RaceRow
from desktop.services.standards.score import ItemScore, points
from desktop.services.standards.service import StandardService
from desktop.services.store import Store

OTHER_POSTS = {"superior": "上级党组织", "branch_committee": "全体支委"}


@dataclass(frozen=True, slots=True)
class Measure:
    """The score on a day: `snapshot` as a plan keeps it, `items` percent reached by item, `gaps` still to close."""

    snapshot: dict[str, Any] = field(default_factory=dict)
    items: Mapping[str, float] = field(default_factory=dict)
    gaps: tuple[ItemGap, ...] = ()


def measure(store: Store, on: date) -> Measure:
    """Return the self score of this branch on `on`."""
    score = StandardService(store).score(on)
    items = {item.id: float(round(item.ratio * 100, 1)) for item in score.items if item.ratio is not None}
    return Measure(
        snapshot={
            "on": on.isoformat(),
            "total": points(score.total),
            "rate": points(score.rate) if score.has_rate else None,
            "quality_rated": score.quality_rated,
            "pending": points(score.pending),
            "dimensions": {dimension.id: points(dimension.score) for dimension in score.dimensions},
        },
        items=items,
        gaps=tuple(gap for item in score.items if (gap := _gap(item)) is not None),
    )


def _gap(item: ItemScore) -> ItemGap | None:
    """Return what of an item can still be mended, or None: what is past mending is no aim for a plan."""
    mendable = [gap for gap in item.gaps if gap.mendable and gap.gain > 0]
    if item.ratio is None or not mendable:
        return None
    reachable = min(item.ratio + sum((gap.share for gap in mendable), Fraction(0)), Fraction(1))
    if reachable <= item.ratio:
        return None
    more = f"等{len(mendable)}处" if len(mendable) > 2 else ""
    return ItemGap(
        item=item.id,
        title=item.item.title,
        what="、".join(gap.what.rstrip("。") for gap in mendable[:2]) + more,
        post=item.item.post,
        reached=float(round(item.ratio * 100, 1)),
        points=sum(gap.gain for gap in mendable) / 100,
        by=min((gap.by for gap in mendable if gap.by is not None), default=None),
        goal=float(round(reachable * 100, 1)),
        owner_id=item.who.id or None,
    )


def holders_of(session: Session, branch_id: str, on: date) -> dict[str, str]:
    """Return who holds each post on `on`; posts with several holders (党小组长) are left to people."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in session.scalars(
        select(PostAssignment).where(PostAssignment.branch_id == branch_id, PostAssignment.deleted_at_utc.is_(None))
    ):
        if (row.from_on is None or row.from_on <= on) and (row.to_on is None or on <= row.to_on):
            found[row.post.value].add(row.member_id)
    return {post: next(iter(members)) for post, members in found.items() if len(members) == 1}


def post_name(post: str | None) -> str:
    """Return the 中文 name of a post of the standard."""
    if post is None:
        return ""
    return OTHER_POSTS.get(post) or (Post(post).label if post in {p.value for p in Post} else post)


def race_goal(result: RaceRow) -> float | None:
    """Return the total the next line asks for, or None."""
    if result.total is None or result.to_next_line is None:
        return None
    return float(result.total + result.to_next_line)


def number(value: Decimal | Fraction | None) -> float | None:
    """Return a figure as JSON can keep it."""
    return None if value is None else float(value)


def race_figures(result: RaceRow) -> dict[str, float]:
    """Return the raw figure of every indicator a race result knows, by its id."""
    return {
        part.id: float(part.value)
        for indicator in result.indicators
        for part in indicator.parts
        if part.value is not None
    }
