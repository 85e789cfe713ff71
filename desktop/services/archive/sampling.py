"""The sheet of a spot check (现场核查表): what was drawn and why, to be taken along, or with what was found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.sampling import SampleCheck
from desktop.services.archive.blocks import (
    TURN,
    Block,
    Column,
    Document,
    Fields,
    Note,
    PageBreak,
    Side,
    Signatures,
    Table,
    Title,
    Written,
)
from desktop.services.archive.wording import day
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.errors import InvalidInput
from desktop.services.race.editions import PERIOD, period_name
from desktop.services.sampling.drawing import HOW
from desktop.services.sampling.rows import SampledRow, SheetRow
from desktop.services.sampling.service import SamplingService

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.store import Store

_COLUMNS = (
    Column("序号", 0.7, Side.CENTER),
    Column("抽中的记录", 4.6),
    Column("为什么抽", 1.4, Side.CENTER),
    *(Column(check.label, 1.8 if check is SampleCheck.ASKED else 1.4, Side.CENTER) for check in SampleCheck),
    Column("看到的情况、依据", 3.6),
    Column("支部说明", 2.4),
    Column("认定", 1.3, Side.CENTER),
)
_VERDICTS = (
    "核对的四栏填相符、不符或没有，再写看到什么。认定填：属实、有瑕疵、不实、原件不在。"
    "认定不实的要先听支部说明，由核查人以外的人复核后才算数。"
)


class SamplingPapers:
    """Writes the sheets of spot checks."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def sheet(self, period: str, path: Sink, branch_id: str | None = None) -> Written:
        """Write the sheet of a branch for a period, or those of all branches one after another.

        Raises:
            NotAllowed: who works here does not export.
            InvalidInput: nothing was drawn.
            StorageFailure: the disk refuses.
        """
        self._store.rights.require(Act.EXPORT)
        sheets = [
            sheet for sheet in SamplingService(self._store).sheets(period) if branch_id in (None, sheet.branch_id)
        ]
        if not sheets:
            raise InvalidInput(PERIOD, f"{period_name(period)}还没有抽样")
        return write_paper(self._store, sheets_document(sheets, self._store.today), path, substitute=True)


def sheets_document(sheets: Sequence[SheetRow], on: "date") -> Document:
    """Return the sheets of one period as one document, each on a page of its own."""
    blocks: list[Block] = []
    for sheet in sheets:
        if blocks:
            blocks.append(PageBreak())
        blocks += _sheet(sheet)
    first = sheets[0]
    title = f"{first.name if len(sheets) == 1 else ''}{first.period_name}现场核查表"
    return Document(
        title=title,
        author=first.name,
        subject="考评抽查",
        day=on,
        blocks=tuple(blocks),
        running_head=title,
        running_foot=f"抽样编号 {first.seed}",
        landscape=True,
    )


def _sheet(sheet: SheetRow) -> list[Block]:
    pairs = (
        ("抽样编号", sheet.seed),
        ("抽样日期", day(sheet.drawn_on)),
        ("抽取", sheet.drawn_words.replace(" ", "")),
        ("核查人", sheet.checked_by),
        ("核查日期", day(sheet.checked_on) if sheet.checked_on else ""),
        ("核查方式", sheet.way),
    )
    rows = tuple(_row(row) for row in sheet.records)
    return [
        Title(f"{sheet.name}{TURN}{sheet.period_name}现场核查表"),
        Fields(pairs, columns=3, record="核查表"),
        Table(_COLUMNS, rows, record="抽中的记录", dense=True),
        Note(f"{HOW}{_VERDICTS}"),
        Signatures(("核查人", "党支部书记", "复核人")),
    ]


def _row(row: SampledRow) -> tuple[str, ...]:
    named = f"{row.title}\n{row.number}　{day(row.on)}"
    if row.stands_for:
        named += "\n（前一条原件不在，补抽）"
    said = row.heard
    if row.appeal is not None:
        back = f"（{day(row.appeal.withdrawn_on)}撤回）" if row.appeal.gone else ""
        said = "\n".join(filter(None, (row.heard, f"申诉{back}：{row.appeal.ground}")))
    verdict = "" if row.verdict is None else row.state
    if row.confirmed_on is not None:
        verdict += f"\n{row.confirmed_by}复核"
    checks = {check.what: check.words for check in row.checks}
    return (
        str(row.position), named, row.why, *(checks.get(check, "") for check in SampleCheck), row.ground, said, verdict
    )  # fmt: skip
