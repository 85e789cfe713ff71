"""Which records an archive binds: every one that was kept of the year, whether the standard counts it or not."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.archive.binding import Binding, bind, without_item
from desktop.services.archive.filing import filing_rules
from desktop.services.archive.service import ArchiveService
from desktop.services.errors import InvalidInput
from desktop.services.registers.service import RegisterService
from desktop.services.standards.evidence import YEAR_PLAN
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.year_plan.service import YearPlanService
from tests.services.archive.checker import check, text_of
from tests.services.archive.conftest import ON
from tests.services.meetings.people import people
from tests.stores import new_store

ASKED_FOR = "notice_board_update"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "store") as opened:
        people(opened)
        yield opened


def ids_of(binding: Binding) -> set[str]:
    """Return the rows of registers that are bound."""
    return {piece.used.id for piece in binding.pieces.values() if piece.used.kind in binding.registers}


def keep(store: Store, kind: str, **values: Any) -> str:
    return RegisterService(store).save(kind, values)


def forget(store: Store, kind: str) -> None:
    """Let an edition come into force in which no item asks for records of `kind`."""
    text = resource("standards/branch_standard.toml").read_text("utf-8")
    text = text.replace(f'record = "{kind}"', 'record = "asset_check"')
    text = re.sub(r'^version = ".*"$', 'version = "2026.9"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^effective_from = .*$", "effective_from = 2026-01-02", text, count=1, flags=re.MULTILINE)
    StandardService(store).add_edition(text, "branch_standard.toml")


def test_everything_printable_of_the_year_is_bound(branch: Store) -> None:
    bound, registers = ids_of(bind(branch, 2026, ON)), RegisterService(branch)
    rows = [row for register in registers.registers() for row in registers.rows(register.kind, 2026)]
    assert len(rows) > 6
    assert {row.id for row in rows if not row.restricted} <= bound
    assert not {row.id for row in rows if row.restricted} & bound


def test_a_record_that_no_item_asks_for_is_bound_in_the_volume_of_its_dimension(store: Store, tmp_path: Path) -> None:
    forget(store, ASKED_FOR)
    record = keep(store, ASKED_FOR, event_on=date(2026, 3, 8), title="三月公开栏更新", content="公示一季度党费")
    binding = bind(store, 2026, ON)
    (piece,) = (piece for piece in binding.pieces.values() if piece.used.id == record)
    assert piece.number == "2026-D6-00-001"
    assert piece in binding.of_item(without_item("D6"))
    built = ArchiveService(store).build(2026, tmp_path / "档案", ON)
    said = "“公开栏更新”1件没有计入标准的任何条目，附在本卷末尾"
    assert [(gap.item_id, gap.mendable) for gap in built.gaps if gap.what == said] == [("D6-00", False)]
    volume = built.dir / "06-D6-活动场所建设.pdf"
    check(volume)
    text = text_of(volume)
    assert "D6-00其他记录" in text
    assert "公示一季度党费" in text
    assert said in text
    assert piece.number in text_of(built.dir / "11-归档文件目录.pdf")


def test_the_plan_of_the_year_is_bound_once_something_of_it_has_a_day(store: Store, tmp_path: Path) -> None:
    def plans(year: int = 2026) -> list[str]:
        return [piece.title for piece in bind(store, year, ON).pieces.values() if piece.used.kind == YEAR_PLAN]

    assert plans() == []
    YearPlanService(store).plan_activity("参观烈士陵园", store.today)
    assert (plans(), plans(2025)) == (["2026年度三会一课计划表"], [])
    built = ArchiveService(store).build(2026, tmp_path / "档案", ON)
    text = "".join(text_of(volume) for volume in built.dir.glob("*-D4-*.pdf"))
    for words in ("三会一课计划表", "参观烈士陵园", "完成情况"):
        assert words in text, words
    assert filing_rules().period(YEAR_PLAN) == "D30"


def test_what_is_dated_after_the_day_or_in_another_year_is_not_bound(store: Store) -> None:
    for on in (date(2025, 12, 31), date(2026, 4, 3)):
        keep(store, ASKED_FOR, event_on=on, title="公开栏更新", content="公示")
    assert ids_of(bind(store, 2026, ON)) == set()
    assert len(ids_of(bind(store, 2026, date(2026, 4, 3)))) == 1


def test_standing_lists_are_bound_in_the_years_they_hold_and_are_no_gap(store: Store) -> None:
    venue = keep(store, "venue", title="党员活动室")
    old = keep(store, "brand", title="旧品牌", declared_on=date(2025, 5, 1))
    new = keep(store, "brand", title="新品牌", declared_on=date(2026, 6, 1))
    binding = bind(store, 2026, ON)
    assert ids_of(binding) == {venue, old}
    assert ids_of(bind(store, 2026, date(2026, 12, 31))) == {venue, old, new}
    assert not [gap for gap in binding.problems if not gap.what.startswith("没有附上")]


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_list_that_names_its_year_is_bound_in_that_year(store: Store, year: int) -> None:
    post = RegisterService(store).choices("duty_list", "post")[0][0]
    lists = {each: keep(store, "duty_list", title=f"{each}年责任清单", year=each, post=post) for each in (2025, 2026)}
    assert ids_of(bind(store, year, date(year, 12, 31))) == {lists[year]}


def test_headquarters_has_to_say_whose_archive_it_wants(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS) as headquarters, pytest.raises(InvalidInput) as caught:
        bind(headquarters, 2026, ON)
    assert (caught.value.name, caught.value.label) == ("branch_id", "支部")
