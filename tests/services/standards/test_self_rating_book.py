"""A branch's own ratings in Excel: they go where the window puts them, and nowhere near those of headquarters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.standards.rating_book import SelfRatingBook
from desktop.services.standards.ratings import RatingService
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.workbooks import book
from tests.sheets import sheet_rows, workbook
from tests.stores import new_store

HEAD = ["年度", "条目", "质量标准", "评定", "依据"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "branch", at="2026-10-12 09:00") as opened:
        yield opened


def test_own_ratings_come_in_and_go_out_unchanged(store: Store, tmp_path: Path) -> None:
    rows = [["2026", "D1-01", "1", "3.5", "对照名册"], ["2025", "D4-01", "2", "18/20", "当场测评"]]
    result = book(store, "self_ratings").import_file(workbook(tmp_path / "自评.xlsx", [HEAD, *rows]))
    assert (result.rejected, result.accepted) == ([], 2)
    assert RatingService(store).ratings(2026)[("D1-01", 0)].level_hundredths == 350
    assert RatingService(store).ratings(2026, verified=True) == {}
    before = RatingService(store).ratings(2025)
    assert SelfRatingBook(store).export(tmp_path / "out.xlsx") == 2
    again = SelfRatingBook(store).import_file(tmp_path / "out.xlsx")
    assert (again.unchanged, again.changes) == (2, [])
    assert RatingService(store).ratings(2025) == before
    waiting = next(item for item in StandardService(store).score().items if item.id == "D1-01")
    assert waiting.quality_points is not None


def test_the_sheet_to_fill_in_has_a_line_for_every_criterion_that_people_judge(store: Store, tmp_path: Path) -> None:
    RatingService(store).rate("D1-01", 0, level="4", ground="看过")
    SelfRatingBook(store).template(tmp_path / "空表.xlsx")
    (head, *rows) = [row for row in sheet_rows(tmp_path / "空表.xlsx") if "条目" in row or "D1-01" in row]
    assert "支部" not in head
    assert any("看过" in row for row in rows)
    result = SelfRatingBook(store).import_file(tmp_path / "空表.xlsx", dry_run=True)
    pack = StandardService(store).pack()
    judged = [criterion for item in pack.items for criterion in item.quality if criterion.how != "metric"]
    assert (result.rejected, result.unchanged, result.blank) == ([], 1, len(judged) - 1)


def test_what_is_off_the_scale_or_without_a_ground_is_told(store: Store, tmp_path: Path) -> None:
    rows = [["2026", "D1-01", "1", "5", "看过"], ["2026", "D1-02", "1", "3", ""], ["2026", "D9-99", "1", "3", "看过"]]
    result = SelfRatingBook(store).import_file(workbook(tmp_path / "自评.xlsx", [HEAD, *rows]))
    assert [row.row for row in result.rejected] == [2, 3, 4]
    assert RatingService(store).ratings(2026) == {}
