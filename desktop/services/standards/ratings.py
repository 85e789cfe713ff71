"""Judgements of quality (质量评定): a branch's own, and those of headquarters, which never overwrite them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desktop.models.standards import SelfRating, VerifiedRating
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput
from desktop.services.quoting import quoted
from desktop.services.race.corrections import locked_because
from desktop.services.race.editions import PERIOD, period_name, race_span
from desktop.services.standards import quality
from desktop.services.standards.asked import CRITERION, ITEM, branch_of, day_and_year, headquarters_only
from desktop.services.standards.editions import pack_on
from desktop.services.standards.pack import Item, Pack
from desktop.services.standards.quality import Level, Rated, Ratings

if TYPE_CHECKING:
    from desktop.services.store import Store

SELF_RATING = Input("self_rating", "自评")
QUARTER = "Q"
RatingTable = type[SelfRating] | type[VerifiedRating]


class RatingService:
    """Typed judgements of quality criteria, by year: at a branch its own, at headquarters those of any branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def ratings(
        self, year: int, branch_id: str | None = None, verified: bool | None = None, period: str | None = None
    ) -> Ratings:
        """Return the judgements by (item, criterion) that hold at the end of a year or quarter: the branch's own, or
        headquarters'."""
        owner, theirs = branch_of(self._store, branch_id), judged_by_headquarters(self._store, verified)
        with self._store.reading() as session:
            return kept_ratings(session, year, owner, theirs, period)

    def rate(
        self,
        item_id: str,
        criterion: int,
        *,
        level: Level = None,
        satisfied: int | None = None,
        asked: int | None = None,
        ground: str = "",
        year: int | None = None,
        branch_id: str | None = None,
        period: str | None = None,
    ) -> Rated:
        """Keep one judgement of one criterion (position from 0): at the branch its own, at headquarters verified.

        It holds from `period` on, a quarter of the year; without one for the whole year where no quarter has its own.

        Raises:
            InvalidInput: no such item or criterion, a computed one, a value off its scale, a period that is no quarter
                of the year, or one whose result of the race is published.
        """
        self._store.rights.require_any(self._table().__tablename__)
        day, of_year = day_and_year(self._store, None, year)
        owner = branch_of(self._store, branch_id)
        span = rated_period(of_year, period)
        with self._store.unit_of_work(f"评定{item_id}第{criterion + 1}条质量标准{_said(span)}") as session:
            self._refuse_published(session, span)
            pack = pack_on(session, min(day, date(of_year, 12, 31)), of_year)
            item = rated_item(pack, item_id, criterion)
            rated = quality.check(
                item.quality[criterion],
                pack.scoring.quality_scale_max,
                level=level,
                satisfied=satisfied,
                asked=asked,
                ground=ground,
                rated_on=day,
            )
            put_rating(session, self._table(), owner, of_year, item_id, criterion, rated, span)
        return rated

    def unrate(
        self,
        item_id: str,
        criterion: int,
        *,
        year: int | None = None,
        branch_id: str | None = None,
        period: str | None = None,
    ) -> None:
        """Take the judgement of a period back: what was judged before it holds again, or the criterion is 待评.

        Raises:
            InvalidInput: the result of the race of the period is published.
        """
        self._store.rights.require_any(self._table().__tablename__)
        of_year, owner = day_and_year(self._store, None, year)[1], branch_of(self._store, branch_id)
        table, span = self._table(), rated_period(of_year, period)
        with self._store.unit_of_work(f"撤回{item_id}第{criterion + 1}条质量标准的评定{_said(span)}") as session:
            self._refuse_published(session, span)
            row = _rating(session, table, owner, of_year, item_id, criterion, span)
            if row is not None:
                row.deleted_at_utc = utc_text(self._store.clock())

    def adopt(
        self,
        branch_id: str,
        item_id: str,
        criterion: int | None = None,
        *,
        year: int | None = None,
        ground: str = "",
        period: str | None = None,
    ) -> int:
        """At headquarters, take over the branch's own ratings of one item (one criterion); return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: not at headquarters, or the branch has rated nothing there.
        """
        headquarters_only(self._store, "采用自评")
        self._store.rights.require_any(VerifiedRating.__tablename__)
        with self._store.unit_of_work(f"采用支部对{item_id}的自评") as session:
            adopted = self._adopt(
                session,
                branch_id,
                rated_period(day_and_year(self._store, None, year)[1], period),
                lambda item, number: item == item_id and criterion in (None, number),
                ground,
            )
            if not adopted:
                raise InvalidInput(SELF_RATING, "支部还没有自评这一条")
        return adopted

    def adopt_rest(self, branch_id: str, *, year: int | None = None, period: str | None = None) -> int:
        """At headquarters, take over each rating of the branch that headquarters has not judged; return how many.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: not at headquarters, or nothing is left to take over.
        """
        headquarters_only(self._store, "采用自评")
        self._store.rights.require_any(VerifiedRating.__tablename__)
        of_year = day_and_year(self._store, None, year)[1]
        with self._store.unit_of_work("采用支部其余的自评") as session:
            span = rated_period(of_year, period)
            judged = kept_ratings(session, of_year, branch_id, True, span)
            adopted = self._adopt(session, branch_id, span, lambda item, number: (item, number) not in judged)
            if not adopted:
                raise InvalidInput(SELF_RATING, "没有还能采用的：支部没有自评，或者都评过了")
        return adopted

    def _adopt(
        self, session: Session, branch_id: str, span: str, wanted: Callable[[str, int], bool], ground: str = ""
    ) -> int:
        """Take over for a period the branch's own ratings that are wanted; return how many."""
        self._refuse_published(session, span)
        year, adopted = int(span[:4]), 0
        for (item, number), rated in kept_ratings(session, year, branch_id, False, span).items():
            if wanted(item, number):
                taken = replace(rated, ground=ground or rated.ground, rated_on=self._store.today, adopted=True)
                put_rating(session, VerifiedRating, branch_id, year, item, number, taken, span)
                adopted += 1
        return adopted

    def locked(self, period: str) -> str:
        """Say why nothing may be judged for a period any more: its race is published; "" where it may."""
        with self._store.reading() as session:
            return self._locked(session, race_span(period).code)

    def _refuse_published(self, session: Session, span: str) -> None:
        """Refuse to change at headquarters what the published race of a quarter rests on.

        Raises:
            InvalidInput: it is published, and no appeal was upheld.
        """
        reason = self._locked(session, span)
        if reason:
            raise InvalidInput(PERIOD, reason)

    def _locked(self, session: Session, span: str) -> str:
        held = self._store.is_headquarters and QUARTER in span
        reason = locked_because(session, race_span(span)) if held else ""
        return f"{reason}；以后的周期另评" if reason else ""

    def _table(self) -> RatingTable:
        return VerifiedRating if self._store.is_headquarters else SelfRating


