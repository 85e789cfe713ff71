"""Papers of the race: the list of results for committees, the notice of results, the decision on an appeal."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.race import AppealState
from desktop.services.archive.blocks import (
    TURN,
    Band,
    Block,
    Column,
    Document,
    Heading,
    Keep,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Row,
    Side,
    Signatures,
    Space,
    Table,
    Title,
    Written,
)
from desktop.services.archive.wording import NUMERALS, day
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.development.papers import filled
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.numbers import NONE, points
from desktop.services.race.appeals import STATE, AppealService
from desktop.services.race.editions import period_name
from desktop.services.race.papers import words
from desktop.services.race.results import ResultLine, ResultList, ResultListService, refuse_other_use
from desktop.services.race.rows import AppealRow
from desktop.services.race.scheme import CLASS_ORDER
from desktop.services.race.scoring import UNCLASSED
from desktop.services.race.versions import AppealComparison, FigureChange, VersionService

if TYPE_CHECKING:
    from desktop.services.store import Store

CLASSES = (*reversed(CLASS_ORDER), UNCLASSED)


class RacePapers:
    """Writes the papers of the race at headquarters: as Word where the path ends in .docx, else as PDF."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def result_list(self, period: str, path: Sink, use: str = "") -> Written:
        """Write the list of results for a committee; until they are settled it is marked as a draft.

        Raises:
            NotAllowed: who works here does not export.
            InvalidInput: nothing is published, or the scheme does not name the use.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        found = ResultListService(self._store).results(period)
        refuse_other_use(found, use)
        return self._write(result_list_document(found, self._unit(), self._store.today, use), path)

    def notice(self, period: str, path: Sink) -> Written:
        """Write the notice of results to all branches, with the places in its annex.

        Raises:
            NotAllowed: who works here does not export.
            InvalidInput: nothing is published.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        found = ResultListService(self._store).results(period)
        return self._write(notice_document(found, self._unit(), self._store.today), path)

    def decision(self, appeal_id: str, period: str, path: Sink) -> Written:
        """Write what was decided on an appeal, for both sides.

        Raises:
            NotAllowed: who works here does not export.
            NotFound: the period has no such appeal.
            InvalidInput: nothing is decided yet.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        appeal = next((each for each in AppealService(self._store).appeals(period) if each.id == appeal_id), None)
        if appeal is None:
            raise NotFound(what="申诉")
        if appeal.state is AppealState.PENDING or appeal.decided_on is None:
            raise InvalidInput(STATE, "还没有作出决定")
        changed = VersionService(self._store).of_appeal(appeal_id, period)
        return self._write(decision_document(appeal, period_name(period), changed, self._unit()), path)

    def _unit(self) -> str:
        return self._store.setting(SettingName.NAME)

    def _write(self, document: Document, path: Sink) -> Written:
        return write_paper(self._store, document, path, substitute=True)


def result_list_document(found: ResultList, unit: str, today: date, use: str = "") -> Document:
    """Return the list of results: class, place and grounds of every branch, no amounts."""
    title = found.title
    columns = (
        Column("序号", 0.7, Side.CENTER),
        Column("支部", 3.9),
        Column("名次", 1.1, Side.CENTER),
        Column("总分", 1.1, Side.RIGHT),
        Column("依据", 8.6),
        Column("备注", 1.2),
    )
    rows: list[Row] = []
    number = 0
    for class_id in CLASSES:
        lines = found.of_class(class_id)
        if lines:
            rows.append(Band(f"{lines[0].class_name}（{len(lines)}个）"))
        for line in lines:
            number += 1
            named = f"{line.name}\n{line.group_name}"
            rows.append((str(number), named, line.place, _total(line), "".join(line.grounds), line.held))
    facts = f"结果{day(found.published_on)}公布，{found.scheme_title}{found.scheme_version}版。"
    blocks: list[Block] = [Title(title, f"（{unit}{f'，用于{use}' if use else ''}）"), Note(facts + words().list_note)]
    if not found.final:
        blocks.append(Note(words().held_note))
    blocks += [Table(columns, tuple(rows), record="结果名单"), Signatures(("制表", "审核", "日期"))]
    return Document(
        title=title, author=unit, subject=title, day=today, blocks=tuple(blocks), running_head=title,
        running_foot=unit, look=Look.BOOK, landscape=True,
    )  # fmt: skip


def notice_document(found: ResultList, unit: str, today: date) -> Document:
    """Return the notice of results as an official paper; after upheld appeals it says what it corrects."""
    corrections = [appeal for appeal in found.appeals if appeal.republished_on is not None]
    facts = {
        "period": found.period_name,
        "scheme": found.scheme_title,
        "version": found.scheme_version,
        "branches": str(len(found.lines)),
        "unit": unit,
        "appeal_by": day(found.appeal_by) if found.appeal_by and not found.final else "",
        "appeals": str(len(found.appeals)) if found.final and found.appeals else "",
        "corrections": "；".join(found.changed or [f"{appeal.name}{appeal.outcome}" for appeal in corrections]),
        "goals": "；".join(f"{name}要{goal}" for class_id, name, goal in found.goals if found.of_class(class_id)),
    }
    letter, end = words().letters["notice_corrected" if corrections else "notice"], words().letters["notice_end"]
    title = filled(letter.heading, facts)
    blocks: list[Block] = [
        Title(title.replace("“赛马”", f"{TURN}“赛马”"), "〔　　　　〕　　号"),
        Paragraph(filled(letter.addressee, facts), indent=False),
        *(Paragraph(line) for line in letter.lines(facts)),
    ]
    present = [(class_id, found.of_class(class_id)) for class_id in CLASSES if found.of_class(class_id)]
    for numeral, (_, lines) in zip(NUMERALS, present, strict=False):
        blocks += [
            Heading(f"{numeral}、{lines[0].class_name}（{len(lines)}个）", 1, listed=False),
            Paragraph("、".join(line.name for line in lines) + "。"),
        ]
    annex = f"{found.period_name}党支部“赛马”名次"
    *closing, last = (Paragraph(line) for line in end.lines(facts))
    blocks += [*closing, Keep((last, Space(4), Paragraph(f"附件：{annex}"), *_signed(unit, today)))]
    blocks += [PageBreak(), Heading("附件", 1, listed=False), Title(annex), _places(found)]
    return _letter(title, unit, today, blocks)


def decision_document(appeal: AppealRow, period: str, changed: AppealComparison | None, unit: str) -> Document:
    """Return what was decided on an appeal, with the figures before and after where some changed."""
    facts = {
        "branch": appeal.name,
        "raised_by": appeal.raised_by,
        "received": day(appeal.received_on),
        "period": period,
        "indicator": f"{appeal.indicator}{appeal.indicator_name}" if appeal.indicator else "",
        "ground": _sentence(appeal.ground),
        "late_reason": _sentence(appeal.late_reason),
        "decided_by": appeal.decided_by,
        "decided": day(appeal.decided_on),
        "state": appeal.state.label,
        "decision": _sentence(appeal.decision),
        "republished": day(appeal.republished_on),
        "outcome": appeal.outcome,
        "unit": unit,
    }
    letter = words().letters["decision"]
    blocks: list[Block] = [
        Title(letter.heading, "〔　　　　〕　　号"),
        Paragraph(filled(letter.addressee, facts), indent=False),
        *(Paragraph(line) for line in letter.lines(facts)),
    ]
    if changed is not None and changed.published and changed.own:
        blocks.append(_compared(changed.own))
    on = appeal.republished_on or appeal.decided_on or appeal.received_on
    blocks.append(
        Keep((blocks.pop(), *_signed(unit, on), Signatures(("支部签收", "日期"))))
    )  # never signed without text
    return _letter(f"{appeal.name}{period}{letter.heading}", unit, on, blocks)


def _compared(figures: Sequence[FigureChange]) -> Table:
    columns = (
        Column("项目", 4),
        Column("公布的", 2, Side.RIGHT),
        Column("更正后", 2, Side.RIGHT),
        Column("变化", 1.6, Side.RIGHT),
    )
    rows = tuple((each.name, each.before, each.after, each.change or NONE) for each in figures)
    return Table(columns, rows, record="更正对照")


def _places(found: ResultList) -> Table:
    columns = (
        Column("名次", 1, Side.CENTER),
        Column("支部", 4.4),
        Column("总分", 1.5, Side.RIGHT),
        Column("类别", 1.6, Side.CENTER),
    )
    groups: dict[str, list[ResultLine]] = {}
    for line in found.lines:
        groups.setdefault(line.group, []).append(line)
    rows: list[Row] = []
    for lines in groups.values():
        rows.append(Band(f"{lines[0].group_name}（{len(lines)}个）"))
        for line in sorted(lines, key=lambda each: (each.rank is None, each.rank or 0, each.name)):
            rank = NONE if line.rank is None else str(line.rank)
            rows.append((rank, line.name, _total(line), line.class_name))
    return Table(columns, tuple(rows), record="名次")


def _total(line: ResultLine) -> str:
    return points(line.total)


def _signed(unit: str, on: date) -> list[Block]:
    return [
        Space(6),
        Paragraph(unit, side=Side.RIGHT, indent=False),
        Paragraph(day(on), side=Side.RIGHT, indent=False),
    ]


def _letter(title: str, unit: str, on: date, blocks: Sequence[Block]) -> Document:
    return Document(
        title=title, author=unit, subject=title, day=on, blocks=tuple(blocks), running_foot=unit, look=Look.OFFICIAL,
    )  # fmt: skip


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in "。！？" else f"{text}。"
