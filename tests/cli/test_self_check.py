"""`self-check` tells contradictions with their records and how to mend them, as an object and in lines."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.services.members import MemberService
from desktop.services.registers import RegisterService
from tests.services.members.people import GAO
from tests.stores import PASSWORD, clock_at, new_store

CLOCK = clock_at("2026-11-22 09:00")


def test_it_tells_what_contradicts_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with new_store(tmp_path / "data") as store:
        who = MemberService(store).register({**GAO, "joined_on": "2026-05-01"})
        row = {"title": "全员培训", "event_on": "2026-03-04", "participants": f"{GAO['name']}|8"}
        kept = RegisterService(store).save("training_record", row)
    verb = ["self-check", str(tmp_path / "data"), "--year", "2026"]
    assert main([*verb, "--json"], CLOCK) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {"wrong": 0, "doubt": 1, "note": 0}
    (finding,) = told["findings"]
    assert (finding["check"], finding["kind"], finding["id"]) == ("register_people", "training_record", kept)
    assert who
    assert main(verb, CLOCK) == DONE
    assert "2026-05-01才列入名册，记在2026-03-04集中培训“全员培训”里：核对人和日期" in capsys.readouterr().out
