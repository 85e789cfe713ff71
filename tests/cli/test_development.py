"""`development`: every admission as one object, and in words."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.services.development.service import DevelopmentService
from tests.stores import PASSWORD, clock_at, new_store


def test_cases_are_told_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with new_store(tmp_path / "支部") as store:
        service = DevelopmentService(store)
        case_id = service.begin({"name": "丁思琪", "applied_on": "2026-09-01"})
        service.record_step(case_id, 2, {"done_on": "2026-08-30"})
    clock = clock_at("2026-11-22 09:00")
    arguments = ["development", str(tmp_path / "支部"), "--on", "2026-09-20"]
    assert main([*arguments, "--json"], clock) == DONE
    (case,) = json.loads(capsys.readouterr().out)["cases"]
    assert (case["name"], case["ruleset"], case["stage"]) == ("丁思琪", "development_2026", "activist")
    assert len(case["steps"]) == 25
    talk = case["steps"][1]
    assert (talk["no"], talk["name"], talk["done_on"]) == (2, "党组织派人谈话", "2026-08-30")
    assert (talk["earliest"], talk["latest"]) == ("2026-09-01", "2026-10-01")
    assert talk["breach"] == "“党组织派人谈话”早于“递交入党申请书”"
    assert talk["papers"][0] == {"name": "谈话记录", "needed": True, "there": False, "dated_on": None}
    assert case["steps"][2]["breach"] is None
    assert main(arguments, clock) == DONE
    assert "第2步不符：“党组织派人谈话”早于“递交入党申请书”" in capsys.readouterr().out
