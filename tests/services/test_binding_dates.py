"""Which days bind headquarters is said with the first deed: the end of the time to appeal, and the next closing."""

from pathlib import Path

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.binding_dates import binding_dates
from desktop.services.headquarters import HeadquartersService
from desktop.services.opening import open_store
from desktop.services.race.service import RaceService
from tests.stores import LOGIN, PASSWORD, clock_at
from tests.ui.full import PERIOD, full_store


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-10-05", "2026年三季度10月12日公布，申诉收到10月19日为止；2026年四季度1月10日封账"),
        ("2026-09-12", "2026年三季度10月12日公布，申诉收到10月19日为止；2026年四季度1月10日封账"),
        ("2026-10-12", "2026年三季度10月12日公布，申诉收到10月19日为止；2026年四季度1月10日封账"),
        ("2026-10-20", "2026年三季度10月12日公布，申诉期10月19日已满，没有申诉的可以定案；2026年四季度1月10日封账"),
    ],
)
def test_the_time_to_appeal_and_the_next_closing_are_said(tmp_path: Path, at: str, said: str) -> None:
    full_store(tmp_path / "hq", StoreKind.HEADQUARTERS).close()
    with open_store(tmp_path / "hq", PASSWORD, LOGIN, clock=clock_at(f"{at} 09:00")) as store:
        assert binding_dates(store, HeadquartersService(store).due(2026)) == said


def test_what_is_final_binds_nobody_any_more(tmp_path: Path) -> None:
    full_store(tmp_path / "hq", StoreKind.HEADQUARTERS).close()
    with open_store(tmp_path / "hq", PASSWORD, LOGIN, clock=clock_at("2026-10-20 09:00")) as store:
        RaceService(store).settle(PERIOD)
        assert binding_dates(store, HeadquartersService(store).due(2026)) == "2026年四季度1月10日封账"


def test_nothing_of_a_year_that_is_long_over_binds(tmp_path: Path) -> None:
    full_store(tmp_path / "hq", StoreKind.HEADQUARTERS).close()
    with open_store(tmp_path / "hq", PASSWORD, LOGIN, clock=clock_at("2026-10-13 09:00")) as store:
        assert binding_dates(store, HeadquartersService(store).due(2025)) == ""
