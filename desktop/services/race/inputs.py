"""What headquarters types for the race: the figures of the indicators that no package carries."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.race import RaceAppeal, RaceInput
from desktop.services.clock import utc_text
from desktop.services.errors import Input, InvalidInput
from desktop.services.race.automatic import Automatic, automatic_figures
from desktop.services.race.corrections import (
    MILLION,
    NOTHING,
    appeals_of,
    correct,
    corrected_words,
    correcting,
    figure_words,
    ground_of,
)
from desktop.services.race.editions import race_span
from desktop.services.race.periods import scheme_of, taking_part
from desktop.services.race.published import standing_of
from desktop.services.race.rows import InputCell, TypedFigure
from desktop.services.race.scheme import Scheme, SubItem
from desktop.services.race.scoring import Reading, value_text
from desktop.services.spreadsheets.branch_columns import BRANCH, GROUND
from desktop.services.store import Store

PART = Input("indicator", "指标")
VALUE = Input("value", "数值")
SAMPLES = Input("samples", "样本数")


class InputService:
    """The typed figures of the race, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def inputs(self, period: str) -> list[InputCell]:
        """Return every figure of every branch for the entry form, by branch and in the scheme's order; once a result is
        published, what the program reckoned is what was published, but for branches whose appeal was upheld.
        """
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        with self._store.reading() as session:
            racing = taking_part(session, span.code)
            standing = standing_of(session, span, scheme)
        anew = [racer.branch_id for racer in racing if racer.branch_id not in standing]
        gathered = automatic_figures(self._store, anew, span, scheme)
        gathered |= {branch_id: each.automatic for branch_id, each in standing.items()}
        with self._store.reading() as session:
            typed = {
                (row.branch_id, row.indicator): row
                for row in session.scalars(select(RaceInput).where(RaceInput.period == span.code))
                if row.deleted_at_utc is None
            }
            appeals = {appeal.id: appeal for appeal in appeals_of(session, span.code)}
            cells = []
            for racer in racing:
                figures = gathered.get(racer.branch_id, Automatic())
                by_hand = standing[racer.branch_id].typed if racer.branch_id in standing else frozenset[str]()
                for indicator in scheme.indicators:
                    apart = indicator.id in figures.not_applicable and indicator.id in scheme.missing.not_applicable
                    for part in indicator.parts:
                        computed = figures.readings.get(part.id) if part.id not in by_hand else None
                        row = typed.get((racer.branch_id, part.id))
                        reading = computed or (reading_of(row, {}) if row is not None else None)
                        cells.append(
                            InputCell(
                                branch_id=racer.branch_id,
                                code=racer.code,
                                name=racer.name,
                                part=part.id,
                                part_name=part.name,
                                unit_hint=unit_hint(part),
                                automatic=computed is not None,
                                value=reading.value if reading else None,
                                value_text=value_text(part, reading.value) if reading else "",
                                samples=reading.samples if reading else None,
                                wants_samples=part.min_samples,
                                ground=reading.ground if reading else "",
                                note=figures.notes.get(part.id, ""),
                                unused=figure_words(scheme, row) if computed is not None and row is not None else "",
                                corrected=corrected_words(row, appeals) if row is not None else "",
                                not_applicable=apart and reading is None,
                            )
                        )
            return cells

    def set_inputs(
        self, period: str, figures: Sequence[TypedFigure], appeal: str | None = None
    ) -> tuple[int, int, int]:
        """Keep typed figures, all or none; return how many were new, changed and the same as before.

        Once the result was published, `appeal` says under which of the upheld appeals they are corrected, where there
        are several.

        Raises:
            InvalidInput: an unknown branch or indicator, a value out of range, no ground, or the result is published.
        """
        self._store.rights.require_any(RaceInput.__tablename__)
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        with self._store.unit_of_work(f"录入{span.name}赛马数据") as session:
            known = {racer.branch_id for racer in taking_part(session, span.code)}
            counts = [0, 0, 0]
            for figure in figures:
                under = correcting(session, span, figure.branch_id, appeal)
                if figure.branch_id not in known:
                    raise InvalidInput(BRANCH, "没有登记的支部", record=figure.branch_id)
                check_figure(scheme, figure)
                counts[put_input(session, scheme, span.code, figure, under)] += 1
        return counts[0], counts[1], counts[2]

    def clear_input(self, period: str, branch_id: str, part: str, appeal: str | None = None) -> None:
        """Take a typed figure away: the indicator counts as missing again.

        Raises:
            InvalidInput: the result is published; see `set_inputs`.
        """
        self._store.rights.require_any(RaceInput.__tablename__)
        span = race_span(period)
        scheme = scheme_of(self._store, span)
        with self._store.unit_of_work(f"删除{span.name}赛马数据") as session:
            under = correcting(session, span, branch_id, appeal)
            row = session.scalar(
                select(RaceInput).where(
                    RaceInput.period == span.code, RaceInput.branch_id == branch_id, RaceInput.indicator == part
                )
            )
            if row is not None and row.deleted_at_utc is None:
                correct(row, under, figure_words(scheme, row))
                row.deleted_at_utc = utc_text(self._store.clock())


