"""A period is drawn, judged by keys and as a whole sheet, confirmed by another; the branch sees it and appeals."""

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.base import new_id
from desktop.models.vocabulary.sampling import SampleVerdict
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.roles import load_roles
from desktop.services.appeals import Raised
from desktop.services.sampling.appeals import SampleAppealService
from desktop.services.sampling.claimed import ClaimedService
from desktop.services.sampling.confirming import ConfirmingService
from desktop.services.sampling.rows import SampledRow
from desktop.services.sampling.service import Judgement, SamplingService, Signed
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.ui.headquarters.ratings import RatingsPage
from desktop.ui.main_window import Shell
from desktop.ui.sampling.claimed import Claimed
from desktop.ui.sampling.dialogs import AppealDialog, DecideDialog, DrawDialog, VerdictDialog
from desktop.ui.sampling.grid import JUDGED, SheetPage
from desktop.ui.sampling.page import SamplingPage
from desktop.ui.sampling.parts import below
from desktop.ui.sampling.results import SampledHerePage
from desktop.ui.widgets.fields import Choice, Memo
from tests.stores import new_store
from tests.ui.desks import desk_on, go, settle
from tests.ui.full import PERIOD, full_store
from tests.ui.lint import faults
from tests.ui.press import last, press


def nothing_of(qtbot: QtBot, shell: Shell, page: SamplingPage, found: SampledRow) -> str:
    """What is said where the record is found no more."""
    claimed = Claimed(page, replace(found, record_id=new_id()))
    settle(qtbot, shell)
    label = cast(list[QLabel], claimed.findChildren(QLabel))[-1].text()
    claimed.deleteLater()
    return label


