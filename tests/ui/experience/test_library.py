"""经验库 at a branch and at headquarters: an entry adopted, a brand of a branch taken in, recommended, published."""

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.experience.choosing import ChoosingService
from desktop.services.experience.library import LibraryService
from desktop.services.registers import RegisterService
from desktop.services.sync.branch_store import branch_store
from desktop.ui.experience.choosing import CandidatesPage, ChosenPage
from desktop.ui.experience.library import ADOPTED, LibraryPage
from desktop.ui.headquarters.branch_desk import BranchShell
from desktop.ui.registers.form import RegisterForm
from desktop.ui.registers.page import IntegrationPage
from tests.from_above import brought
from tests.stores import new_store
from tests.ui.desks import desk_on, go, keep, put, settle
from tests.ui.full import full_store
from tests.ui.lint import faults
from tests.ui.press import press

ENTRY = {
    "chosen_on": "2026-10-26", "title": "主题党日六步法", "origin": "川汇营销部党支部", "method": "定题、学习、讨论",
    "recommendation": "照着做就能用", "published_on": "2026-10-28",
}  # fmt: skip


def test_a_branch_finds_an_entry_and_says_what_it_did_after_it(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", at="2026-11-22 09:00")
    entry = brought(store, "experience", ENTRY)
    with desk_on(qtbot, store, (1093, 542)) as shell:
        page = cast(LibraryPage, go(qtbot, shell, "improve", "experience", record=entry))
        assert page.pane.title.text() == "主题党日六步法"
        assert faults(shell) == []
        page.needle.setText("没有这几个字")
        assert page.table.model.rowCount() == 0
        page.needle.setText("讨论")
        page.table.step(1)
        page.adopt_button.click()
        settle(qtbot, shell)
        assert page.fields.fields["method"].fault() == "写明照着做了什么。"
        assert {name for name, field in page.fields.fields.items() if field.star()} == {"method", "adopted_on"}
        assert {name for name, field in page.fields.fields.items() if field.star()} == {"method", "adopted_on"}
        page.fields.fields["method"].control.setPlainText("十月起按六步办")  # type: ignore[attr-defined]
        put(page.fields.fields["adopted_on"].control, "2026-10-30")
        page.adopt_button.click()
        settle(qtbot, shell)
        page.filters.choose(ADOPTED)
        page.filters.changed.emit(ADOPTED)
        assert page.table.model.rowCount() == 1
        (kept,) = LibraryService(store).entries()
        assert kept.adoption is not None
        assert kept.adoption.done == "十月起按六步办"


def test_the_entry_in_the_pane_is_adopted_though_a_filter_took_it_out_of_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", at="2026-11-22 09:00")
    entry = brought(store, "experience", ENTRY)
    with desk_on(qtbot, store, (1093, 542)) as shell:
        page = cast(LibraryPage, go(qtbot, shell, "improve", "experience", record=entry))
        page.fields.fields["method"].control.setPlainText("十月起按六步办")  # type: ignore[attr-defined]
        put(page.fields.fields["adopted_on"].control, "2026-10-30")
        page.needle.setText("没有这几个字")
        assert page.table.current() is None
        assert page.pane.isVisible()
        page.adopt_button.click()
        settle(qtbot, shell)
        (kept,) = LibraryService(store).entries()
        assert kept.adoption is not None
        assert kept.adoption.done == "十月起按六步办"
        assert page.entry is not None
        assert page.entry.adoption == kept.adoption


def test_headquarters_takes_a_brand_in_recommends_and_publishes_it(qtbot: QtBot, tmp_path: Path) -> None:
    store = full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)
    with desk_on(qtbot, store) as shell:
        page = cast(ChosenPage, go(qtbot, shell, "improve", "experience"))
        page.open_candidates()
        settle(qtbot, shell)
        chooser = cast(CandidatesPage, shell.page())
        assert chooser.table.select(lambda each: each.kind == "brand")
        settle(qtbot, shell)
        assert faults(shell) == []
        press(shell, "收进经验库")
        settle(qtbot, shell)
        form = cast(RegisterForm, shell.page())
        assert form.fields is not None
        form.fields.fields["recommendation"].control.setPlainText("值得学")  # type: ignore[attr-defined]
        form.submit()
        settle(qtbot, shell)
        page.table.step(1)
        press(shell, "发布")
        settle(qtbot, shell)
        assert page.table.current() is not None
        assert [row.texts["published_on"] for row in RegisterService(store).rows("experience")] == [str(store.today)]
        labels = cast(list[QLabel], page.pane.findChildren(QLabel))
        assert "还没有支部报来采用情况。" in {label.text() for label in labels}


def test_a_branch_that_is_read_offers_its_brand_to_the_library(qtbot: QtBot, tmp_path: Path) -> None:
    with full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as store:
        found = next(each for each in ChoosingService(store).candidates() if each.kind == "brand")
        read = BranchShell(branch_store(store, found.branch_id), 2026)
        keep(qtbot, read)
        read.resize(1366, 696)
        read.show()
        page = cast(IntegrationPage, go(qtbot, read, "service", "carriers"))
        page.choose("brand")
        settle(qtbot, read)
        assert page.table.select(lambda row: row.id == found.record)
        press(read, "收进经验库")
        settle(qtbot, read)
        (entry,) = RegisterService(store).rows("experience")
        assert entry.heading == found.title
        read.undo_bar._take_back()
        settle(qtbot, read)
        assert RegisterService(store).rows("experience") == []
        read.close_desk()
