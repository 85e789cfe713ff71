"""申诉: what an appeal is about is opened from its case, and leads back to what was typed there."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from desktop.models.race import RaceAppeal, RaceMark
from desktop.models.vocabulary.race import AppealState
from desktop.ui.headquarters.ratings import RatingsPage
from desktop.ui.race.appeals import AppealsPage
from desktop.ui.race.marks import MarksPage
from tests.ui.desks import go, put, settle
from tests.ui.lint import faults
from tests.ui.loop import loop_desk
from tests.ui.press import press
from tests.ui.race.test_appeals import chosen, decided, newest, take_up


@pytest.mark.parametrize(
    ("item", "way", "place"),
    [("D4-10", "看评定", ("assess", "ratings")), ("P-02", "看扣分和否决", ("race", "marks"))],
)
def test_what_is_put_right_elsewhere_is_opened_from_the_case_and_leads_back_to_what_was_typed(
    qtbot: QtBot, tmp_path: Path, item: str, way: str, place: tuple[str, str]
) -> None:
    with loop_desk(qtbot, tmp_path) as shell:
        decided(shell.desk.store)
        page = cast(AppealsPage, go(qtbot, shell, "race", "appeals"))
        take_up(qtbot, shell, page)
        with shell.desk.store.unit_of_work("写明对哪一项") as session:
            case = session.query(RaceAppeal).filter(RaceAppeal.state == AppealState.PENDING).one()
            case.indicator, branch_id = item, case.branch_id
        if item == "P-02":
            with shell.desk.store.unit_of_work("扣分") as session:
                session.add(RaceMark(branch_id=branch_id, period="2026Q3", rule_id=item, count=1, ground="通报"))
        settle(qtbot, shell)
        qtbot.waitUntil(lambda: newest(page).indicator == item)  # what changed is read by an event of its own
        settle(qtbot, shell)
        form = chosen(qtbot, shell, page)
        put(form.fields.fields["decided_by"].control, "党建科会议")
        press(shell, way)
        settle(qtbot, shell)
        assert shell.place() == place
        there = cast(RatingsPage | MarksPage, shell.page())
        if isinstance(there, RatingsPage):
            assert (there.branches.value(), there.periods.value()) == (branch_id, "2026Q3")
            current = there.table.current()
            assert current is not None
            assert current.id == item
        else:
            mark = there.table.current()
            assert mark is not None
            assert (mark.branch_id, mark.rule_id) == (branch_id, item)
        assert faults(shell) == []
        shell.go_back()
        settle(qtbot, shell)
        assert shell.place() == ("race", "appeals")
        assert page.form is not None
        assert page.form.fields.values()["decided_by"] == "党建科会议"