def judged_by_headquarters(store: "Store", verified: bool | None) -> bool:
    """Return whose judgements count: those asked for, else at headquarters its own, at a branch the branch's."""
    return store.is_headquarters if verified is None else verified


def rated_period(year: int, period: str | None) -> str:
    """Return the period a judgement is kept for: a quarter of the year, or the year.

    Raises:
        InvalidInput: it is neither.
    """
    span = race_span(period or str(year)).code
    if span[:4] != str(year):
        raise InvalidInput(PERIOD, f"不在{year}年度里")
    return span


def period_on(on: date, year: int) -> str:
    """Return up to which period of a year judgements hold on a day: its quarter, all once the year is over."""
    return f"{year}{QUARTER}{(on.month + 2) // 3}" if on.year == year else str(year)


def kept_ratings(
    session: Session, year: int, branch_id: str, verified: bool, period: str | None = None
) -> dict[tuple[str, int], Rated]:
    """Return the judgements of a branch, its own or those of headquarters, that hold at the end of a year.

    `period` asks for those that hold in a quarter: of each criterion the latest up to it, else that of the year.
    """
    table: RatingTable = VerifiedRating if verified else SelfRating
    query = _select(table).where(table.branch_id == branch_id, table.year == year, table.deleted_at_utc.is_(None))
    if period is not None and QUARTER in period:
        query = query.where(table.period <= period)  # 2026 < 2026Q1 < … < 2026Q4
    rows = session.scalars(query.order_by(table.period))
    return {(row.item_id, row.criterion): rated_of(row) for row in rows}


