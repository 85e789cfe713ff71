"""The sheets of spot checks in Excel (现场核查表): what was drawn goes out, and comes back with what was found."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.sampling import CheckLine, SampledRecord, SampleSheet
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.sampling import SampleCheck, SampleVerdict
from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking, TakingBook
from desktop.services.race.editions import ended_last, period_name
from desktop.services.race.records import ever_enrolled, racers
from desktop.services.race.rows import Racer
from desktop.services.race.sheet import parse_period
from desktop.services.sampling.checks import HOW, parse_check
from desktop.services.sampling.reading import sheets_of
from desktop.services.sampling.rows import SampledRow, SheetRow
from desktop.services.sampling.service import (
    CHECKED_BY,
    CHECKED_ON,
    GROUND,
    HEARD,
    VERDICT,
    WAY,
    Judgement,
    Pools,
    SamplingService,
    Signed,
    checked_signed,
    keep_signed,
    keep_verdicts,
)
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.branch_columns import branch_column, find_branch
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.numbers import parse_integer
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn
from desktop.services.spreadsheets.text import parse_text
from desktop.services.spreadsheets.text import plain as plain_text
from desktop.services.spreadsheets.words import named_value

if TYPE_CHECKING:
    from desktop.services.store import Store

POSITION, NUMBER = Input("position", "序号"), Input("number", "佐证编号")
_LOOKED = "只用来看"


def _verdict(cell: object, field: Named) -> SampleVerdict:
    return SampleVerdict(_named(cell, field))


def _words(check: CheckLine | None) -> object:
    return None if check is None else check.words


_named = named_value("sample_verdicts", (each.label for each in SampleVerdict))
_FILLED_IN = (*(check.value for check in SampleCheck), GROUND.name, HEARD.name, VERDICT.name)
"""What a person fills in of a line."""


def sheet_of(taking_part: Sequence[Racer] = ()) -> Sheet:
    """Return the declared columns: first what was drawn, then what was found."""
    return Sheet(
        kind="samples",
        title="现场核查表",
        keys=("branch", POSITION.name),
        note="一行一条抽中的记录；前面几列不改，没有核的行不填，导入时跳过",
        columns=(
            branch_column(taking_part),
            SheetColumn("period", "周期", parse_period, required=True, example="2026Q3", width=10),
            SheetColumn(POSITION.name, POSITION.label, parse_integer, required=True, looks="integer", width=7),
            SheetColumn("title", "抽中的记录", parse_text, help=_LOOKED, width=30),
            SheetColumn(NUMBER.name, NUMBER.label, parse_text, help="写了就和抽中的核对", width=18),
            SheetColumn("on", "记录日期", parse_date, looks="date", help=_LOOKED, width=12),
            SheetColumn("why", "为什么抽", parse_text, help=_LOOKED, width=12),
            *(
                SheetColumn(check.value, check.label, parse_check, _words, help=HOW, blanks=True, width=18)
                for check in SampleCheck
            ),
            SheetColumn(GROUND.name, GROUND.label, parse_text, looks="long", help="不是属实的都写", width=34),
            SheetColumn(HEARD.name, HEARD.label, parse_text, looks="long", help="认定不实的要写", width=24),
            SheetColumn(
                VERDICT.name, VERDICT.label, _verdict, choices=tuple(each.label for each in SampleVerdict), width=11
            ),
            SheetColumn(CHECKED_BY.name, CHECKED_BY.label, parse_text, width=14),
            SheetColumn(CHECKED_ON.name, CHECKED_ON.label, parse_date, looks="date", width=12),
            SheetColumn(WAY.name, WAY.label, parse_text, example="到现场", width=12),
        ),
    )


class SampleBook(TakingBook):
    """The sheets of spot checks, at headquarters."""

    name = "samples"
    title = "现场核查表"
    tables = (SampleSheet.__tablename__, SampledRecord.__tablename__)

    def sheet(self) -> Sheet:
        """Return the declared columns, with the branches to choose from."""
        with self._store.reading() as session:
            return sheet_of(racers(session))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> "_SampleImport":
        """Begin to hold lines against what was drawn."""
        return _SampleImport(session, self._store, result, answers)

    def template(self, path: Path) -> None:
        """Write the sheet to take along: what was drawn last and is not judged yet."""
        rows = self._rows(lambda sheet: True)
        waiting = [row for row in rows if row[VERDICT.name] is None]
        newest = max((str(row["period"]) for row in waiting), default=ended_last(self._store.today))
        tables.template(path, self.sheet(), [row for row in waiting if row["period"] == newest])

    def export(self, path: Path) -> int:
        """Write all that was drawn, and what was found, as the sheet that imports again; return how many rows.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        return self._write(path, self.sheet(), self.rows())

    def rows(self, year: int | None = None) -> Rows:
        """Return what was drawn for the periods of a year, or for all."""
        return self._rows(lambda sheet: year is None or sheet.period.startswith(str(year)))

    def _rows(self, wanted: Callable[[SheetRow], bool]) -> Rows:
        with self._store.reading() as session:
            names = {racer.branch_id: (racer.code, racer.name) for racer in ever_enrolled(session)}
            sheets = [sheet for sheet in sheets_of(session, names) if sheet.branch_id in names and wanted(sheet)]
        return [_line(sheet, row) for sheet in sheets for row in sheet.records]


