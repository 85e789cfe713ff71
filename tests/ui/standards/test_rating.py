"""One criterion is rated with its level and ground."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from desktop.services.standards.ratings import RatingService
from desktop.ui.standards.checklist import ChecklistPage
from desktop.ui.standards.rating import RatingDialog
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
        dialog.fields.fields["level"].control.setCurrentIndex(4)  # type: ignore[attr-defined]
        dialog.submit()
        settle(qtbot, shell)
        assert dialog.fields.fields["ground"].fault(), "a judgement rests on something"
        dialog.fields.fields["ground"].control.setPlainText("查阅三次会议记录")  # type: ignore[attr-defined]
        dialog.submit()
        settle(qtbot, shell)
        assert RatingService(shell.desk.store).ratings(2026)[("D4-02", number)].level_hundredths == 300
