"""Results scored anew after an appeal, kept apart until they are published: branches read what was published."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from desktop.models.base import plain
from desktop.models.race import RaceResult, RaceRevision, RaceVersion
from desktop.models.vocabulary.race import RaceClass
from desktop.services.numbers import points
from desktop.services.race.details import APPEALS, CORRECTED, REASONS, row_of
from desktop.services.race.rows import RaceRow

SCORED = ("scheme_version", "group", "group_size", "total_hundredths", "rank", "race_class", "detail")
"""What scoring writes of a result."""
UNCHANGED = "结果不变"
"""What publishing anew changed where it changed nothing."""


def said(result: RaceResult) -> dict[str, Any]:
    """Return everything scoring says of a branch, as JSON carries it; what was decided on its appeals is apart."""
    values = {name: plain(getattr(result, name)) for name in SCORED}
    values["detail"] = {key: value for key, value in result.detail.items() if key not in (APPEALS, CORRECTED)}
    return values


def overtaken(kept: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    """Whether what scoring says of a branch `now` is another than what it said and was `kept`.

    What only a later program says, under keys of its own, is not compared: the earlier one said nothing against it.
    Nor are the sentences that are made of the rest, which a later program may word otherwise.
    """
    return kept is None or now is None or not _says(_figures(kept), _figures(now))


def _figures(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what scoring says of a branch without the sentences it is explained by."""
    return {**values, "detail": {key: value for key, value in values["detail"].items() if key != REASONS}}


def _says(kept: object, now: object) -> bool:
    """Whether `now` says all that was `kept`."""
    if isinstance(kept, Mapping) and isinstance(now, Mapping):
        return all(key in now and _says(value, now[key]) for key, value in kept.items())
    if isinstance(kept, list) and isinstance(now, list):
        return len(kept) == len(now) and all(map(_says, kept, now))
    return kept == now


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
    found = session.scalars(select(RaceRevision).where(RaceRevision.period == period))
    return [_result(row, None) for row in found]


def keep_version(session: Session, period: str, on: date) -> int:
    """Keep the published results of `period` for good, before those published on `on` take their place; return the
    number they are kept under."""
    numbers = select(func.max(RaceVersion.number)).where(RaceVersion.period == period)
    number = (session.scalar(numbers) or 0) + 1
    session.add_all(
        RaceVersion(
            branch_id=result.branch_id,
            period=period,
            number=number,
            published_on=result.published_on,
            replaced_on=on,
            values=said(result),
        )
        for result in session.scalars(select(RaceResult).where(RaceResult.period == period))
        if result.published_on is not None
    )
    session.flush()
    return number


def versions_of(session: Session, period: str) -> list[tuple[date, date, list[RaceResult]]]:
    """Return the results of `period` that were replaced, the first published first: from when, until when, which."""
    found: dict[int, tuple[date, date, list[RaceResult]]] = {}
    query = select(RaceVersion).where(RaceVersion.period == period).order_by(RaceVersion.number, RaceVersion.id)
    for row in session.scalars(query):
        version = found.setdefault(row.number, (row.published_on, row.replaced_on, []))
        version[2].append(_result(row, row.published_on))
    return list(found.values())


def _result(row: RaceRevision | RaceVersion, published_on: date | None) -> RaceResult:
    """Return what was kept of a result as one that lies in no table."""
    values = {**row.values, "race_class": RaceClass(row.values["race_class"]) if row.values["race_class"] else None}
    return RaceResult(branch_id=row.branch_id, period=row.period, published_on=published_on, **values)


def difference(before: RaceResult | None, after: RaceResult | None) -> str:
    """Say what changes for a branch between two results; "" where neither points, place nor class do."""
    return row_difference(row_of(before) if before is not None else None, row_of(after) if after is not None else None)


def row_difference(old: RaceRow | None, new: RaceRow | None) -> str:
    """Say what changes for a branch between two results as people read them; "" where nothing does."""
    if old is None or new is None:
        return "参加评比" if old is None else "不再参加评比"
    pairs = (
        ("总分", _total(old.total), _total(new.total)),
        ("名次", str(old.rank or "—"), str(new.rank or "—")),
        ("类别", old.class_name, new.class_name),
    )
    return "，".join(f"{name} {was} → {now}" for name, was, now in pairs if was != now)


def _total(total: Decimal | None) -> str:
    return points(total)
