"""Race inputs in Excel (赛马数据): one line per branch, period and indicator; penalties and vetoes likewise."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceInput, RaceMark
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.intake.answers import Answers
from desktop.services.intake.rows import Row
from desktop.services.intake.taking import Taking, TakingBook
from desktop.services.leaving import leaving
from desktop.services.race.automatic import counted_instead, not_used
from desktop.services.race.corrections import (
    MILLION,
    correct,
    correcting,
    figure_words,
    locked_because,
    refuse_if_locked,
)
from desktop.services.race.editions import RaceSpan, ended_last, period_name, race_span, scheme_in_force
from desktop.services.race.inputs import (
    PART,
    VALUE,
    InputService,
    check_figure,
    put_input,
    unit_hint,
)
from desktop.services.race.marks import mark_words
from desktop.services.race.periods import taking_part
from desktop.services.race.published import Published, standing_of
from desktop.services.race.records import racers
from desktop.services.race.rows import Racer, TypedFigure
from desktop.services.race.scheme import Scheme
from desktop.services.race.scoring import plain, value_text
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.branch_columns import GROUND, branch_column, find_branch
from desktop.services.spreadsheets.numbers import parse_decimal, parse_integer
from desktop.services.spreadsheets.results import ImportResult
from desktop.services.spreadsheets.sheets import Rows, Sheet, SheetColumn
from desktop.services.spreadsheets.text import parse_text
from desktop.services.spreadsheets.text import plain as folded
from desktop.services.standards.periods import QUARTERS, quarter_name

REQUIRED = ("value", "ground")
"""What a line that is filled in must say."""
FILLED_IN = (*REQUIRED, "samples")
"""What a person fills in of a prepared line."""


def parse_period(cell: object, column: Named) -> str:
    """Return the quarter a cell names: 2026Q3, 2026年三季度, 2026年第3季度."""
    text = folded(parse_text(cell, column)).replace(" ", "")
    for number in range(1, QUARTERS + 1):
        word = quarter_name(number)
        text = text.replace(f"第{word}", f"Q{number}").replace(word, f"Q{number}")
        text = text.replace(f"第{number}季度", f"Q{number}").replace(f"{number}季度", f"Q{number}")
    return race_span(text.replace("年", "").upper()).code


def parse_value(cell: object, column: Named) -> Decimal:
    """Return the number a cell holds; 93% is 0.93.

    Raises:
        InvalidInput: no number can be read from it.
    """
    if isinstance(cell, str):
        text = folded(cell).replace(" ", "")
        if text.endswith("%"):
            return parse_decimal(text[:-1], column, places=4) / 100
    return parse_decimal(cell, column, places=6)


def sheet_of(scheme: Scheme, taking_part: Sequence[Racer] = ()) -> Sheet:
    """Return the declaration of the sheet, with the scheme's indicators to choose from."""
    parts = [
        part
        for indicator in scheme.indicators
        for part in indicator.parts
        if indicator.formula != "branch_standard_total"
    ]
    return Sheet(
        kind="race_inputs",
        title="赛马数据",
        keys=("branch", "indicator"),
        note="一行是一个支部一个周期的一项数据；扣分项和否决项（P-、V-开头）也可以填在这里，数值填件数。",
        columns=(
            branch_column(taking_part),
            SheetColumn(
                "period",
                "评比周期",
                parse_period,
                lambda code: code,
                required=True,
                help="年份加季度",
                example="2026Q3",
            ),
            SheetColumn(
                "indicator",
                "指标",
                required=True,
                width=14,
                help="；".join(f"{part.id} {part.name}（{unit_hint(part)}）" for part in parts),
                example="H3-1",
                choices=tuple(
                    [part.id for part in parts]
                    + [penalty.id for penalty in scheme.penalties]
                    + [veto.id for veto in scheme.vetoes]
                ),
            ),
            SheetColumn(
                "value",
                "数值",
                parse_value,
                help="比例写成0.93或93%",
                example="93%",
                looks="text",
            ),
            SheetColumn(
                "samples",
                "样本数",
                parse_integer,
                help="问卷份数，满意度必填",
                example="36",
                looks="integer",
            ),
            replace(
                GROUND,
                required=False,  # of a line that is filled in; one that is not is passed over
                help="数据出处：文件、系统报表或核查记录",
                example="营销系统9月报表",
            ),
        ),
    )


