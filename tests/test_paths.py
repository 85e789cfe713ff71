"""What a frozen program hands on to the programs it starts."""

import os
import sys

import pytest

from desktop.paths import give_back_surroundings


def test_a_frozen_program_gives_its_children_the_library_path_it_was_started_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/branch-desk/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/usr/local/lib")
    give_back_surroundings()
    assert os.environ["LD_LIBRARY_PATH"] == "/usr/local/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_a_frozen_program_started_without_a_library_path_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/branch-desk/_internal")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    give_back_surroundings()
    assert "LD_LIBRARY_PATH" not in os.environ


def test_from_a_clone_the_library_path_of_the_user_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/local/lib")
    give_back_surroundings()
    assert os.environ["LD_LIBRARY_PATH"] == "/usr/local/lib"


@pytest.mark.skipif(sys.platform == "win32", reason="there it is left as it is")
def test_a_frozen_program_keeps_to_itself_where_its_parts_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "_PYI_ARCHIVE_FILE"):
        monkeypatch.setenv(name, "/opt/branch-desk/_internal")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    give_back_surroundings()
    assert not {"QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "_PYI_ARCHIVE_FILE"} & os.environ.keys()
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_from_a_clone_what_the_user_tells_qt_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_PLUGIN_PATH", "/usr/lib/qt6/plugins")
    give_back_surroundings()
    assert os.environ["QT_PLUGIN_PATH"] == "/usr/lib/qt6/plugins"
