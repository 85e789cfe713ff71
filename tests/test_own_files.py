"""A file that is handed to the program by its name: what is none of ours is said before any window opens."""

import argparse
import sys
from pathlib import Path

import pytest

from desktop.app import WRAPPED, _own_file
from desktop.paths import OWN_FILES


@pytest.mark.parametrize("suffix", OWN_FILES)
def test_what_is_not_there_or_a_folder_is_said(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="不存在"):
        _own_file(str(tmp_path / f"没有{suffix}"))
    folder = tmp_path / f"文件夹{suffix}"
    folder.mkdir()
    with pytest.raises(argparse.ArgumentTypeError, match="是文件夹"):
        _own_file(str(folder))


@pytest.mark.parametrize("suffix", OWN_FILES)
def test_who_stands_at_a_terminal_is_told_that_a_file_holds_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    file = tmp_path / f"说明{suffix.upper()}"
    file.write_text("下周一开会", "utf-8")
    assert _own_file(str(file)) == file, "who clicked on it is told in the window"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with pytest.raises(argparse.ArgumentTypeError, match="内容不是数据包"):
        _own_file(str(file))
    file.write_bytes(WRAPPED + b"rest")
    assert _own_file(str(file)) == file


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="不是数据包"):
        _own_file(str(tmp_path / "名册.xlsx"))
