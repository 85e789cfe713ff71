"""The counts of branches at headquarters, kept when a package came in and read again as long as they hold.

They are derived, no records, as the kept scores are (`standards.kept_figures`), and rest on the same. The lists behind
the figures stay as the text they are kept in until somebody opens one.
"""

import json
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from sqlalchemy import Boolean, Column, Date, MetaData, PrimaryKeyConstraint, RowMapping, String, delete, insert, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.services import derived
from desktop.services.errors import AppError, OnlyLooked, StorageFailure, Unreckonable
from desktop.services.race.editions import RaceSpan, ended_last, race_span
from desktop.services.standards.kept_figures import reckoning
from desktop.services.standards.resting import Stamps
from desktop.services.statistics.branch_figures import branch_figures
from desktop.services.statistics.measures import FIXED, Count, Line, Measure, Shape
from desktop.services.sync.branch_store import branch_store, came_in

if TYPE_CHECKING:
    from desktop.services.store import Store

log = logging.getLogger(__name__)
SHAPE = 4
"""Of the table below and of what a count rests on: another number makes all anew."""
PERIODS, AT_A_TIME = 12, 16
"""So many periods that anybody looked at are kept, and so many branches are kept in one go."""
_tables = MetaData()
COUNTS = SqlTable(
    f"kept_counts_{SHAPE}",
    _tables,
    Column("branch_id", String, nullable=False),
    Column("period", String, nullable=False),
    Column("entitled", Boolean, nullable=False),
    Column("counted_on", Date, nullable=False),
    Column("rests_on", String, nullable=False),
    Column("figures", String, nullable=False),
    Column("lists", String, nullable=False),
    Column("broken", Boolean, nullable=False),
    PrimaryKeyConstraint("period", "entitled", "branch_id"),
)
"""`entitled`: counted for somebody who sees what is restricted. `lists` has one line for each of the figures."""
_FIXED = {measure.id: measure for measure in FIXED}
Counts = Mapping[Measure, Count]


class KeptLines(Sequence[Line]):
    """The list behind a figure: how long it is is known, what stands in it is read when somebody looks."""

    def __init__(self, number: int, text: str) -> None:
        self._number, self._text = number, text
        self._lines: tuple[Line, ...] | None = None

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, place: int | slice) -> Line | tuple[Line, ...]:
        if self._lines is None:
            self._lines = tuple(_line_of(each) for each in json.loads(self._text))
        return self._lines[place]


class KeptCounts:
    """The counts of branches for one period: those that still hold are read at once, the others counted and kept.

    `keep` writes what was counted; a store that is only looked at keeps nothing and counts again.
    """

    def __init__(self, store: "Store", span: RaceSpan, branches: Collection[str]) -> None:
        """Read what is kept for a period of those of `branches` from which something came in."""
        self._store, self._span = store, span
        self._entitled = store.rights.may(Act.RESTRICTED)
        self._new: dict[str, Counts | None] = {}
        with store.reading(whole=True) as session:
            self._came = came_in(session, store.clock, branches)
            self._stamps = Stamps(session, span.first.year, branches)
            self._known = dict(self._read(session))

    def _read(self, session: Session) -> Iterator[tuple[str, Counts | None]]:
        """Read what is kept of the period and holds still."""
        if not derived.is_there(session, COUNTS):
            return
        query = select(COUNTS).where(
            COUNTS.c.period == self._span.code,
            COUNTS.c.entitled == self._entitled,
            COUNTS.c.branch_id.in_(self._came),
        )
        for row in session.execute(query).mappings():
            branch_id = row["branch_id"]
            if row["counted_on"] != self.day(branch_id):
                continue
            if row["rests_on"] == self._stamps.of(branch_id):
                yield branch_id, _counts_of(row)

    def day(self, branch_id: str) -> date:
        """Return as of which day a branch is counted: the end of the period, or when its package came if earlier."""
        return max(self._span.first, min(self._span.last, self._came[branch_id].on))

    def seq(self, branch_id: str) -> int:
        """Return from which package a branch is counted."""
        return self._came[branch_id].seq

    def counts(self, branch_id: str) -> Counts:
        """Return what can be counted of a branch.

        Raises:
            Unreckonable: what the branch sent leads to an error.
        """
        if branch_id not in self._known:
            counted: Counts | None = None
            try:
                with branch_store(self._store, branch_id) as store, reckoning(branch_id):
                    counted = branch_figures(store, self._span, self.day(branch_id))
            except Unreckonable:
                log.warning("no counts of branch %s", branch_id)
            self._known[branch_id] = self._new[branch_id] = counted
            if len(self._new) >= AT_A_TIME:
                self.keep()
        found = self._known[branch_id]
        if found is None:
            raise Unreckonable(branch_id=branch_id)
        return found

    def keep(self) -> None:
        """Keep what was counted; where the disk refuses, it is counted again the next time."""
        if not self._new or self._store.look is not None:
            return
        rows = [
            {
                "branch_id": branch_id,
                "period": self._span.code,
                "entitled": self._entitled,
                "counted_on": self.day(branch_id),
                "rests_on": self._stamps.of(branch_id),
                **_row_of(counts),
            }
            for branch_id, counts in self._new.items()
        ]
        try:
            with self._store.upkeep() as session:
                derived.make(session, COUNTS)
                session.execute(insert(COUNTS).prefix_with("OR REPLACE"), rows)
                _forget_old(session)
        except (OnlyLooked, StorageFailure):
            log.warning("the counts of branches could not be kept", exc_info=True)
        self._new.clear()


