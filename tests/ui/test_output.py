"""Files handed to the program that the user's desktop opens them with."""

import re
from pathlib import Path

import pytest

from desktop.messages import present
from desktop.paths import resource
from desktop.services.errors import StorageFailure
from desktop.ui import output
from desktop.ui.output import open_file


@pytest.mark.no_qt_log  # off screen, Qt hands nothing to other programs, and says so
def test_a_file_that_no_program_opens_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "台账.noprogram").write_text("谁也不认识", "utf-8")
    with pytest.raises(StorageFailure, match="E-NO-PROGRAM") as caught:
        open_file(tmp_path / "台账.noprogram")
    assert present(caught.value).title == "“台账.noprogram”打不开：这台电脑上没有能打开它的程序。"


def test_what_the_program_hands_out_of_its_own_has_an_ending_by_which_windows_finds_a_program() -> None:
    sources = [file.read_text("utf-8") for file in Path(output.__file__).parent.rglob("*.py")]
    handed = [resource(name) for words in sources for name in re.findall(r'open_file\(resource\("([^"]+)"\)\)', words)]
    assert [file.name for file in handed if file.is_file()] == ["LICENSE.txt"]
    assert [file.name for file in handed if not file.is_dir() and not file.suffix] == []
