"""`sample`: what a number draws, the same each time, kept only when it is asked to be."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.sampling import SampleReason
from desktop.models.vocabulary.stores import StoreKind
from tests.stores import PASSWORD, clock_at
from tests.ui.full import AT, CODE, PERIOD, full_store


def test_the_draw_of_a_period_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "hq"
    full_store(folder, StoreKind.HEADQUARTERS).close()

    def sample(*more: str) -> dict[str, object]:
        assert main(["sample", str(folder), "--period", PERIOD, *more, "--json"], clock_at(AT)) == DONE
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    first = sample("--seed", "11")
    records = first["records"]
    assert isinstance(records, list)
    assert records
    assert {"branch", "kind", "id", "on", "reason"} <= records[0].keys()
    assert {record["branch"] for record in records} == {CODE}
    assert {record["reason"] for record in records} <= set(SampleReason)
    assert sample("--seed", "11") == first
    assert sample("--seed", "12")["records"] != records
    kept = sample("--seed", "11", "--keep")
    assert (kept["records"], kept["seed"]) == (records, "11")
    assert sample() == kept
    assert main(["sample", str(folder), "--period", PERIOD, "--seed", "12"], clock_at(AT)) == REFUSED
    assert "已按11号抽过" in capsys.readouterr().err
