"""Results scored anew after an appeal, kept apart until they are published: branches read what was published."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desktop.models.base import plain
from desktop.models.race import RaceResult, RaceRevision
from desktop.models.vocabulary.race import RaceClass
from desktop.services.race.details import APPEALS, row_of

SCORED = ("scheme_version", "group", "group_size", "total_hundredths", "rank", "race_class", "detail")
"""What scoring writes of a result."""


def said(result: RaceResult) -> dict[str, Any]:
    """Return everything scoring says of a branch, as JSON carries it; what was decided on its appeals is apart."""
    values = {name: plain(getattr(result, name)) for name in SCORED}
    values["detail"] = {key: value for key, value in result.detail.items() if key != APPEALS}
    return values


def keep_results(session: Session, period: str, results: list[RaceResult]) -> None:
    """Keep `results` as those of `period`: rows of branches that stay keep their id, the others go."""
    kept = {old.branch_id: old for old in session.scalars(select(RaceResult).where(RaceResult.period == period))}
    for result in results:
        old = kept.pop(result.branch_id, None)
        if old is None:
            session.add(result)
            continue
        for name in SCORED:
            setattr(old, name, getattr(result, name))
    for gone in kept.values():
        session.delete(gone)
    session.flush()


def keep_revision(session: Session, period: str, results: list[RaceResult]) -> None:
    """Keep `results` beside the published ones of `period`."""
    drop_revision(session, period)
    session.add_all(RaceRevision(branch_id=result.branch_id, period=period, values=said(result)) for result in results)
    session.flush()


def drop_revision(session: Session, period: str) -> None:
    """Forget what was scored anew."""
    session.execute(delete(RaceRevision).where(RaceRevision.period == period))


def revision_of(session: Session, period: str) -> list[RaceResult]:
    """Return what was scored anew after an appeal as results that lie in no table; empty where nothing was."""
    return [
        RaceResult(
            branch_id=row.branch_id,
            period=period,
            published_on=None,
            **{**row.values, "race_class": RaceClass(row.values["race_class"]) if row.values["race_class"] else None},
        )
        for row in session.scalars(select(RaceRevision).where(RaceRevision.period == period))
    ]


def difference(before: RaceResult | None, after: RaceResult | None) -> str:
    """Say what changes for a branch between two results; "" where neither points, place nor class do."""
    if before is None or after is None:
        return "参加评比" if before is None else "不再参加评比"
    old, new = row_of(before), row_of(after)
    pairs = (
        ("总分", _total(old.total), _total(new.total)),
        ("名次", str(old.rank or "—"), str(new.rank or "—")),
        ("类别", old.class_name, new.class_name),
    )
    return "，".join(f"{name} {was} → {now}" for name, was, now in pairs if was != now)


def _total(total: object) -> str:
    return "—" if total is None else f"{total:.2f}"
