"""导入, with real files into a real store: nothing changes before it is said what would, and everything can go back."""

from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import Use
from desktop.paths import resource
from desktop.services.history import HistoryService
from desktop.services.members import MemberService, RosterBook
from desktop.services.spreadsheets.identity import masked
from desktop.services.spreadsheets.results import Warned
from desktop.services.workbooks import book
from desktop.ui import theme
from desktop.ui.intake import opening
from desktop.ui.intake.page import CHOOSE, COLUMNS, DONE, TRIAL, IntakePage
from desktop.ui.intake.record import RecordPage
from desktop.ui.main_window import Shell
from desktop.ui.members.roster import RosterPage
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.widgets.fields import Choice
from tests.ui.desks import empty_desk, go, sample_desk, settle
from tests.ui.lint import CELL_EDGES, faults
from tests.workbooks.parts import compound

ROSTER = resource("samples/shenqiu/roster.xlsx")
HEADS = ("姓名", "性别", "身份证号", "入党时间", "转正时间")
PEOPLE = (
    ("赵一鸣", "411602198001100118", "2005-07-01"),
    ("钱二宁", "411602198102120230", "2006-07-01"),
    ("孙三秋", "411602198203140353", "2007-07-01"),
)


def workbook(path: Path, *sheets: tuple[str, tuple[tuple[object, ...], ...]]) -> Path:
    """Write a workbook of `sheets`."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def intake_page(qtbot: QtBot, shell: Shell, source: Path | str | None = None) -> IntakePage:
    page = IntakePage(shell.desk, "members", "党员名册", source=source)
    shell.desk.push(page)
    recounted(qtbot, page, shell)
    return page


def recounted(qtbot: QtBot, page: IntakePage, shell: Shell) -> None:
    """Wait until everything was counted anew."""
    qtbot.waitUntil(lambda: not page.recounting())
    settle(qtbot, shell)


def test_a_roster_is_read_first_and_imported_then(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        roster = cast(RosterPage, go(qtbot, shell, "members", "roster"))
        roster.import_button.click()
        settle(qtbot, shell)
        page = cast(IntakePage, shell.page())
        assert page.steps.at == CHOOSE
        assert faults(shell) == []
        page.opening.open(ROSTER)
        settle(qtbot, shell)
        assert page.steps.at == COLUMNS
        assert faults(shell) == []
        page.next_button.click()
        assert page.steps.at == TRIAL
        assert page.take_button.text() == "导入 30 人"
        assert MemberService(shell.desk.store).roster() == []
        assert faults(shell) == []
        page.take_button.click()
        settle(qtbot, shell)
        assert page.steps.at > DONE
        assert len(MemberService(shell.desk.store).roster()) == 30
        assert faults(shell) == []
        page.done.look_button.click()
        settle(qtbot, shell)
        assert shell.page() is roster


def test_the_end_of_an_import_lists_what_it_warned_of(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, ROSTER)
        page.next_button.click()
        page.take_button.click()
        settle(qtbot, shell)
        result = page.hand.result
        assert result is not None
        result.warnings.append(Warned("名册", 3, "手机", "少一位，按写的登记"))
        page.done.show_result(page.hand, result)
        assert "1 条提醒" in page.done._open.text()
        assert page.done.warned.isVisible()
        assert [told.reason for told in page.done.warned.model.rows()] == ["少一位，按写的登记"]
        assert faults(shell) == []


def test_after_the_roster_the_import_of_meetings_is_one_step_away(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, ROSTER)
        page.next_button.click()
        page.take_button.click()
        settle(qtbot, shell)
        assert page.done.next_link.isVisible()
        page.done.next_link.click()
        settle(qtbot, shell)
        following = cast(IntakePage, shell.page())
        assert (shell.place(), following.title) == (("meetings", "list"), "导入会议记录")
        following.opening.open(ROSTER.with_name("meetings.xlsx"))
        settle(qtbot, shell)
        following.next_button.click()
        following.take_button.click()
        settle(qtbot, shell)
        assert following.done.look_button.isVisible()
        assert not following.done.next_link.isVisible()
        assert faults(shell) == []
        following.done.look_button.click()
        settle(qtbot, shell)
        assert (shell.place(), shell.page().title) == (("meetings", "list"), "会议记录")


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542)])
def test_a_record_that_is_tried_is_named_whole(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with empty_desk(qtbot, tmp_path, size=size) as shell:
        book(shell.desk.store, "members").import_file(ROSTER)
        page = IntakePage(shell.desk, "meetings", "会议记录", source=ROSTER.with_name("meetings.xlsx"))
        shell.desk.push(page)
        recounted(qtbot, page, shell)
        page.next_button.click()
        settle(qtbot, shell)
        table = page.outcome.new
        at = next(number for number, column in enumerate(table.model.columns) if column.title == "记录")
        metrics = QFontMetrics(theme.font())
        longest = max(metrics.horizontalAdvance(line.new.record) for line in table.model.rows())
        assert longest + CELL_EDGES <= table.view.columnWidth(at)
        assert faults(shell) == []


def test_of_four_sheets_only_the_members_are_taken_and_the_others_named(qtbot: QtBot, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "四张表.xlsx",
        ("在册党员", (HEADS, ("李建国", "男", "412726196808150835", "1998-07-01", "1999-07-01"))),
        ("转出党员", (("姓名", "转出时间", "转往单位"), ("钱多多", "2025-03-01", "西华县局"))),
        ("入党积极分子", (("姓名", "申请时间", "确定积极分子时间"), ("何其", "2025-03-01", "2025-09-01"))),
        ("填表说明", (("一、本表由各支部填写。",),)),
    )
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        ticks = {title: tick.isChecked() for title, tick in page.mapping.list.ticks.items()}
        assert ticks == {"在册党员": True, "转出党员": False, "入党积极分子": False, "填表说明": False}
        page.next_button.click()
        assert page.outcome._verdict.text() == "能导入 1 人，另有 3 处没有导入"
        left = {part.sheet for part in page.outcome.left.model.everything()}
        assert {"转出党员", "入党积极分子"} <= left
        page.outcome.left.restored.emit(
            next(part for part in page.outcome.left.model.everything() if part.sheet == "转出党员")
        )
        recounted(qtbot, page, shell)
        assert page.hand.answers.sheets == {"转出党员": True}
        assert page.mapping.list.ticks["转出党员"].isChecked()


def test_a_column_that_is_plainly_something_holds_the_import_until_it_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    rows = (
        ("姓名", "入党时间", "甲日"),
        *((name, day, f"201{number}-03-04") for number, (name, _id, day) in enumerate(PEOPLE)),
    )
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", rows))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        assert not page.next_button.isEnabled()
        assert page.reason.text() == "定下 C 列后可继续"
        leave, choose = page.mapping.banner.verbs
        assert cast(QPushButton, leave).text() == "不导入这一列"
        cast(Choice, choose).set_value("joined_on")
        recounted(qtbot, page, shell)
        assert page.next_button.isEnabled()
        assert page.mapping.grid.heads.choosers[2].value() == "joined_on"
        assert not page.mapping.banner.isVisible()


def test_id_numbers_are_shown_whole_only_on_request_and_that_is_written_down(qtbot: QtBot, tmp_path: Path) -> None:
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", (("姓名", "身份证号", "入党时间"), *PEOPLE)))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        assert page.mapping.grid.grid.index(1, 1).data() == masked(PEOPLE[0][1])
        page.mapping.reveal_link.click()
        settle(qtbot, shell)
        assert page.mapping.grid.grid.index(1, 1).data() == PEOPLE[0][1]
        assert HistoryService(shell.desk.store).uses()[0].sentence.startswith(Use.SHOW_ID.label)


def test_who_is_full_or_probationary_is_asked_and_the_answer_counts(qtbot: QtBot, tmp_path: Path) -> None:
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", (("姓名", "性别"), ("黄伟", "男"), ("黄山", "男"))))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        page.next_button.click()
        assert not page.take_button.isEnabled()
        assert len(page.outcome.ask.cards) == 2
        page.outcome.ask.cards[0].answered.emit("full_member")
        recounted(qtbot, page, shell)
        assert page.take_button.text() == "导入 1 人"
        shell.undo_bar._take_back()
        recounted(qtbot, page, shell)
        assert len(page.outcome.ask.cards) == 2
        page.outcome.ask.cards[0].answered.emit("full_member")
        recounted(qtbot, page, shell)
        page.outcome.ask.cards[0].answered.emit("probationary_member")
        recounted(qtbot, page, shell)
        assert page.take_button.text() == "导入 2 人"
        page.take_button.click()
        settle(qtbot, shell)
        assert len(MemberService(shell.desk.store).roster()) == 2


def test_a_refused_row_is_put_right_on_the_spot(qtbot: QtBot, tmp_path: Path) -> None:
    wrong = (PEOPLE[0][0], PEOPLE[0][1][:-1] + ("1" if PEOPLE[0][1][-1] != "1" else "2"), PEOPLE[0][2])
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", (("姓名", "身份证号", "入党时间"), wrong, *PEOPLE[1:])))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        page.next_button.click()
        card = page.outcome.ask.refused[0]
        card.show_link.click()
        settle(qtbot, shell)
        assert card.field.text() == wrong[1]
        card.corrected.emit(card.rows, PEOPLE[0][1])
        recounted(qtbot, page, shell)
        assert page.outcome.ask.refused == []
        assert page.take_button.text() == f"导入 {len(PEOPLE)} 人"


def test_a_value_refused_in_many_rows_is_put_right_once(qtbot: QtBot, tmp_path: Path) -> None:
    head = ("姓名", "身份证号", "入党时间", "党员类别")
    rows = tuple((*person, "转正党员") for person in PEOPLE)
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", (head, *rows)))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        page.next_button.click()
        (card,) = page.outcome.ask.refused
        assert card.verb.text() == "改这 3 处"
        assert "正式党员" in [card.choice.itemText(at) for at in range(card.choice.count())]
        card.choice.set_value("正式党员")
        assert faults(shell) == []
        card.verb.click()
        recounted(qtbot, page, shell)
        assert page.outcome.ask.refused == []
        assert page.take_button.text() == "导入 3 人"
        assert page.hand.answers.words == {("category", "转正党员"): "正式党员"}


def test_what_is_not_wanted_is_taken_out_and_can_be_taken_after_all(qtbot: QtBot, tmp_path: Path) -> None:
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", (("姓名", "身份证号", "入党时间"), *PEOPLE)))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        page.next_button.click()
        page.outcome.new.ticked.emit(page.outcome.new.model.row_at(0))
        recounted(qtbot, page, shell)
        assert page.take_button.text() == f"导入 {len(PEOPLE) - 1} 人"
        line = page.outcome.new.model.row_at(0)
        assert not line.taken
        page.outcome.new.ticked.emit(line)
        recounted(qtbot, page, shell)
        assert page.take_button.text() == f"导入 {len(PEOPLE)} 人"


def test_a_change_can_be_left_or_put_right_before_it_is_taken(qtbot: QtBot, tmp_path: Path) -> None:
    head = ("姓名", "身份证号", "入党时间", "联系电话", "籍贯")
    rows = [(*person, "13900000012", "河南沈丘") for person in PEOPLE]
    new = [(*person, "13900000021", "河南项城") for person in PEOPLE[:1]]
    with empty_desk(qtbot, tmp_path) as shell:
        before = workbook(tmp_path / "旧.xlsx", ("党员名册", (head, *rows)))
        book(shell.desk.store, "members").import_file(before)
        page = intake_page(qtbot, shell, workbook(tmp_path / "新.xlsx", ("党员名册", (head, *new))))
        page.next_button.click()
        lines = page.outcome.changed.model.rows()
        assert [(line.changed.field, line.changed.after) for line in lines] == [
            ("籍贯", "河南项城"),
            ("联系电话", "13900000021"),
        ]
        page.outcome.changed.ticked.emit(lines[0])
        page.outcome.changed.edited.emit(lines[1], "13900000022")
        recounted(qtbot, page, shell)
        lines = page.outcome.changed.model.rows()
        assert {line.changed.field: line.taken for line in lines} == {"籍贯": False, "联系电话": True}
        page.take_button.click()
        settle(qtbot, shell)
        member = next(row for row in MemberService(shell.desk.store).roster() if row.name == PEOPLE[0][0])
        assert (member.phone, member.native_place) == ("13900000022", "河南沈丘")


def test_answers_are_kept_when_the_page_is_left_and_offered_again(qtbot: QtBot, tmp_path: Path) -> None:
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", (("姓名", "身份证号", "入党时间"), *PEOPLE)))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        page.mapping.decided.emit(page.hand.looks[0].columns[2], "")
        recounted(qtbot, page, shell)
        shell._back.click()
        settle(qtbot, shell)
        assert "已存下" in shell.undo_bar.words()
        again = intake_page(qtbot, shell)
        again.start.resume_buttons[0].click()
        settle(qtbot, shell)
        assert again.hand.name == "名册.xlsx"
        assert again.mapping.grid.heads.choosers[2].currentText() == "不导入"


def test_a_pasted_block_is_read_and_a_single_word_is_not(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell)
        QGuiApplication.clipboard().setText("李建国")
        page.opening.paste()
        assert page.steps.at == CHOOSE
        QGuiApplication.clipboard().setText("姓名\t性别\t入党时间\n李建国\t男\t2001-07-01\n")
        page.opening.paste()
        settle(qtbot, shell)
        assert page.steps.at == COLUMNS
        assert page.hand.name == "粘贴的内容"
        assert faults(shell) == []


def test_the_encoding_of_a_text_can_be_changed(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes("姓名,入党时间\n李建国,2001-07-01\n".encode("gb18030"))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        assert page.mapping.encoding.value() == "gb18030"
        page.mapping.encoding.set_value("utf-16")
        settle(qtbot, shell)
        dialog = shell.findChild(Dialog)
        if dialog is not None:  # it cannot be read so: that is said, and all stays as it was
            dialog.accept()
        assert page.steps.at == COLUMNS


def test_what_cannot_be_read_says_so_where_the_next_file_is_chosen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / "名册.xls"
    document.write_bytes(compound({"WordDocument": b"x"}))
    asked: list[str] = []

    def choose(_parent: object, _title: str, kinds: str) -> Path:
        asked.append(kinds)
        return document

    monkeypatch.setattr(opening, "ask_open", choose)
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell)
        page.opening.choose()
        settle(qtbot, shell)
        assert page.steps.at == CHOOSE
        assert "这是Word文档" in page.start._fault_title.text()
        assert faults(shell) == []
    assert all(f"*.{kind}" in asked[0] for kind in ("xlsx", "xlsm", "xls", "xlsb", "et", "ods", "csv", "txt"))


def test_an_import_is_taken_back_whole_and_stands_in_the_record(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, ROSTER)
        page.next_button.click()
        page.take_button.click()
        settle(qtbot, shell)
        page.done.undo_button.click()
        settle(qtbot, shell)
        assert MemberService(shell.desk.store).roster() == []
        assert page.done._verdict.text() == "已撤销这次导入"
        page.done.record_link.click()
        settle(qtbot, shell)
        record = cast(RecordPage, shell.page())
        (run,) = record.table.model.rows()
        assert (run.file, run.new, run.undoable) == ("roster.xlsx", 30, False)
        record.table.view.selectRow(0)
        assert record.undo_button is None
        assert faults(shell) == []


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542), (911, 440)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_step_fits(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        shell.resize(*size)
        page = intake_page(qtbot, shell)
        assert faults(shell) == []
        page.opening.open(ROSTER)
        settle(qtbot, shell)
        assert faults(shell) == []
        page.next_button.click()
        settle(qtbot, shell)
        assert faults(shell) == []
        page.take_button.click()
        settle(qtbot, shell)
        assert faults(shell) == []


def test_a_row_below_others_who_left_is_imported_after_all_where_a_person_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    rows = (("姓名", "入党时间"), ("赵一鸣", "2005-07-01"), ("已转出党员",), ("钱二宁", "2006-07-01"))
    file = workbook(tmp_path / "名册.xlsx", ("党员名册", rows))
    with empty_desk(qtbot, tmp_path) as shell:
        page = intake_page(qtbot, shell, file)
        page.next_button.click()
        assert page.take_button.text() == "导入 1 人"
        (left,) = page.outcome.left.model.everything()
        page.outcome.left.restored.emit(left)
        recounted(qtbot, page, shell)
        assert page.take_button.text() == "导入 2 人"


@pytest.mark.parametrize("size", [(1366, 696), (1093, 542)])
def test_a_list_of_the_national_system_is_named_as_such(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        path = tmp_path / "national.xlsx"
        RosterBook(shell.desk.store).export(path, layout="national")
        page = intake_page(qtbot, shell, path)
        (entry,) = page.mapping.list.names.values()
        assert "像全国党员管理信息系统的导出" in entry.accessibleName()
        assert faults(shell) == []
