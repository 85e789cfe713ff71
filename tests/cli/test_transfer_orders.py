"""`list … transfer_order`: the orders of headquarters, there and at the branches they are about."""

import json
from pathlib import Path

import pytest

from desktop.cli.main import DONE, main
from desktop.cli.terminal import PASSWORD_VARIABLE
from tests.services.members.people import GAO
from tests.services.sync.parties import AT
from tests.services.transferring.company import company_in
from tests.stores import PASSWORD, clock_at


def test_orders_are_listed_at_headquarters_and_for_the_branches_they_are_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with company_in(tmp_path) as company:
        company.order()
        for store in (company.headquarters, *company.branches.values()):
            store.close()
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    for words, told in (
        (["hq"], 1),
        (["hq", "--branch", "ZK01"], 1),
        (["hq", "--branch", "ZK02"], 1),
        (["hq", "--branch", "ZK03"], 0),
        (["ZK02"], 1),
        (["ZK03"], 0),
    ):
        folder, *more = words
        asked = ["list", str(tmp_path / folder), "transfer_order", *more, "--json"]
        assert main(asked, clock_at(AT)) == DONE, words
        out = capsys.readouterr().out
        found = json.loads(out)
        assert len(found["rows"]) == told, words
        assert GAO["id_no"] not in out
        for row in found["rows"]:
            assert (row["name"], row["from_org"], row["to_org"], row["state"]) == (
                "高红卫", "第一党支部", "第二党支部", "等接收",
            )  # fmt: skip
