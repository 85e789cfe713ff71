"""Quality ratings in and out of Excel, one line per criterion: those of headquarters for every branch (import kind
`ratings`), and a branch's own (`self_ratings`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import Branch
from desktop.models.standards import SelfRating, VerifiedRating
from desktop.models.sync import Partner
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import PartnerState, Use
from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking, TakingBook
from desktop.services.leaving import leaving
from desktop.services.numbers import digits
from desktop.services.race.corrections import refuse_if_locked
from desktop.services.race.editions import period_name, race_span
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.branch_columns import GROUND, branch_column, find_branch
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn
from desktop.services.spreadsheets.text import parse_text, plain
from desktop.services.standards import quality
from desktop.services.standards.asked import FIRST_YEAR, LAST_YEAR
from desktop.services.standards.pack import Item, Pack
from desktop.services.standards.quality import Rated
from desktop.services.standards.ratings import (
    QUARTER,
    RatingTable,
    every_rating,
    judged_for,
    kept_ratings,
    put_rating,
    rated_item,
    rated_period,
)
from desktop.services.standards.service import StandardService

if TYPE_CHECKING:
    from desktop.services.store import Store

_SURVEY = re.compile(r"(\d+)\s*[/／÷]\s*(\d+)")
_LEVEL = re.compile(r"(\d+(?:\.\d+)?)\s*级?.*")
_NUMBER = re.compile(r"第?(\d+)条?")

BRANCH = "branch"
"""What the column of branches is called."""
YEAR = SheetColumn("year", "年度", parse_integer, help="不填按今年", example="2026", looks="integer")
ITEM = SheetColumn(
    "item",
    "条目",
    required=True,
    help="条目编号",
    example="D4-01",
)
PERIOD = SheetColumn("period", "周期", help="如 2026Q3，从这一季起管；不填管全年，哪一季另评了按哪一季的", example="")
CRITERION = SheetColumn(
    "criterion",
    "质量标准",
    help="第几条质量标准，或标准原文；只有一条时可不填",
    example="1",
    width=36,
)
LEVEL = SheetColumn(
    quality.LEVEL.name,
    quality.LEVEL.label,
    help="0没做、1有形无实、2基本落实、3落实有效、4示范可推广；测评写成18/20",
    example="3",
    blanks=True,
)
SATISFIED = SheetColumn(
    quality.SATISFIED.name,
    quality.SATISFIED.label,
    parse_integer,
    looks="integer",
    example="18",
)
ASKED = SheetColumn(
    quality.ASKED.name,
    quality.ASKED.label,
    parse_integer,
    looks="integer",
    example="20",
)
RATING_GROUND = replace(
    GROUND,
    required=False,  # of a line that is filled in; one that is not is passed over
    width=40,
    help="看了什么、问了谁；评定了就要写",
    example="抽查5份会议记录",
)


FILLED_IN = (LEVEL.name, SATISFIED.name, ASKED.name, RATING_GROUND.name)
"""What a person fills in of a prepared line."""


@dataclass(frozen=True, slots=True)
class RatedBranch:
    """A branch that headquarters rates."""

    branch_id: str
    code: str
    name: str


def sheet_of(pack: Pack, branches: Sequence[RatedBranch] = ()) -> Sheet:
    """Return the declaration of the sheet for the standard in force."""
    return Sheet(
        kind="ratings",
        title="质量评定",
        keys=("branch", "item"),
        note="一行是一个支部一个条目的一条质量标准；按级评定的填0到4，测评的填满意人数和测评人数。",
        columns=(
            branch_column(branches),
            YEAR,
            replace(ITEM, choices=tuple(item.id for item in pack.items)),
            CRITERION,
            LEVEL,
            SATISFIED,
            ASKED,
            RATING_GROUND,
            PERIOD,
        ),
    )


def rated_branches(session: Session) -> list[RatedBranch]:
    """Return the enrolled branches by code, each once."""
    rows = session.execute(
        select(Partner.org, Partner.code, Partner.name)
        .where(Partner.state == PartnerState.ACTIVE)
        .order_by(Partner.code)
    )
    return list({org: RatedBranch(org, code, name) for org, code, name in rows}.values())


class RatingBook(TakingBook):
    """Verified ratings in and out of Excel, at headquarters."""

    name = "ratings"
    title = "质量评定"
    tables: tuple[str, ...] = (VerifiedRating.__tablename__,)
    table: RatingTable = VerifiedRating

    def sheet(self) -> Sheet:
        """Return the declaration of the sheet for the standard in force and the branches it is for."""
        with self._store.reading() as session:
            return self.declared(StandardService(self._store).pack(), self.branches(session))

    def declared(self, pack: Pack, branches: Sequence[RatedBranch]) -> Sheet:
        """Return the declaration of the sheet for a standard and branches."""
        return sheet_of(pack, branches)

    def branches(self, session: Session) -> list[RatedBranch]:
        """Return the branches that are judged."""
        return rated_branches(session)

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> "_RatingImport":
        """Begin to hold lines against what is judged."""
        return _RatingImport(session, self, self._store, result, answers)

    def export(self, path: Path, year: int | None = None) -> int:
        """Write the ratings (of one year) as the sheet that imports again; return the number of rows.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        rows = self.rows(year)
        with leaving(self._store, path):
            count = tables.write(path, self.sheet(), rows, self.title, self._store.today)
        self._store.audit(Use.EXPORT, f"{self.title}，{count}行")
        return count

    def rows(self, year: int | None = None) -> Rows:
        """Return the ratings of a year, or all."""
        with self._store.reading() as session:
            names = {branch.branch_id: branch.code for branch in self.branches(session)}
            kept = every_rating(session, self.table)
            return [
                {
                    "id": rating.id,
                    "branch": names[rating.branch_id],
                    "year": rating.year,
                    "item": rating.item_id,
                    "criterion": str(rating.criterion + 1),
                    "level": "" if rating.value_hundredths is None else digits(rating.value_hundredths / 100),
                    "satisfied": rating.satisfied,
                    "asked": rating.asked,
                    "ground": rating.ground,
                    "period": rating.period if QUARTER in rating.period else None,
                }
                for rating in kept
                if rating.branch_id in names and year in (None, rating.year)
            ]

    def template(self, path: Path) -> None:
        """Write the sheet to fill in: every criterion people judge, of every branch; what is judged has its values.

        A line nobody fills in is passed over when the sheet is imported.
        """
        year = self._store.today.year
        pack = StandardService(self._store).pack(self._store.today, year)
        with self._store.reading() as session:
            branches = self.branches(session)
            verified = self.table is VerifiedRating
            kept = {branch.branch_id: kept_ratings(session, year, branch.branch_id, verified) for branch in branches}
        rows = [
            _prepared(branch, year, item, number, kept[branch.branch_id].get((item.id, number)))
            for branch in branches
            for item in pack.items
            for number, criterion in enumerate(item.quality)
            if criterion.typed
        ]
        tables.template(path, self.declared(pack, branches), rows)


