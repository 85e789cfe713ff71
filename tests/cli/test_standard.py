"""`standard`: a file is checked as a whole, compared with what is in force, and added."""

import json
import shutil
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from tests.stores import PASSWORD, clock_at, new_store

AT = "2026-11-26 09:00"
TEXT = resource("standards/branch_standard.toml").read_text("utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("standard") / "总部"
    new_store(folder, StoreKind.HEADQUARTERS, AT).close()
    return folder


@pytest.fixture
def headquarters(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    shutil.copytree(made, tmp_path / "总部")
    return tmp_path / "总部"


def written(folder: Path, *slips: tuple[str, str]) -> Path:
    text = TEXT
    for old, new in (('version = "2026.2"', 'version = "2027.1"'), *slips):
        assert old in text
        text = text.replace(old, new, 1)
    file = folder.parent / "新标准.toml"
    file.write_text(text, "utf-8")
    return file


def typed(capsys: pytest.CaptureFixture[str], deed: str, store: Path, file: Path) -> tuple[int, dict[str, object]]:
    status = main(["standard", str(store), deed, str(file), "--json"], clock_at(AT))
    return status, json.loads(capsys.readouterr().out)


def test_the_faults_of_a_file_come_all_at_once(headquarters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(headquarters, ("trace_weight = 1.0", "trace_weight = 1.005"), ('post = "superior"', 'post = "x"'))
    for deed in ("check", "diff", "add"):
        status, found = typed(capsys, deed, headquarters, file)
        assert status == REFUSED
        assert found == {
            "ok": False,
            "problems": [
                {"line": 579, "item": "D1-01", "what": "“痕迹分”（trace_weight）最多两位小数"},
                {"line": 680, "item": "D2-01", "what": "“责任岗位”（post）岗位“x”不存在"},
            ],
        }
    assert main(["standard", str(headquarters), "check", str(file)], clock_at(AT)) == REFUSED
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "第579行，D1-01：“痕迹分”（trace_weight）最多两位小数。"
    assert "有2处要改" in told.err


def test_a_sound_file_is_compared_and_added(headquarters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(headquarters, ('title = "依规设置党支部"', 'title = "设置党支部"'))
    status, found = typed(capsys, "check", headquarters, file)
    assert (status, found["ok"], found["problems"]) == (DONE, True, [])
    status, found = typed(capsys, "diff", headquarters, file)
    assert found["against"]["version"] == "2026.2"  # type: ignore[index]
    assert found["differences"] == [
        {"kind": "changed", "item": "", "title": "", "changes": [VERSION]},
        {
            "kind": "changed",
            "item": "D1-01",
            "title": "设置党支部",
            "changes": [{"field": "名称", "from": "依规设置党支部", "to": "设置党支部"}],
        },
    ]
    status, found = typed(capsys, "add", headquarters, file)
    assert (status, found["added"]) == (DONE, True)
    status, found = typed(capsys, "add", headquarters, file)
    assert (status, found["added"]) == (DONE, False), "the same once more is kept once, and nobody is told otherwise"
    status, found = typed(capsys, "diff", headquarters, file)
    assert (found["against"], found["differences"]) == (found["edition"], [])


VERSION = {"field": "版本", "from": "2026.2", "to": "2027.1"}
