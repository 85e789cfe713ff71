"""From a list of 统计 to a remark for each branch in it; the bars of classes follow the group in view."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.headquarters import HeadquartersService
from desktop.ui.headquarters.listed import ListedDialog
from desktop.ui.headquarters.statistics import BranchesStatisticsPage
from tests.ui.desks import desk_on, go, settle
from tests.ui.full import full_store
from tests.ui.lint import faults
from tests.ui.press import last, press


def test_one_remark_goes_to_each_branch_of_a_list_with_its_own_figure(qtbot: QtBot, tmp_path: Path) -> None:
    store = full_store(tmp_path / "hq", StoreKind.HEADQUARTERS)
    before = len(HeadquartersService(store).remarks())
    with desk_on(qtbot, store) as shell:
        page = cast(BranchesStatisticsPage, go(qtbot, shell, "statistics"))
        assert page.found is not None
        page.show_total(next(each for each in page.found.totals if each.measure.id == "attendance"))
        settle(qtbot, shell)
        press(shell, "按这份名单提意见")
        dialog = cast(ListedDialog, last(shell))
        settle(qtbot, shell)
        assert faults(shell) == []
        chosen = [tick for tick in dialog.ticks.boxes.values() if tick.isChecked()]
        assert chosen
        dialog.verb.click()
        settle(qtbot, shell)
        assert dialog.fields.fields["text"].fault() == "不能为空。"
        dialog.fields.fields["text"].control.setPlainText("缺席的月内补课")  # type: ignore[attr-defined]
        dialog.verb.click()
        settle(qtbot, shell)
        sent = HeadquartersService(store).remarks()
        assert len(sent) == before + len(chosen)
        assert sent[0].text.startswith("缺席的月内补课\n组织生活参加率 ")
        page.group.set_value(page.found.groups[0].id)
        assert len(page.numbers.bars._groups) <= 1
