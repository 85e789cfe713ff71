"""A report of a period that still runs is packed, and said to be one."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.stores import StoreKind
from tests.services.sync.parties import enrol, make
from tests.stores import PASSWORD, clock_at


def test_a_period_that_still_runs_may_be_packed_and_is_said_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    at = clock_at("2026-03-30 09:00")
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters, make(tmp_path / "one") as branch:
        enrol(headquarters, branch, "ZK01", "第一党支部", tmp_path / "files")
    pack = ["pack", str(tmp_path / "one"), "--to", str(tmp_path), "--period"]
    assert main([*pack, "2026Q1", "--json"], at) == DONE
    assert json.loads(capsys.readouterr().out)["unfinished"]
    assert main([*pack, "2026Q1", "--json"], clock_at("2026-03-31 09:00")) == DONE
    assert not json.loads(capsys.readouterr().out)["unfinished"], "on its last day it is complete"
    assert main([*pack, "2026"], at) == DONE
    assert capsys.readouterr().out.splitlines()[-1] == "2026年度还没有过完，过完以后再报一次。"


def test_a_period_that_has_not_begun_is_not_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    at = clock_at("2026-03-31 09:00")
    with make(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters, make(tmp_path / "one") as branch:
        enrol(headquarters, branch, "ZK01", "第一党支部", tmp_path / "files")
    pack = ["pack", str(tmp_path / "one"), "--to", str(tmp_path / "out"), "--period"]
    for period, name in (("2026Q2", "2026年二季度"), ("2027", "2027年度")):
        assert main([*pack, period], at) == REFUSED
        assert f"{name}还没有开始" in capsys.readouterr().err
    assert not list((tmp_path / "out").glob("*")), "nothing is written"