class _RaceImport(Taking):
    """One import of race inputs."""

    def __init__(self, session: Session, today: date, result: ImportResult, answers: Answers) -> None:
        super().__init__(result, answers)
        self.session, self.today, self.scheme = session, today, scheme_in_force(session, today)
        self._racers: dict[str, list[Racer]] = {}
        self._standing: dict[str, dict[str, Published]] = {}

    def take(self, row: Row) -> None:
        """Take one row, or refuse it with its reason."""
        self.take_whole(self.session, row, self._take)

    def _take(self, row: Row) -> None:
        span = race_span(row.get("period"))
        racer = find_branch(row.get("branch"), self._taking_part(span))
        rule = self._rule(row)
        is_kept = self._is_kept(row, racer, span, rule)
        if not is_kept:
            refuse_if_locked(self.session, span)
        if all(row.get(name) is None for name in FILLED_IN):
            self.result.blank += 1
            return
        for name in REQUIRED:
            if row.get(name) is None:
                label = row.titles[name]
                raise InvalidInput(Input(name, label), f"没有{label}")
        self.once(row, (racer.branch_id, span.code, rule), PART)
        if is_kept:
            self.kept(row, f"{racer.name}{period_name(span.code)}")
            outcome = 2
        elif rule in {p.id for p in self.scheme.penalties} | {v.id for v in self.scheme.vetoes}:
            outcome = self._mark(row, racer, span, rule)
        else:
            outcome = self._figure(row, racer, span, rule)
        self.result.accepted += outcome == 0
        self.result.updated += outcome == 1
        self.result.unchanged += outcome == 2

    def _taking_part(self, span: RaceSpan) -> list[Racer]:
        """Return who takes part in a period, as the form has it: also who did when it was published and left since."""
        if span.code not in self._racers:
            self._racers[span.code] = taking_part(self.session, span.code)
        return self._racers[span.code]

    def _is_kept(self, row: Row, racer: Racer, span: RaceSpan, rule: str) -> bool:
        """Tell whether just this is kept already: what changes nothing needs no open period."""
        value, ground = row.get("value"), str(row.get("ground") or "").strip()
        if value is None:
            return False
        figure = self.session.scalar(
            select(RaceInput).where(
                RaceInput.period == span.code,
                RaceInput.branch_id == racer.branch_id,
                RaceInput.indicator == rule,
                RaceInput.deleted_at_utc.is_(None),
            )
        )
        if figure is not None:
            kept = (Decimal(figure.value_millionths), figure.samples, figure.ground)
            return kept == (value * MILLION, row.get("samples"), ground)
        mark = self.session.scalar(
            select(RaceMark).where(
                RaceMark.period == span.code,
                RaceMark.branch_id == racer.branch_id,
                RaceMark.rule_id == rule,
                RaceMark.deleted_at_utc.is_(None),
            )
        )
        return mark is not None and (Decimal(mark.count), mark.ground) == (value, ground)

    def _rule(self, row: Row) -> str:
        """Return the id of the indicator, penalty or veto; its name, or id and name together, will do."""
        text = str(row.get("indicator")).strip()
        names = {part.id: part.name for indicator in self.scheme.indicators for part in indicator.parts}
        names |= {penalty.id: penalty.name for penalty in self.scheme.penalties}
        names |= {veto.id: veto.name for veto in self.scheme.vetoes}
        for key, name in names.items():
            if text.upper() == key or text == name or text.upper().startswith((f"{key} ", f"{key}　")):
                return key
        divided = {indicator.id for indicator in self.scheme.indicators if indicator.divided}
        if text.upper() in divided:
            raise InvalidInput(PART, f"{text.upper()}分项填写，如{text.upper()}-1")
        raise InvalidInput(PART, "方案里没有这个指标，按编号填写，如H3-1")

    def _figure(self, row: Row, racer: Racer, span: RaceSpan, part: str) -> int:
        figure = TypedFigure(racer.branch_id, part, row.get("value"), row.get("samples"), row.get("ground"))
        check_figure(self.scheme, figure)
        under = correcting(self.session, span, racer.branch_id)
        before = self.session.scalar(
            select(RaceInput).where(
                RaceInput.period == span.code, RaceInput.branch_id == racer.branch_id, RaceInput.indicator == part
            )
        )
        _, line = self.scheme.part(part)
        old = figure_words(self.scheme, before) if before is not None and before.deleted_at_utc is None else ""
        new = self._in_words(value_text(line, figure.value), figure.samples, figure.ground)
        outcome = put_input(self.session, self.scheme, span.code, figure, under)
        instead = self._counted_instead(racer, span, part)
        if instead:
            self.result.warnings.append(row.warn("value", instead))
        self._note(row, racer, span.code, line.name, old, new, outcome)
        return outcome

    def _counted_instead(self, racer: Racer, span: RaceSpan, part: str) -> str:
        """Say which figure counts in place of a typed one: the published one where that stands, else what is known."""
        if span.code not in self._standing:
            self._standing[span.code] = standing_of(self.session, span, self.scheme)
        kept = self._standing[span.code].get(racer.branch_id)
        if kept is None:
            return counted_instead(self.session, racer.branch_id, span, self.scheme, part, self.today)
        reading = kept.automatic.readings.get(part)
        if reading is None or part in kept.typed:
            return ""
        return not_used(reading.ground, value_text(self.scheme.part(part)[1], reading.value))

    def _mark(self, row: Row, racer: Racer, span: RaceSpan, rule: str) -> int:
        count, ground = row.get("value"), str(row.get("ground")).strip()
        if count != count.to_integral_value() or not 1 <= count <= 999:
            raise InvalidInput(VALUE, "扣分和否决填件数，1到999的整数")
        under = correcting(self.session, span, racer.branch_id)
        before = self.session.scalar(
            select(RaceMark).where(
                RaceMark.period == span.code,
                RaceMark.branch_id == racer.branch_id,
                RaceMark.rule_id == rule,
                RaceMark.deleted_at_utc.is_(None),
            )
        )
        names = {p.id: p.name for p in self.scheme.penalties} | {v.id: v.name for v in self.scheme.vetoes}
        name = names[rule]
        new, old = f"{count}件（{ground}）", ""
        if before is None:
            before = RaceMark(
                branch_id=racer.branch_id, period=span.code, rule_id=rule, count=int(count), ground=ground
            )
            correct(before, under, "")
            self.session.add(before)
            outcome = 0
        else:
            old = mark_words(before)
            outcome = 2 if (before.count, before.ground) == (int(count), ground) else 1
            if outcome == 1:
                correct(before, under, old)
            before.count, before.ground = int(count), ground
        self._note(row, racer, span.code, name, old, new, outcome)
        return outcome

    def _in_words(self, value: str, samples: int | None, ground: str) -> str:
        return f"{value}{f'，样本{samples}' if samples is not None else ''}（{ground.strip()}）"

    def _note(self, row: Row, racer: Racer, period: str, name: str, old: str, new: str, outcome: int) -> None:
        record = f"{racer.name}{period_name(period)}"
        if outcome == 2:
            self.kept(row, record)
            return
        if outcome == 0:
            self.added(row, record, {name: new})
        self.changed(row, record, name, old, new, name="value")


