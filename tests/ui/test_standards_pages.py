"""工作台 and 标准化: what to do, the checklist, one item, ratings, and who mends what before an inspection."""

from datetime import date
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from desktop.models.standards import VerifiedRating
from desktop.services.standards.ratings import RatingService
from desktop.ui import output
from desktop.ui.home import HomePage, short_name
from desktop.ui.standards.checklist import ChecklistPage
from desktop.ui.standards.inspection import InspectionPage
from desktop.ui.standards.rating import RatingDialog
from desktop.ui.standards.results import ResultsPage
from desktop.ui.widgets import Chip
from tests.ui.desks import empty_desk, go, put, sample_desk, settle
from tests.ui.lint import faults

SIZES = [(1366, 696), (1093, 542), (911, 440)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("area", "tab"), [("home", ""), ("standards", "checklist"), ("standards", "inspection")])
def test_the_pages_fit(qtbot: QtBot, tmp_path: Path, size: tuple[int, int], area: str, tab: str) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = go(qtbot, shell, area, tab)
        if isinstance(page, ChecklistPage):
            page.go({"item": "D4-02"})
        assert faults(shell) == []


def test_the_first_page_of_an_empty_store_says_the_first_step(qtbot: QtBot, tmp_path: Path) -> None:
    with empty_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._hello.text()
        assert faults(shell) == []


def test_every_piece_of_work_opens_its_place(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        assert page._home is not None
        meeting = next(work for work in page._home.works if work.where is not None and work.where.page == "meetings")
        page._verb(meeting).click()  # type: ignore[attr-defined]
        settle(qtbot, shell)
        assert shell.place()[0] == "meetings"


def test_the_other_order_is_by_person(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(HomePage, go(qtbot, shell, "home"))
        before = page._works.count()
        page.view.choose("person")
        page.view.changed.emit("person")
        assert page._works.count() >= 2
        assert before >= 2


def test_a_dimension_of_the_radar_opens_its_items(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        cast(HomePage, go(qtbot, shell, "home")).radar.chosen.emit(3)
        settle(qtbot, shell)
        page = cast(ChecklistPage, shell.page())
        page.go({"dimension": page.score.dimensions[3].id if page.score else ""})
        assert {one.id[:2] for one in page.table.model.rows()} == {"D4"}


def test_an_item_shows_its_gap_and_leads_to_the_form(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist", item="D4-02"))
        assert page.pane.title.text() == "支部委员会会议"
        page.filter.choose("gaps")
        page.filter.changed.emit("gaps")
        assert all(item.gaps for item in page.table.model.rows())


def test_a_rating_is_kept_and_one_without_level_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist", item="D4-02"))
        item = page.table.current()
        assert item is not None
        number = next(n for n, part in enumerate(item.criteria) if part.criterion.how not in ("metric", "survey"))
        dialog = RatingDialog(page, item, number, page.desk.service(RatingService))
        dialog.open()
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["level"].fault()
        dialog.fields.fields["level"].control.setCurrentIndex(4)  # type: ignore[attr-defined]
        dialog.submit()
        settle(qtbot, shell)
        assert RatingService(shell.desk.store).ratings(2026)[("D4-02", number)].level_hundredths == 300


def test_the_inspection_day_is_chosen_and_a_past_one_refused(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        assert "还差" in page._verdict.text()
        put(page.day, "2026-12-10")
        page.day.editingFinished.emit()
        settle(qtbot, shell)
        assert page._left.text() == "17 天"
        put(page.day, "2026-1-1")
        page.day.editingFinished.emit()
        settle(qtbot, shell)
        assert page._left.text() == "17 天"


def test_the_counts_of_an_inspection_are_those_of_its_rows(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        chips: list[list[str]] = [
            chip.words.split() for chip in cast(list[Chip], page.findChildren(Chip)) if chip.words
        ]
        shown = [int(words[1]) for words in chips if words[0] == "缺"]
        people = [int(words[0]) for words in chips if words[0].isdigit()]
        told = int(page._verdict.text().split()[1])
        assert (sum(shown), sum(people)) == (told, told)
        assert page._ready is not None
        gains = sum(job.gain for job in page._ready.jobs)
        assert round((float(page._after.text()) - float(page._then.text())) * 100) == gains


@pytest.mark.parametrize("size", SIZES)
def test_headquarters_ratings_stand_beside_ones_own(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with sample_desk(qtbot, tmp_path, size) as shell:
        page = cast(ResultsPage, go(qtbot, shell, "standards", "results"))
        assert page._stack.currentIndex() == 0
        store = shell.desk.store
        with store.unit_of_work("核定") as session:
            session.add(
                VerifiedRating(
                    branch_id=store.branch_id,
                    year=2026,
                    item_id="D4-02",
                    criterion=0,
                    value_hundredths=300,
                    ground="会后任务要写结果",
                    rated_on=date(2026, 11, 1),
                )
            )
        shell.desk.changed()
        settle(qtbot, shell)
        assert page.criteria.model.row_at(0).ground == "会后任务要写结果"
        assert faults(shell) == []


def test_lists_go_to_excel_and_paper(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(ChecklistPage, go(qtbot, shell, "standards", "checklist"))
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "list.xlsx")
        page.export_button.click()
        settle(qtbot, shell)
        assert openpyxl.load_workbook(tmp_path / "list.xlsx").active.max_row > 3
        monkeypatch.setattr(output, "ask_save", lambda *_: tmp_path / "gaps.pdf")
        page.print_button.click()
        settle(qtbot, shell)
        assert (tmp_path / "gaps.pdf").read_bytes().startswith(b"%PDF")


def test_the_archive_is_built_where_the_user_says(qtbot: QtBot, tmp_path: Path) -> None:
    with sample_desk(qtbot, tmp_path) as shell:
        page = cast(InspectionPage, go(qtbot, shell, "standards", "inspection"))
        page._folder = tmp_path / "out"
        page.make_button.click()
        qtbot.waitUntil(lambda: "已生成" in shell.undo_bar.words(), timeout=60_000)
        assert list((tmp_path / "out").rglob("*.pdf"))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("支部班子队伍建设", "班子队伍"),
        ("党的组织生活", "组织生活"),
        ("服务党员群众", "服务群众"),
        ("基本工作保障", "基本保障"),
    ],
)
def test_dimensions_have_short_names(name: str, short: str) -> None:
    assert short_name(name) == short
