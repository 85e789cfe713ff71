"""The published results of a period beside one another: what each publishing anew changed, figure by figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from desktop.models.race import RaceResult
from desktop.services.errors import NotFound
from desktop.services.numbers import NONE, points, signed
from desktop.services.race.appeals import appeal_rows
from desktop.services.race.details import row_of
from desktop.services.race.editions import race_span
from desktop.services.race.records import period_record, results_of
from desktop.services.race.revisions import revision_of, versions_of
from desktop.services.race.rows import IndicatorView, RaceRow
from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure of a result before and after; `change` is their difference as people say it, perhaps empty."""

    name: str
    before: str
    after: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class BranchChange:
    """What publishing anew changed for a branch."""

    branch_id: str
    name: str
    figures: tuple[FigureChange, ...]


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One result as it was published, what it `changed` against the one before; the one that holds is not replaced."""

    number: int
    published_on: date | None
    replaced_on: date | None
    changed: tuple[BranchChange, ...]
    rows: tuple[RaceRow, ...]


@dataclass(frozen=True, slots=True)
class AppealComparison:
    """What an appeal changed: its own branch's figures, and the others that move with it.

    `published` is False while the corrected result is scored and not published.
    """

    own: tuple[FigureChange, ...]
    others: tuple[BranchChange, ...]
    published: bool


class VersionService:
    """Published results and what they were before, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def versions(self, period: str) -> list[PublishedVersion]:
        """Return every published result of a period, the first first; empty before one is published."""
        span = race_span(period)
        with self._store.reading() as session:
            kept = versions_of(session, span.code)
            row = period_record(session, span.code)
            states: list[tuple[date | None, date | None, Sequence[RaceResult]]] = list(kept)
            if row is not None and row.published_on is not None:
                states.append((row.published_on, None, results_of(session, span.code)))
            found: list[PublishedVersion] = []
            before: tuple[RaceRow, ...] | None = None
            for number, (published_on, replaced_on, results) in enumerate(states, start=1):
                rows = tuple(row_of(result) for result in results)
                changed = changes(before, rows) if before is not None else ()
                found.append(PublishedVersion(number, published_on, replaced_on, changed, rows))
                before = rows
            return found

    def of_appeal(self, appeal_id: str, period: str) -> AppealComparison | None:
        """Return what an appeal changed; None while nothing was scored anew under it.

        Raises:
            NotFound: the period has no such appeal.
        """
        span = race_span(period)
        with self._store.reading() as session:
            appeal = next((row for row in appeal_rows(session, span.code) if row.id == appeal_id), None)
            if appeal is None:
                raise NotFound(what="申诉")
            if not appeal.state.corrects:
                return None
            if appeal.republished_on is None:
                anew = revision_of(session, span.code)
                if not anew:
                    return None
                old = tuple(row_of(result) for result in results_of(session, span.code))
                return comparison(old, tuple(row_of(result) for result in anew), appeal.branch_id, published=False)
        for before, after in pairwise(self.versions(period)):
            if before.number == appeal.replaced_version:
                return comparison(before.rows, after.rows, appeal.branch_id, published=True)
        return None


def changes(before: Sequence[RaceRow], after: Sequence[RaceRow]) -> tuple[BranchChange, ...]:
    """Return every branch whose figures, total, place or class differ, in the order of the newer result."""
    old = {row.branch_id: row for row in before}
    new = {row.branch_id: row for row in after}
    found = []
    for branch_id in dict.fromkeys([*new, *old]):
        figures = figure_changes(old.get(branch_id), new.get(branch_id))
        if figures:
            found.append(BranchChange(branch_id, (new.get(branch_id) or old[branch_id]).name, figures))
    return tuple(found)


def figure_changes(before: RaceRow | None, after: RaceRow | None) -> tuple[FigureChange, ...]:
    """Return what differs between two results of one branch: values, points, total, place, class."""
    if before is None or after is None:
        was, now = ("不参加", "参加") if before is None else ("参加", "不参加")
        return (FigureChange("评比", was, now),)
    lines: list[FigureChange] = []
    old = {indicator.id: indicator for indicator in before.indicators}
    for indicator in after.indicators:
        lines += _indicator_changes(old.get(indicator.id), indicator)
    penalties = sum((each.points for each in before.penalties), Decimal(0))
    lines.append(_number("扣分", penalties, sum((each.points for each in after.penalties), Decimal(0))))
    lines.append(_number("总分", before.total, after.total))
    places = "" if before.rank is None or after.rank is None else _places(before.rank - after.rank)
    lines.append(FigureChange("名次", _place(before.rank), _place(after.rank), places))
    lines.append(FigureChange("类别", before.class_name, after.class_name))
    return tuple(line for line in lines if line.before != line.after)


def _indicator_changes(before: IndicatorView | None, after: IndicatorView) -> list[FigureChange]:
    old = {part.id: part for part in before.parts} if before is not None else {}
    lines = []
    for part in after.parts:
        was = old.get(part.id)
        lines.append(FigureChange(part.name, (was.value_text if was else "") or NONE, part.value_text or NONE))
        if len(after.parts) > 1:
            lines.append(_number(_points_name(part.name), was.points if was else None, part.points))
    lines.append(_number(_points_name(after.name), before.points if before is not None else None, after.points))
    return lines


def _points_name(name: str) -> str:
    """Return what the points of a figure are called, whose own name may say 得分 already."""
    return f"{name}计入总分" if name.endswith("得分") else f"{name}得分"


def _number(name: str, before: Decimal | None, after: Decimal | None) -> FigureChange:
    change = None if before is None or after is None else after - before
    return FigureChange(name, points(before), points(after), signed(change, ""))


def _place(rank: int | None) -> str:
    return NONE if rank is None else f"第{rank}"


def _places(moved: int) -> str:
    return f"升{moved}" if moved > 0 else f"降{-moved}" if moved < 0 else ""


def comparison(
    before: Sequence[RaceRow], after: Sequence[RaceRow], branch_id: str, *, published: bool
) -> AppealComparison:
    """Return what differs between two results for a branch, and which others move."""
    found = changes(before, after)
    own = next((change.figures for change in found if change.branch_id == branch_id), ())
    others = tuple(change for change in found if change.branch_id != branch_id)
    return AppealComparison(own, others, published)
