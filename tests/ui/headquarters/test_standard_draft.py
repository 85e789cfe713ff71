"""起草: a standard is changed by forms, and settled."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StandardKind, StoreKind
from desktop.services.standards.editing.service import EditingService
from desktop.services.standards.service import StandardService
from desktop.ui.headquarters.standard_dialogs import ProblemsDialog, SettleDialog
from desktop.ui.headquarters.standard_draft import StandardDraftPage
from desktop.ui.widgets.fields import Choice, Field
from tests.ui.desks import desk_on, go, settle
from tests.ui.full import full_store
from tests.ui.lint import faults
from tests.ui.press import last

ITEM = ("dimensions", 3, "items", 1)


def field(page: StandardDraftPage, label: str) -> Field:
    assert page.form is not None
    fields = cast(list[Field], page.form.findChildren(Field))
    return next(each for each in fields if each.label == label)


def test_a_standard_is_changed_by_forms_and_settled(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "store", StoreKind.HEADQUARTERS)) as shell:
        page = cast(StandardDraftPage, go(qtbot, shell, "standards", "draft"))
        page.begin()
        settle(qtbot, shell)
        draft = page.draft
        assert draft is not None
        page.show_part(ITEM)
        weight = field(page, "痕迹分").control
        weight.setText("1.2o")  # type: ignore[attr-defined]
        page.form.settle()  # type: ignore[union-attr]
        assert field(page, "痕迹分").fault() == "应为数字。"
        weight.setText("1.20")  # type: ignore[attr-defined]
        page.form.settle()  # type: ignore[union-attr]
        assert draft.at((*ITEM, "trace_weight")) == Decimal("1.20")
        assert "多 0.2" in page.sums.text()
        assert not page.settle_button.isEnabled()
        page.check()
        assert isinstance(last(shell), ProblemsDialog)
        last(shell).accept()
        draft.put((*ITEM, "quality_weight"), Decimal("0.80"))
        page.may_leave()
        settle(qtbot, shell)
        kept = EditingService(shell.desk.store).draft(StandardKind.BRANCH_STANDARD)
        assert kept is not None
        assert kept.text == draft.text
        assert faults(shell) == []
        page.ask_to_settle()
        settle(qtbot, shell)
        cast(SettleDialog, last(shell)).verb.click()
        settle(qtbot, shell)
        assert page.draft is None
        versions = [edition.version for edition in StandardService(shell.desk.store).editions()]
        assert draft.at(("version",)) == versions[0]


def test_checking_a_draft_names_the_day_that_is_past_as_settling_would(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "store", StoreKind.HEADQUARTERS)) as shell:
        page = cast(StandardDraftPage, go(qtbot, shell, "standards", "draft"))
        page.begin()
        settle(qtbot, shell)
        assert page.draft is not None
        page.draft.put(("effective_from",), date(2026, 1, 1))
        page.check()
        settle(qtbot, shell)
        assert isinstance(last(shell), ProblemsDialog)
        assert any("不能早于今天" in label.text() for label in cast(list[QLabel], last(shell).findChildren(QLabel)))
        last(shell).accept()


def test_what_is_asked_of_a_class_is_written_line_by_line_with_what_counts_it(qtbot: QtBot, tmp_path: Path) -> None:
    with desk_on(qtbot, full_store(tmp_path / "store", StoreKind.HEADQUARTERS)) as shell:
        page = cast(StandardDraftPage, go(qtbot, shell, "standards", "draft"))
        page.kinds.set_value(StandardKind.HORSE_RACE)
        settle(qtbot, shell)
        page.begin()
        settle(qtbot, shell)
        draft, part = page.draft, ("classes", 1)
        assert draft is not None
        page.show_part(part)
        first = draft.at((*part, "actions", 0))
        cast(Choice, field(page, "按什么记录计数").control).set_value("visited")
        assert draft.at((*part, "actions", 0)) == {"text": first, "counts": "visited"}
        more = next(
            each for each in cast(list[QPushButton], page.findChildren(QPushButton)) if "加一条要做" in each.text()
        )
        more.click()
        settle(qtbot, shell)
        assert draft.at((*part, "actions", 4)) == ""
        assert faults(shell) == []
        page.check()
        settle(qtbot, shell)
        cast(ProblemsDialog, last(shell))._go((*part, "actions", 4, "text"))
        settle(qtbot, shell)
        assert page._shown == part
        drop = next(
            each
            for each in cast(list[QPushButton], page.findChildren(QPushButton))
            if each.accessibleName() == "去掉要做的事 5"
        )
        drop.click()
        settle(qtbot, shell)
        assert [each.words for each in draft.differences() if each.item == "middle"] == [
            "要做的事第1条：按什么记录计数 没有→上级派员联系"
        ]
