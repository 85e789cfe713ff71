"""The verbs about keys, from the branch that is locked out to headquarters and back."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from tests.services.sync.parties import enrol, make
from tests.stores import LOGIN, PASSWORD, clock_at

CLOCK = clock_at("2026-03-02 09:00")
NEW = "秋水-长天-88"
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    with (
        make(folder / "hq", StoreKind.HEADQUARTERS, "市公司党建科") as headquarters,
        make(folder / "branch") as branch,
    ):
        enrol(headquarters, branch, "ZK03", "第三党支部", folder / "files")
    return folder


@pytest.fixture
def root(enrolled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    for name in ("hq", "branch"):
        shutil.copytree(enrolled / name, tmp_path / name)
    (tmp_path / "stick").mkdir()
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, Any, str]:
        status = main([*(str(argument) for argument in arguments), "--json"], CLOCK)
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    return call


def test_a_branch_that_is_locked_out_comes_back(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("ask-unlock", root / "branch", "--to", root / "stick")[1]["error"]["code"] == "E-NO-HELP"
    assert run("help-by-hq", root / "branch", "on")[0] == DONE
    with monkeypatch.context() as patch:
        patch.setenv(PASSWORD_VARIABLE, NEW)
        asked = run("ask-unlock", root / "branch", "--to", root / "stick")[1]
    status, granted, told = run("grant-unlock", root / "hq", asked["file"], "--to", root / "stick", "--yes")
    assert (status, granted["code"], granted["fingerprint"]) == (DONE, "ZK03", asked["fingerprint"])
    assert asked["fingerprint"] in told
    assert "电话" in told
    with monkeypatch.context() as patch:
        patch.setenv(PASSWORD_VARIABLE, NEW)
        assert run("unlock", root / "branch", granted["file"])[:2] == (DONE, {"login": LOGIN})
        assert run("unlock", root / "branch", granted["file"])[1]["error"]["code"] == "E-UNLOCK-NONE"
        assert run("check", root / "branch")[0] == DONE
    assert run("check", root / "branch")[0] == REFUSED, "the old password is no more"


def test_the_digits_are_compared_by_a_person(run: Run, root: Path) -> None:
    run("help-by-hq", root / "branch", "on")
    asked = run("ask-unlock", root / "branch", "--to", root / "stick")[1]
    status, refused, _told = run("grant-unlock", root / "hq", asked["file"], "--to", root / "stick")
    assert (status, refused["error"]["code"]) == (REFUSED, "E-INPUT")
    assert not list((root / "stick").glob("ZK03_*"))


def test_help_that_was_allowed_is_taken_back_with_a_word_on_old_copies(run: Run, root: Path) -> None:
    assert run("help-by-hq", root / "branch", "off")[1] == {"allowed": False, "was_allowed": False}
    run("help-by-hq", root / "branch", "on")
    assert run("help-by-hq", root / "branch", "off")[1] == {"allowed": False, "was_allowed": True}


def test_new_keys_are_made_and_a_branch_is_stopped(run: Run, root: Path) -> None:
    status, made, _told = run("new-keys", root / "branch")
    assert (status, made["waiting"]) == (DONE, ["市公司党建科"])
    assert run("new-keys", root / "branch")[1]["error"]["code"] == "E-CONFLICT"
    assert run("revoke", root / "hq", "--branch", "ZK03")[:2] == (DONE, {"code": "ZK03"})
    assert run("revoke", root / "hq", "--branch", "ZK03")[1]["error"]["code"] == "E-NOT-FOUND"
    packed = run("pack", root / "branch", "--to", root / "stick")[1]
    assert run("receive", root / "hq", packed["file"])[1]["results"][0]["code"] == "E-PKG-SENDER"
