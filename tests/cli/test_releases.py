"""`verify-release`: whether a new version may be installed."""

import json
import shutil
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main

KEPT = Path(__file__).resolve().parents[1] / "data" / "release"


def test_a_release_is_verified_and_a_program_slipped_in_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = shutil.copytree(KEPT, tmp_path / "新版本")
    assert main(["verify-release", str(folder), "--json"]) == DONE
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["ok"], verdict["problems"]) == (True, [])
    assert verdict["files"] == ["branch-desk_0.0.0_example.txt"]
    assert main(["verify-release", str(folder)]) == DONE
    assert verdict["signer"] in capsys.readouterr().out
    (folder / "setup.exe").write_bytes(b"MZ")
    assert main(["verify-release", str(folder), "--json"]) == REFUSED
    told = capsys.readouterr()
    problems = json.loads(told.out)["problems"]
    assert [(each["code"], each["file"]) for each in problems] == [("foreign", "setup.exe")]
    assert "不要安装" in told.err
