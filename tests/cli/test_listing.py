"""`list`: the lines of one kind; at headquarters those of any branch, and its other verbs of reading with them."""

import json
import shutil
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.services.demo import PASSWORD
from tests.stores import clock_at
from tests.ui.loop import ON, built

AT = clock_at(ON)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stores of the demonstration, to read."""
    return shutil.copytree(built() / "数据", tmp_path_factory.mktemp("list") / "数据")


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main([*words, "--json"], AT) == DONE
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_headquarters_lists_what_the_branch_lists(stores: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["meetings", "--year", "2026"], ["venue_use"]):
        there = said(capsys, "list", str(stores / "总部"), *words, "--branch", "ZK04")
        here = said(capsys, "list", str(stores / "ZK04"), *words)
        assert there.pop("branch") == "ZK04"
        assert here.pop("branch") is None
        assert there == here
        assert there["rows"]
    member = said(capsys, "list", str(stores / "总部"), "members", "--branch", "ZK04")["rows"]
    assert isinstance(member, list)
    assert member[0]["name"]
    assert all("****" in row["id_no"] for row in member if row["id_no"])


def test_what_headquarters_reads_it_reads_by_the_verbs_of_the_branch(
    stores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in ("dues", "plan", "points", "self-check", "appraisal"):
        there = said(capsys, verb, str(stores / "总部"), "--year", "2026", "--branch", "ZK04")
        assert there == said(capsys, verb, str(stores / "ZK04"), "--year", "2026"), verb
    made = said(capsys, "archive", str(stores / "总部"), "--year", "2026", "--to", str(tmp_path), "--branch", "ZK05")
    assert made["volumes"]
    folder = next(path.parent for path in tmp_path.rglob("manifest.json"))
    signer = said(capsys, "verify", str(folder))["signer"]
    assert isinstance(signer, dict)
    assert signer["name"] == "周口市烟草公司党建科"


def test_a_code_is_known_in_small_letters_too(stores: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "list", str(stores / "总部"), "members", "--branch", "zk04")
    assert (found["branch"], bool(found["rows"])) == ("ZK04", True)
    scored = said(capsys, "score", str(stores / "总部"), "--branch", "Zk04")
    assert scored == said(capsys, "score", str(stores / "总部"), "--branch", "ZK04")


def test_of_a_branch_without_a_package_nothing_is_listed(stores: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", str(stores / "总部"), "members", "--branch", "ZK99"], AT) == REFUSED
    assert main(["list", str(stores / "ZK04"), "members", "--branch", "ZK04"], AT) == REFUSED
    assert "支部" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["list", "members"], ["dues", "--year", "2026"], ["points", "--year", "2026"]])
def test_headquarters_is_asked_which_branch(stores: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main([words[0], str(stores / "总部"), *words[1:], "--json"], AT) == REFUSED
    assert "请用 --branch 写明看哪个支部" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["总部", "overview"], ["ZK04", "members"], ["ZK04", "venue_use"]])
def test_each_line_has_a_cell_for_each_column_so_that_none_stands_under_another_head(
    stores: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    store, kind = words
    found = said(capsys, "list", str(stores / store), kind)
    columns, rows = found["columns"], found["rows"]
    assert isinstance(columns, list)
    assert isinstance(rows, list)
    assert main(["list", str(stores / store), kind], AT) == DONE
    _title, *lines = capsys.readouterr().out.rstrip("\n").split("\n")
    cells = [line.removeprefix("  ").split("　") for line in lines]
    assert {len(line) for line in cells} == {len(columns)}
    empty = [[row[column["name"]] in (None, "") for column in columns] for row in rows]
    assert any(any(line) for line in empty)
    assert [[cell == "—" for cell in line] for line in cells] == empty