def count_received(store: "Store", package_hashes: Sequence[str]) -> None:
    """Count anew the branches whose packages came in, for the quarter they tell of: the statistics read that then.

    What was kept of these branches goes: it holds names they may have taken out.
    """
    package = ReceivedPackage
    query = select(package.sender, package.period).where(package.package_hash.in_(package_hashes))
    with store.reading() as session:
        came = [(row[0], row[1]) for row in session.execute(query)]
        kept = derived.is_there(session, COUNTS)
    if kept and came:
        with store.upkeep() as session:
            session.execute(delete(COUNTS).where(COUNTS.c.branch_id.in_({branch_id for branch_id, _ in came})))
    for period in sorted({period or ended_last(store.today) for _, period in came}):
        span = race_span(period)
        if span.first > store.today:
            continue
        branches = {branch_id for branch_id, told in came if (told or ended_last(store.today)) == period}
        counts = KeptCounts(store, span, branches)
        for branch_id in sorted(branches):
            try:
                counts.counts(branch_id)
            except AppError:
                log.warning("no counts of branch %s to keep", branch_id)
        counts.keep()


def forget(store: "Store") -> None:
    """Forget all that is kept, lists with names among it: something was cleared for good."""
    with store.upkeep() as session:
        if derived.is_there(session, COUNTS):
            session.execute(delete(COUNTS))


def _row_of(counts: Counts | None) -> dict[str, object]:
    if counts is None:
        return {"figures": "[]", "lists": "", "broken": True}
    figures = [
        [*_named(measure), *count.top.as_integer_ratio(), *count.base.as_integer_ratio(), len(count.lines)]
        for measure, count in counts.items()
    ]
    lists = [json.dumps([astuple(line) for line in count.lines], ensure_ascii=False) for count in counts.values()]
    return {"figures": json.dumps(figures, ensure_ascii=False), "lists": "\n".join(lists), "broken": False}


def _named(measure: Measure) -> tuple[str, list[str] | None]:
    """Return the id of a measure, and all that is said of one that the standard names."""
    if measure.id in _FIXED:
        return measure.id, None
    return measure.id, [measure.area, measure.name, measure.shape.value, measure.unit, measure.lists, measure.lacks]


def _counts_of(row: RowMapping) -> Counts | None:
    if row["broken"]:
        return None
    figures = json.loads(row["figures"])
    return {
        _measure_of(measure_id, said): Count(_fraction(*top), _fraction(*base), KeptLines(number, text))
        for (measure_id, said, *numbers), text in zip(figures, row["lists"].split("\n"), strict=False)
        for top, base, number in ((numbers[:2], numbers[2:4], numbers[4]),)
    }


def _fraction(top: int, base: int) -> Fraction:
    return Fraction(top) if base == 1 else Fraction(top, base)


def _measure_of(measure_id: str, said: list[str] | None) -> Measure:
    if said is None:
        return _FIXED[measure_id]
    area, name, shape, unit, lists, lacks = said
    return Measure(measure_id, area, name, Shape(shape), unit, lists=lists, lacks=lacks)


def _line_of(said: Sequence[Any]) -> Line:
    what, note, kind, record, item = said
    return Line(what=what, note=note, kind=kind, record=record, item=item)


def _forget_old(session: Session) -> None:
    """Forget all but the latest periods."""
    periods = session.scalars(select(COUNTS.c.period).distinct().order_by(COUNTS.c.period.desc())).all()
    if len(periods) > PERIODS:
        session.execute(delete(COUNTS).where(COUNTS.c.period.in_(periods[PERIODS:])))