def _line(sheet: SheetRow, row: SampledRow) -> dict[str, object]:
    checks = {check.what: check for check in row.checks}
    return {
        "id": row.id,
        "branch": sheet.code,
        "period": sheet.period,
        POSITION.name: row.position,
        "title": row.title,
        NUMBER.name: row.number,
        "on": row.on,
        "why": row.why,
        **{check.value: checks.get(check) for check in SampleCheck},
        GROUND.name: row.ground,
        HEARD.name: row.heard,
        VERDICT.name: row.verdict,
        CHECKED_BY.name: sheet.checked_by,
        CHECKED_ON.name: sheet.checked_on,
        WAY.name: sheet.way,
    }


class _SampleImport(Taking):
    """One import of sheets that came back."""

    def __init__(self, session: Session, store: "Store", result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self._session, self._today = session, store.today
        self._service, self._racers = SamplingService(store), ever_enrolled(session)
        self._seen: dict[str, int] = {}
        self._pools: Pools = {}
        self._before: dict[str, Signed] = {}
        self._signed: dict[str, tuple[Signed, int]] = {}
        self._signed_blank: dict[str, tuple[Row, SampleSheet, str]] = {}

    def take(self, row: Row) -> None:
        """Keep what a line says was found, pass over one that nobody filled in, or refuse it whole."""
        try:
            with self._session.begin_nested():
                self._take(row)
        except InvalidInput as error:
            self.result.rejected.append(row.refuse(error))

    def finish(self) -> None:
        """Keep who looked where only lines say so that nobody filled in: the first of them stands for its sheet."""
        for row, sheet, what in self._signed_blank.values():
            signed, _at = self._signed[sheet.id]
            if _signed(sheet) != signed:
                self._sign(row, sheet, what, signed)
                self.result.blank -= 1
                self.result.updated += 1

    def _take(self, row: Row) -> None:
        branch, period = find_branch(row.get("branch"), self._racers), str(row.get("period"))
        sheet = self._session.scalar(
            select(SampleSheet).where(
                SampleSheet.branch_id == branch.branch_id,
                SampleSheet.period == period,
                SampleSheet.deleted_at_utc.is_(None),
            )
        )
        if sheet is None:
            raise InvalidInput(Input("period", "周期"), f"{branch.name}{period_name(period)}没有抽样")
        kept = self._session.scalar(
            select(SampledRecord).where(
                SampledRecord.sheet_id == sheet.id,
                SampledRecord.position == row.get(POSITION.name),
                SampledRecord.deleted_at_utc.is_(None),
            )
        )
        if kept is None:
            raise InvalidInput(POSITION, f"这张核查表没有第{row.get(POSITION.name)}条")
        number = plain_text(row.get(NUMBER.name) or "").strip()
        if number and number != kept.number:
            raise InvalidInput(NUMBER, f"第{kept.position}条抽中的是{kept.number}")
        signed = self._newly_signed(row, sheet)
        if all(row.get(name) is None for name in _FILLED_IN):
            self.result.blank += 1
            if signed is not None:
                self._signed_blank.setdefault(sheet.id, (row, sheet, f"{branch.name}{period_name(period)}核查表"))
            return
        if kept.id in self._seen:
            raise InvalidInput(POSITION, f"与第{self._seen[kept.id]}行重复")
        self._seen[kept.id] = row.number
        self._judge(row, sheet, kept, f"{branch.name}{period_name(period)}第{kept.position}条", signed)

    def _newly_signed(self, row: Row, sheet: SampleSheet) -> Signed | None:
        """Return who looked, when and how, where a line says something else than was kept before this import.

        Raises:
            InvalidInput: it cannot be, or another line of the same sheet says otherwise: a sheet is signed once.
        """
        before = self._before.setdefault(sheet.id, _signed(sheet))
        said = Signed(
            str(row.get(CHECKED_BY.name) or before.checked_by),
            row.get(CHECKED_ON.name) or before.checked_on,
            str(row.get(WAY.name) or before.way),
        )
        if said == before:
            return None
        signed = checked_signed(sheet, said, self._today)
        first, at = self._signed.setdefault(sheet.id, (signed, row.number))
        if signed != first:
            raise InvalidInput(CHECKED_BY, f"与第{at}行不同，一张核查表的核查人、日期和方式各行要一样")
        return signed

    def _judge(self, row: Row, sheet: SampleSheet, kept: SampledRecord, what: str, signed: Signed | None) -> None:
        before = _told(kept)
        given = {check: row.get(check.value) for check in SampleCheck}
        lines = {line.what: line for line in kept.checks} | {what: line for what, line in given.items() if line}
        judgement = Judgement(
            sampled_id=kept.id,
            verdict=row.get(VERDICT.name) or kept.verdict,
            ground=str(row.get(GROUND.name) or kept.ground),
            heard=str(row.get(HEARD.name) or kept.heard),
            checks=tuple(lines.values()),
        )
        self._pools = self._service.pools([judgement], self._pools)
        judged = keep_verdicts(self._session, [judgement], self._pools, self._today).changed > 0
        if judged:
            self.changed(row, what, VERDICT.label, before, _told(kept), name=VERDICT.name)
        were = _signed(sheet)
        if signed is not None and signed != were:
            self._sign(row, sheet, what, signed)
        elif not judged:
            self.result.unchanged += 1
            self.kept(row, what)
            return
        self._session.flush()
        self.result.updated += 1

    def _sign(self, row: Row, sheet: SampleSheet, what: str, signed: Signed) -> None:
        """Keep who looked, when and how, and say what that changes."""
        before = _signed_words(_signed(sheet))
        keep_signed(sheet, signed, self._today)
        self.changed(row, what, CHECKED_BY.label, before, _signed_words(signed), name=CHECKED_BY.name)


def _signed(sheet: SampleSheet) -> Signed:
    return Signed(sheet.checked_by, sheet.checked_on, sheet.way)


def _signed_words(signed: Signed) -> str:
    on = signed.checked_on.isoformat() if signed.checked_on is not None else ""
    return "，".join(filter(None, (signed.checked_by, on, signed.way)))


def _told(kept: SampledRecord) -> str:
    """Return what was found of a drawn record in words."""
    checks = [f"{check.what.label}{check.words}" for check in kept.checks]
    verdict = kept.verdict.label if kept.verdict is not None else ""
    return "；".join(filter(None, (verdict, *checks, kept.ground)))
