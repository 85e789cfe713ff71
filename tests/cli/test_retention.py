"""`retention` lists what has passed its period and clears only what is named, with a reason."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.services.registers.service import RegisterService
from tests.stores import PASSWORD, clock_at, new_store

CLOCK = clock_at("2027-12-01 09:00")


def test_it_lists_and_clears_what_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with new_store(tmp_path / "data") as store:
        registers = RegisterService(store)
        registers.remove("practical_deed", registers.save("practical_deed", {"title": "第一件"}))
    verb = ["retention", str(tmp_path / "data")]
    assert main([*verb, "--json"], CLOCK) == DONE
    (found,) = json.loads(capsys.readouterr().out)["proposals"]
    assert (found["rule"], found["due"]) == ("recycled", "2027-11-22")
    assert main(verb, CLOCK) == DONE
    assert "第一件" in capsys.readouterr().out
    assert main([*verb, "--erase", "recycled"], CLOCK) == REFUSED
    assert "“理由”不能为空" in capsys.readouterr().err
    assert main([*verb, "--erase", "别的", "--reason", "年度清理"], CLOCK) == REFUSED
    assert main([*verb, "--erase", "recycled", "--reason", "年度清理"], CLOCK) == DONE
    assert main(verb, CLOCK) == DONE
    assert "没有过了保存期限的材料。" in capsys.readouterr().out
