"""What the pages of spot checks share: chips and facts of a drawn record."""

from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.sampling import SampleReason, SampleVerdict
from desktop.services.sampling.rows import SampledRow
from desktop.ui.table_model import Column, Tag, Two
from desktop.ui.widgets.layout import Item
from desktop.ui.widgets.pane import fact, heading

TONES = {
    SampleVerdict.TRUE: "good",
    SampleVerdict.INCOMPLETE: "part",
    SampleVerdict.FABRICATED: "bad",
    SampleVerdict.ABSENT: "none",
}


def verdict_tag(row: SampledRow) -> Tag:
    """Return the verdict as a chip, with an appeal that waits."""
    if row.appeal is not None and row.appeal.state is AppealState.PENDING:
        return Tag(f"{row.state}，申诉中", "wait")
    return Tag(row.state, "wait" if row.verdict is None else TONES[row.verdict])


def why_tag(row: SampledRow) -> Tag:
    """Return why a record was drawn as a chip."""
    return Tag(row.why, "none" if row.reason is SampleReason.RANDOM else "part")


def below(row: SampledRow) -> str:
    """Return the quiet line under the title of a drawn record."""
    stands_for = "　前一条原件不在，补抽" if row.stands_for else ""
    return f"{row.number}　{row.on.isoformat()}{stands_for}"


COLUMNS: tuple[Column[SampledRow], ...] = (
    Column("序号", lambda row: row.position, text=str, width=56, tone="sub", align="c"),
    Column("抽中的记录", lambda row: row.title, cell=lambda row: Two(row.title, below(row))),
    Column("为什么抽", lambda row: row.why, cell=why_tag, width=108, fold=460),
    Column("认定", lambda row: row.state, cell=verdict_tag, width=148),
    Column("依据", lambda row: row.ground, width=190, tone="sub", fold=900),
)


def verdict_facts(row: SampledRow) -> list[Item]:
    """Return what was found, what the branch said, and what became of it, as far as there is any."""
    confirmed = f"{row.confirmed_by}　{row.confirmed_on.isoformat()}" if row.confirmed_on else ""
    told: list[tuple[str, str]] = [
        ("为什么抽", row.why),
        ("认定日期", row.judged_on.isoformat() if row.judged_on else ""),
        ("依据", row.ground),
        ("支部说明", row.heard),
        ("复核", confirmed),
    ]
    parts: list[Item] = [fact(name, value) for name, value in told if value]
    if row.may_appeal and row.appeal_until is not None:
        parts.append(fact("申诉期", f"到 {row.appeal_until.isoformat()}，以后提出的标“逾期”"))
    appeal = row.appeal
    if appeal is not None:
        decided = f"{appeal.state.label}　{appeal.decided_on.isoformat()}" if appeal.decided_on else appeal.state.label
        late = f"，逾期（申诉期到 {row.appeal_until.isoformat()}）" if row.appealed_late and row.appeal_until else ""
        said = [
            ("提出", f"{appeal.raised_by}　{appeal.raised_on.isoformat()}{late}"),
            ("理由", appeal.ground),
            ("决定", decided),
            ("决定人", appeal.decided_by),
            ("决定理由", appeal.decision),
        ]
        parts += [heading("支部申诉"), *(fact(name, value) for name, value in said if value)]
    return parts
