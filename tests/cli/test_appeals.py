"""`appeals`: what a branch raised is told alike at the branch and at headquarters, with the days that are left."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, REFUSED, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.race import AppealState
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.appeals import Raised
from desktop.services.race.appeals import AppealService, NewAppeal
from desktop.services.race.raising import RaisingService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.stores import PASSWORD, clock_at
from tests.ui.full import PERIOD, full_store

AT = clock_at("2026-10-13 10:00")


def test_a_branch_is_told_what_was_decided_of_an_appeal_that_came_on_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with (
        full_store(tmp_path / "branch") as branch,
        full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters,
    ):
        branch.clock = headquarters.clock = AT
        service = AppealService(headquarters)
        paper = NewAppeal(
            branch_id=branch.branch_id,
            raised_by="刘志强",
            received_on=headquarters.today,
            ground="来信说问卷少算了六份",
            indicator="H2",
        )
        case = service.take_up(PERIOD, paper)
        service.decide(case, AppealState.REJECTED, decided_by="党建科会议", decision="复核了原始问卷，没有少算")
        for answer in Sender(headquarters).answer(None, tmp_path / "down"):
            Receiver(branch).receive([answer.file])
    told = ["appeals", str(tmp_path / "branch"), "--period", PERIOD]
    assert main([*told, "--json"], AT) == DONE
    (appeal,) = json.loads(capsys.readouterr().out)["appeals"]
    assert (appeal["item"], appeal["ground"], appeal["state"], appeal["in_package"]) == (
        "H2", "来信说问卷少算了六份", "rejected", False,
    )  # fmt: skip
    assert (appeal["decided_on"], appeal["decided_by"], appeal["decision"]) == (
        "2026-10-13", "党建科会议", "复核了原始问卷，没有少算",
    )  # fmt: skip
    assert main(told, AT) == DONE
    words = capsys.readouterr().out
    assert "不成立" in words
    assert "2026-10-13 党建科会议：复核了原始问卷，没有少算" in words


def test_both_sides_tell_of_an_appeal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    said = Raised(raised_by="刘志强", ground="少算了六份问卷", wished="改为 0.92", item="H2")
    with (
        full_store(tmp_path / "branch") as branch,
        full_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters,
    ):
        RaisingService(branch).raise_appeal(PERIOD, said)
        branch.clock = headquarters.clock = AT
        Receiver(headquarters).receive([Sender(branch).pack(tmp_path / "up", None).file])
        code = branch.setting("code")  # type: ignore[arg-type]
    for store, whose in (("branch", None), ("hq", code)):
        told = ["appeals", str(tmp_path / store), "--period", PERIOD]
        assert main([*told, "--json"], AT) == DONE
        found = json.loads(capsys.readouterr().out)
        assert (found["appeal_by"], found["days_left"]) == ("2026-10-19", 6)
        (appeal,) = found["appeals"]
        assert (appeal["branch"], appeal["item"], appeal["wished"], appeal["state"]) == (
            whose, "H2", "改为 0.92", "pending",
        )  # fmt: skip
        assert main(told, AT) == DONE
        words = capsys.readouterr().out
        assert "还有 6 天" in words
        assert "少算了六份问卷" in words
    assert main(["appeals", str(tmp_path / "branch"), "--period", "2025Q4"], AT) == REFUSED
