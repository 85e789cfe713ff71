"""`dues`: the ledger of a year as one object."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.dues import DuesMeans
from desktop.services.dues.assessing import AssessmentService
from desktop.services.dues.collecting import PaymentService
from desktop.services.dues.ledger import LedgerService
from desktop.services.members import MemberService
from desktop.services.opening import open_store
from tests.stores import PASSWORD, begin_to_record, clock_at, new_store

BEGUN, AT = "2026-01-12 09:00", "2026-11-26 09:00"
"""When the ledger is begun here, and when it is asked for."""


def test_the_ledger_as_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    with new_store(folder, at=BEGUN) as store:
        for name, base in (("何晓梅", "3000.00"), ("杨燕", "3000.01")):
            MemberService(store).register({"name": name, "admitted_on": "2010-07-01", "dues_base_fen": base})

    def dues(*more: str) -> dict[str, object]:
        arguments = ["dues", str(folder), "--year", "2026", "--json", *more]
        assert main(arguments, clock_at(AT)) == DONE
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    before = dues()
    assert (before["provisional"], before["unassessed"]) == (True, ["何晓梅", "杨燕"])
    with open_store(folder, PASSWORD, clock=clock_at(BEGUN)) as store:
        AssessmentService(store).carry_over(2026, date(2026, 1, 12))
    with open_store(folder, PASSWORD, clock=clock_at(AT)) as store:
        for month in range(1, 8):
            rows = LedgerService(store).ledger(2026).rows
            people = [row.member_id for row in rows if month < 6 or row.name == "何晓梅"]
            PaymentService(store).collect(2026, month, people, date(2026, month, 12), DuesMeans.CASH)
    ledger = dues("--on", "2026-09-30")
    assert (ledger["provisional"], ledger["total_due"], ledger["total_paid"]) == (False, "540.00", "255.00")
    members = ledger["members"]
    assert isinstance(members, list)
    yang = next(member for member in members if member["name"] == "杨燕")
    assert (yang["class"], yang["base"], yang["rate"], yang["monthly"]) == ("working", "3000.01", "0.01", "30.00")
    assert yang["due"] == ["30.00"] * 12
    assert yang["paid"] == ["30.00"] * 5 + ["0.00"] * 7
    assert (yang["arrears_months"], yang["arrears"], yang["alarm"]) == (3, "90.00", "warn")
    he = next(member for member in members if member["name"] == "何晓梅")
    assert (he["monthly"], he["arrears_months"], he["alarm"]) == ("15.00", 1, None)


def test_months_of_which_nothing_is_on_record_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = tmp_path / "支部"
    with new_store(folder, at=AT) as store:
        for name in ("何晓梅", "杨燕"):
            MemberService(store).register({"name": name, "admitted_on": "2010-07-01", "dues_base_fen": "3000.00"})
        begin_to_record(store, date(2026, 10, 20))
        AssessmentService(store).carry_over(2026)
    assert main(["dues", str(folder), "--year", "2026"], clock_at(AT)) == DONE
    said = capsys.readouterr().out
    assert "  1—9月没有记录，交没交不知道，不算欠\n" in said
    assert "欠10月共" in said