def put_input(
    session: Session, scheme: Scheme, period: str, figure: TypedFigure, under: RaceAppeal | None = None
) -> int:
    """Keep one checked figure; return 0 when it is new, 1 when it changed, 2 when it was the same.

    A correction `under` an appeal keeps the words of the figure it replaces.
    """
    millionths = int(figure.value * MILLION)
    row = session.scalar(
        select(RaceInput).where(
            RaceInput.period == period,
            RaceInput.branch_id == figure.branch_id,
            RaceInput.indicator == figure.part,
        )
    )
    if row is None:
        row = RaceInput(
            branch_id=figure.branch_id,
            period=period,
            indicator=figure.part,
            value_millionths=millionths,
            samples=figure.samples,
            ground=figure.ground.strip(),
        )
        correct(row, under, NOTHING)
        session.add(row)
        return 0
    wanted = (millionths, figure.samples, figure.ground.strip(), None)
    if (row.value_millionths, row.samples, row.ground, row.deleted_at_utc) == wanted:
        return 2
    correct(row, under, figure_words(scheme, row))
    row.value_millionths, row.samples, row.ground, row.deleted_at_utc = wanted
    return 1


def check_figure(scheme: Scheme, figure: TypedFigure) -> None:
    """Refuse a figure the scheme cannot use.

    Raises:
        InvalidInput: the rule it breaks.
    """
    try:
        indicator, part = scheme.part(figure.part)
    except KeyError:
        raise InvalidInput(PART, "方案里没有这个指标，按编号填写，如H3-1", value=figure.part) from None
    if indicator.formula == "branch_standard_total":
        raise InvalidInput(PART, f"{indicator.name}由考评得分计算，不能录入", value=figure.part)
    if indicator.source == "auto" and not scheme.missing.manual_fallback:
        raise InvalidInput(PART, "方案不允许录入自动指标", value=figure.part)
    top = max(part.full, part.zero)
    if figure.value < 0:
        raise InvalidInput(VALUE, "不能为负数", value=str(figure.value))
    if top <= 1 and figure.value > 2:
        raise InvalidInput(VALUE, "应为比例，写成0.93或93%", value=str(figure.value))
    if indicator.formula == "rating_0_4" and figure.value > part.full:
        raise InvalidInput(VALUE, "评级在0到4之间", value=str(figure.value))
    if top > 1 and figure.value > 1000:
        raise InvalidInput(VALUE, "超出范围", value=str(figure.value))
    if figure.value * MILLION != (figure.value * MILLION).to_integral_value():
        raise InvalidInput(VALUE, "最多六位小数", value=str(figure.value))
    if part.min_samples and figure.samples is None:
        raise InvalidInput(SAMPLES, "这个指标要填样本数", value=figure.part)
    if figure.samples is not None and not 0 <= figure.samples <= 1_000_000:
        raise InvalidInput(SAMPLES, "超出范围", value=str(figure.samples))
    if not figure.ground.strip():
        raise InvalidInput(GROUND, "不能为空，写明数据出处", value=figure.part)


def unit_hint(part: SubItem) -> str:
    """Say how a value of this part is written."""
    if max(part.full, part.zero) <= 1:
        return "比例，如0.93或93%"
    return f"{value_text(part, min(part.zero, part.full))}到{value_text(part, max(part.zero, part.full))}"


def reading_of(row: RaceInput, appeals: Mapping[str, RaceAppeal]) -> Reading:
    """Return a stored figure as the score reads it; its ground names the appeal it was corrected under."""
    return Reading(Decimal(row.value_millionths) / MILLION, row.samples, ground_of(row, appeals), typed=True)
