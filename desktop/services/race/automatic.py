"""Figures of the race that are computed from what the branches handed in (自动指标)."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.improvement import PdcaAction, PdcaPlan
from desktop.models.points import PointsPublication
from desktop.services.errors import Unreckonable
from desktop.services.improvement.counting import Arrangements
from desktop.services.improvement.plan import Action, due_actions, target_ratio
from desktop.services.points.publishing import last_publications, published_median
from desktop.services.progress import Progress, silent
from desktop.services.race.editions import RaceSpan
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import Reading, round_half_up, value_text
from desktop.services.standards.kept_figures import KeptFigures, reckoning
from desktop.services.store import Store

log = logging.getLogger(__name__)
Figure = TypeVar("Figure")
MILLIONTH = Decimal("0.000001")
IMPROVED, POINTS = "pdca_target_ratio", "member_points_median"


@dataclass(frozen=True, slots=True)
class Automatic:
    """What the program found for one branch; `notes` says by part why a figure is missing or not applicable."""

    readings: dict[str, Reading] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()
    notes: dict[str, str] = field(default_factory=dict)


def automatic_figures(
    store: Store, branch_ids: Sequence[str], span: RaceSpan, scheme: Scheme, progress: Progress = silent
) -> dict[str, Automatic]:
    """Return the automatic figures of every branch for one period.

    The standard's rate counts only once headquarters has rated quality (nobody is ranked by traces alone);
    improvement counts from the branch's first plan on.
    """
    formulas = {indicator.formula: indicator.id for indicator in scheme.indicators}
    standard, improvement = formulas.get("branch_standard_total"), formulas.get(IMPROVED)
    points = formulas.get(POINTS)
    with store.reading() as session:
        plans = _plans(session, branch_ids, min(span.last, store.today))
        posted = _posted(session, branch_ids, span) if points is not None else {}
    kept = KeptFigures(store, span.last)
    found: dict[str, Automatic] = {}
    for done, branch_id in enumerate(branch_ids, start=1):
        readings: dict[str, Reading] = {}
        notes: dict[str, str] = {}
        not_applicable: set[str] = set()
        if standard is not None:
            rate, note = _apart(branch_id, partial(_verified_rate, kept, branch_id, span))
            if rate is None:
                notes[standard] = note
            else:
                readings[standard] = Reading(rate, ground=note)
        if improvement is not None:
            ratio, note = _apart(branch_id, partial(_improvement, plans.get(branch_id), span))
            if ratio is None:
                notes[improvement] = note
                not_applicable.add(improvement)
            else:
                readings[improvement] = Reading(round_half_up(ratio, MILLIONTH).normalize(), ground=note)
        if points is not None:
            middle, note = _apart(branch_id, partial(_points_median, posted.get(branch_id), span))
            if middle is None:
                notes[points] = note
            else:
                readings[points] = Reading(middle, ground=note)
        found[branch_id] = Automatic(readings, frozenset(not_applicable), notes)
        progress(done, len(branch_ids))
    kept.keep()
    return found


def counted_instead(session: Session, branch_id: str, span: RaceSpan, scheme: Scheme, part: str, today: date) -> str:
    """Say which figure out of the branch's own records counts in place of a typed one; "" where the typed one does."""
    indicator, line = scheme.part(part)
    value: Decimal | Fraction | None = None
    if indicator.formula == POINTS:
        value, note = _points_median(_posted(session, [branch_id], span).get(branch_id), span)
    elif indicator.formula == IMPROVED:
        value, note = _improvement(_plans(session, [branch_id], min(span.last, today)).get(branch_id), span)
    if value is None:
        return ""
    return not_used(note, value_text(line, round_half_up(Fraction(value), MILLIONTH).normalize()))


def not_used(ground: str, value: str) -> str:
    """Say of a typed figure that the one of that ground counts in its place."""
    return f"{ground}是{value}，按它计分，录入的不采用"


def _apart(branch_id: str, reckon: Callable[[], tuple[Figure | None, str]]) -> tuple[Figure | None, str]:
    """Return a figure of one branch and its note; what cannot be reckoned is no figure, and the note says so."""
    try:
        with reckoning(branch_id):
            return reckon()
    except Unreckonable:
        return None, "报来的数据算不出结果，请支部核对后重新报送"


def _plans(session: Session, branch_ids: Sequence[str], until: date) -> dict[str, list[Action]]:
    """Return by branch the actions of every plan opened by `until`; a branch without a plan is absent."""
    opened = {
        plan.id: plan
        for plan in session.scalars(
            select(PdcaPlan).where(
                PdcaPlan.branch_id.in_(branch_ids),
                PdcaPlan.opened_on <= until,
                PdcaPlan.deleted_at_utc.is_(None),
            )
        )
    }
    actions: dict[str, list[Action]] = defaultdict(list)
    for plan in opened.values():
        actions[plan.branch_id] = actions[plan.branch_id]
    arranged = Arrangements(session)
    for row in session.scalars(
        select(PdcaAction).where(PdcaAction.plan_id.in_(opened), PdcaAction.deleted_at_utc.is_(None))
    ):
        plan = opened[row.plan_id]
        known = row.actual_on is None or row.actual_on <= until
        actual = arranged.actual(plan, row, until) if known else arranged.counted(plan, row, until)
        actions[plan.branch_id].append(
            Action(
                row.what,
                due_on=row.due_on,
                base=row.base,
                goal=row.goal,
                actual=actual,
                rolled_over_from_id=row.rolled_over_from_id,
                id=row.id,
            )
        )
    return dict(actions)


def _improvement(actions: list[Action] | None, span: RaceSpan) -> tuple[Fraction | None, str]:
    if actions is None:
        return None, "还没有提质升级计划，不适用"
    this_year = [action for action in actions if action.due_on is not None and action.due_on.year == span.last.year]
    ratio = target_ratio(this_year, span.last)
    if ratio is None:
        return None, "计划里还没有到期的措施，不适用"
    return ratio, f"到期措施{len(due_actions(this_year, span.last))}条的平均达成率"


def _posted(session: Session, branch_ids: Sequence[str], span: RaceSpan) -> dict[str, PointsPublication]:
    """Return by branch the points that it published last for the last quarter of a span."""
    return last_publications(session, branch_ids, span.last.year, _quarter(span))


def _points_median(posted: PointsPublication | None, span: RaceSpan) -> tuple[Decimal | None, str]:
    """Return the median of the points of a publication, or why there is none."""
    middle = published_median(posted.lines) if posted is not None else None
    if middle is None or posted is None:
        return None, f"支部还没有报来{span.last.year}年第{_quarter(span)}季度的积分公示，由市公司录入"
    return middle, f"{posted.posted_on:%Y-%m-%d}公示的积分中位数"


def _quarter(span: RaceSpan) -> int:
    return (span.last.month + 2) // 3


def _verified_rate(kept: KeptFigures, branch_id: str, span: RaceSpan) -> tuple[Decimal | None, str]:
    """Return the verified rate of the standard on the last day of `span`, or why there is none."""
    figure = kept.figure(branch_id)
    if not figure.quality_rated:
        return None, "市公司还没有评定质量，不参加排名"
    if figure.rate is None:
        return None, "还没有可计分的条目"
    return figure.rate, f"{span.last:%Y-%m-%d}核定得分率（{figure.parts}）"
