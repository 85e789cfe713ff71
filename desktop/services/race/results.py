"""The list of results for committees (结果名单): class and grounds of every branch as published, never an amount."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.sampling import SampledRecord, SampleSheet
from desktop.models.standards import GateFinding
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState, RacePeriodState
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import Input, InvalidInput
from desktop.services.leaving import leaving
from desktop.services.race.appeals import appeal_rows, window_of
from desktop.services.race.corrections import upheld_words
from desktop.services.race.details import row_of
from desktop.services.race.editions import PERIOD, RaceSpan, race_span, scheme_of_version
from desktop.services.race.papers import words
from desktop.services.race.records import period_record, results_of
from desktop.services.race.revisions import row_difference, versions_of
from desktop.services.race.rows import AppealRow, RaceRow
from desktop.services.race.scheme import CLASS_ORDER
from desktop.services.race.scoring import plain
from desktop.services.spreadsheets import tables
from desktop.services.spreadsheets.sheets import Sheet, SheetColumn
from desktop.services.store import Store

PURPOSE = Input("use", "用于")
_TOLD_APART = ("扣分：", "否决项：", "与")
"""Sentences of a result that are said with their grounds, or are advice: where the widest gaps are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One branch on the list. `held` says why its result is not to be used yet; "" where it is."""

    branch_id: str
    code: str
    name: str
    group: str
    group_name: str
    group_size: int
    rank: int | None
    total: Decimal | None
    class_id: str
    class_name: str
    grounds: tuple[str, ...]
    held: str

    @property
    def place(self) -> str:
        """Say the place in the group: 第1名/9."""
        return "未排名" if self.rank is None else f"第{self.rank}名/{self.group_size}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultList:
    """The published results of a period. `final` once they are settled; until then the list is a draft to be shown."""

    period: str
    period_name: str
    state: RacePeriodState
    scheme_title: str
    scheme_version: str
    published_on: date
    appeal_by: date | None
    undecided: int
    uses: tuple[str, ...]
    goals: tuple[tuple[str, str, str], ...]
    """Of every class, from the lowest: its id, its name, and what is asked of it."""
    appeals: tuple[AppealRow, ...]
    lines: tuple[ResultLine, ...]
    changed: tuple[str, ...] = ()
    """What differs from what was published first, branch by branch, whatever it came from."""

    @property
    def final(self) -> bool:
        """Whether the result is settled (定案)."""
        return self.state is RacePeriodState.FINAL

    @property
    def title(self) -> str:
        """Return what the list is called; a draft says so."""
        return f"{self.period_name}党支部赛马结果名单{'' if self.final else f'（{words().draft_word}）'}"

    def of_class(self, class_id: str) -> tuple[ResultLine, ...]:
        """Return the branches of one class."""
        return tuple(line for line in self.lines if line.class_id == class_id)


class ResultListService:
    """Makes the list of results, at headquarters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def results(self, period: str) -> ResultList:
        """Return the list of a period: the highest class first, within it by group and place.

        While a correction is scored and not published, the list says what was published.

        Raises:
            InvalidInput: nothing of the period is published.
        """
        span = race_span(period)
        with self._store.reading() as session:
            row = period_record(session, span.code)
            if row is None or row.published_on is None:
                raise InvalidInput(PERIOD, f"{span.name}的结果还没有公布，公布以后才有名单")
            scheme = scheme_of_version(session, row.scheme_version)
            appeals = appeal_rows(session, span.code)
            window = window_of(session, row)
            rows = [row_of(result) for result in results_of(session, span.code)]
            false = _found_false(session, span)
            order = {group.id: number for number, group in enumerate(scheme.groups)}
            classes = {class_id: -number for number, class_id in enumerate(CLASS_ORDER)}
            rows.sort(
                key=lambda each: (
                    classes.get(each.class_id, 1),
                    order.get(each.group, len(order)),
                    each.rank is None,
                    each.rank or 0,
                    each.name,
                )
            )
            return ResultList(
                period=span.code,
                period_name=span.name,
                state=row.state,
                scheme_title=scheme.title,
                scheme_version=row.scheme_version,
                published_on=row.published_on,
                appeal_by=window.last if window is not None else None,
                undecided=sum(appeal.state is AppealState.PENDING for appeal in appeals),
                uses=scheme.links,
                goals=tuple((each.id, each.name, each.goal) for each in scheme.classes),
                appeals=tuple(appeals),
                lines=tuple(_line(each, appeals, false.get(each.branch_id, ())) for each in rows),
                changed=_changed(session, span.code, rows),
            )

    def export(self, period: str, path: Path, use: str = "") -> int:
        """Write the list of a period as a workbook; return how many branches.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: nothing is published, or the scheme does not name the use.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        found = self.results(period)
        refuse_other_use(found, use)
        title = f"{found.title}{f'，用于{use}' if use else ''}"
        with leaving(self._store, path):
            tables.write(path, _sheet(), [_cells(line) for line in found.lines], title, self._store.today)
        self._store.audit(Use.EXPORT, f"{title}，{len(found.lines)}行")
        return len(found.lines)


def refuse_other_use(found: ResultList, use: str) -> None:
    """Refuse a use that the scheme does not name ("": any).

    Raises:
        InvalidInput: it says which there are.
    """
    if use and use not in found.uses:
        raise InvalidInput(PURPOSE, f"方案里没有这一项，可以是{'、'.join(found.uses)}", value=use)


def _changed(session: Session, period: str, rows: Sequence[RaceRow]) -> tuple[str, ...]:
    kept = versions_of(session, period)
    if not kept:
        return ()
    first = {result.branch_id: row_of(result) for result in kept[0][2]}
    differences = ((row.name, row_difference(first.get(row.branch_id), row)) for row in rows)
    return tuple(f"{name}{words}" for name, words in differences if words)


def _found_false(session: Session, span: RaceSpan) -> Mapping[str, Sequence[str]]:
    """Return by branch what was found made up of a period too late for its result: it counts from the day it was found.

    A record that was confirmed before its race was published has its penalty there, and the score of that race.
    """
    query = (
        select(SampledRecord.branch_id, SampledRecord.confirmed_on, SampledRecord.confirmed_by, GateFinding.ground)
        .join(SampleSheet, SampleSheet.id == SampledRecord.sheet_id)
        .join(GateFinding, GateFinding.id == SampledRecord.finding_id)
        .where(
            SampleSheet.period.in_((span.code, *span.quarters)),
            SampledRecord.confirmed_on > span.last,
            SampledRecord.mark_id.is_(None),
            *(model.deleted_at_utc.is_(None) for model in (SampledRecord, SampleSheet, GateFinding)),
        )
        .order_by(SampledRecord.confirmed_on, SampledRecord.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in session.execute(query):
        found[row.branch_id].append(
            f"查实不实：{row.ground}（{row.confirmed_on:%Y-%m-%d}{row.confirmed_by}复核，这一期的结果没有计入）。"
        )
    return found


def _line(row: RaceRow, appeals: Sequence[AppealRow], false: Sequence[str]) -> ResultLine:
    own = [appeal for appeal in appeals if appeal.branch_id == row.branch_id]
    held = ["有查实的不实记录没有计入，研究后再采用"] if false else []
    if any(appeal.state is AppealState.PENDING for appeal in own):
        held.append("申诉中，暂不采用")
    elif upheld := [appeal.state for appeal in own if appeal.awaits_correction]:
        held.append(f"{upheld_words(upheld)}，更正后再采用")
    return ResultLine(
        branch_id=row.branch_id,
        code=row.code,
        name=row.name,
        group=row.group,
        group_name=row.group_name,
        group_size=row.group_size,
        rank=row.rank,
        total=row.total,
        class_id=row.class_id,
        class_name=row.class_name,
        grounds=(*_grounds(row, own), *false),
        held="；".join(held),
    )


def _grounds(row: RaceRow, appeals: Sequence[AppealRow]) -> list[str]:
    """Return why the branch is in its class, with what every deduction and veto rests on."""
    told = [reason for reason in row.reasons if not reason.startswith(_TOLD_APART)]
    for penalty in row.penalties:
        cases = f"{penalty.cases}{penalty.unit or '次'}"
        told.append(f"扣分：{penalty.name}{cases}，扣{plain(-penalty.points)}分（{penalty.ground}）。")
    for veto in row.vetoes:
        told.append(f"否决项：{veto.name}（{veto.ground}）。")
    for appeal in appeals:
        if appeal.republished_on is not None:
            told.append(
                f"按{appeal.received_on:%Y-%m-%d}收到的申诉更正，{appeal.republished_on:%Y-%m-%d}再公布：{appeal.outcome}。"
            )
    return told


def _sheet() -> Sheet:
    return Sheet(
        kind="race_results",
        title="结果名单",
        columns=(
            SheetColumn("class", "类别", width=10),
            SheetColumn("code", "代码", width=10),
            SheetColumn("name", "支部", width=28),
            SheetColumn("group", "分组", width=22),
            SheetColumn("place", "名次", width=10),
            SheetColumn("total", "总分", looks="decimal", width=10),
            SheetColumn("grounds", "依据", looks="long", width=70),
            SheetColumn("held", "备注", width=20),
        ),
    )


def _cells(line: ResultLine) -> dict[str, object]:
    return {
        "class": line.class_name,
        "code": line.code,
        "name": line.name,
        "group": line.group_name,
        "place": line.place,
        "total": line.total,
        "grounds": "\n".join(line.grounds),
        "held": line.held or None,
    }