def judged_for(
    session: Session, table: RatingTable, branch_id: str, year: int, item: str, number: int, period: str
) -> Rated | None:
    """Return what was judged for exactly this period, None where nothing was."""
    row = _rating(session, table, branch_id, year, item, number, period)
    return None if row is None or row.deleted_at_utc is not None else rated_of(row)


def every_rating(session: Session, table: RatingTable) -> Iterator[SelfRating | VerifiedRating]:
    """Give every judgement kept in a table, by branch, year, item, criterion and period."""
    query = _select(table).where(table.deleted_at_utc.is_(None))
    order = (table.branch_id, table.year, table.item_id, table.criterion, table.period)
    yield from session.scalars(query.order_by(*order))


def rated_of(row: SelfRating | VerifiedRating) -> Rated:
    """Return one judgement as it was typed."""
    return Rated(
        level_hundredths=row.value_hundredths,
        satisfied=row.satisfied,
        asked=row.asked,
        ground=row.ground,
        rated_on=row.rated_on,
        rated_by=row.updated_by,
        adopted=isinstance(row, VerifiedRating) and row.adopted,
        period=row.period,
    )


def rated_item(pack: Pack, item_id: str, criterion: int) -> Item:
    """Return the item of `pack` whose criterion is to be rated.

    Raises:
        InvalidInput: no such item, or it has no such criterion.
    """
    item = next((item for item in pack.items if item.id == item_id), None)
    if item is None:
        raise InvalidInput(ITEM, f"标准里没有{quoted(item_id)}")
    if not 0 <= criterion < len(item.quality):
        raise InvalidInput(CRITERION, f"{item_id}只有{len(item.quality)}条质量标准")
    return item


def put_rating(
    session: Session,
    table: RatingTable,
    branch_id: str,
    year: int,
    item_id: str,
    criterion: int,
    rated: Rated,
    period: str | None = None,
) -> int:
    """Keep one checked judgement of a period (of the whole year); return 0 when it is new, 1 when it changed, 2 when it
    was the same."""
    row = _rating(session, table, branch_id, year, item_id, criterion, period or str(year))
    values: dict[str, object] = {
        "value_hundredths": rated.level_hundredths,
        "satisfied": rated.satisfied,
        "asked": rated.asked,
        "ground": rated.ground,
    }
    if table is VerifiedRating:
        values["adopted"] = rated.adopted
    if row is None:
        session.add(
            table(
                branch_id=branch_id,
                year=year,
                item_id=item_id,
                criterion=criterion,
                period=period or str(year),
                rated_on=rated.rated_on,
                **values,
            )
        )
        return 0
    if row.deleted_at_utc is None and all(getattr(row, name) == value for name, value in values.items()):
        return 2
    outcome = 0 if row.deleted_at_utc is not None else 1
    for name, value in values.items():
        setattr(row, name, value)
    row.rated_on, row.deleted_at_utc = rated.rated_on or row.rated_on, None
    return outcome


def _select(table: RatingTable) -> Select[SelfRating | VerifiedRating]:
    return cast("Select[SelfRating | VerifiedRating]", select(table))


def _rating(
    session: Session, table: RatingTable, branch_id: str, year: int, item: str, number: int, period: str
) -> SelfRating | VerifiedRating | None:
    return session.scalar(
        _select(table).where(
            table.branch_id == branch_id,
            table.year == year,
            table.item_id == item,
            table.criterion == number,
            table.period == period,
        )
    )


def _said(span: str) -> str:
    """Return what the history adds of a quarter."""
    return f"（{period_name(span)}）" if QUARTER in span else ""
