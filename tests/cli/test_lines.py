"""What the verbs say to people."""

from desktop.cli import lines
from desktop.services.spreadsheets.results import Changed, ImportResult, Rejected
from tests.services.standards.samples import branch, scored


def test_a_score_reads_as_lines() -> None:
    text = lines.of_score(scored(branch()))
    assert text.startswith("2026年标准化得分（自评，截至2026-11-22）")
    assert "D4 党的组织生活" in text
    assert "还能补" in text


def test_traces_alone_are_no_rate_on_the_command_line_either() -> None:
    assert "得分率待评" in lines.of_score(scored(branch()))


def test_an_import_says_what_changed_and_what_came_back() -> None:
    result = ImportResult(
        read=2,
        updated=1,
        rejected=[Rejected(sheet="名单", row=3, field="姓名", value="", reason="没有姓名")],
        dry_run=True,
    )
    result.changes.append(Changed(record="谢雪莲", field="所在党小组", before="", after="第一党小组", row=4))
    assert lines.of_import(result).splitlines() == [
        "试导入（没有保存）：读到2行，新增0，更新1，未变0，退回1",
        "  更新 谢雪莲 所在党小组：空 → 第一党小组",
        "  退回 名单 第3行 姓名“”：没有姓名",
    ]