def test_who_may_not_see_everything_is_not_told_that_a_record_is_gone(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        store = shell.desk.store
        SamplingService(store).draw(PERIOD, "7")
        (reader,) = (role for role in load_roles().roles if role.id == "headquarters_reader")
        store.rights = store.rights.of([reader.grant])
        page = cast(SamplingPage, go(qtbot, shell, "assess", "sampling"))
        found = SamplingService(store).sheets(PERIOD)[0].records[0]
        assert nothing_of(qtbot, shell, page, found).endswith("支部删了，或者是内部掌握的。")


def test_a_branch_that_was_not_drawn_is_asked_for_no_period(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, new_store(tmp_path / "store")) as shell:
        page = cast(SampledHerePage, go(qtbot, shell, "standards", "sampled"))
        assert page.periods.isHidden()
        assert page._said.isHidden()
        assert page.table.empty.isVisible()
    with desk_on(qtbot, new_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        ratings = cast(RatingsPage, go(qtbot, shell, "assess", "ratings"))
        assert ratings.branches.isHidden()


def test_a_sheet_is_drawn_judged_by_keys_and_typed_in_whole(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)) as shell:
        page = cast(SamplingPage, go(qtbot, shell, "assess", "sampling"))
        assert page.empty.button is not None
        assert page.branches.width() > page.width() - 100, "nothing drawn: no narrow strip beside an empty page"
        off = (page.print_button, page.export_button)
        assert [part.isEnabled() for part in off] == [False, False]
        assert {part.toolTip() for part in off} == {"2026年三季度还没有抽样，先抽样"}
        page.empty.button.click()
        settle(qtbot, shell)
        dialog = cast(list[DrawDialog], shell.findChildren(DrawDialog))[-1]
        cast(QLineEdit, dialog.fields.fields["seed"].control).setText("七")
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["seed"].fault().startswith("应为最多")
        cast(QLineEdit, dialog.fields.fields["seed"].control).setText("7")
        dialog.verb.click()
        settle(qtbot, shell)
        assert [(part.isEnabled(), part.toolTip()) for part in off] == [(True, ""), (True, "")]
        service = SamplingService(shell.desk.store)
        drawn = page.table.model.rows()
        assert [below(row) for row in drawn] == [f"{row.number}　{row.on:%m-%d}" for row in drawn], "room is scarce"
        assert {row.number[:4] for row in drawn} == {str(row.on.year) for row in drawn}, "the number has the year"
        (sheet,) = service.sheets(PERIOD)
        assert page.table.model.rowCount() == len(sheet.records)
        page.table.select(lambda row: row.position == 1)
        settle(qtbot, shell)
        (claimed,) = cast(list[Claimed], page.pane.findChildren(Claimed))
        seen = [part.text() for part in cast(list[QLabel], claimed.findChildren(QLabel))]
        lines = ClaimedService(shell.desk.store).lines(drawn[0])
        assert seen == ["支部报来的记录", *chain.from_iterable(lines)], "before it is judged, what it says is read"
        assert nothing_of(qtbot, shell, page, drawn[0]) == "这一条在支部报来的记录里已经没有了。"
        QTest.keyClick(page.table.view, Qt.Key.Key_1)
        settle(qtbot, shell)
        assert service.sheets(PERIOD)[0].records[0].verdict is SampleVerdict.TRUE
        assert faults(shell) == []
        page.figures.buttons["已核"].click()
        assert [found.position for found in page.table.model.everything()] == [1], "a figure opens its list"
        assert "有瑕疵" not in page.figures.buttons, "of none there is no list"
        page.figures.buttons["已核"].click()
        assert page.table.model.rowCount() == len(sheet.records)
        shell.resize(1093, 588)
        settle(qtbot, shell)
        assert page.height() <= shell._frames[page].height(), "lists scroll in themselves, what is to be done stays"
        page.fill_button.click()
        settle(qtbot, shell)
        form = cast(list[SheetPage], shell.findChildren(SheetPage))[-1]
        named = str(form.table.lines.index(0, 1).data())
        assert named.startswith(sheet.records[0].title), "a narrow column cuts off the number, never what it is"
        form.table.lines.setData(form.table.lines.index(0, JUDGED), "挺好")
        assert form.told.text().startswith("第 1 条，认定：没有“挺好”"), "what is not taken is said"
        for row in range(len(sheet.records)):
            form.table.setCurrentIndex(form.table.lines.index(row, JUDGED))
            QTest.keyClick(form.table, Qt.Key.Key_2 if row == 1 else Qt.Key.Key_1)
        cast(QLineEdit, form.fields.fields["checked_by"].control).setText("周敏、李卫东")
        form.save_button.click()
        settle(qtbot, shell)
        assert form.told.text().startswith("第 2 条，依据：不能为空")
        form.table.lines.setData(form.table.lines.index(1, JUDGED + 1), "缺两人签名")
        assert faults(shell) == []
        form.save_button.click()
        settle(qtbot, shell)
        (kept,) = service.sheets(PERIOD)
        assert (kept.done, kept.checked_by) == (True, "周敏、李卫东")
        assert kept.records[1].ground == "缺两人签名"


def test_a_branch_looks_at_the_verdicts_and_appeals(qtbot: QtBot, tmp_path: Path) -> None:
    branch = full_store(tmp_path / "branch")
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters:
        service = SamplingService(headquarters)
        service.draw(PERIOD, 7)
        (sheet,) = service.sheets(PERIOD)
        judged = Judgement(sheet.records[0].id, SampleVerdict.FABRICATED, "签名笔迹相同", "没有说明")
        service.fill_in(sheet.id, Signed("周敏"), [judged])
        ConfirmingService(headquarters).confirm(sheet.records[0].id, "赵国平")
        for answer in Sender(headquarters).answer(None, tmp_path / "down"):
            Receiver(branch).receive([answer.file])
    with desk_on(qtbot, branch) as shell:
        page = cast(SampledHerePage, go(qtbot, shell, "standards", "sampled"))
        page.table.select(lambda row: row.position == 1)
        settle(qtbot, shell)
        assert faults(shell) == []
        found = page.table.current()
        assert found is not None
        dialog = AppealDialog(page, found)
        dialog.open()
        cast(QLineEdit, dialog.fields.fields["raised_by"].control).setText("刘志强")
        cast(Memo, dialog.fields.fields["ground"].control).setPlainText("原签到表找到了")
        dialog.verb.click()
        settle(qtbot, shell)
        (here,) = page.service.sheets()
        assert here.records[0].appeal is not None
        assert here.records[0].appeal.ground == "原签到表找到了"


def test_before_who_looked_is_written_down_that_comes_before_the_confirmation(qtbot: QtBot, tmp_path: Path) -> None:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        service = SamplingService(store)
        service.draw(PERIOD, 7)
        (sheet,) = service.sheets(PERIOD)
        service.judge([Judgement(sheet.records[0].id, SampleVerdict.FABRICATED, "签名笔迹相同", "没有说明")])
        with desk_on(qtbot, store) as shell:
            page = cast(SamplingPage, go(qtbot, shell, "assess", "sampling"))
            page.judge(service.sheets(PERIOD)[0].records[1])
            verdict = cast(VerdictDialog, last(shell))
            assert verdict.follows.isHidden()
            stars = []
            for each in (None, SampleVerdict.TRUE, SampleVerdict.INCOMPLETE, SampleVerdict.FABRICATED):
                cast(Choice, verdict.fields.fields["verdict"].control).set_value(each)
                stars.append([verdict.fields.fields[name].star() for name in ("ground", "heard")])
            assert stars == [[False, False], [False, False], [True, False], [True, True]]
            settle(qtbot, shell)
            assert verdict.follows.isVisible()
            assert "记 0 分" in verdict.follows.words.text(), "what follows is said before it is kept"
            assert faults(verdict) == []
            verdict.reject()
            page.table.select(lambda row: row.position == 1)
            settle(qtbot, shell)
            buttons = cast(list[QPushButton], page.pane.findChildren(QPushButton))
            offered = [each.text() for each in buttons if not each.isHidden()]
            assert "复核" not in offered, "nobody fills in a form that can only be refused"
            press(shell, "先登记核查人")
            settle(qtbot, shell)
            form = cast(list[SheetPage], shell.findChildren(SheetPage))[-1]
            cast(QLineEdit, form.fields.fields["checked_by"].control).setText("周敏、李卫东")
            form.save_button.click()
            settle(qtbot, shell)
            assert shell.undo_bar.words() == "核查表已保存。"
            page.table.select(lambda row: row.position == 1)
            settle(qtbot, shell)
            press(shell, "复核")
            assert last(shell).windowTitle() == "复核不实的认定"


def test_a_drawn_record_that_is_asked_for_is_shown_in_the_period_it_was_drawn_for(qtbot: QtBot, tmp_path: Path) -> None:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store, desk_on(qtbot, store) as shell:
        service = SamplingService(store)
        service.draw(PERIOD, 7)
        (sheet,) = service.sheets(PERIOD)
        page = cast(SamplingPage, go(qtbot, shell, "assess", "sampling"))
        page.periods.set_value("2026Q4")
        settle(qtbot, shell)
        go(qtbot, shell, "assess", "sampling", record=sheet.records[2].id)
        chosen = page.table.current()
        assert page.periods.value() == PERIOD
        assert chosen is not None
        assert chosen.id == sheet.records[2].id


def test_an_appeal_that_waits_is_shown_by_its_branch_and_chosen_where_it_is_asked_for(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store, full_store(tmp_path / "branch") as branch:
        service = SamplingService(store)
        service.draw(PERIOD, 7)
        (sheet,) = service.sheets(PERIOD)
        service.judge([Judgement(sheet.records[1].id, SampleVerdict.INCOMPLETE, "缺两人签名")])
        for answer in Sender(store).answer(None, tmp_path / "down"):
            Receiver(branch).receive([answer.file])
        SampleAppealService(branch).raise_appeal(sheet.records[1].id, Raised(raised_by="刘志强", ground="签名在背面"))
        Receiver(store).receive([Sender(branch).pack(tmp_path / "up", None).file])
        with desk_on(qtbot, store) as shell:
            page = cast(SamplingPage, go(qtbot, shell, "assess", "sampling", view="waiting"))
            chosen = page.table.current()
            assert chosen is not None
            assert chosen.id == sheet.records[1].id
            shown = page.branches.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
            assert "1 件申诉待决定" in str(shown)
            press(shell, "决定申诉")
            dialog = cast(DecideDialog, last(shell))
            assert dialog.fields.values()["verdict"] is None, "what it becomes is chosen by whoever decides"
