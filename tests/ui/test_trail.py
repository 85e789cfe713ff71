"""使用记录: both sources in one list, filtered by person, kind and period, found by words."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.history import AuditEntry
from desktop.models.vocabulary.stores import StoreKind, TrailKind, Use
from desktop.services.branches import BranchService
from desktop.ui import output
from desktop.ui.trail import ALL, WEEK, TrailPage
from tests.stores import LOGIN
from tests.ui.desks import empty_desk, go, put, settle
from tests.ui.lint import faults
from tests.ui.press import save_paper


def shown(page: TrailPage) -> list[str]:
    return [line.sentence for line in page.table.model.rows()]


def test_uses_and_changes_stand_in_one_list_that_is_filtered(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        store = shell.desk.store
        BranchService(store).save_group("第一党小组")
        store.audit(Use.SHOW_ID, "张三")
        with store.sessions.begin() as session:
            session.add(AuditEntry(at_utc="2024-03-01T00:30:00Z", actor="王芳", action="查看身份证号", detail="李四"))
        page = cast(TrailPage, go(qtbot, shell, "settings", "trail"))
        assert faults(shell) == []
        assert any("第一党小组" in words for words in shown(page))
        assert "查看身份证号 张三" in shown(page)
        page.period.set_value(ALL)
        settle(qtbot, shell)
        page.kind.set_value(TrailKind.IDENTITY)
        assert shown(page) == ["查看身份证号 张三", "查看身份证号 李四"]
        page.person.set_value("王芳")
        assert shown(page) == ["查看身份证号 李四"]
        page.period.set_value(WEEK)
        settle(qtbot, shell)
        assert page.person.value() == ALL
        assert shown(page) == ["查看身份证号 张三"]
        page.kind.set_value(ALL)
        put(page.needle, "党小组")
        assert {line.actor for line in page.table.model.rows()} == {LOGIN}
        assert page.count.text() == f"共 {len(shown(page))} 条"


def test_what_is_in_view_is_exported_and_that_is_noted(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "ask_save", lambda _page, _title, name, _kinds: tmp_path / name)
    with empty_desk(qtbot, tmp_path, StoreKind.HEADQUARTERS) as shell:
        page = cast(TrailPage, go(qtbot, shell, "settings", "trail"))
        count = len(shown(page))
        page.export_button.click()
        settle(qtbot, shell)
        page.print_button.click()
        save_paper(qtbot, shell)
        page.reload()
        settle(qtbot, shell)
        assert shown(page)[:2] == ["生成 PDF 使用记录", f"导出表格 使用记录，{count}行"]
        assert (tmp_path / "使用记录.pdf").stat().st_size > 1000
