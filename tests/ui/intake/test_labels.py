"""The labels of a record form: each with a chooser, and what is left out leads there."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui.intake.page import IntakePage
from tests.ui.desks import sample_desk
from tests.ui.intake.test_page import recounted, workbook
from tests.ui.lint import faults

FORM = (
    ("会议记录",),
    ("会议类型", "支委会", "会议时间", "2026年3月5日下午3:00"),
    ("会议地点", "三楼会议室", "应到人数", 3, "实到人数", 3),
    ("会议主题", "研究一季度工作", "屋子", "活动室"),
    ("本次会议前已征求全体党员的意见",),
)


def test_a_label_nobody_knows_is_told_leads_to_its_chooser_and_counts_as_said(qtbot: QtBot, tmp_path: Path) -> None:
    file = workbook(tmp_path / "三月.xlsx", ("3月支委会", FORM))
    with sample_desk(qtbot, tmp_path) as shell:
        page = IntakePage(shell.desk, "meetings", "会议记录", source=file)
        shell.desk.push(page)
        recounted(qtbot, page, shell)
        assert next(iter(page.mapping.labels.choosers)) == "屋子"
        assert page.mapping.labels.choosers["会议地点"].value() == "place"
        assert faults(shell) == []
        page.next_button.click()
        label, words = page.outcome.left.model.everything()
        assert (label.what, words.what) == ("屋子", "本次会议前已征求全体党员的意见")
        page.outcome.left.restored.emit(label)
        assert page.mapping.labels.isVisible()
        page.mapping.labels.choosers["会议地点"].decided.emit("")
        page.mapping.labels.choosers["屋子"].decided.emit("place")
        recounted(qtbot, page, shell)
        assert page.hand.answers.headings == {"会议地点": "", "屋子": "place"}
        assert page.mapping.labels.choosers["屋子"].value() == "place"
        assert [left.what for left in page.hand.result.left_out if left.unasked] == [words.what]  # type: ignore[union-attr]
        shell.resize(1093, 542)
        assert faults(shell) == []
