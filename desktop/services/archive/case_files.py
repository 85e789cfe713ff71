"""What the archive of a year binds of an admission: its course, and of its papers those that stay with the branch.

The papers of the personal file (志愿书、申请书、政治审查和培养考察材料、转正申请书) are listed and never bound: an
archive of the branch is not that file. What belongs to another year stands in the archive of that year.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.services.archive.admissions import course_table
from desktop.services.archive.blocks import Block, Cell, Column, Fields, Heading, Note, Side, Table
from desktop.services.archive.filing import filing_rules
from desktop.services.archive.wording import short_day
from desktop.services.development.rows import CaseRow, PaperRow
from desktop.services.development.service import DevelopmentService
from desktop.services.development.windows import APPLY, CONFIRM, CONGRESS
from desktop.services.standards.evidence import ADMISSION
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from desktop.services.development.rules import DevelopmentStage
    from desktop.services.store import Store

_COLUMNS = (
    Column("步", 0.7, Side.CENTER),
    Column("程序", 2.6),
    Column("材料", 3.4),
    Column("出具人", 1.8),
    Column("形成日期", 1.6, Side.CENTER),
    Column("原件", 1.1, Side.CENTER),
    Column("页数", 0.8, Side.CENTER),
    Column("在哪里", 2.4),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """An admission as the archive of a year has it; the papers in the order of the steps, then of their days.

    `bound` are those of the year, or of no known day, that stay with the branch; `filed` go into the personal file.
    """

    case: CaseRow
    stages: "tuple[DevelopmentStage, ...]"
    bound: tuple[PaperRow, ...]
    filed: tuple[PaperRow, ...]
    others: tuple[tuple[PaperRow, int], ...]
    """Those of another year, with that year."""

    @property
    def title(self) -> str:
        """Return the title it is bound under."""
        return f"发展党员：{self.case.name}"

    @property
    def used(self) -> Used:
        """Return the record it is, dated by the application."""
        return Used(ADMISSION, self.case.id, self.case.step(APPLY).done_on, self.case.name)


def load_case_files(store: "Store", branch_id: str, year: int, on: date) -> dict[str, CaseFile]:
    """Return the admissions of a branch that go on in a year or had a step or a paper in it, by id."""
    service = DevelopmentService(store)
    stages = service.law().development_stages
    last = min(on, date(year, 12, 31))
    found = {}
    for case in service.cases(last, branch_id=branch_id, ended=None):
        days = [*case.view.case.steps.values(), *(paper.dated_on for paper in case.papers if paper.dated_on)]
        goes_on = case.state.active and any(day <= last for day in days)
        if goes_on or any(day.year == year and day <= last for day in days):
            found[case.id] = _divided(case, stages, year)
    return found


def _divided(case: CaseRow, stages: "tuple[DevelopmentStage, ...]", year: int) -> CaseFile:
    bound, filed, others = [], [], []
    for paper in sorted(case.papers, key=lambda paper: (paper.step_no, paper.dated_on or date.max, paper.id)):
        day = paper.dated_on or case.step(paper.step_no).done_on
        if in_personal_file(case, paper):
            filed.append(paper)
        elif day is None or day.year == year:
            bound.append(paper)
        else:
            others.append((paper, day.year))
    return CaseFile(case=case, stages=stages, bound=tuple(bound), filed=tuple(filed), others=tuple(others))


def in_personal_file(case: CaseRow, paper: PaperRow) -> bool:
    """Tell whether a paper goes into the member's personal file, as the rules and `archive.toml` say."""
    if paper.step_no in filing_rules().personal_steps:
        return True
    known = case.view.step(paper.step_no).step.paper(paper.name)
    return known is not None and known.filed


def case_blocks(file: CaseFile, meeting: Callable[[str], Cell | None]) -> tuple[Block, ...]:
    """Return an admission as it is bound; `meeting` says where minutes are, None where they are not here."""
    case = file.case
    facts = (
        ("姓名", case.name),
        ("性别", case.gender),
        ("出生年月", short_day(case.born_on)[:7]),
        ("学历", case.education),
        ("单位职务", "".join(filter(None, (case.unit, case.job_title)))),
        ("状态", case.state.label),
    )
    rows = [*_minutes(case, meeting), *(_row(case, paper, _attached(paper)) for paper in file.bound)]
    rows += [_row(case, paper, f"见{year}年度档案") for paper, year in file.others]
    rows.sort(key=_step_of)
    blocks: list[Block] = [
        Fields(tuple(fact for fact in facts if fact[1]), record=file.title),
        course_table(case, file.stages, file.title),
        Heading("支部保存的材料", 3, listed=False),
        Table(_COLUMNS, tuple(rows), record=file.title, empty="（还没有登记）", dense=True),
    ]
    if file.filed:
        lines = tuple(_row(case, paper, paper.place or "党员档案") for paper in file.filed)
        blocks += [
            Heading("进党员档案的材料（只列目录，不装入本卷）", 3, listed=False),
            Table(_COLUMNS, lines, record=file.title, dense=True),
        ]
    waiting = _lacking(case)
    if waiting:
        blocks.append(Note(f"已办的步骤还缺：{'、'.join(waiting)}。"))
    return tuple(blocks)


def labels_of(file: CaseFile) -> Mapping[str, str]:
    """Return the papers whose files are bound, in the order of binding: id → what the paper is called."""
    return {paper.id: paper.name for paper in file.bound}


def _minutes(case: CaseRow, meeting: Callable[[str], Cell | None]) -> Iterator[tuple[Cell, ...]]:
    """Give the congresses that admitted and confirmed: their minutes and votes are bound as meetings."""
    for no in (CONGRESS, CONFIRM):
        meeting_id = case.step(no).meeting_id
        place = meeting(meeting_id) if meeting_id else None
        if place is not None:
            day = short_day(case.step(no).done_on)
            yield (str(no), case.view.step(no).step.name, "大会记录和表决", "支部", day, "", "", place)


def _row(case: CaseRow, paper: PaperRow, where: str) -> tuple[Cell, ...]:
    step = case.view.step(paper.step_no).step
    known = step.paper(paper.name)
    return (
        str(paper.step_no),
        step.name,
        paper.name,
        paper.author or (known.author if known else ""),
        short_day(paper.dated_on),
        paper.form.label,
        str(paper.pages or ""),
        where,
    )


def _attached(paper: PaperRow) -> str:
    return f"附后{paper.attachments}件" if paper.attachments else paper.place or "纸质另存"


def _step_of(row: tuple[Cell, ...]) -> int:
    return int(str(row[0]))


def _lacking(case: CaseRow) -> list[str]:
    return [
        f"第{view.step.no}步{wanted.name}"
        for view in case.view.steps
        if view.done_on is not None
        for wanted in view.papers
        if wanted.needed and not wanted.there
    ]
