"""标准文件: checked before they count."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.paths import resource
from desktop.services.race.scheme import default_scheme
from desktop.ui.headquarters.editions import EditionDialog, EditionsPage, _state
from tests.ui.desks import go, settle
from tests.ui.loop import loop_desk
from tests.ui.press import last


def test_an_edition_is_checked_before_it_counts(qtbot: QtBot, tmp_path: Path) -> None:
    words = resource("standards/horse_race.toml").read_text("utf-8")
    with loop_desk(qtbot, tmp_path) as shell:
        page = cast(EditionsPage, go(qtbot, shell, "standards", "editions"))
        before = page.table.model.rowCount()
        for name, text in (("别的.toml", "a = 1"), ("坏.toml", words.replace("weight = 30", "weight = 31", 1))):
            (tmp_path / name).write_text(text, "utf-8")
            page.read_file(tmp_path / name)
            settle(qtbot, shell)
            assert not isinstance(last(shell), EditionDialog)
            last(shell).accept()
        brought = default_scheme().version
        ours = words.replace(f'version = "{brought}"', 'version = "2026.90"')
        (tmp_path / "赛马2.toml").write_text(ours, "utf-8", newline="\n")
        page.read_file(tmp_path / "赛马2.toml")
        settle(qtbot, shell)
        cast(EditionDialog, last(shell)).verb.click()
        settle(qtbot, shell)
        assert page.table.model.rowCount() == before + 1
        page.table.select(lambda one: one.version == "2026.90")
        page.write(next(one for one in page.table.model.rows() if one.version == "2026.90"), tmp_path / "出.toml")
        settle(qtbot, shell)
        assert (tmp_path / "出.toml").read_bytes() == (tmp_path / "赛马2.toml").read_bytes()
        page.read_file(tmp_path / "出.toml")
        settle(qtbot, shell)
        cast(EditionDialog, last(shell)).verb.click()
        settle(qtbot, shell)
        assert "没有再增加" in shell.undo_bar.words()
        assert page.table.model.rowCount() == before + 1
        old = next(one for one in page.table.model.rows() if one.kind.value == "horse-race" and one.version == brought)
        today = shell.desk.store.today
        to_come = replace(old, effective_from=today + timedelta(days=1))
        assert [_state(one, today).text for one in (old, to_come)] == ["已更替", "待启用"]
