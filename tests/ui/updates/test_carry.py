"""下发: a new version chosen once, put on the stick beside the feedback, and who needs it."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services import volumes
from desktop.services.releases import verify_release
from desktop.services.sync import usb
from desktop.services.updates.carrying import Carried, CarryingService
from desktop.services.updates.offers import FOLDER
from desktop.services.volumes import measured
from desktop.ui.headquarters.send import SendPage
from desktop.ui.sync.leaving import PULL
from desktop.ui.updates import carry
from tests.services.updates.programs import TRUSTED, make_release
from tests.ui.desks import empty_desk, go, settle
from tests.ui.lint import faults

LATER = "9.0.0"


def test_a_release_is_chosen_once_and_put_on_the_stick(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "新").mkdir()
    (tmp_path / "新" / "branch-desk").write_text("", "utf-8")
    release = make_release(tmp_path / "发行", tmp_path / "新", LATER)
    (tmp_path / "盘").mkdir()
    stick = measured(tmp_path / "盘", "", "vfat", False)
    assert stick is not None
    monkeypatch.setattr(volumes, "sticks", lambda: [stick])
    monkeypatch.setattr(carry, "ask_folder", lambda *_, **__: release)
    ejected: list[volumes.Volume] = []
    monkeypatch.setattr(usb, "eject", ejected.append)
    with empty_desk(qtbot, tmp_path / "总部", StoreKind.HEADQUARTERS) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        page.carry.service = CarryingService(shell.desk.store, TRUSTED)
        assert page.carry.put_button.isHidden()
        page.carry.choose_link.click()
        settle(qtbot, shell)
        carried = page.carry.carried
        assert carried is not None
        assert (carried.version, carried.fault) == (LATER, "")
        assert LATER in carry.words_of(carried)
        assert faults(shell) == []
        page._look_for_sticks()
        settle(qtbot, shell)
        page.carry.put_button.click()
        settle(qtbot, shell)
        assert shell.undo_bar.words() == f"{carry.PUT.format(version=LATER)}{PULL}"
        assert ejected == [stick]
        assert verify_release(tmp_path / "盘" / FOLDER, keys=TRUSTED).ok


def test_a_folder_that_is_none_of_ours_is_refused_and_nothing_kept(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry, "ask_folder", lambda *_, **__: tmp_path)
    with empty_desk(qtbot, tmp_path / "总部", StoreKind.HEADQUARTERS) as shell:
        page = cast(SendPage, go(qtbot, shell, "send", "packages"))
        page.carry.choose()
        settle(qtbot, shell)
        assert page.carry.carried is None
        assert carry.words_of(None) == carry.NONE


def test_who_needs_it_is_named() -> None:
    behind = tuple((f"ZK0{number}", "0.2.0") for number in range(1, 8))
    words = carry.words_of(Carried(Path("发行"), LATER, behind))
    assert "还在用旧版的 7 个支部：ZK01（0.2.0）" in words
    assert words.endswith("等。")