class SelfRatingBook(RatingBook):
    """A branch's own ratings in and out of Excel: the same sheet without the column of branches."""

    name = "self_ratings"
    title = "质量自评"
    tables = (SelfRating.__tablename__,)
    table = SelfRating

    def declared(self, pack: Pack, branches: Sequence[RatedBranch]) -> Sheet:
        """Return the declaration of the sheet: every line is of this branch."""
        sheet = sheet_of(pack, branches)
        columns = tuple(column for column in sheet.columns if column.name != BRANCH)
        note = "一行是一个条目的一条质量标准；按级评定的填0到4，测评的填满意人数和测评人数。市公司的核定另算。"
        return replace(sheet, kind=self.name, title=self.title, columns=columns, keys=("item",), note=note)

    def branches(self, session: Session) -> list[RatedBranch]:
        """Return this branch alone."""
        own = session.get_one(Branch, self._store.branch_id)
        return [RatedBranch(own.id, own.code, own.name)]


class _RatingImport(Taking):
    """One import of ratings."""

    def __init__(
        self, session: Session, book: RatingBook, store: "Store", result: ImportResult, answers: Answers
    ) -> None:
        super().__init__(result, answers)
        self._session, self._today, self._table = session, store.today, book.table
        self._standard, self._branches = StandardService(store), book.branches(session)
        self._own = isinstance(book, SelfRatingBook)
        self._packs: dict[int, Pack] = {}

    def take(self, row: Row) -> None:
        """Take one line, pass over one that nobody filled in, or refuse it."""
        self.take_whole(self._session, row, self._take)

    def _take(self, row: Row) -> None:
        branch = self._branches[0] if self._own else find_branch(row.get(BRANCH), self._branches)
        pack, year = self._pack(row)
        item_id = parse_text(row.get("item"), ITEM).strip().upper().split()[0]
        item = rated_item(pack, item_id, 0)
        number = _criterion(row, item)
        cell = row.get(PERIOD.name)
        period = str(year) if cell is None else rated_period(year, plain(cell).strip())
        key = (branch.branch_id, year, item.id, number, period)
        before = self._before(key)
        if all(row.get(name) is None for name in FILLED_IN):
            self.result.blank += 1
            if before:
                self.result.warnings.append(row.warn(LEVEL.name, "这一行没有填，原来的评定保留"))
            return
        if row.get(RATING_GROUND.name) is None:
            raise InvalidInput(RATING_GROUND, f"没有{RATING_GROUND.label}")
        rated = _rated(row, item, number, pack, self._today)
        if not self._own and QUARTER in period and before != _described(rated):
            refuse_if_locked(self._session, race_span(period))
        self.once(row, key, ITEM)
        outcome = put_rating(self._session, self._table, branch.branch_id, year, item.id, number, rated, period)
        self._session.flush()
        record, label = f"{branch.name} {_period_words(period)} {item.id}", f"第{number + 1}条"
        if outcome == 0:
            self.result.accepted += 1
            self.added(row, record, {label: _described(rated)})
        elif outcome == 1:
            self.result.updated += 1
        else:
            self.result.unchanged += 1
            self.kept(row, record)
        if outcome != 2:
            self.changed(row, record, label, before, _described(rated), name=LEVEL.name)

    def _pack(self, row: Row) -> tuple[Pack, int]:
        """Return the standard of the year the row is for, and the year."""
        year = self._today.year if row.get("year") is None else int(row.get("year"))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidInput(YEAR, "超出范围")
        if year not in self._packs:
            self._packs[year] = self._standard.pack(min(self._today, date(year, 12, 31)), year)
        return self._packs[year], year

    def _before(self, key: tuple[str, int, str, int, str]) -> str:
        rated = judged_for(self._session, self._table, *key)
        return "" if rated is None else _described(rated)


