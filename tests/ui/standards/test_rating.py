"""One criterion is rated with its level and ground."""

from datetime import date
from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.services.standards.ratings import RatingService
from desktop.ui.standards.checklist import ChecklistPage
from desktop.ui.standards.rating import RatingDialog, judged_words, rating_verb
from tests.services.standards.samples import branch, record, scored
from tests.ui.desks import go, sample_desk, settle


def test_a_rating_is_kept_and_one_without_level_or_ground_refused(qtbot: QtBot, tmp_path: Path) -> None:
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
        dialog.fields.fields["level"].control.set_value(3.0)  # type: ignore[attr-defined]
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault(), "a judgement rests on something"
        dialog.fields.fields["ground"].control.setPlainText("查阅三次会议记录")  # type: ignore[attr-defined]
        dialog.submit()
        settle(qtbot, shell)
        assert RatingService(shell.desk.store).ratings(2026)[("D4-02", number)].level_hundredths == 300


def test_a_survey_counted_from_a_register_is_short_on_its_chip_and_says_where_it_comes_from() -> None:
    report = record("duty_report", date(2026, 3, 9), "m1", satisfied=23, asked=25)
    parts = scored(branch(records=(report,))).item("D2-04").criteria
    counted = next(part for part in parts if part.criterion.how == "survey")
    assert judged_words(counted) == ("23/25满意（92%）", "1条“述职”合计")
    assert rating_verb(counted) == "另行评定"
    assert {judged_words(part) for part in parts if part is not counted} == {("待评", "")}