def _ever_racing(session: Session) -> dict[str, Racer]:
    """Return by its id every branch that is enrolled, or took part in a published period of which figures are kept."""
    figures = select(RaceInput.period).where(RaceInput.deleted_at_utc.is_(None))
    marks = select(RaceMark.period).where(RaceMark.deleted_at_utc.is_(None))
    found: dict[str, Racer] = {}
    for period in sorted(set(session.scalars(figures.union(marks)))):
        found |= {racer.branch_id: racer for racer in taking_part(session, period)}
    return found | {racer.branch_id: racer for racer in racers(session)}


class RaceInputImporter(TakingBook):
    """Race inputs in and out of Excel, at headquarters (import kind `race_inputs`)."""

    name = "race_inputs"
    title = "赛马数据"
    tables = (RaceInput.__tablename__, RaceMark.__tablename__)

    def sheet(self) -> Sheet:
        """Return the declaration of the sheet for the scheme in force."""
        with self._store.reading() as session:
            return sheet_of(scheme_in_force(session, self._store.today), racers(session))

    def begin(self, session: Session, result: ImportResult, answers: Answers) -> "_RaceImport":
        """Begin to hold lines against the figures and marks typed so far."""
        return _RaceImport(session, self._store.today, result, answers)

    def export(self, path: Path, period: str | None = None) -> int:
        """Write what is typed (of one period) as the sheet that imports again; return the number of rows.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.EXPORT)
        rows = self._rows(lambda of: period in (None, of))
        with leaving(self._store, path):
            count = tables.write(path, self.sheet(), rows, self.title, self._store.today)
        self._store.audit(Use.EXPORT, f"{self.title}，{count}行")
        return count

    def rows(self, year: int | None = None) -> Rows:
        """Return what is typed of the periods of a year, or of all."""
        return self._rows(lambda of: year is None or of.startswith(str(year)))

    def _rows(self, wanted: Callable[[str], bool]) -> Rows:
        with self._store.reading() as session:
            names = _ever_racing(session)
            scheme = scheme_in_force(session, self._store.today)
            rows: Rows = []
            for figure in session.scalars(select(RaceInput).where(RaceInput.deleted_at_utc.is_(None))):
                if figure.branch_id in names and wanted(figure.period):
                    _, part = scheme.part(figure.indicator)
                    rows.append(
                        {
                            "id": figure.id,
                            "branch": names[figure.branch_id].code,
                            "period": figure.period,
                            "indicator": figure.indicator,
                            "value": value_text(part, Decimal(figure.value_millionths) / MILLION),
                            "samples": figure.samples,
                            "ground": figure.ground,
                        }
                    )
            for mark in session.scalars(select(RaceMark).where(RaceMark.deleted_at_utc.is_(None))):
                if mark.branch_id in names and wanted(mark.period):
                    rows.append(
                        {
                            "id": mark.id,
                            "branch": names[mark.branch_id].code,
                            "period": mark.period,
                            "indicator": mark.rule_id,
                            "value": plain(Decimal(mark.count)),
                            "samples": None,
                            "ground": mark.ground,
                        }
                    )
        return sorted(rows, key=lambda row: [str(row[name]) for name in ("period", "branch", "indicator")])

    def template(self, path: Path) -> None:
        """Write the sheet to fill in: every branch with every figure nobody has yet for the quarter that ended last.

        A line nobody fills in is passed over when the sheet is imported.
        """
        period = ended_last(self._store.today)
        with self._store.reading() as session:
            is_locked = bool(locked_because(session, race_span(period)))
            codes = {} if is_locked else {racer.branch_id: racer.code for racer in racers(session)}
        rows = [
            {"branch": codes[cell.branch_id], "period": period, "indicator": cell.part}
            for cell in InputService(self._store).inputs(period)
            if not cell.automatic and cell.value is None and cell.branch_id in codes
        ]
        tables.template(path, self.sheet(), rows)