def _prepared(branch: RatedBranch, year: int, item: Item, number: int, rated: Rated | None) -> dict[str, object]:
    """Return one line of the sheet to fill in; the words of the criterion name it, unless the item has them twice."""
    words = [plain(criterion.text) for criterion in item.quality]
    named = item.quality[number].text if words.count(words[number]) == 1 else str(number + 1)
    line: dict[str, object] = {"branch": branch.code, "year": year, "item": item.id, "criterion": named}
    if rated is not None:
        level = rated.level_hundredths
        line |= {
            LEVEL.name: None if level is None else digits(level / 100),
            SATISFIED.name: rated.satisfied,
            ASKED.name: rated.asked,
            RATING_GROUND.name: rated.ground,
            PERIOD.name: rated.period if QUARTER in rated.period else None,
        }
    return line


def _period_words(period: str) -> str:
    return period_name(period) if QUARTER in period else f"{period}年"


def _described(rated: Rated) -> str:
    return f"{rated.text}（{rated.ground}）" if rated.ground else rated.text


def _criterion(row: Row, item: Item) -> int:
    cell = row.get("criterion")
    if cell is None:
        if len(item.quality) > 1:
            raise InvalidInput(CRITERION, f"{item.id}有{len(item.quality)}条质量标准，要写第几条")
        return 0
    text = plain(cell).strip()
    matching = [n for n, criterion in enumerate(item.quality) if plain(criterion.text) == text]
    if matching:
        return matching[0]
    number = _NUMBER.fullmatch(text)
    if number is None:
        raise InvalidInput(CRITERION, "填第几条（1、2），或标准原文")
    if not 1 <= int(number[1]) <= len(item.quality):
        raise InvalidInput(CRITERION, f"{item.id}只有{len(item.quality)}条质量标准")
    return int(number[1]) - 1


def _rated(row: Row, item: Item, number: int, pack: Pack, on: date) -> Rated:
    cell = row.get("level")
    text = "" if cell is None else plain(cell).strip()
    satisfied, asked = row.get("satisfied"), row.get("asked")
    survey = _SURVEY.fullmatch(text)
    level: str | None = text or None
    if survey is not None:
        satisfied, asked, level = int(survey[1]), int(survey[2]), None
    elif level is not None:
        written = _LEVEL.fullmatch(level)
        level = written[1] if written is not None else level
    return quality.check(
        item.quality[number],
        pack.scoring.quality_scale_max,
        level=level,
        satisfied=satisfied,
        asked=asked,
        ground=parse_text(row.get("ground"), GROUND),
        rated_on=on,
    )
