"""Dues a branch may spend: what was left, came back and went out, by year and purpose, and on the notice."""

from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.dues import DuesPurpose
from desktop.services.archive.dues_papers import DuesPapers
from desktop.services.dues.using import Funds, funds
from desktop.services.errors import InvalidInput
from desktop.services.registers import RegisterService
from desktop.services.store import Store
from tests.services.archive.checker import text_of
from tests.services.dues.conftest import Dues

FLOWS = (
    ("2025-08-01", "收入", None, "500.00"),
    ("2025-09-01", "支出", "培训党员", "120.50"),
    ("2026-03-01", "收入", None, "300"),
    ("2026-04-01", "支出", "补助生活困难党员", "200"),
    ("2026-05-01", "支出", "补助生活困难党员", "50.50"),
    ("2026-11-20", "支出", "表彰先进", "90"),
)


def spend(store: Store, on: str, way: str, purpose: str | None, amount: str) -> None:
    values = {"event_on": on, "title": "党费", "way": way, "purpose": purpose, "amount_fen": amount}
    RegisterService(store).save("dues_use", values)


def test_what_is_left_goes_into_the_next_year_and_a_day_ahead_does_not_count(dues: Dues) -> None:
    assert funds(dues.store, 2026, date(2026, 11, 1)) is None
    for flow in FLOWS:
        spend(dues.store, *flow)
    found = funds(dues.store, 2026, date(2026, 11, 1))
    assert found == Funds(opening_fen=379_50, income_fen=300_00, spent=((DuesPurpose.HARDSHIP, 250_50),))
    assert found is not None
    assert found.closing_fen == 429_00
    before = funds(dues.store, 2025, date(2026, 11, 1))
    assert before is not None
    assert (before.opening_fen, before.closing_fen) == (0, 379_50)


def test_what_was_spent_says_on_what(dues: Dues) -> None:
    with pytest.raises(InvalidInput) as refused:
        spend(dues.store, "2026-03-01", "支出", None, "10")
    assert refused.value.name == "purpose"


def test_the_notice_lists_the_spending_by_purpose(dues: Dues, tmp_path: Path) -> None:
    for flow in FLOWS:
        spend(dues.store, *flow)
    DuesPapers(dues.store).notice(2026, tmp_path / "公示.pdf")
    text = text_of(tmp_path / "公示.pdf")
    for words in ("党费使用情况", "2025年末结余379.50", "支出：补助生活困难党员250.50"):
        assert words in text
